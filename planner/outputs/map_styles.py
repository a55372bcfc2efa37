"""How each style of the map is drawn, on it and in its legend."""

from __future__ import annotations

from typing import Any

from planner.outputs import palette


def styles() -> dict[str, dict[str, Any]]:
    """How each style is drawn, on the map and in the legend (widths and radii in pixels)."""
    dot = {"shape": "circle", "r": 5, "edge": "#ffffff", "width": 1.2}
    cross = {"edge": "#ffffff", "width": 1.5, "fill": palette.FACILITY}
    return {
        "lake": {"shape": "line", "colour": palette.WATER, "width": 0.8, "fill": palette.WATER},
        "river": {"shape": "line", "colour": palette.RIVER, "width": 1.4},
        "seasonal": {"shape": "line", "colour": palette.RIVER, "width": 0.9, "dash": [2, 3]},
        "major": {"shape": "line", "colour": "#ffffff", "width": 2.2, "casing": palette.ROAD},
        "minor": {"shape": "line", "colour": palette.ROAD, "width": 1.1},
        "path": {"shape": "line", "colour": palette.ROAD, "width": 0.7, "dash": [3, 3]},
        "area": {"shape": "line", "colour": palette.AREA, "width": 1.6, "hollow": True},
        "catchment": _patch(palette.CHW_EDGE),
        "catchment-new": _patch(palette.PROPOSED),
        "referral": {"shape": "line", "colour": palette.FACILITY, "width": 1.8, "dash": [6, 4]},
        "round": {"shape": "line", "colour": palette.CHW_EDGE, "width": 1.8, "dash": [1, 5]},
        "within": dot | {"fill": palette.WITHIN_REACH, "edge": palette.VILLAGE_EDGE, "width": 0.8},
        "served": dot | {"fill": palette.CHW_EDGE},
        "served-new": dot | {"fill": palette.SERVED, "edge": palette.FACILITY},
        "waiting": dot | {"fill": palette.HARD_TO_REACH},
        "tier1": cross | {"shape": "clinic", "r": 6.5},
        "tier2": cross | {"shape": "hospital", "r": 7.5},
        "tier3": cross | {"shape": "hospital", "r": 9.5},
        "chw": {"shape": "person", "r": 6, "fill": palette.CHW, "edge": palette.CHW_EDGE, "width": 1.5},
        "chw-new": {"shape": "pin", "r": 9, "fill": palette.PROPOSED, "edge": palette.FACILITY, "width": 1.2},
    }


def _patch(colour: str) -> dict[str, Any]:
    return {"shape": "line", "colour": colour, "width": 1.5, "fill": colour}
