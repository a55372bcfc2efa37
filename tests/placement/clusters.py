"""Covering problems: a few sites anyhow, and some hundreds around towns."""

import numpy as np

from planner.types.travel import TravelMatrix


def matrix_of(reach):
    """A travel matrix from a site x demand array of who reaches whom, 10 minutes everywhere."""
    site, demand = np.nonzero(reach)
    indptr = np.searchsorted(site, np.arange(len(reach) + 1)).astype(np.int64)
    return TravelMatrix(indptr, demand.astype(np.int32), np.full(len(demand), 10, np.float32), reach.shape[1], 60.0)


def random_case(seed, n_sites=11, n_demand=25):
    """Sites, demand with people everywhere, and how many sites to choose: fewer than there are."""
    rng = np.random.default_rng(seed)
    reach = rng.random((n_sites, n_demand)) < rng.choice([0.1, 0.2, 0.4])
    reach[rng.integers(n_sites), :3] = True
    return reach, rng.lognormal(3, 2, n_demand), int(rng.integers(1, n_sites))


def clustered(n_sites, n_demand, seed=1):
    """Sites and places of people around a few towns."""
    rng = np.random.default_rng(seed)
    towns = rng.uniform(0, 100, (9, 2))
    places = towns[rng.integers(0, 9, n_demand)] + rng.normal(0, 12, (n_demand, 2))
    sites = places[rng.choice(n_demand, n_sites, replace=False)]
    return np.hypot(*(sites[:, None] - places).transpose(2, 0, 1)) <= 6.0, rng.lognormal(3, 1, n_demand)


def covered_by(reach, people, sites):
    return people[reach[np.asarray(sites, int)].any(axis=0)].sum()
