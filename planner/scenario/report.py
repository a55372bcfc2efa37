"""What the scenario says of its prints: their language, and whose they are."""

from __future__ import annotations

from typing import Literal

from planner.scenario.keys import Section, said

Language = Literal["en", "fr", "pt"]


class Reporting(Section):
    """Atlas, slides and other prints that planner export makes."""

    language: Language = said("en", "their language: English, French or Portuguese; --language says another")
    include_names: bool = said(
        False, "whether names and telephone numbers of CHWs stand in a table and on the CHWs' pages, and names of "
        "committees and leaders in the tables; planner run --include-names asks for them in one run",
    )  # fmt: skip
    ministry: str = said("", 'whose they are, at the head of every page; "" = nobody is named')
    logo: str = said("", 'picture at the head of every page (PNG or JPEG), relative to this scenario; "" = none')
