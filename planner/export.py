"""A plan in the form that another programme reads. One function a form; each writes whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .errors import FolderTaken, PlannerError
from .folders import refuse_precious
from .plan import FILES, PACKED, Plan, defused, swap
from .tables import DATE, HOUR, SEE_UNIT, TEXT, TIME, Table, tables

if TYPE_CHECKING:
    import geopandas

MOST_ROWS = 1_000_000  # a sheet holds 1,048,576
NUMBER_FORMATS = {"USD": "#,##0", HOUR: "0", "L/kWh": "0.000", "USD/MWh": "0.00", "tonne_CO2e/MWh": "0.0000", "degC": "0.0", DATE: "yyyy-mm-dd"}
PLAIN, COUNT, SHARE = "#,##0.00", "#,##0", "0.0########"
SMALL, TINY = "0.0000", "0.00E+00"  # below one, below a thousandth
WIDEST, LOOKED_AT = 60, 1000  # letters of a column; rows of text that set its width


class ExportProblem(PlannerError):
    """Why a plan cannot be exported in a form."""


def export(plan: Plan, form: str, out: str | Path, force: bool = False) -> Path:
    """Write a plan as csv (a folder), xlsx, parquet (a folder), gpkg, netcdf or json. Raises ExportProblem, or FolderTaken where something is there."""
    out = Path(out)
    if form not in FORMS:
        raise ExportProblem(f"{form} is no form of export; there are {', '.join(FORMS)}")
    refuse_taken(out, form, force)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        made = fresh / f"export{ENDINGS[form]}"
        FORMS[form](plan, made)
        (swap if form in FOLDERS else os.replace)(made, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return out


def refuse_taken(out: Path, form: str, force: bool = False) -> None:
    """Raise FolderTaken where something is there; with `force` where a file would take the place of a folder, where what is there is a plan or
    a file of one, or where nothing replaces a folder (planner/folders.py)."""
    if (out / FILES[0]).exists() or (out.exists() and out.name in FILES and (out.parent / FILES[0]).exists()):
        raise FolderTaken(out, "is a plan, or a part of one", "give another name with -o")
    if form in FOLDERS:
        refuse_precious(out, "an export")
    elif out.is_dir():
        raise FolderTaken(out, "is a folder", "give the name of a file with -o")
    if out.exists() and not force:
        raise FolderTaken(out, "is there already", "give another name with -o, or --force to replace it")


def _csv(plan: Plan, out: Path) -> None:
    """A folder with a file a table."""
    out.mkdir()
    for table in tables(plan):
        defused(table.headed()).to_csv(out / f"{table.name}.csv", index=False, lineterminator="\n")


def _parquet(plan: Plan, out: Path) -> None:
    """A folder with a file a table."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as reason:
        raise ExportProblem("parquet needs the extra: pip install 'dcplan[parquet]'") from reason
    out.mkdir()
    for table in tables(plan):
        dated = table.dated()
        days = {str(name): values.dt.date for name, values in dated.items() if values.dtype.kind == "M"}
        dated.assign(**days).to_parquet(out / f"{table.name}.parquet", engine="pyarrow", index=False)


def _json(plan: Plan, out: Path) -> None:
    """One object: for each table the unit of every column, and the columns themselves."""
    made = {table.name: {"units": dict(table.units), "columns": {name: json.loads(values.to_json(orient="values", double_precision=12) or "[]")
                                                                 for name, values in table.frame.items()}} for table in tables(plan)}
    out.write_text(json.dumps({"manifest": plan.manifest, **made}) + "\n", encoding="utf-8")


def _netcdf(plan: Plan, out: Path) -> None:
    """The dataset of the plan with phases, hours and ledgers; builds stand in it by asset and phase."""
    packed = {name: PACKED for name, values in plan.dataset.data_vars.items() if "hour" in values.dims}
    plan.dataset.to_netcdf(out, engine="h5netcdf", encoding=packed)


