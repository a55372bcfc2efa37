"""The legend of the map: what each layer's styles mean, in words and units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from planner.outputs import palette
from planner.outputs.features import coverage_step, facility_style, village_radius
from planner.outputs.language import exact, say
from planner.outputs.palette import TimeClass, whole
from planner.types.results import Plan

SAMPLES = (100, 400, 1600)  # people of the legend's three sizes of villages
VILLAGES = ("waiting", "served-new", "served", "within")
STYLES = {
    "proposed": ("chw-new",),
    "chws": ("chw",),
    "catchments": ("catchment-new", "catchment"),
    "referrals": ("referral",),
    "rounds": ("round",),
    "facilities": ("tier3", "tier2", "tier1"),
    "villages": VILLAGES,
    "areas": ("area",),
    "roads": ("major", "minor", "path"),
    "water": ("river", "seasonal", "lake"),
}  # by layer
SHARES = (20, 40, 60, 80)  # % of under-fives within reach: limits of the classes of areas


def legend(plan: Plan, classes: Iterable[TimeClass], used: set[str]) -> list[dict[str, Any]]:
    """Sections of the legend, each of a layer or of the ground: only styles that occur on the map, with their words."""
    times = [{"colour": entry.colour, "label": entry.label, "short": time_short(entry)} for entry in classes]
    no_way = say("no way {traveller}", traveller=_traveller(plan))
    times.append({"colour": palette.NO_WAY, "label": no_way, "short": "×"})
    words = kinds(plan)
    sections = [
        {"of": "time", "title": say("Time to care {traveller}", traveller=_traveller(plan)), "entries": times},
        {"of": "area", "title": _coverage_title(plan), "entries": share_classes()},
    ]
    for layer, styles in STYLES.items():
        entries: list[dict[str, Any]] = [{"style": style, "label": words[style]} for style in styles if style in used]
        if layer == "villages" and entries:
            entries += _sizes()
        sections.append({"of": layer, "title": "", "entries": entries})
    return [section for section in sections if section["entries"]]


def _traveller(plan: Plan) -> str:
    return say(plan.scenario.reach.traveller)


def _coverage_title(plan: Plan) -> str:
    limit = exact(plan.coverage.thresholds[coverage_step(plan)])
    return say("Under-fives within {minutes} min {traveller}", minutes=limit, traveller=_traveller(plan))


def time_short(entry: TimeClass) -> str:
    """The limit of a class of travel time, where there is room for a number only."""
    return f">{entry.above:g}" if entry.upto == float("inf") else f"≤{entry.upto:g}"


def share_classes() -> list[dict[str, Any]]:
    """Classes of areas by the share of under-fives within reach, most first: the less, the darker."""
    labels = [say("under {share} %", share=SHARES[0])]
    labels += [f"{above}–{upto} %" for above, upto in zip(SHARES, (*SHARES[1:], 100), strict=True)]
    colours = palette.sequential(len(labels))[::-1]
    limits = (0, *SHARES)
    classes = [
        {"colour": colour, "label": label, "short": f"≥{limit}", "from": limit / 100}
        for colour, label, limit in zip(colours, labels, limits, strict=True)
    ]
    return classes[::-1]


def _sizes() -> list[dict[str, Any]]:
    texts = [say("{people} people"), say("{people} people"), say("{people} people and more")]
    return [
        {"style": "within", "r": village_radius(people), "label": text.format(people=whole(people))}
        for people, text in zip(SAMPLES, texts, strict=True)
    ]


def kinds(plan: Plan) -> dict[str, str]:
    """What each style means, in words."""
    limit = exact(plan.scenario.placement.max_minutes)
    return {
        "chw-new": say("proposed CHW, numbered: 1 reaches most"),
        "chw": say("CHW today"),
        "catchment-new": say("served by a proposed CHW (within {minutes} min)", minutes=limit),
        "catchment": say("served by a CHW of today (within {minutes} min)", minutes=limit),
        **_tier_words(plan),
        "waiting": say("hard to reach, no CHW in reach"),
        "served-new": say("hard to reach, served by a proposed CHW"),
        "served": say("hard to reach, served by a CHW of today"),
        "within": say("not hard to reach"),
        "area": say("area"),
        "referral": say("referral way {traveller}", traveller=_traveller(plan)),
        "round": say("supervision round"),
        "major": say("main road"),
        "minor": say("other road"),
        "path": say("track or path"),
        "river": say("river"),
        "seasonal": say("seasonal river"),
        "lake": say("lake or sea"),
    }


def _tier_words(plan: Plan) -> dict[str, str]:
    """The facility types that share a symbol."""
    words: dict[str, list[str]] = {}
    for kind, tier in sorted(set(zip(plan.facilities.type, plan.facilities.tier.tolist(), strict=True))):
        known = words.setdefault(facility_style(tier), [])
        if kind and kind not in known:
            known.append(kind)
    plain = {"tier1": say("tier 1"), "tier2": say("tier 2"), "tier3": say("tier 3 and above")}
    return {
        style: say("{tier}: {types}", tier=tier, types=", ".join(words[style])) if words.get(style) else tier
        for style, tier in plain.items()
    }
