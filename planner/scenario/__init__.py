"""The scenario: every number that changes an answer, with its one default, its unit and its source.

A scenario is one TOML file; these models check it. Paths in it are relative to the file's own folder.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from planner.scenario.files import FacilitiesTable, LayerFile, MoreFacilities, PlacesTable, RasterFile, Table
from planner.scenario.fixes import FIXES, known_fixes
from planner.scenario.keys import NO_RULE, ON_FOOT, Section, number, real_day, said
from planner.scenario.people import Population, VillagesTable
from planner.scenario.placement import PlacementChoice
from planner.scenario.presets import filled
from planner.scenario.reach import AuditRule, Reach
from planner.scenario.report import Reporting
from planner.scenario.walking import Walking

__all__ = [
    "AreasFile",
    "ChwsTable",
    "CommitteesTable",
    "Elevation",
    "FacilitiesTable",
    "Friction",
    "LandCover",
    "LayerFile",
    "MoreFacilities",
    "PlacementChoice",
    "PlacesTable",
    "Population",
    "RasterFile",
    "Reach",
    "Reporting",
    "Roads",
    "Scenario",
    "Season",
    "Section",
    "SupervisionRule",
    "SupplyRule",
    "Table",
    "Traveller",
    "VillagesTable",
    "Walking",
    "Water",
]


class Elevation(RasterFile):
    """Metres above the sea (GeoTIFF, any grid): averaged over the cells. Without it, walking is flat."""


class LandCover(RasterFile):
    """Classes of land cover (GeoTIFF, any grid): the most frequent class in a cell counts."""

    legend: str = said(
        "worldcover",
        "what the codes mean: worldcover, copernicus_lc100 or copernicus_dominant (the planner's legends), or a CSV of "
        "your own with the columns code, name, land_cover",
    )
    fill_metres: float = number(
        500.0, "cells of the population raster without land cover or friction (shores) take what is nearest to them "
        "within this distance", unit="m", source="planner's choice: a few cells", ge=0,
    )  # fmt: skip


class Friction(RasterFile):
    """The time to cross a metre of each cell (GeoTIFF, any grid), as the Malaria Atlas Project makes it.

    Where it is given, it takes the place of walking speeds by land cover and on roads, and of slope, the same in all
    directions. Water still closes the cells that it runs through, but for roads over it, and fill_metres of
    [land_cover] holds for cells without friction.
    """

    unit: Literal["recognised", "min/m", "s/m"] = said(
        "recognised", "minutes or seconds per metre; recognised = by the speeds that it means"
    )


class Roads(LayerFile):
    """Roads and paths: OSM .pbf or .osm, GeoPackage, GeoJSON, or GraphML as OSMnx writes it."""

    layer: str = said("", 'layer of a GeoPackage; "" = the only one')
    class_column: str = said("highway", "column with the road class (GeoPackage, GeoJSON)")


class Water(LayerFile):
    """Rivers and lakes that cannot be crossed but on a road or path."""

    file: str = said("", 'OSM, GeoPackage or GeoJSON; "" = taken from the roads file where that is OSM')
    layer: str = said("", 'layer of a GeoPackage; "" = the only one')
    kind_column: str = said("waterway", "column with the kind of water (GeoPackage, GeoJSON)")
    barriers: tuple[str, ...] = said(
        ("river", "canal", "riverbank", "lake", "reservoir", "water", "lagoon", "sea"),
        "kinds that cannot be crossed on foot; seasonal water of these kinds counts in the wet season only",
    )


class CommitteesTable(PlacesTable):
    """Village committees or leaders: the nearest one stands in the sheet of each CHW for community meetings."""


class ChwsTable(PlacesTable):
    """Existing CHWs: they stay where they are."""

    same_place_metres: float = number(
        0.0, "rows nearer to each other may be one CHW, whatever the names; 0 = never", unit="m",
        source="several CHWs may live in one village", ge=0,
    )  # fmt: skip
    same_name_percent: float = number(
        100.0, "names are alike that are spelled alike by at least so much", unit="%",
        source="planner's choice: names of relatives are alike", gt=0, le=100,
    )  # fmt: skip


class AreasFile(LayerFile):
    """Administrative areas (polygons), up to two levels in the columns of one file."""

    layer: str = said("", 'layer of a GeoPackage; "" = the only one')
    where: dict[str, tuple[str, ...]] = said(
        {}, 'keep only polygons whose column has one of these values, e.g. {region = ["South"]}; {} = all polygons'
    )
    name: str = said("name", "column with the area's name")
    code: str = said("", 'column with the area\'s code; "" = the name is the code')
    parent_name: str = said("", 'column with the name of the area one level up; "" = one level only')
    parent_code: str = said("", 'column with the code of the area one level up; "" = its name is the code')
    edge_metres: float = number(
        0.0, "people this close outside all areas belong to the nearest one: for coasts drawn inside the shore",
        unit="m", source="planner's choice", ge=0,
    )  # fmt: skip


class Season(Section):
    """The season that the plan is for."""

    name: Literal["dry", "wet"] = said("dry", "season of all travel times")
    wet_factors: str = said(
        "niger", "what the wet season does to speeds by land cover, road surface and road class: a table of the "
        'planner by name, or a CSV of your own; "" = nothing',
    )  # fmt: skip
    wet_barriers: tuple[str, ...] = said(
        (), 'kinds of water that cannot be crossed in the wet season, beside the barriers of [water], e.g. ["stream"]'
    )
    no_go: str = said(
        "", 'GeoPackage or GeoJSON of areas closed to everybody in this season: floods, insecurity; "" = none'
    )
    no_go_layer: str = said("", 'layer of a GeoPackage; "" = the only one')
    no_go_source: str = said("", "citation and licence of that file")


class Traveller(Section):
    """Who travels to care, and how: on foot, and by a vehicle along the roads where one is given."""

    ride: str = said(
        "", 'speeds of the vehicle on roads: a table of the planner ("motorbike", "car", "bicycle"), or a CSV of your '
        'own; "" = on foot all the way',
    )  # fmt: skip
    roads: Literal["graph", "burned"] = said(
        "graph", "how the vehicle uses roads: boarded after a wait and ridden along them (graph), or, as in AccessMod, "
        "driven without a wait and both ways in the cells that they run through, where that is faster than walking "
        "(burned); ferries are boarded all the same",
    )  # fmt: skip
    slope: Literal["none", "bicycle_power"] = said(
        "none", "how slope changes the vehicle's speed: not at all (motor vehicles), or as the power that a cyclist "
        'has on the flat goes up and down hill, which needs roads = "graph"',
    )  # fmt: skip
    wait_minutes: float = number(
        15.0,
        "for a vehicle, each time one is boarded; none on burned roads",
        unit="min",
        source="planner's choice",
        ge=0,
    )
    alight_minutes: float = number(1.0, "to get off a vehicle", unit="min", source="planner's choice", ge=0)
    ferry_wait_minutes: float = number(
        60.0, "for a ferry, each time one is boarded", unit="min", source="planner's choice", ge=0
    )

    @field_validator("roads", "slope")
    @classmethod
    def of_a_vehicle(cls, way: str, others: ValidationInfo) -> str:
        """The way to ride as it is; ValueError where there is no such vehicle."""
        if way in ("burned", "bicycle_power") and not others.data.get("ride", way):
            raise ValueError('there is no vehicle: ride = ""')
        if way == "bicycle_power" and others.data.get("roads") == "burned":
            raise ValueError('burned roads have no slope: roads = "burned"')
        return way


def with_walker(travellers: dict[str, Traveller]) -> dict[str, Traveller]:
    """The travellers, and one on foot, who is always there."""
    return {ON_FOOT: Traveller(), **travellers}


class ReferralRule(Section):
    """Where CHWs refer a child who is too ill for them."""

    travellers: tuple[str, ...] = said(
        (), "who takes the child: names of [travellers], the first one on the map; [] = the traveller of [reach]"
    )
    ambulance: str = said("", 'a vehicle that is called out and comes back: the name of one of [travellers]; "" = none')
    standard_minutes: float = number(
        120.0, "within which a child should be in hospital", unit="min",
        source="Lancet Commission on Global Surgery: 2 hours (recalled)", gt=0,
    )  # fmt: skip
    second_within_minutes: float = number(
        240.0, "within which another facility is looked for, for the day that the first is closed", unit="min",
        source="planner's choice", gt=0,
    )  # fmt: skip


class SupervisionRule(Section):
    """Who supervises the CHWs, and the rounds of visits."""

    chws_per_supervisor: int = number(
        10, "CHWs that one supervisor can look after", unit="CHWs",
        source="Liberia and Sierra Leone 1:10 (chwcentral), South Sudan about 1:11 (Pratt 2014)", ge=1,
    )  # fmt: skip
    supervisors: int = number(
        0, "supervisors at each facility; 0 = as many as its CHWs need", unit="supervisors", source=NO_RULE, ge=0
    )
    prefer: Literal["near", "few"] = said(
        "near", "supervise every CHW from as near as can be, or all with as few supervisors as can be"
    )
    min_tier: int = number(
        1, "lowest tier of a facility that supervises", unit="tier", source="every facility", ge=1, le=9
    )
    traveller: str = said("", 'who goes to the CHWs: the name of one of [travellers]; "" = the traveller of [reach]')
    max_minutes: float = number(
        240.0, "one way, as that traveller goes, for a visit within a day", unit="min", source="planner's choice", gt=0
    )
    visit_minutes: float = number(
        90.0, "that a supervisor spends with each CHW", unit="min", source="planner's choice", ge=0
    )
    day_minutes: float = number(480.0, "a supervisor's working day, with the way", unit="min", source="8 hours", gt=0)
    days_per_month: int = number(
        20, "working days of a month that a supervisor can be on the road", unit="days", source="planner's choice",
        ge=1, le=31,
    )  # fmt: skip
    litres_per_100km: float = number(
        3.0, "fuel of a vehicle that a supervisor rides", unit="litres", source="a light motorbike (recalled)", ge=0
    )


class SupplyRule(Section):
    """What the CHWs need."""

    plan_for: Literal["need", "use"] = said(
        "need", "deliveries last for every episode in the catchment, or for those that are expected to be brought"
    )
    resupply_months: float = number(1.0, "between two deliveries", unit="months", source="planner's choice", gt=0)
    buffer: float = number(0.25, "safety stock on top of a delivery", unit="share", source="planner's choice", ge=0)
    delivery: Literal["rounds", "fetched"] = said(
        "rounds", "supplies come with the supervisor's round, or the CHW fetches them from the supervising facility"
    )
    severe_wasting: float = number(
        0.0, "prevalence of severe acute malnutrition in children of 6 to 59 months that CHWs treat; 0 = they do not",
        unit="share", source="planner's choice: not in most iCCM programmes", ge=0, lt=1,
    )  # fmt: skip


class Workload(Section):
    """What a CHW does in a week, and for how long."""

    hours_per_week: float = number(20.0, "that a CHW can work", unit="h", source="planner's choice", gt=0, le=60)
    minutes_per_case: float = number(
        30.0, "to assess, treat and record an ill child", unit="min", source="planner's choice", gt=0
    )
    visits_per_month: float = number(
        0.25, "to each household, for advice and to find ill children", unit="visits", source="planner's choice", ge=0
    )
    minutes_per_visit: float = number(
        20.0, "a visit to a household, with the way", unit="min", source="planner's choice", ge=0
    )
    people_per_household: float = number(5.0, "in a household", unit="people", source="planner's choice", gt=0)
    other_hours_per_week: float = number(
        3.0, "for records, meetings and stock", unit="h", source="planner's choice", ge=0
    )


Travels = TypeVar("Travels", Reach, ReferralRule, SupervisionRule)


class Scenario(Section):
    """The question."""

    schema_version: Literal[1] = said(1, "version of this file's form")
    title: str = said(
        ..., "title of the plan, as it stands on maps and reports", min_length=1, examples=["My district"]
    )
    date: Annotated[str, AfterValidator(real_day)] = said(
        "", 'date of the plan (YYYY-MM-DD); "" = the day of the run', pattern=r"^(\d{4}-\d{2}-\d{2})?$"
    )
    fixes: Annotated[tuple[str, ...], AfterValidator(known_fixes)] = said(
        (),
        "repairs that you agree to, as --fix NAME does: " + "; ".join(f"{key} = {what}" for key, what in FIXES.items()),
    )
    population: Population
    elevation: Elevation = Elevation()
    land_cover: LandCover = LandCover()
    friction: Friction = Friction()
    roads: Roads = Roads()
    water: Water = Water()
    areas: AreasFile = AreasFile()
    facilities: FacilitiesTable
    villages: VillagesTable = VillagesTable()
    chws: ChwsTable = ChwsTable()
    committees: CommitteesTable = CommitteesTable()
    walking: Walking = Walking()
    season: Season = Season()
    travellers: Annotated[dict[str, Traveller], AfterValidator(with_walker)] = said(
        {ON_FOOT: Traveller()}, "each traveller has a section of its own, by name, and one on foot is always there"
    )
    reach: Reach = Field(Reach(), validate_default=True)
    audit: AuditRule = Field(AuditRule(), validate_default=True)
    placement: PlacementChoice = PlacementChoice()
    referral: ReferralRule = Field(ReferralRule(), validate_default=True)
    supervision: SupervisionRule = Field(SupervisionRule(), validate_default=True)
    supply: SupplyRule = SupplyRule()
    workload: Workload = Workload()
    report: Reporting = Reporting()

    @field_validator("reach", "referral", "supervision")
    @classmethod
    def travellers_are_there(cls, rule: Travels, others: ValidationInfo) -> Travels:
        """The rule as it is; ValueError where it names a traveller whom nothing describes."""
        known = others.data.get("travellers")
        for key in ("traveller", "travellers", "ambulance"):
            named = getattr(rule, key, ())
            for name in (named,) if isinstance(named, str) else named:
                if known is not None and name and name not in known:
                    names = ", ".join(f'"{other}"' for other in known)
                    raise ValueError(f'{key} = "{name}" is not one of [travellers], which has {names}')
        return rule

    @field_validator("reach")
    @classmethod
    def filled_by_its_preset(cls, reach: Reach) -> Reach:
        """The rule with what its preset has; ValueError where it needs a season that is not searched."""
        return filled(reach, "reach", reach.preset).check_seasons()

    @field_validator("audit")
    @classmethod
    def filled_by_preset(cls, audit: AuditRule, others: ValidationInfo) -> AuditRule:
        """The section with what the preset of [reach] has for the keys that were not given."""
        return filled(audit, "audit", others.data["reach"].preset) if "reach" in others.data else audit
