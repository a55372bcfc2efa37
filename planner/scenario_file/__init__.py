"""The scenario as a TOML file: read with every fault told at once, explained key by key, written as used."""

from planner.scenario_file.read import load
from planner.scenario_file.write import commented, defaults, dump, schema

__all__ = ["commented", "defaults", "dump", "load", "schema"]
