"""Points and commas in numbers, as spreadsheets of several countries write them: read where a column shows what they are, else refused."""

import itertools
from pathlib import Path

import pytest
from dcplan.sites import load_site
from dcplan.sites.decimal_marks import point_before_three_digits, shown_marks, with_points
from dcplan.sites.hourly_files import Files
from dcplan.sites.series import ANY, hourly_column
from dcplan.sites.weather import read_weather
from hypothesis import given
from hypothesis import strategies as st
from test_hourly_csv import VALUES, read, refused, table, times
from test_measured import write_site
from test_weather_forms import COLUMNS, plain
from test_weather_forms import table as weather_table

COMMAS = ["987,5", "1.234,56", "12.345", "-1.234.567,8", "0,125", "3"]
NUMBERS = [987.5, 1234.56, 12345, -1234567.8, 0.125, 3]


def column(cells: list[str], separator: str = ";") -> str:
    """A year of these cells, again and again."""
    return "\n".join([f"time{separator}mw", *(f"{stamp}{separator}{cell}" for stamp, cell in zip(times(), itertools.cycle(cells)))])


def test_points_between_thousands_beside_decimal_commas_read():
    assert [float(cell) for cell in with_points(COMMAS)] == NUMBERS


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_a_file_with_points_between_thousands_reads(tmp_path, separator):
    cells = ["987,5", "1.234,56", "12.345"]
    text = column([f'"{cell}"' for cell in cells] if separator == "," else cells, separator)
    assert read(tmp_path, text)[:3].tolist() == [987.5, 1234.56, 12345]


@given(st.lists(st.integers(-10**9, 10**9), min_size=1))
def test_what_a_spreadsheet_of_the_continent_writes_reads_as_it_was(hundredths):
    """Numbers with two decimals, 1234.56 as 1.234,56."""
    written = [f"{number / 100:,.2f}".translate(str.maketrans(",.", ".,")) for number in hundredths]
    assert point_before_three_digits(written) is None
    assert shown_marks([written]) == {","}
    assert [float(cell) for cell in with_points(written)] == [number / 100 for number in hundredths]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_with_decimal_points_stay(values):
    written = [repr(value) for value in values]
    assert with_points(written) == written


@pytest.mark.parametrize("cells", [["987", "1.234"], ["0,5", "1.234"]])
def test_a_point_that_may_stand_between_thousands_is_refused(tmp_path, cells):
    problem = refused(tmp_path, column(cells))
    assert problem.found == '"load.csv" line 3: the point of "1.234" may be a thousands or a decimal point'
    assert problem.mend.startswith('write decimal points, and none between thousands: "1234", or if it is a decimal point "1.2340"')


def test_points_beside_dates_with_points_may_be_between_thousands(tmp_path):
    """20.000 kW and more, in whole kW as Germany writes them, or MW to the kW: nothing in the column says which."""
    text = table(times(form="%d.%m.%Y %H:%M"), ["20.000", "21.500"] * 4380, "time;mw", ";")
    problem = refused(tmp_path, text)
    assert problem.found == '"load.csv" line 2: the point of "20.000" may be a thousands or a decimal point'
    assert read(tmp_path, text.replace("20.000", "20.00"))[:2].tolist() == [20, 21.5]
    assert read(tmp_path, text.replace("20.000", "20000"))[:2].tolist() == [20000, 21.5]  # no point between thousands, so the other is none either
    assert read(tmp_path, text.replace(";", ","))[:2].tolist() == [20, 21.5]


@pytest.mark.parametrize("form", ["%d/%m/%Y %H:%M", "%d-%m-%Y", "%d/%m/%Y"])
def test_points_beside_dates_with_the_day_first_may_be_between_thousands(tmp_path, form):
    """Italy, Spain and the Netherlands; a day beyond 12 shows that it comes first. With the month first a point is a decimal one."""
    text = table(times(form=form), ["20.000", "21.500"] * 4380, "time;mw", ";")
    assert refused(tmp_path, text).found == '"load.csv" line 2: the point of "20.000" may be a thousands or a decimal point'
    assert read(tmp_path, text.replace("20.000", "20.00"))[:2].tolist() == [20, 21.5]
    assert read(tmp_path, text.replace(";", ","))[:2].tolist() == [20, 21.5]
    month_first = table(times(form=form.replace("%d", "#").replace("%m", "%d").replace("#", "%m")), ["20.000", "21.500"] * 4380, "time;mw", ";")
    assert read(tmp_path, month_first)[:2].tolist() == [20, 21.5]


