"""Referral as rows: the same in report, workbook, layers and plan.json (see `planner.outputs.rows`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.outputs.rows import facility_names, post_names
from planner.types.referral import Referral
from planner.types.results import Plan


def of_first(plan: Plan) -> list[Referral]:
    """The referrals of the first traveller, by tier: those that the report and the map show."""
    return [referral for referral in plan.referrals if referral.traveller == plan.referrals[0].traveller]


def referrals(plan: Plan) -> pd.DataFrame:
    """For each post with a CHW, traveller and tier: the facility, the way in words, and where else if it is closed."""
    frames = [
        pd.DataFrame(
            {
                **post_names(plan),
                "traveller": referral.traveller,
                "tier": referral.tier,
                **facility_names(plan, referral.facility),
                "minutes": referral.minutes,
                "km": referral.metres / 1000,
                "way": referral.words,
                "second": facility_names(plan, referral.second)["facility"],
                "second_minutes": referral.second_minutes,
                "second_costs": _more(referral),
                "other_facility": facility_names(plan, referral.other_facility)["facility"],
                "other_minutes": referral.other_minutes,
            }
        )[plan.posts.works]
        for referral in plan.referrals
    ]
    columns = ["post_id", "village", "traveller", "tier", "facility_id", "facility", "minutes", "km", "way", "second",
               "second_minutes", "second_costs", "other_facility", "other_minutes"]  # fmt: skip
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _more(referral: Referral) -> np.ndarray:
    """Minutes that the second best facility costs beside the first; NaN where there is none."""
    there = referral.second >= 0
    return np.where(there, referral.second_minutes - np.where(there, referral.minutes, 0), np.nan)


def chains(plan: Plan) -> pd.DataFrame:
    """For each post with a CHW and traveller: the facility reached first, the next tier from there, and both together.

    Where the first facility is of the highest tier, the chain ends there.
    """
    standard = plan.scenario.referral.standard_minutes
    frames = []
    for onward in plan.onward:
        first = next(referral for referral in plan.referrals if referral.traveller == onward.traveller)
        direct = [referral for referral in plan.referrals if referral.traveller == onward.traveller][-1]
        there = first.facility >= 0
        to_next = np.where(there, onward.facility[first.facility], -1)
        ends = there & (plan.facilities.tier[first.facility] >= plan.facilities.tier.max(initial=0))
        further = np.where(ends, 0.0, np.where(to_next >= 0, onward.minutes[first.facility], np.inf))
        total = np.where(there, first.minutes + further, np.inf)
        frames.append(
            pd.DataFrame(
                {
                    **post_names(plan),
                    "traveller": onward.traveller,
                    "facility": facility_names(plan, first.facility)["facility"],
                    "minutes": first.minutes,
                    "next_facility": facility_names(plan, np.where(ends, first.facility, to_next))["facility"],
                    "next_minutes": further,
                    "chain_minutes": total,
                    "direct_minutes": direct.minutes,
                    "within_standard": total <= standard,
                    "same_supervisor": (first.facility == plan.supervision.facility) | (plan.supervision.facility < 0),
                }
            )[plan.posts.works]
        )
    columns = ["post_id", "village", "traveller", "facility", "minutes", "next_facility", "next_minutes",
               "chain_minutes", "direct_minutes", "within_standard", "same_supervisor"]  # fmt: skip
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def onward(plan: Plan) -> pd.DataFrame:
    """For each facility below the highest tier and traveller: the next one, and the way in words."""
    frames = []
    for each in plan.onward:
        below = plan.facilities.tier < plan.facilities.tier.max(initial=0)
        own = facility_names(plan, np.arange(len(plan.facilities), dtype=np.int32))
        to = facility_names(plan, each.facility)
        frames.append(
            pd.DataFrame(
                {
                    **own,
                    "traveller": each.traveller,
                    "next_id": to["facility_id"],
                    "next_facility": to["facility"],
                    "minutes": each.minutes,
                    "km": each.metres / 1000,
                    "way": each.words,
                }
            )[below]
        )
    columns = ["facility_id", "facility", "traveller", "next_id", "next_facility", "minutes", "km", "way"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def ambulances(plan: Plan) -> pd.DataFrame:
    """For each post with a CHW and tier: minutes of a vehicle that is called out, and back with the child."""
    frames = [
        pd.DataFrame(
            {
                **post_names(plan),
                "traveller": called.traveller,
                "tier": called.tier,
                "out_minutes": called.out_minutes,
                "back_minutes": called.back_minutes,
                "minutes": called.out_minutes + called.back_minutes,
            }
        )[plan.posts.works]
        for called in plan.ambulances
    ]
    columns = ["post_id", "village", "traveller", "tier", "out_minutes", "back_minutes", "minutes"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
