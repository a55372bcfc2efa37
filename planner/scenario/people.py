"""The people: their raster, what is done to it before the plan is made, and the villages that they live in."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from planner.scenario.files import PlacesTable, RasterFile
from planner.scenario.keys import NO_RULE, number, said


class Population(RasterFile):
    """People per cell (GeoTIFF, counts, not densities). Its cells are the grid of every result."""

    file: str = said(
        ..., "GeoTIFF of people per cell, relative to this scenario", min_length=1, examples=["population.tif"]
    )
    year: int | None = said(None, "year the raster stands for", ge=1950, le=2100, examples=[2020])
    known_people: float | None = said(
        None, "people in the areas, by a census or the United Nations: the raster is compared with it and stays",
        gt=0, examples=[250000],
    )  # fmt: skip
    cell: int = number(
        1,
        "how many cells of the raster, across and down, make one cell of the plan: 2 sums 2 x 2 cells, for large areas",
        unit="cells",
        source="the raster's own cells",
        ge=1,
        le=100,
    )
    under_five_share: float = number(
        0.16, "share of people under five where no raster of them is given", unit="share of people",
        source="15-17 % in sub-Saharan Africa (recalled)", gt=0, lt=1,
    )  # fmt: skip
    under_five_file: str = said("", 'GeoTIFF of children under five per cell, on the same grid; "" = use the share')
    under_five_table: str = said(
        "", "CSV or XLSX of under-fives by area, in the columns code or name, and share (of the people) or under_fives "
        '(their number), spread as the people of the area; "" = the share or the raster above',
    )  # fmt: skip
    under_five_columns: dict[str, str] = said(
        {}, 'which column of that table holds what, e.g. {code = "Ward", share = "U5 %"}; usual names are found by '
        "themselves",
    )  # fmt: skip
    under_five_source: str = said("", "citation and licence of that table")
    totals: str = said(
        "", "CSV or XLSX of census or projected people by area, in the columns code or name, people and, if known, "
        'under_fives: the people of each area are multiplied to add up to it; "" = the raster as it is',
    )  # fmt: skip
    totals_columns: dict[str, str] = said(
        {}, 'which column of that table holds what, e.g. {name = "District", people = "Pop 2026"}; usual names are '
        "found by themselves",
    )  # fmt: skip
    totals_source: str = said("", "citation and licence of that table")
    growth_per_year: float = number(
        0.0, "growth of the people of the raster from its year to to_year, the same everywhere: 0.025 = 2.5 % a year",
        unit="share a year", source=NO_RULE, gt=-0.2, lt=0.2,
    )  # fmt: skip
    to_year: int | None = said(None, "year that the people grow to", ge=1950, le=2100, examples=[2026])
    off_barriers_metres: float = number(
        0.0, "people on closed cells (water, no land) are moved to the nearest open cell of their area where people "
        "live, else to the nearest open one, within this distance; 0 = they stay, and are counted there",
        unit="m", source=NO_RULE, ge=0, le=20_000,
    )  # fmt: skip

    @model_validator(mode="after")
    def one_way_to_count(self) -> Self:
        """The section as it is; ValueError where two keys say the same thing in two ways."""
        if self.under_five_file and self.under_five_table:
            raise ValueError("under-fives come from under_five_file or from under_five_table, not from both")
        if self.growth_per_year and self.totals:
            raise ValueError("totals say how many people there are, growth_per_year would change them again: give one")
        if self.growth_per_year and None in (self.year, self.to_year):
            raise ValueError("growth_per_year needs year, that of the raster, and to_year")
        if self.to_year is not None and not self.growth_per_year:
            raise ValueError("to_year needs growth_per_year")
        return self


class VillagesTable(PlacesTable):
    """The list of villages, and how settlements are found in the population raster."""

    carry: tuple[str, ...] = said(
        (), 'columns of the list that are carried through to the tables of villages, e.g. ["language", "nomads"]'
    )
    gazetteer: str = said(
        "", "list of named places (CSV, XLSX, features), or OSM file, in which villages without coordinates are looked "
        'up by name; "" = the places of the roads file where that is OSM',
    )  # fmt: skip
    gazetteer_source: str = said("", "citation and licence of that list")
    name_similarity: float = number(
        88.0, "a village is a place of that list where their names are alike by so much; 100 = the same name only",
        unit="%", source="planner's choice: one letter more in four, or another one in nine", ge=75, le=100,
    )  # fmt: skip
    min_people_per_cell: float = number(
        1.0, "a cell with at least as many people belongs to a settlement", unit="people per cell",
        source="planner's choice for constrained rasters; raise it for unconstrained ones", gt=0,
    )  # fmt: skip
    min_people: float = number(
        25.0, "a settlement without a name is a village from as many people; smaller ones are 'scattered'",
        unit="people", source="planner's choice: about five households", ge=0,
    )  # fmt: skip
    name_metres: float = number(
        500.0, "a listed point names the settlement within this distance", unit="m", source="planner's choice", ge=0
    )
    widest_metres: float = number(
        4000.0, "a settlement wider than this is cut: a name reaches half as far, the rest are villages of this width",
        unit="m", source="planner's choice: from the centre half an hour's walk", gt=0,
    )  # fmt: skip
    list_factor: float = number(
        3.0, "villages that have so many times more people in the list than in the raster, or fewer, are told",
        unit="factor", source="planner's choice", gt=1,
    )  # fmt: skip
