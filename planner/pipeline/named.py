"""Villages and areas that [placement] calls by id or name: each of them one place and no other, or a fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from planner.errors import Fault

Amount = TypeVar("Amount", bound=float)
SECTION = "[placement] of the scenario"


@dataclass
class Named:
    """What may be called; whatever cannot be found, or not told apart, is gathered in `faults`.

    Attributes
    ----------
    kind
        "village" or "area".
    ids, names
        Ids are unique; of a name that is the id of another one, the other one is meant.
    place
        What each stands for: several villages may be in one cell.
    hint
        Where to look names up.
    """

    kind: str
    ids: Sequence[str]
    names: Sequence[str]
    place: Sequence[int]
    hint: str
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._called: dict[str, list[int]] = defaultdict(list)
        for k, name in enumerate(self.names):
            self._called[name].append(k)
        self._called.update({own: [k] for k, own in enumerate(self.ids)})

    def places(self, key: str, names: Iterable[str]) -> dict[str, int]:
        """The place of each name that is found; `key` is where the scenario has them."""
        found = {}
        for name in names:
            here = self._called.get(name, [])
            if len(here) == 1:
                found[name] = self.place[here[0]]
            elif here:
                several = ", ".join(self.ids[k] for k in here[:3]) + (" ..." if len(here) > 3 else "")
                what = f'{len(here)} {self.kind}s are called "{name}".'
                self._fault(key, what, f"Say which by its id: {several}.")
            else:
                self._fault(key, f'no {self.kind} has the id or name "{name}".', self.hint)
        return found

    def amounts(self, key: str, asked: Mapping[str, Amount]) -> dict[int, Amount]:
        """The amount of each place that is named."""
        by_place: dict[int, tuple[str, Amount]] = {}
        for name, place in self.places(key, asked).items():
            other, amount = by_place.setdefault(place, (name, asked[name]))
            if amount != asked[name]:
                what = f'"{other}" and "{name}" are one place, with {amount:g} and {asked[name]:g}.'
                self._fault(key, what, "Leave one out.")
        return {place: amount for place, (_, amount) in by_place.items()}

    def _fault(self, key: str, what: str, way_out: str) -> None:
        self.faults.append(Fault(f"{SECTION}, {key}", what, way_out))