@pytest.mark.parametrize("cells", [["987", "1.2340"], ["1234", "1.234"], ["20.123", "1.234"], ["0", "1.234"], ["0.500", "1.234", "987"]])
def test_a_point_that_can_only_be_decimal_is_read(tmp_path, cells):
    assert read(tmp_path, column(cells))[:2].tolist() == [float(cells[0]), float(cells[1])]


UNTOLD = ["20.000", "21.500", "999.125"]
NOTE = ('"load.csv" line 2: "20.000" is read as 20: nothing in the file shows whether the points of mw are decimal ones or stand between thousands; '
        'write "20000" if they do, else "20.0000"')


def notes_of(folder, text: str) -> list[str]:
    """What is noted of the column mw of a file, which is read as if its points were decimal ones."""
    (folder / "load.csv").write_text(text)
    files = Files(folder)
    assert hourly_column(Path("load.csv"), "mw", files, ("load", "file"), ANY)[:2].tolist() == [20, 21.5]
    return list(files.read[Path("load.csv")].notes.values())


@pytest.mark.parametrize("separator", [";", "\t"])
def test_points_that_nothing_shows_to_be_decimal_are_noted(tmp_path, separator):
    """20.000 to 999.125 MW as a programme writes them with three decimals, or 20000 to 999125 with points between thousands."""
    text = column(UNTOLD, separator)
    assert notes_of(tmp_path, text) == [NOTE]
    assert notes_of(tmp_path, text.replace("20.000", "20.0000", 1)) == []
    assert notes_of(tmp_path, text.replace("999.125", "0.125")) == []  # a zero stands before no thousands
    assert notes_of(tmp_path, text.replace("999.125", "1000")) == []  # no point between thousands, so the others are none either
    assert notes_of(tmp_path, text.replace(separator, ",")) == []
    assert read(tmp_path, text.replace(".", ""), column="mw")[:2].tolist() == [20_000, 21_500]


def beside(other: str, dates: str = "%Y-%m-%d %H:%M") -> str:
    """Points before three digits, and another column."""
    return table(times(form=dates), [f"{cell};{other}" for cell in UNTOLD[:2]] * 4380, "time;mw;other", ";")


@pytest.mark.parametrize(("other", "noted"), [("0.5", []), ("12.5e3", []), ("-3.25", []), ("7", [NOTE]), ("1.234", [NOTE]), ("a.b", [NOTE])])
def test_decimal_points_of_another_column_show_what_points_are(tmp_path, other, noted):
    assert notes_of(tmp_path, beside(other)) == noted


DOUBT = '"load.csv" line 2: the point of "20.000" may be a thousands or a decimal point'


@pytest.mark.parametrize("dates", ["%d/%m/%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y"])
@pytest.mark.parametrize("other", ["0.5", "00.00", "1.1", "7"])
def test_beside_dates_with_the_day_first_decimal_points_of_another_column_tell_nothing(tmp_path, dates, other):
    assert refused(tmp_path, beside(other, dates), column="mw").found == DOUBT


@pytest.mark.parametrize("dates", ["%d-%m-%Y;%H.%M", "%d.%m.%Y;%H.%M"])
def test_clock_times_with_points_beside_dates_with_the_day_first_tell_nothing(tmp_path, dates):
    """Denmark: 01-01-2030;00.00;20.000 is 20,000 kW, or 20 MW to the kW."""
    text = table(times(form=dates), UNTOLD[:2] * 4380, "dato;tid;mw", ";")
    assert refused(tmp_path, text, column="mw").found == DOUBT
    assert notes_of(tmp_path, table(times(form="%Y-%m-%d;%H.%M"), UNTOLD[:2] * 4380, "dato;tid;mw", ";")) == [NOTE]


