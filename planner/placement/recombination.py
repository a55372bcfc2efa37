"""Choices bred from one another: annealed apart, recombined exactly, and bettered exactly block by block.

Of the sites that two or a few choices hold, the best choice is their child (optimal recombination; Eremeev and
Kovalenko 2014, doi:10.2298/YJOR130731040E). The parents agree in most places, so that branch and bound (`branches`)
finds it in some milliseconds. It takes the place of the parent most like it (crowding; Mahfoud 1992), so that choices
that differ remain to be recombined.

The best choices hold a few sites that the relaxation prices out by much, and many that it hardly does. So annealing
goes among the cheap sites alone, which is quick, in many short runs and in fewer longer ones, and then among dear ones
as well, turn by turn and ever more slowly; blocks of chosen sites that are neighbours are chosen anew exactly
(`neighbourhoods`), among all but the dearest; and regions of the better choices are annealed anew with one site fewer
or more (`regions`).
"""

from __future__ import annotations

import time
from itertools import count
from typing import NamedTuple

import numpy as np

from planner.placement import branches, neighbourhoods, regions
from planner.placement.annealing import SEED, Annealing, Pace, exchanged
from planner.placement.answer import PROVED
from planner.placement.presolve import Cover
from planner.placement.relaxation import Relaxation
from planner.types.arrays import Bools, Ints


class Generation(NamedTuple):
    """Runs of annealing that belong together; sweeps in the first turns."""

    pace: Pace
    sweeps: int
    runs: int


CHEAP = Pace(priced_out=0.05, hot=0.2, cold=0.015, least_unit=1.0)
DEAR = Pace(priced_out=0.3, hot=0.15, cold=0.015, least_unit=1.0)
GENERATIONS = (
    Generation(CHEAP, sweeps=1_000, runs=64),
    Generation(CHEAP, sweeps=4_000, runs=16),
    Generation(DEAR, sweeps=4_000, runs=8),
)
REGIONS, SWEEPS = 10, 4_000  # in a generation, after its runs; sweeps in the first turns
MOST_CHOICES = 200  # kept of a generation
SLOWER, TURNS = 2, 2  # times as many sweeps after so many turns
MOST_IDLE = 4  # generations in vain after which it ends
MOST_PARENTS = 4
MOST_BRANCHES = 100  # for a child
BLOCK, BLOCK_BRANCHES = 10, 50  # chosen sites of a block
BETTERED = 6  # of the best choices of a generation, block by block


