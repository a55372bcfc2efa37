from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.inputs.place_names import NO_CARE, alike, kinds, proper, usual_tier, words


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Centre de Santé de Mbalé", ("mbale",)),
        ("CS M'balé", ("mbale",)),
        ("Hôpital de l'Étoile", ("etoile",)),
        ("Hambou (Mitsoudjé) Centre de Santé", ("hambou mitsoudje", "hambou", "mitsoudje")),
        ("Unidade Sanitária de São João", ("sao joao",)),
        ("Health Centre", ()),
        ("", ()),
        ("مستشفى", ("مستشفى",)),
    ],
)
def test_a_proper_name_has_no_words_for_what_kind_of_place_it_is(name, said):
    assert proper(name) == said


def is_alike(first, second, percent=85.0):
    return bool(alike([proper(first)], [proper(second)], percent)[0])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("CS Mbale", "Mbale Health Centre"),
        ("Hôpital El Maarouf", "El-Maarouf Centre Hospitalier National"),
        ("Centre de santé de Mitsoudjé", "Hambou (Mitsoudjé) Centre de Santé"),
        ("Zilimadju", "Zilimadjou"),
        ("Mbale II", "CS Mbale II"),
    ],
)
def test_names_of_one_place_are_alike_in_either_order(first, second):
    assert is_alike(first, second) and is_alike(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("CS Mbale", "CS Mponela"),
        ("CS Mbale I", "CS Mbale II"),
        ("Mbale 1", "Mbale 11"),
        ("Zone A", "Zone B"),
        ("Dispensaire Karthala2", "Karthala3"),
        ("Mbale", "Mbale Nord"),
        ("Health Centre", "Health Centre"),
        ("", ""),
    ],
)
def test_names_of_two_places_are_not_alike(first, second):
    assert not is_alike(first, second)


@pytest.mark.parametrize(
    ("texts", "tier"),
    [
        (("Health Post",), 1),
        (("Postes de Santé",), 1),
        (("Posto de Saúde",), 1),
        (("PUESTO DE SALUD",), 1),
        (("CSPS",), 1),
        (("Hospital",), 2),
        (("Hôpital de District",), 2),
        (("Centre Hospitalier Régional",), 3),
        (("Hospital Provincial",), 3),
        (("Central Hospital",), 4),
        (("Pharmacie",), NO_CARE),
        (("", "Centre de santé de Kaa"), 1),
        (("Type 3", "Hospital Distrital de Gaza"), 2),
        (("Kaa",), None),
        (("chrome plating",), None),
        ((), None),
    ],
)
def test_the_tier_of_a_kind_of_place_is_known_in_four_languages(texts, tier):
    assert usual_tier(*texts) == tier


def test_no_words_stand_for_two_tiers():
    import csv

    from planner.files import data_folder

    with (data_folder() / "lists" / "facility_types.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = {}
    for row in rows:
        assert said.setdefault(tuple(words(row["words"])), row["tier"]) == row["tier"], row
    assert said.keys() == kinds().keys()
    assert {row["language"] for row in rows} == {"en", "fr", "pt", "es"}


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5), st.floats(1, 100))
def test_every_name_can_be_compared_with_every_other_and_likeness_goes_both_ways(pairs, percent):
    ones, others = [proper(a) for a, _ in pairs], [proper(b) for _, b in pairs]
    assert alike(ones, others, percent).tolist() == alike(others, ones, percent).tolist()
    assert alike(ones, ones, percent).tolist() == [bool(one) for one in ones]