def _xlsx(plan: Plan, out: Path) -> None:
    """A workbook with a sheet a table (more where rows are more than a sheet holds), the header frozen, numbers in the format of their unit."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {form: book.add_format({"num_format": form}) for form in (*NUMBER_FORMATS.values(), PLAIN, COUNT, SHARE, SMALL, TINY)}
        for table in tables(plan):
            for number, first in enumerate(range(0, max(1, len(table.frame)), MOST_ROWS), 1):
                sheet = book.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
                _sheet(sheet, table, table.frame.iloc[first: first + MOST_ROWS], bold, formats)


def _sheet(sheet, table: Table, rows: pd.DataFrame, bold, formats: dict) -> None:
    """A header, then row by row; dates are dates, empty cells stay empty."""
    headers = list(table.headed().columns)
    for column, ((name, unit), (_, values)) in enumerate(zip(table.units.items(), rows.items())):
        sheet.set_column(column, column, _width(name, unit, values))
    sheet.write_row(0, 0, headers, bold)
    sheet.freeze_panes(1, 1)
    units, own = list(table.units.values()), list(table.units).index("unit") if "unit" in table.units else None
    for number, row in enumerate(rows.itertuples(index=False), 1):
        for column, value in enumerate(row):
            if isinstance(value, str) and units[column] == DATE:
                sheet.write_datetime(number, column, date.fromisoformat(value), formats[NUMBER_FORMATS[DATE]])
            elif isinstance(value, str) and value:
                sheet.write_string(number, column, value)
            elif not isinstance(value, str) and value == value and value is not None:
                unit = str(row[own]) if units[column] == SEE_UNIT and own is not None else units[column]
                sheet.write_number(number, column, float(value), formats[number_format(unit, float(value))])


def _width(name: str, unit: str, values: pd.Series) -> int:
    """Letters of the longest of name, unit and text; a header is broken between its words."""
    texts = values.head(LOOKED_AT).dropna().astype(str).str.len().max() if unit in (TEXT, TIME, DATE) and len(values) else 0
    return min(WIDEST, max(10, len(name) + 2, len(unit) + 4, int(texts if texts == texts else 0) + 2))


def number_format(unit: str, value: float) -> str:
    """The format of a number: whole counts with commas, other ratios with all their digits, else by unit, else two digits or, below one, more."""
    if unit == "1":
        return COUNT if value == round(value) else SHARE
    small = PLAIN if value == 0 or abs(value) >= 1 else SMALL if abs(value) >= 1e-3 else TINY
    return NUMBER_FORMATS.get(unit, small)


def _gpkg(plan: Plan, out: Path) -> None:
    """The site as a feature (its boundary, else its point) with the figures of the plan, and every table without geometry."""
    import pyogrio

    pyogrio.write_dataframe(site_feature(plan), out, layer="site", driver="GPKG")
    for table in tables(plan):
        pyogrio.write_dataframe(table.dated(), out, layer=table.name, driver="GPKG", append=True)


def site_feature(plan: Plan) -> "geopandas.GeoDataFrame":
    """The site of a plan on the map, read from the site file that the plan names. Raises ExportProblem where that is not there, or has changed place."""
    import geopandas

    from ..sites.geography import GeographyProblem
    from ..sites.located import located
    from ..sites.problems import SiteProblems

    path = Path(plan.manifest.get("site_file", ""))
    try:
        shape = located(path, plan.manifest.get("overrides", ()), plan.manifest.get("scenario"))
    except (SiteProblems, GeographyProblem) as reason:
        raise ExportProblem(f"the plan's place is read from its site file, {path}, and that does not do:\n{reason}") from reason
    summary = tables(plan)[0].frame
    figures = {f"{row.figure} [{row.unit or TEXT}]": [row.said if row.unit in (TEXT, "") else row.value] for row in summary.itertuples()}
    return geopandas.GeoDataFrame(figures, geometry=[shape], crs=4326)


FORMS: dict[str, Callable[[Plan, Path], None]] = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet, "gpkg": _gpkg, "netcdf": _netcdf, "json": _json}
FOLDERS = ("csv", "parquet")
ENDINGS = {"csv": "", "xlsx": ".xlsx", "parquet": "", "gpkg": ".gpkg", "netcdf": ".nc", "json": ".json"}