def bred(cover: Cover, start: Ints, chosen: Ints, relaxed: Relaxation, enough: float, deadline: float) -> Ints:
    """Anneal generations of choices, and recombine each with all before, until many were in vain.

    Parameters
    ----------
    start, chosen
        Where all runs of annealing begin, and the best choice so far, of as many sites.
    enough
        What is covered where nothing better can be.
    deadline
        Of `time.perf_counter`.

    Returns
    -------
    chosen
        The best choice found.
    """
    annealings = {pace: Annealing.among(cover, relaxed, pace, chosen, start) for pace in (CHEAP, DEAR)}
    allowed = np.zeros(len(cover.sites), np.bool_)
    for some in annealings.values():
        allowed[some.sites] = True
    choices, best, idle, seen = [chosen], chosen, 0, set[bytes]()
    for number in count():
        turn, which = divmod(number, len(GENERATIONS))
        slower, seed = SLOWER ** (turn // TURNS), SEED + 1000 * number
        pace, sweeps, runs = GENERATIONS[which]
        choices += annealings[pace].runs(start, sweeps * slower, runs, seed, deadline)
        choices = recombined(cover, choices, deadline, SEED + number)
        choices.sort(key=cover.covered, reverse=True)
        del choices[MOST_CHOICES:]
        for choice in choices[:BETTERED]:
            if choice.tobytes() not in seen:
                choices.append(rechosen(cover, choice, allowed, number, deadline))
                seen |= {choice.tobytes(), choices[-1].tobytes()}
        choices = _in_regions(cover, choices, annealings[pace], SWEEPS * slower, seed + runs, deadline)
        before, best = best, max([best, *choices], key=cover.covered)
        idle = idle + 1 if best is before else 0
        proved = cover.covered(best) >= enough * (1 - PROVED)
        if proved or idle == MOST_IDLE or time.perf_counter() >= deadline:
            break
    return best


def _in_regions(
    cover: Cover, choices: list[Ints], annealing: Annealing, sweeps: int, seed: int, deadline: float
) -> list[Ints]:
    """Anneal some of the best choices, the best one most often, in a region each, and recombine it with what comes."""
    random = np.random.default_rng(seed)
    for number in range(REGIONS):
        if time.perf_counter() >= deadline:
            break
        choices.sort(key=cover.covered, reverse=True)
        choice = choices[min(int(random.geometric(0.5)), len(choices)) - 1]
        seed_of_runs = seed + regions.SEEDS * number
        found = regions.annealed(cover, choice, annealing, sweeps, seed_of_runs, deadline)
        choices = [*choices, *recombined(cover, [choice, *found], deadline, seed + number)]
    return choices


def recombined(cover: Cover, found: list[Ints], deadline: float, seed: int = SEED) -> list[Ints]:
    """Recombine choices at random until nothing comes of it; children take the places of parents.

    Two parents at a time; three, then four, where as many trials as there are choices gave nothing.

    Parameters
    ----------
    found
        Choices of sites (positions in `cover.sites`), one or more.
    deadline, seed
        Of `time.perf_counter`; of the random numbers.

    Returns
    -------
    choices
        As many or fewer, all different, sites ascending; the best covers no less than the best of those found.
    """
    choices = list({some.tobytes(): some for some in map(np.sort, found)}.values())
    worth = [cover.covered(some) for some in choices]
    random = np.random.default_rng(seed)
    n_parents, idle = 2, 0
    while n_parents <= min(MOST_PARENTS, len(choices)) and time.perf_counter() < deadline:
        parents = random.choice(len(choices), n_parents, replace=False).tolist()
        best = max(parents, key=worth.__getitem__)
        child = _child(cover, [choices[k] for k in parents], choices[best], deadline)
        covered = cover.covered(child)
        idle += 1
        if covered > worth[best]:
            n_parents, idle = 2, 0
            like = max(parents, key=lambda k: len(np.intersect1d(choices[k], child)))
            if any(np.array_equal(child, some) for some in choices):
                del choices[like], worth[like]
            else:
                choices[like], worth[like] = child, covered
        elif idle == len(choices):
            n_parents, idle = n_parents + 1, 0
    return choices


def _child(cover: Cover, parents: list[Ints], best: Ints, deadline: float) -> Ints:
    """The best choice of the sites of the parents that branch and bound finds, with exchanges that still help."""
    few = np.unique(np.concatenate(parents)).astype(np.int32)
    start = np.searchsorted(few, best).astype(np.int32)
    seconds = deadline - time.perf_counter()
    again, _ = branches.search(cover.only(few), len(best), start, seconds, MOST_BRANCHES)
    child = few[again]
    spare = np.setdiff1d(best, child)[: len(best) - len(child)]  # where fewer sites cover as much
    return np.sort(exchanged(cover, np.append(child, spare)))


def rechosen(cover: Cover, chosen: Ints, allowed: Bools, turn: int, deadline: float) -> Ints:
    """Give up blocks of chosen sites that are neighbours, one after another, and choose the best instead.

    Blocks are others in every turn; sites that are not `allowed` stay out.
    """
    for block in neighbourhoods.of_chosen(cover, chosen, BLOCK, turn):
        seconds = deadline - time.perf_counter()
        if seconds <= 0.0:
            break
        others = np.setdiff1d(chosen, block)
        part = neighbourhoods.left_open(cover, others, block, allowed)
        start = part.positions(cover.sites[block])
        found, _ = branches.search(part, len(block), start, seconds, BLOCK_BRANCHES)
        new = np.union1d(others, cover.positions(part.sites[found]))
        if len(new) == len(chosen) and cover.covered(new) > cover.covered(chosen):
            chosen = new
    return np.sort(exchanged(cover, chosen))
