"""What solvers say of a choice (model, method) is in the catalogue: whole, or each of its steps."""

import ast
from pathlib import Path

import pytest

from outputs.test_language import catalogue
from planner import placement
from planner.outputs.language import speaking
from planner.outputs.wording import found_by, sureness
from planner.placement.answer import status_of

PLACEMENT = Path(placement.__file__).parent
NAMES = {"MODEL", "METHOD", "FEWEST"}  # of modules
METHODS = [
    "greedy, linear relaxation, interchange, annealing, then branch and bound on the 1200 sites left",
    "greedy, local search, linear relaxation, mixed-integer programme (HiGHS) on the 7 sites left",
    "bisection over the minutes, each a set cover",
    "bisection over the minutes, each a mixed-integer programme (HiGHS)",
    "maximal covers of so many sites, linear relaxation", "left by needed sites alone", "none to place",
]  # fmt: skip


def steps():
    """Models and methods by name, and the steps that are added to a method (``how += ", annealing"``)."""
    for path in sorted(PLACEMENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMES:
                yield node.value.value
            added = isinstance(node, ast.AugAssign) and isinstance(node.value, ast.Constant)
            if added and getattr(node.target, "id", "") in {"how", "method"}:
                yield node.value.value.removeprefix(", ")


def test_models_and_steps_of_methods_are_in_the_catalogue():
    known = {row["en"] for row in catalogue()}
    assert len(list(steps())) > 15
    assert [step for step in steps() if step not in known] == []


@pytest.mark.parametrize("language", ["fr", "pt"])
@pytest.mark.parametrize("method", METHODS)
def test_no_step_of_a_method_stays_english(method, language):
    with speaking(language):
        told = found_by(method).split(", ")
    assert not set(told) & set(method.split(", "))
    with speaking("en"):
        assert found_by(method) == method


def test_a_method_is_told_step_by_step():
    with speaking("fr"):
        assert found_by(METHODS[0]) == (
            "choix glouton, relaxation linéaire, échanges, recuit simulé, séparation et évaluation "
            "sur les 1\u202f200 sites restants"
        )
        assert sureness(status_of(0.004)) == "le meilleur trouvé\u00a0: il en existe un meilleur de 0,4\u00a0% au plus"