@pytest.mark.parametrize("other", [
    [f"{hour:02}.00" for hour in range(24)], [f"{hour}.00" for hour in range(24)], [f"{hour}.30" for hour in range(1, 25)],  # clock times
    ["01.01", "31.12"], ["1.1", "31.12"], ["31.12.2030", "1.5"],  # days, with and without a year
    ["1.1", "1.2"], ["1.5", "1.5.2"], ["0.5", "Hall 1.5"], ["0.5", "012.5"],  # labels
])
def test_points_of_times_days_and_labels_show_no_decimal_points(other):
    assert shown_marks([other]) == frozenset()


@pytest.mark.parametrize("other", [["0.5", "n/a", "7", ""], ["1.1", "31.13"], ["24.00", "25.00"], ["-1.1"], [".5"], ["1.234", " 1.2345 "], ["1.5e-3"]])
def test_a_column_of_plain_numbers_shows_decimal_points(other):
    assert shown_marks([other]) == {"."}


@pytest.mark.parametrize("other", ["0,5", "1.234,5", "1.234.567"])
def test_decimal_commas_of_another_column_put_points_in_doubt(tmp_path, other):
    problem = refused(tmp_path, beside(other), column="mw")
    assert (problem.found, problem.mend) == (
        '"load.csv" line 2: the point of "20.000" may be a thousands or a decimal point',
        'write decimal points, and none between thousands: "20000", or if it is a decimal point "20.0000"')


def test_notes_on_points_are_the_sites(tmp_path):
    assert NOTE in load_site(write_site(tmp_path, {}, column(UNTOLD))).notes


def test_points_of_weather_that_nothing_shows_to_be_decimal_are_noted(tmp_path):
    (tmp_path / "year.csv").write_text(weather_table(cells=lambda hour: ("50.000", 40, 950)).replace(",", ";"))
    columns, notes = read_weather(plain(COLUMNS), tmp_path / "year.csv")
    assert columns["dry_bulb"][0] == pytest.approx(10)
    assert notes == [NOTE.replace("load", "year").replace("of mw", "of T").replace("20", "50")]


def test_numbers_of_several_countries_in_one_column_are_refused_with_what_to_write(tmp_path):
    problem = refused(tmp_path, column(["12.5", "1.234,56"]))
    assert (problem.found, problem.mend.partition("; no column")[0]) == (
        '"load.csv" line 3: "1.234,56" is not a number',
        'every row needs a number, without unit and thousands commas, with a decimal point: 1234.56 for "1.234,56"')


def test_what_is_no_number_among_decimal_commas_is_refused_with_what_is_read(tmp_path):
    problem = refused(tmp_path, column(["12,5", "n/a"]))
    assert problem.found == '"load.csv" line 3: "n/a" is not a number'
    assert "with a decimal point; decimal commas, as other cells of the column have them, are read" in problem.mend
    assert "are read" not in refused(tmp_path, column(["12.5", "n/a"])).mend.replace("that is read", "")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_unicode_text_reads(tmp_path, encoding, newline):
    """UTF-16 with its mark, separated by tabs, as Excel saves it."""
    text = table(times(), separator="\t").replace("\n", newline)
    assert read(tmp_path, text.encode(encoding) if encoding == "utf-16" else ("\ufeff" + text).encode(encoding)).tolist() == VALUES
    wrong = text.replace(f"00:00\t{VALUES[0]}", "00:00\tx", 1)
    assert refused(tmp_path, ("\ufeff" + wrong).encode("utf-16-le")).found == '"load.csv" line 2: "x" is not a number'


def test_unicode_text_without_its_mark_is_refused(tmp_path):
    problem = refused(tmp_path, table(times()).encode("utf-16-le"))
    assert (problem.found, problem.mend) == ('"load.csv" is no plain text', "save it as CSV in UTF-8")


def test_weather_in_unicode_text_reads(tmp_path):
    text = weather_table().replace(",", "\t").replace("T\t", "Außen °F\t", 1).replace("\n", "\r\n")
    (tmp_path / "year.csv").write_bytes(text.encode("utf-16"))
    columns, _ = read_weather(plain(COLUMNS | {"dry_bulb": {"column": "Außen °F", "unit": "degF"}}), tmp_path / "year.csv")
    assert columns["dry_bulb"][:3] == pytest.approx([10.0, 11.0, 12.0])
