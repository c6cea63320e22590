"""A value of a kind that a key does not take is told with what was found, what was expected and how to mend it, in words of the file: for every key."""

import copy
from datetime import date, datetime, time

import pytest
from dcplan.sites.keys import site_keys
from dcplan.sites.layers import read_source
from dcplan.sites.parse import validate
from dcplan.sites.problems import Place, Report, SiteProblems
from dcplan.sites.said import as_written
from test_site import ABILENE, only, place, site_file

STARTER = read_source(ABILENE.parent / "starter" / "site.toml").merged.values
VALUES = ("soon", "", 3.5, -1, True, 10**30, float("nan"), date(2028, 1, 1), datetime(2028, 1, 1, 3), time(3), ["a"], [], [[1]], {"a": 1}, {}, [{"a": 1}])
NOT_OF_A_FILE = ("Input should", "Tuple", "String", "Value error", "datetime.", "True", "None", "dict", "pydantic", "['", "{'", "timestamp")


def with_value(key, value):
    """The starter with a value at a key; of the lists above it the first row."""
    values, path = copy.deepcopy(STARTER), ()
    here = values
    for part in key[:-1]:
        path = (*path, part)
        if site_keys()[path].form.many:
            here[part] = here.get(part) or [{}]
            here = here[part][0]
        else:
            here = here.setdefault(part, {})
    here[key[-1]] = value
    return values


def told(values):
    """What is said of these tables."""
    report = Report(lambda key, at_key: Place("site.toml", 1, 1, 1, "source"), lambda problem: (problem.key,))
    try:
        validate(values, report)
    except SiteProblems as found:
        return found.problems
    return ()


@pytest.mark.parametrize("value", VALUES, ids=as_written)
def test_no_key_answers_in_words_of_the_programme(value):
    for key in site_keys():
        for problem in told(with_value(key, value)):
            said = (problem.title, problem.detail, problem.help)
            assert all((problem.title, problem.help)), (key, said)
            assert problem.code != "value" or problem.detail.startswith("expected "), (key, said)
            assert not [word for word in NOT_OF_A_FILE if word in "\n".join(said)], (key, said)


@pytest.mark.parametrize(("core", "value"), [(int, True), (int, "7"), (int, 7.5), (date, 0), (date, 20280101), (date, True), (date, 1.5)])
def test_kinds_that_only_look_alike_are_refused(core, value):
    keys = [key for key, found in site_keys().items() if found.form.core is core and not found.form.many]
    assert len(keys) > 5
    for key in keys:
        assert any(problem.key.endswith(key[-1]) for problem in told(with_value(key, value))), key


@pytest.mark.parametrize(("old", "new", "at", "title", "detail", "mend"), [
    ("start = 2024-07-01", 'start = "soon"', '"soon"', '"soon" is no date', "expected a date", "write for example 2028-01-01, without quotes"),
    ("months = [6,", "months = [13,", "13, 7", "13 is out of range", "expected at most 12", "write 12 or less"),
    ('objective = "cost"', 'objective = "costs"', '"costs"', '"costs" is none of the choices', 'expected "cost" or "speed"', 'write for example "cost"'),
    ('objective = "cost"', "objective = 7777", "7777", "7777 is none of the choices", 'expected "cost" or "speed"', "write one of them, in quotes"),
    ("weekdays_only = true", 'weekdays_only = "often"', '"often"', '"often" is neither true nor false', "expected true or false",
     "write true or false, without quotes"),
    ("most = 8", 'most = "8"', '"8"', '"8" is no whole number', "expected a whole number", "write for example 8, without unit and quotes")])
def test_in_full(tmp_path, old, new, at, title, detail, mend):
    path = site_file(tmp_path, (old, new))
    found = only(path)
    explained = found.key.replace("[0]", "")
    assert (found.line, found.column) == place(path, at)
    assert (found.code, found.title, found.detail, found.help) == ("value", title, detail, f"{mend}; see `dcplan explain {explained}`")


def test_what_is_written_as_an_example_reads():
    units = {key: found.form.unit for key, found in site_keys().items() if found.form.unit is not None}
    assert len(units) > 60
    for unit in units.values():
        unit.read(unit.example)  # raises where it does not
    assert (units["location", "utc_offset"].example, units["grid", "stages", "capacity"].example) == ("14 hour", "250 MW")


def test_an_example_is_in_the_range_of_its_key(tmp_path):
    found = only(site_file(tmp_path, ('"0.4 %"', '"60 %"')))
    assert (found.detail, found.help) == ("expected a share between 0.0001 and 0.5", 'write for example "0.5"')


def test_a_list_that_is_too_short_says_how_long_it_is(tmp_path):
    path = site_file(tmp_path, ("racks_per_pod", 'utilisation.daily = ["50 %", "60 %"]\nracks_per_pod'))
    found = only(path)
    assert (found.title, found.detail) == ("the list has 2 entries", "expected at least 24 entries")


@pytest.mark.parametrize(("value", "written"), [
    ("a", '"a"'), (True, "true"), (7, "7"), (["a", 1.5], '["a", 1.5]'), ({"a": {"b": False}}, "{ a = { b = false } }"), ({}, "{}"),
    (date(2028, 1, 2), "2028-01-02"), ("x" * 80, f'"{"x" * 59}...')])
def test_a_value_is_shown_as_the_file_has_it(value, written):
    assert as_written(value) == written
