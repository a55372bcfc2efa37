"""The plan for programs: headline, coverage, balance, placement, assumptions, provenance."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from planner.outputs import (
    alternatives,
    audit_rows,
    list_rows,
    people_rows,
    reach_rows,
    referral_rows,
    rows,
    supply_rows,
    visits,
    why_rows,
)
from planner.outputs.headline import headline
from planner.types.results import Plan

SCHEMA_VERSION = 1
NULL_MEANS = (
    "null stands for a number that does not exist: minutes and km where there is no way, a share of nobody, "
    "a range that the source does not give, a rank or gain of a post that is there today"
)


def plan_json(plan: Plan, files: Mapping[str, str]) -> str:
    """The plan as JSON text, with the sha256 of the `files` beside it.

    Between two equal runs only the seconds differ, and the log's sha256.
    """
    placement, made = plan.placement, plan.provenance
    document = {
        "schema_version": SCHEMA_VERSION,
        "title": plan.scenario.title,
        "date": made.date,
        "run_id": made.run_id,
        "report": {"language": plan.scenario.report.language, "ministry": plan.scenario.report.ministry},
        "null_means": NULL_MEANS,
        "files": dict(files),
        "headline": {figure.key: {"value": figure.amount, "unit": figure.unit} for figure in headline(plan)},
        "coverage": _records(rows.coverage(plan)),
        "coverage_by_area": _records(rows.coverage_by_area(plan)),
        "why_hard_to_reach": _records(why_rows.why(plan)),
        "chws_of_today": _records(audit_rows.audit(plan)),
        "bridges": _records(why_rows.bridges(plan)),
        "reach_by_place": _records(reach_rows.by_place(plan)),
        "coverage_by_season": _records(reach_rows.by_season(plan)),
        "coverage_by_tier": _records(reach_rows.by_tier(plan)),
        "people_by_minutes": _records(reach_rows.curve(plan)),
        "remoteness": _records(reach_rows.remoteness(plan)),
        "unevenness": _records(reach_rows.unevenness(plan)),
        "zones": _records(reach_rows.zones(plan)),
        "other_speeds": _records(rows.other_speeds(plan)),
        "people_balance": _records(people_rows.balance(plan)),
        "people_balance_by_area": _records(people_rows.balance_by_area(plan)),
        "rescaled_people": _records(people_rows.rescaled(plan)),
        "moved_people": _records(people_rows.moved(plan)),
        "village_list": _records(people_rows.village_list(plan).query("row != ''")),
        "scattered": _records(people_rows.scattered(plan)),
        "placement": {
            "model": placement.model,
            "method": placement.method,
            "status": placement.status,
            "covered": placement.covered,
            "bound": placement.bound,
            "gap": placement.gap,
            "unit": placement.unit,
            "objective": placement.objective,
            "given_up": placement.given_up,
            "seconds": placement.seconds,
            "posts": _records(rows.posts(plan)),
        },
        "referral": {
            "chains": _records(referral_rows.chains(plan)),
            "onward": _records(referral_rows.onward(plan)),
            "ambulances": _records(referral_rows.ambulances(plan)),
        },
        "supervision": {
            "status": plan.supervision.status,
            "minutes": plan.supervision.objective,
            "bound": plan.supervision.bound,
            "litres": plan.rounds.litres,
            "facilities": _records(visits.supervisors(plan)),
            "rounds": _records(visits.rounds(plan)),
        },
        "supply": {
            "cases": _records(supply_rows.cases(plan)),
            "items": _records(supply_rows.supply(plan)),
            "work": _records(supply_rows.work(plan)),
            "referrals_received": _records(supply_rows.received(plan)),
        },
        "number_of_chws": _records(alternatives.growth(plan)),
        "years": _records(alternatives.years(plan)),
        "fairness_by_area": _records(alternatives.fairness(plan)),
        "conditions": plan.alternatives.robustness
        and [
            {"conditions": name, "covered": covered, "best": best}
            for name, covered, best in zip(
                plan.alternatives.robustness.conditions,
                plan.alternatives.robustness.covered.tolist(),
                plan.alternatives.robustness.best.tolist(),
                strict=True,
            )
        ],
        "chws_of_today_placed_best": plan.alternatives.relocation
        and {
            "today": plan.alternatives.relocation.today,
            "best": plan.alternatives.relocation.best,
            "bound": plan.alternatives.relocation.bound,
            "status": plan.alternatives.relocation.status,
            "moves": _records(alternatives.relocation(plan)),
        },
        "longest_way": plan.alternatives.longest and asdict(plan.alternatives.longest),
        "rows_of_lists": _records(list_rows.accounts(plan)),
        "assumptions": _records(rows.assumptions(plan)),
        "notes": [asdict(note) for note in plan.notes],
        "provenance": {
            "inputs": _records(rows.sources(plan)),
            "versions": made.versions,
            "seconds": made.seconds,
        },
    }
    return json.dumps(_without_nan(document), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*(frame[c].tolist() for c in frame), strict=True)]


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_without_nan(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value
