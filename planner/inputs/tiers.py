"""Which tier a facility has: by its type, or by a column; and the tiers that unknown types usually have."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from planner.errors import LEAVE_OUT, SET_TIER, Fault
from planner.inputs.columns import missing
from planner.inputs.entries import Entry, rows, standing
from planner.inputs.place_names import NO_CARE, usual_tier
from planner.inputs.table import Table
from planner.inputs.text import clean, examples
from planner.types.lists import DECIDED

TIER = re.compile(r"\D*(\d{1,2})([.,]0*)?\D*")
MOST_TYPES = 20  # that a message lists


def no_tiers(table: Table, columns: Mapping[str, str], section: str) -> Fault:
    """The fault that nothing says which tier a facility has; its way out has the types found, to fill in."""
    kinds = Counter(table.cells(columns["type"])) if "type" in columns else Counter(["Health post", "Hospital"])
    tiers = ready([kind for kind, _ in kinds.most_common()], columns.get("type", ""), ())
    column = "" if "type" in columns else ' And name the column of types: columns = { type = "..." }.'
    return Fault(
        table.file.where,
        missing(table, ("tier",)).what,
        f"Under {section}, give each type its tier (1 = health post or centre, 2 = hospital, ...): {tiers}{column} Or "
        'name a column of tiers: columns = { tier = "..." }.',
    )


def ready(kinds: Sequence[str], column: str, known: Iterable[str]) -> str:
    """Lines of the scenario that give types the tiers they usually have, and leave out those that are no place of care.

    `known` are types that have a tier already.
    """
    usual = {kind: usual_tier(kind) for kind in kinds if kind}
    tiers = [f'"{kind}" = {1 if tier is None else tier}' for kind, tier in usual.items() if tier != NO_CARE]
    unsure = examples((f'"{kind}"' for kind, tier in usual.items() if tier is None), most=MOST_TYPES)
    no_care = examples((f'"{kind}"' for kind, tier in usual.items() if tier == NO_CARE), most=MOST_TYPES)
    wanted = [*known, *(kind for kind, tier in usual.items() if tier != NO_CARE)]
    where = f"where = {{ {json.dumps(column, ensure_ascii=False)} = {json.dumps(wanted, ensure_ascii=False)} }}"
    parts = [
        f"tiers = {{ {examples(tiers, most=MOST_TYPES)} }}" if tiers else "",
        f"check that of {unsure}, which is no usual type" if unsure else "",
        f"{where}, which leaves out {no_care}: no ill children are treated there" if no_care and wanted else "",
    ]
    return "; ".join(filter(None, parts)) + "."


def read_tiers(entries: Sequence[Entry], tiers: Mapping[str, int]) -> None:
    """Give each row its tier: by the scenario's table of types where there is one, else by its cell; 0 = unknown."""
    by_type = {clean(kind): tier for kind, tier in tiers.items()}
    for entry in entries:
        if by_type:
            entry.tier_cell = entry.type
            entry.tier = by_type.get(entry.type, 0)
        elif found := TIER.fullmatch(entry.tier_cell):  # 1, "1.0", "Tier 1"
            entry.tier = int(found[1])


def unknown_tiers(entries: Sequence[Entry], tiers: Mapping[str, int], section: str, column: str) -> Iterator[Fault]:
    """The fault of the rows without a tier; one is proposed by the words of their type, else of their name.

    `column` is that of the types, `tiers` what the scenario's `section` says of them.
    """
    unknown = [entry for entry in standing(entries) if entry.tier < 1]
    if not unknown:
        return
    for entry in unknown:
        usual = usual_tier(entry.type, entry.name)
        said = f'no tier for "{entry.tier_cell}"' if entry.tier_cell else "no type or tier"
        if usual == NO_CARE:
            entry.doubt(f"{said}: a place where no ill children are treated, by its name or type", LEAVE_OUT)
            entry.fate = DECIDED
        else:
            entry.doubt(said, SET_TIER if usual else "")
            entry.tier = entry.to_tier = usual or 0
    where = unknown[0].file.where
    if tiers:
        kinds = Counter(entry.type for entry in unknown)
        blank = examples(entry.place for entry in unknown if not entry.type)
        named = [f'"{kind}" ({count})' if kind else f"none, in {blank}" for kind, count in kinds.most_common()]
        ways = [f"Under {section}, add: {ready(list(kinds), column, tiers)}"] if any(kinds) else []
        ways += ["Give the rows without a type one."] if blank else []
        what = f"has types of facility without a tier: {examples(named, MOST_TYPES)}."
        yield Fault(where, what, " ".join(ways))
    else:
        found = examples(f'{entry.place}: "{entry.tier_cell}"' for entry in unknown)
        what = f"has {rows(len(unknown))} whose tier is no whole number from 1: {found}."
        yield Fault(where, what, f"Correct them, or give tiers by type under {section}.")
