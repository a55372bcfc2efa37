"""[reach]: who is hard to reach, by the country's own rule; [audit]: what is asked of the CHWs there are."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from planner.scenario.keys import ON_FOOT, WHO_ICCM, Section, ascending, number, said
from planner.scenario.presets import known_preset, presets

CRITERIA = ("minutes", "km", "road_km", "water", "cut_off")
SHORT = {"either": "minutes or km", "both": "minutes and km"}
LONGEST_RULE = 200

Rule = str | tuple[str, tuple["Rule", ...]]  # a criterion, or "and" / "or" with what it joins


def parsed(rule: str) -> Rule:
    """The rule as a tree; ValueError where it is none."""
    if len(rule) > LONGEST_RULE:
        raise ValueError(f"a rule has at most {LONGEST_RULE} letters")
    words = re.findall(r"[()]|[^\s()]+", SHORT.get(rule, rule))
    tree = _joined(words)
    if words:
        raise ValueError(f'"{words[0]}" does not belong there')
    return tree


def _joined(words: list[str]) -> Rule:
    """What stands from the first word to the end or a closing bracket; takes these words away."""
    parts, joints = [_part(words)], set()
    while words and words[0] in ("and", "or"):
        joints.add(words.pop(0))
        parts.append(_part(words))
    if len(joints) > 1:
        raise ValueError('"and" and "or" stand side by side: put in ( ) what belongs together')
    return (joints.pop(), tuple(parts)) if joints else parts[0]


def _part(words: list[str]) -> Rule:
    word = words.pop(0) if words else "the end"
    if word != "(":
        if word not in CRITERIA:
            near = difflib.get_close_matches(word, (*CRITERIA, *SHORT), n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            raise ValueError(f'"{word}" is none of {", ".join(CRITERIA)}{hint}')
        return word
    inside = _joined(words)
    if not words or words.pop(0) != ")":
        raise ValueError('a ")" is missing')
    return inside


def criteria(rule: Rule) -> frozenset[str]:
    """The criteria that a rule counts."""
    return frozenset({rule}) if isinstance(rule, str) else frozenset().union(*map(criteria, rule[1]))


def a_rule(rule: str) -> str:
    """The rule as it is; ValueError where it is none."""
    parsed(rule)
    return rule


class Reach(Section):
    """Who is hard to reach, by the country's own rule."""

    preset: Annotated[str, AfterValidator(known_preset)] = said(
        "", f"a country's rule by name ({', '.join(presets())}): it fills the keys below that you leave out, and those "
        'of [audit]; "" = none',
    )  # fmt: skip
    traveller: str = said(ON_FOOT, "whose travel times the plan counts: the name of one of [travellers]")
    rule: Annotated[str, AfterValidator(a_rule)] = said(
        "either",
        "hard to reach when beyond these limits: minutes (max_minutes), km (max_km), road_km (max_road_km), water (the "
        "quickest way crosses water that is a barrier in the wet season, on a bridge or ford too), cut_off (the "
        "quickest way of the dry season is closed in the wet season); joined by and, or, with ( ) where both stand: "
        '"minutes or km" (the same as "either"), "minutes and km" (the same as "both"), "km or cut_off"',
        by_preset=True,
    )
    max_minutes: float = number(
        60.0, "to the nearest facility, as the plan's traveller goes", unit="min", source=WHO_ICCM, gt=0, by_preset=True
    )
    max_km: float = number(
        5.0, "in a straight line to the nearest facility", unit="km", source=WHO_ICCM, gt=0, by_preset=True
    )
    max_road_km: float = number(
        5.0, "along the quickest way to the nearest facility, over ground, paths and roads, as far as the rule counts "
        "road_km", unit="km", source="planner's choice: as in a straight line", gt=0, by_preset=True,
    )  # fmt: skip
    season: Literal["plan", "either", "both"] = said(
        "plan", "season in which the rule is judged: that of the plan; hard to reach in either season; or in both"
    )
    tier: Annotated[int, Field(ge=1, le=9)] = said(1, "facilities of this tier and above count in the rule")
    zones_km: Annotated[tuple[Annotated[float, Field(gt=0)], ...], AfterValidator(ascending)] = number(
        (), "people are also reported by zones of straight-line km from a facility, with these limits, ascending; [] = "
        "no zones", unit="km", source="no such rule", by_preset=True,
    )  # fmt: skip
    thresholds: Annotated[tuple[Annotated[float, Field(gt=0)], ...], AfterValidator(ascending)] = number(
        (30.0, 60.0, 90.0, 120.0, 180.0), "minutes at which coverage is reported, ascending", unit="min",
        source="usual reporting steps; 120 = Lancet Commission on Global Surgery (recalled)", min_length=1,
    )  # fmt: skip
    bridge_metres: float = number(
        200.0, "widest water that a bridge for walkers may span: the report says what one would save; 0 = no bridges",
        unit="m", source="planner's choice: what suspended footbridges span", ge=0,
    )  # fmt: skip
    bridges_apart_km: float = number(
        1.0, "one place for a bridge is looked for in each square of this width", unit="km", source="planner's choice",
        gt=0,
    )  # fmt: skip
    both_seasons: bool = said(True, "report the other season beside the plan's own; false = the plan's season alone")

    @property
    def tree(self) -> Rule:
        """The rule as a tree."""
        return parsed(self.rule)

    @property
    def counts(self) -> frozenset[str]:
        """The criteria that the rule counts."""
        return criteria(self.tree)

    def check_seasons(self) -> Self:
        """The section as it is; ValueError where the rule needs a season that is not searched."""
        if not self.both_seasons and (self.season != "plan" or "cut_off" in self.counts):
            raise ValueError('both_seasons = false goes with season = "plan" and a rule without cut_off')
        return self


class AuditRule(Section):
    """What is asked of the CHWs there are."""

    people_per_chw: float = number(
        1000.0, "people that one CHW is meant to serve, at most", unit="people per CHW",
        source="common iCCM programme rule: 500 to 1000 (recalled)", gt=0, by_preset=True,
    )  # fmt: skip
    least_share: float = number(
        0.5, "a CHW who serves fewer than this share of people_per_chw has few", unit="share",
        source="common iCCM programme rule: 500 to 1000 (recalled)", ge=0, le=1,
    )  # fmt: skip
    near_minutes: float = number(
        30.0, "CHWs who live so near to each other, on foot, are told", unit="min",
        source="planner's choice: half of an hour's reach; in South Sudan three of four lived within 5 km of a "
        "facility or another CHW, against the plan (Pratt 2014)", gt=0,
    )  # fmt: skip
