"""How a caregiver walks."""

from __future__ import annotations

from typing import Literal

from planner.scenario.keys import NO_RULE, Section, number, said


class Walking(Section):
    """How a caregiver walks."""

    speeds: str = said(
        "weiss_2020",
        "walking speed by land cover: weiss_2020, accessmod_manual, accessmod_gpp, geohealthaccess, niger or rwanda "
        "(the planner's tables), or a CSV of your own with the columns key (land_cover of the legend) and value "
        "(km/h, 0 = closed)",
    )
    road_speeds: str = said(
        "accessmod_gpp",
        "walking speed on roads and paths: accessmod_gpp (the planner's table), or a CSV of your own with the columns "
        "key (road class) and value (km/h); classes without a speed are not walked",
    )
    compare_speeds: str = said(
        "accessmod_manual",
        'second table of walking speeds by land cover: the report shows how the answer moves with it; "" = none',
    )
    open_kmh: float = number(
        5.0,
        "walking speed where no land cover is given",
        unit="km/h",
        source="AccessMod 5 user manual, bare soil",
        gt=0,
    )
    default_kmh: float | None = number(
        None, "walking speed on land cover that the legend or the table of speeds lacks; without it, such land cover "
        "is a fault", unit="km/h", source=NO_RULE, ge=0, le=15, examples=[3.0],
    )  # fmt: skip
    load_factor: float = number(
        1.0, "all speeds on foot times this: below 1 for one who carries a child, or walks at night", unit="factor",
        source="planner's choice: the speeds of the tables as they are", gt=0, le=2,
    )  # fmt: skip
    slope: Literal["tobler", "tobler_off_path", "irmischer_clarke", "none"] = said(
        "tobler", "how slope changes speed, scaled to 1 on the flat: Tobler 1993, the same with his 3/5 on ground that "
        "is no path, Irmischer and Clarke 2018, or not at all",
    )  # fmt: skip
    corners: Literal["closed", "open"] = said(
        "closed", 'may a diagonal step pass between two closed cells? "open" leaks: only to compare with AccessMod'
    )
    snap_metres: float = number(
        1000.0, "a facility, village or CHW on a closed cell is reached at the nearest open cell within this distance",
        unit="m", source="between r5's 300 m and 1.6 km", ge=0,
    )  # fmt: skip
    neighbours: Literal[8, 16, 32] = number(
        16, "directions a walker can take from a cell: 32 is more accurate, and slower", unit="cells",
        source="16 as AccessMod's knight's move",
    )  # fmt: skip
