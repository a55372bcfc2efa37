"""[placement]: which question of placement is asked, and what every answer has to keep to."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.scenario.keys import NO_RULE, WHO_ICCM, Section, number, said

CHOICE = "planner's choice"

NO_CAPACITY = ("backup_cover", "p_median", "p_center")

CountByName = dict[str, Annotated[int, Field(ge=0)]]
ByName = dict[str, Annotated[float, Field(ge=0)]]  # by id or name of a village or an area


class PlacementChoice(Section):
    """Where the next CHWs should live: for people who are hard to reach, on foot."""

    model: Literal["maximal_cover", "backup_cover", "set_cover", "p_median", "p_center"] = said(
        "maximal_cover",
        "the question: most people within max_minutes with new_chws (maximal_cover); the same, where a second CHW "
        "within reach counts backup_weight (backup_cover); fewest CHWs that reach reach_share (set_cover); least "
        "walking with new_chws (p_median), or nobody with a longer way than need be (p_center)",
    )
    new_chws: int = number(20, "how many CHWs to place", unit="CHWs", source="the planner's question", ge=0)
    max_minutes: float = number(60.0, "on foot to a CHW", unit="min", source=WHO_ICCM, gt=0)
    min_people: float = number(50.0, "a village is a candidate from as many people", unit="people", source=CHOICE, ge=0)
    counts: Literal["people", "under_fives"] = said("people", "who counts in the choice: all people, or under-fives")
    reach_share: float = number(
        0.9, "share of the hard-to-reach people who shall have a CHW within reach (set_cover)", unit="share",
        source="the planner's question", gt=0, le=1,
    )  # fmt: skip
    backup_weight: float = number(
        0.25, "what a second CHW within reach counts, where the first counts 1 (backup_cover)", unit="share",
        source=CHOICE, ge=0, le=1,
    )  # fmt: skip
    beyond_minutes: float = number(
        120.0, "who is beyond max_minutes of every CHW counts as walking so long (p_median); whom no village with a "
        "CHW could reach in so long does not count (p_center)", unit="min", source="planner's choice: twice an hour",
        gt=0,
    )  # fmt: skip
    people_per_chw: float = number(
        0.0, "most people that one CHW serves; 0 = any number (maximal_cover, set_cover)", unit="people",
        source=NO_RULE, ge=0,
    )  # fmt: skip
    by_workload: bool = said(
        False, "true: people_per_chw is reckoned from [workload] and the expected cases (maximal_cover, set_cover)"
    )
    chws_per_village: int = number(1, "most CHWs who live in one village", unit="CHWs", source=CHOICE, ge=1)
    today: Literal["stay", "move", "leave"] = said(
        "stay", "CHWs of today stay where they live, may move elsewhere (at most max_moves), or need not go on"
    )
    max_moves: int = number(-1, "most CHWs of today who move; -1 = any number", unit="CHWs", source=NO_RULE, ge=-1)
    min_km: float = number(
        0.0, "least distance in a straight line between two villages with CHWs, those of today apart; 0 = any",
        unit="km", source=NO_RULE, ge=0,
    )  # fmt: skip
    forced: tuple[str, ...] = said((), "ids or names of villages that must have a CHW")
    forbidden: tuple[str, ...] = said((), "ids or names of villages that may not have a new CHW")
    quota: Literal["none", "proportional"] = said(
        "none", "proportional: every area gets new CHWs in proportion to its hard-to-reach people"
    )
    area_least: CountByName = said({}, "fewest CHWs, those of today among them, by name or code of the area")
    area_most: CountByName = said({}, "most CHWs, those of today among them, by name or code of the area")
    area_weight: ByName = said(
        {}, "how many times the people of an area count in the choice (1 where it is left out), by name or code of the "
        "area: for its burden of disease, say",
    )  # fmt: skip
    budget: float = number(
        0.0, "for new CHWs and moves; 0 = no limit. Needs cost_per_chw, cost_per_hour or village_cost", unit="currency",
        source=NO_RULE, ge=0,
    )  # fmt: skip
    cost_per_chw: float = number(0.0, "of a new CHW", unit="currency", source=NO_RULE, ge=0)
    cost_per_hour: float = number(
        0.0, "of a new CHW, for each hour of travel from the nearest facility", unit="currency", source=NO_RULE, ge=0
    )
    village_cost: ByName = said(
        {}, "cost of a new CHW in each of these villages, by id or name, in place of cost_per_chw and cost_per_hour"
    )
    move_cost: float = number(0.0, "of a CHW of today who leaves", unit="currency", source=NO_RULE, ge=0)
    supervisors_per_facility: int = number(
        0, "each CHW needs a free place with a supervisor within supervision.max_minutes, where each facility has so "
        "many supervisors; 0 = not asked", unit="supervisors", source=NO_RULE, ge=0,
    )  # fmt: skip
    fair: bool = said(
        False, "true: first lift the area where the smallest share has a CHW within reach as far as it goes, then the "
        "next one, and so on (maximal_cover)",
    )  # fmt: skip
    robust: Literal["no", "average", "worst"] = said(
        "no", "choose for both seasons, and for compare_speeds where given: best on average, or best in the worst case "
        "(maximal_cover)",
    )  # fmt: skip
    yearly: tuple[int, ...] = said(
        (), "roll-out: how many of the new CHWs start in each year, adding up to new_chws; [] = all at once"
    )
    time_limit_s: float = number(
        120.0, "stop the search after this long and say how good the best found is", unit="s", source=CHOICE, gt=0
    )

    @property
    def weighted(self) -> bool:
        """Whether people of some area count other than once."""
        return any(weight != 1 for weight in self.area_weight.values())

    def has_rules(self) -> bool:
        """Whether more is asked than where new CHWs must live and may not."""
        quotas = self.quota != "none" or self.area_least or self.area_most
        return bool(self.today != "stay" or self.min_km or quotas or self.budget or self.supervisors_per_facility)

    @model_validator(mode="after")
    def asks_one_question(self) -> Self:
        """The section as it is; ValueError where its keys contradict each other."""
        faults = [
            text
            for wrong, text in (
                (self.people_per_chw and self.model in NO_CAPACITY,
                 f"people_per_chw has no meaning with model = {self.model!r}: leave it out, or take maximal_cover"),
                (self.by_workload and (self.people_per_chw or self.model in NO_CAPACITY
                                       or self.fair or self.robust != "no" or self.yearly),
                 "by_workload goes with model = 'maximal_cover' or 'set_cover', without people_per_chw, fair, robust "
                 "and yearly"),
                (self.fair and (self.model != "maximal_cover" or self.people_per_chw),
                 "fair = true goes with model = 'maximal_cover' without people_per_chw"),
                (self.model == "p_center" and self.area_weight,
                 "area_weight has no meaning with model = 'p_center', for which nobody counts more than others"),
                (self.model == "p_center" and self.beyond_minutes < self.max_minutes,
                 "beyond_minutes below max_minutes: model = 'p_center' leaves out whom nobody could reach in so long"),
                (self.fair and self.area_weight,
                 "area_weight has no meaning with fair = true, which takes the share of each area by itself"),
                (self.robust != "no" and (self.model != "maximal_cover" or self.people_per_chw or self.fair),
                 "robust goes with model = 'maximal_cover' without people_per_chw and fair"),
                (self.yearly and (sum(self.yearly) != self.new_chws or min(self.yearly) < 1),
                 f"yearly adds up to {sum(self.yearly)}, new_chws is {self.new_chws}: each year at least 1, together "
                 "new_chws"),
                (self.yearly and (self.model != "maximal_cover" or self.people_per_chw or self.has_rules()
                                  or self.fair or self.robust != "no"),
                 "yearly goes with model = 'maximal_cover' and forced or forbidden villages, but with no other rule"),
                (self.quota == "proportional" and self.model == "set_cover",
                 'quota = "proportional" shares out new_chws, which model = "set_cover" does not know beforehand'),
                (self.budget and not (self.cost_per_chw or self.cost_per_hour or any(self.village_cost.values())),
                 "budget needs cost_per_chw, cost_per_hour or village_cost above 0"),
                (set(self.forced) & set(self.forbidden), "a village cannot be both forced and forbidden"),
            )
            if wrong
        ]  # fmt: skip
        if faults:
            raise ValueError("; ".join(faults))
        return self
