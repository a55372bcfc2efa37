"""[placement]: where the next CHWs should live."""

from __future__ import annotations

from planner.scenario.keys import WHO_ICCM, Section, number


class PlacementChoice(Section):
    """Where the next CHWs should live."""

    new_chws: int = number(20, "how many CHWs to place", unit="CHWs", source="the planner's question", ge=0)
    max_minutes: float = number(60.0, "on foot to a CHW", unit="min", source=WHO_ICCM, gt=0)
    min_people: float = number(
        50.0, "a village is a candidate from as many people", unit="people", source="planner's choice", ge=0
    )
    time_limit_s: float = number(
        120.0, "stop the exact search after this long and say how good the best found is", unit="s",
        source="planner's choice", gt=0,
    )  # fmt: skip
