"""The order of the stages, and nothing else: files in, a plan out.

Only this file knows which stage comes after which; the stages do not know each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from planner import (
    community,
    coverage,
    grid,
    inputs,
    memory,
    outputs,
    scenario_file,
    supply,
    travel,
)
from planner.errors import Doubt, InputFaults
from planner.pipeline import alternatives, conditions, detail, placing, proposal, referring, visits
from planner.pipeline.audit import audited
from planner.pipeline.going import going
from planner.pipeline.ground import Ground, ground
from planner.pipeline.kept import Kept, keeping
from planner.pipeline.provenance import identity, provenance, scenario_assumptions
from planner.pipeline.reach import judged, preset_notes
from planner.pipeline.seasons import season_of, turned
from planner.pipeline.steps import Steps
from planner.pipeline.why import reasons
from planner.scenario import Scenario
from planner.types.alternatives import Alternatives
from planner.types.arrays import Bools, Ints
from planner.types.coverage import Reached
from planner.types.inputs import Inputs, Numbers
from planner.types.land import Land
from planner.types.network import Network
from planner.types.referral import Onward, Referral
from planner.types.results import Plan, Posts, SpeedComparison
from planner.types.supervision import Rounds, Supervision
from planner.types.travel import TravelTime
from planner.types.why import Bridges, Why

CARE = ("facilities", "facilities and CHWs today", "facilities, CHWs today and proposed")


def check(
    scenario_path: Path,
    fixes: Iterable[str] = (),
    *,
    memory_bytes: int | None = None,
    review: Path | None = None,
) -> Ground:
    """Read the scenario and every file it names, and lay them on the cells; all faults are raised at once.

    Parameters
    ----------
    scenario_path
        The TOML file; the files it names are relative to its folder.
    fixes
        Repairs agreed to, beside those of the scenario: see `planner.scenario.fixes`.
    memory_bytes
        Stop before anything large is read if a plan would need more; None = what the machine has free.
    review
        Workbook to write the rows of lists to that should be looked at, where there are any, also with faults.
    """
    if review:
        outputs.check_review(review)
    scenario = scenario_file.load(scenario_path, fixes)
    if raster := inputs.population_frame(scenario, scenario_path.parent):
        need = memory.need_of(scenario, scenario_path.parent, raster, memory.PLAN)
        memory.check(need, scenario.population.cell, memory_bytes)
    try:
        base = ground(scenario, scenario_path.parent, Steps())
    except InputFaults as found:
        if not review:
            raise
        _write_review(found.doubts, review, scenario)
        raise InputFaults(found.faults) from None
    if review:
        _write_review(base.doubts, review, scenario)
    return replace(base, notes=(*base.notes, *coverage.balance_notes(base.balance)))


def _write_review(doubts: Sequence[Doubt], path: Path, scenario: Scenario) -> None:
    if doubts:
        with outputs.whole_file(path) as part:
            outputs.write_review(doubts, part, title=scenario.title, date=scenario.date or date.today().isoformat())


def run(
    scenario_path: Path,
    out: Path,
    progress: Callable[[str], None] | None = None,
    *,
    memory_bytes: int | None = None,
    fixes: Iterable[str] = (),
    include_names: bool = False,
    afresh: bool = False,
) -> Plan:
    """Answer a scenario and write the run folder, whole or not at all.

    What a run that was stopped had done is taken up, where the scenario, its files and the planner are the same.

    Parameters
    ----------
    scenario_path
        The TOML file; the files it names are relative to its folder.
    out
        The run folder; one of an earlier run is replaced.
    progress
        Called with a short text at the beginning of each step.
    memory_bytes
        Stop before anything large is read if more is needed; None = what the machine has free.
    fixes
        Repairs agreed to, beside those of the scenario: see `planner.scenario.fixes`.
    include_names
        Let names and telephone numbers of CHWs into the tables, as the scenario itself may.
    afresh
        Take nothing up.

    Raises
    ------
    InputFaults
        Something in the scenario, its files or the run folder is to be mended, or there is too little memory or disk.
    """
    steps = Steps(progress)
    scenario = scenario_file.load(scenario_path, fixes, include_names=include_names)
    raster, needed = inputs.population_frame(scenario, scenario_path.parent), 0
    if raster:
        need, cell = memory.need_of(scenario, scenario_path.parent, raster, memory.PLAN), scenario.population.cell
        steps.tell(memory.check(need, cell, memory_bytes))
        needed = outputs.size(need.cells(cell), need.roads_bytes)
    with outputs.reserved(out, needed), keeping(out, steps, afresh=afresh) as done:
        plan = make_plan(scenario, scenario_path.parent, steps, done)
        steps.begin("writing the run folder")
        outputs.write(plan, out, scenario_toml=scenario_file.dump(scenario), log=steps.log, tell=steps.tell)
        steps.end()
    return plan


def make_plan(scenario: Scenario, folder: Path, steps: Steps | None = None, done: Kept | None = None) -> Plan:
    """Answer a scenario whose files are relative to `folder`, without writing anything but what is kept in `done`."""
    steps = steps or Steps()
    done = done or Kept(None, steps)
    base = ground(scenario, folder, steps)
    done.belongs_to(identity(scenario, base.found, base.numbers), scenario, folder)
    found, numbers, land, settled = base.found, base.numbers, base.land, base.settled
    facility_cell, chw_cell = base.facility_cell, base.chw_cell

    traveller = scenario.reach.traveller
    steps.begin(f"to {np.count_nonzero(facility_cell >= 0)} facilities and {len(chw_cell)} CHWs of today, {traveller}")
    going_by = cache(lambda name: going(name, land, found, numbers, scenario))
    patients = going_by(traveller)
    own = season_of(base, patients, scenario)
    to_facility, with_chws = own.to_facility, own.with_chws
    if numbers.compared:
        steps.begin(f"the same with the speeds of {scenario.walking.compare_speeds}")
    other_speeds = _other_speeds(found, numbers, patients.network, facility_cell, land, to_facility, scenario)
    other, other_by = None, None
    if scenario.reach.both_seasons:
        steps.begin("the same in the other season")
        there, turned_scenario = turned(base, scenario, folder)
        other_by = cache(lambda name: going(name, there.land, there.found, there.numbers, turned_scenario))
        other = season_of(there, other_by(traveller), turned_scenario)

    steps.begin("finding who is hard to reach")
    hard, access = judged(own, other, scenario)

    scenario = _sized(scenario, land, hard, numbers)
    steps.begin(f"placing {scenario.placement.new_chws} CHWs")
    asked = placing.question(land, found.areas, hard, chw_cell, settled, scenario)
    by = going_by(scenario.supervision.traveller or traveller)
    rules = placing.rules(
        asked, land, found.areas, settled, to_facility.minutes,
        placing.supervisors_of(asked, by, facility_cell, scenario), scenario.placement,
    )  # fmt: skip
    answer = done.once(
        "placement",
        proposal.Proposal,
        lambda: proposal.propose(asked, rules, scenario, conditions.conditions(asked, base, scenario, folder)),
    )
    proposal.recount(land, asked, answer, scenario)
    beside = done.once("alternatives", Alternatives, lambda: alternatives.weigh(asked, answer, scenario))
    posts = proposal.posts(found, chw_cell, settled, asked, answer.told)

    steps.begin("finding why, and what a bridge would change")
    why, bridges = done.once("reasons", tuple[Why, Bridges], lambda: reasons(own, other, access, asked, scenario))

    steps.begin(f"to {posts.chws.sum()} CHWs of the plan, {traveller}")
    sources = [facility_cell, np.where(posts.works, posts.cell, -1)]
    with_plan = patients.search.nearest(np.concatenate(sources).astype(np.int32))
    catchment = _catchment(with_plan, len(facility_cell), scenario.placement.max_minutes)

    steps.begin("counting who is within reach, and how evenly")
    then = detail.in_other_season(other, posts, scenario) if other else None
    told = done.once(
        "coverage", Reached, lambda: detail.reached(CARE, own, other, then, with_plan, hard, posts, scenario)
    )

    steps.begin("referral, supervision and supply")
    cells = facility_cell, other.base.facility_cell if other else facility_cell
    supervised = done.once(
        "supervision",
        Supervision,
        lambda: visits.supervised(
            by, other_by and other_by(by.name), found.facilities, cells, posts, scenario.supervision
        ),
    )
    rounds = done.once(
        "rounds", Rounds, lambda: visits.rounds(by, facility_cell, posts, supervised, scenario.supervision)
    )
    referred = [going_by(name) for name in scenario.referral.travellers or (traveller,)]
    referrals = done.once(
        "referral",
        tuple[Referral, ...],
        lambda: tuple(
            each
            for who in referred
            for each in referring.referrals(
                who, other_by and other_by(who.name), found.facilities, cells, posts, settled, scenario.referral
            )
        ),
    )
    balance = coverage.people_balance(land, len(found.areas), base.balance.raster, to_facility.minutes)
    steps.end()
    return Plan(
        scenario=scenario,
        land=land,
        areas=found.areas,
        roads=found.roads,
        network=patients.network,
        water=found.water,
        facilities=found.facilities,
        facility_cell=facility_cell,
        villages=settled,
        village_join=base.village_join,
        access=access,
        hard_to_reach=hard,
        to_facility=to_facility,
        with_chws=with_chws,
        with_plan=with_plan,
        other_season=then,
        people=base.people,
        balance=balance,
        coverage=coverage.within(
            land,
            len(found.areas),
            dict(zip(CARE, (to_facility.minutes, with_chws.minutes, with_plan.minutes), strict=True)),
            scenario.reach.thresholds,
        ),
        reached=told,
        why=why,
        bridges=bridges,
        audit=audited(own, asked, scenario),
        other_speeds=other_speeds,
        posts=posts,
        placement=answer.told,
        alternatives=beside,
        chw_catchment=catchment,
        referrals=referrals,
        onward=done.once(
            "onward",
            tuple[Onward, ...],
            lambda: tuple(referring.onward(who, found.facilities, facility_cell, settled) for who in referred),
        ),
        ambulances=tuple(
            each
            for who in map(going_by, filter(None, [scenario.referral.ambulance]))
            for each in referring.ambulances(who, found.facilities, facility_cell, posts)
        ),
        supervision=supervised,
        rounds=rounds,
        supply=supply.monthly(
            catchment,
            _km_to_post(land, catchment, posts),
            posts.chws,
            supervised.minutes,
            land,
            numbers.care,
            scenario.supply,
            scenario.workload,
        ),
        committees=community.nearest_committee(posts, found.committees, land.frame),
        served=community.served(catchment, settled.of_cell, with_plan.minutes, land),
        sources=found.sources,
        notes=(
            *base.notes,
            *preset_notes(scenario),
            *referring.notes(referrals, posts),
            *visits.notes(rounds, found.facilities, posts, scenario.supervision),
            *proposal.notes(asked, answer.told, scenario),
            *coverage.balance_notes(balance),
        ),
        accounts=base.accounts,
        doubts=base.doubts,
        assumptions=(*scenario_assumptions(scenario), *numbers.assumptions),
        provenance=provenance(scenario, found, numbers, steps),
        logo=found.logo,
        contacts=found.chws.contact or (),
    )


def _other_speeds(
    found: Inputs,
    numbers: Numbers,
    network: Network,
    facility_cell: Ints,
    land: Land,
    to_facility: TravelTime,
    scenario: Scenario,
) -> SpeedComparison | None:
    """How many people are within reach of a facility with another table of walking speeds."""
    if numbers.compared is None:
        return None
    name = scenario.reach.traveller
    other, _ = grid.land_of(found, numbers.compared, scenario)
    other = grid.ridden_land(other, found, numbers.rides.get(name), scenario.travellers[name])
    to_facility_other = travel.time_to_nearest(other, facility_cell, scenario.walking, network=network)
    tables = scenario.walking.speeds, scenario.walking.compare_speeds
    minutes = dict(zip(tables, (to_facility.minutes, to_facility_other.minutes), strict=True))
    within = coverage.within(land, len(found.areas), minutes, scenario.reach.thresholds)
    return SpeedComparison(
        tables=tables,
        thresholds=within.thresholds,
        people=within.people[:, :-1].sum(axis=1),
        under_fives=within.under_fives[:, :-1].sum(axis=1),
    )


def _catchment(with_plan: TravelTime, n_facilities: int, max_minutes: float) -> Ints:
    """The post that serves each cell: where a CHW is the nearest care, within the limit; -1 elsewhere."""
    served = (with_plan.nearest >= n_facilities) & (with_plan.minutes <= max_minutes)
    return np.where(served, with_plan.nearest - n_facilities, -1).astype(np.int32)


def _km_to_post(land: Land, catchment: Ints, posts: Posts) -> npt.NDArray[np.float64]:
    """Straight-line km from each cell to the post that serves it; NaN without one."""
    km = np.full(land.frame.n, np.nan)
    served = np.flatnonzero(catchment >= 0).astype(np.int32)
    x, y = land.frame.centre_of(served)
    post = catchment[served]
    km[served] = land.frame.metres_between(x, y, posts.x[post], posts.y[post]) / 1000.0
    return km


def _sized(scenario: Scenario, land: Land, hard: Bools, numbers: Numbers) -> Scenario:
    """The scenario with the people that one CHW can serve, where they are reckoned from the workload."""
    asked = scenario.placement
    if not asked.by_workload:
        return scenario
    share = float(land.under_fives[hard].sum() / max(land.people[hard].sum(), 1e-9))
    each = round(supply.people_per_chw(share, numbers.care, scenario.workload))
    return scenario.model_copy(update={"placement": asked.model_copy(update={"people_per_chw": max(each, 1)})})
