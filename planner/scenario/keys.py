"""What the keys of a scenario are made of: their meaning, unit, source and limits, and what is checked beyond."""

from __future__ import annotations

from datetime import date as calendar_date
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

WHO_ICCM = "common iCCM programme rule (recalled)"
ON_FOOT = "on foot"
NO_RULE = "no such rule"  # source of a default that asks for nothing


def number(default: Any, text: str, *, unit: str, source: str, by_preset: bool = False, **limits: Any) -> Any:
    """A key that holds a number: what it means, its unit, where the default comes from, and its limits.

    `by_preset`: a preset may fill it where it is left out.
    """
    extra: JsonDict = {"unit": unit, "source": source}
    if by_preset:
        extra["by_preset"] = True
    return Field(default, description=text, json_schema_extra=extra, **limits)


def said(default: Any, text: str, *, by_preset: bool = False, **limits: Any) -> Any:
    """A key that holds a word, a name or a list; `by_preset` as for numbers."""
    return Field(default, description=text, json_schema_extra={"by_preset": True} if by_preset else None, **limits)


def ascending(numbers: tuple[float, ...]) -> tuple[float, ...]:
    """The numbers as they are; ValueError unless each is greater than the one before."""
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise ValueError("each number must be greater than the one before")
    return numbers


def real_day(day: str) -> str:
    """The day as it is; ValueError where the calendar has no such day."""
    try:
        calendar_date.fromisoformat(day or "2000-01-01")
    except ValueError:
        raise ValueError("the calendar has no such day") from None
    return day


class Section(BaseModel):
    """A table of the scenario: unknown keys are faults, values never change after the check."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
