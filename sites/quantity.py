"""Annotations of site-file values: quantities are text with a unit in the file and canonical floats inside; names, months and hours are held in range."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..models.units import UnitProblem, example, kind, one, parse
from .said import DATE, as_written

WORDS = (("USD", "USD"), ("CO2e", "CO2e"), ("accelerator", "(accelerator|GPU)"), ("rack", "rack"))  # what the text of such a unit has to hold
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class Strict(BaseModel):
    """A table of the file: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def told(meaning: str, enters: str, **more: Any) -> Any:
    """A field that says what it means and where it enters the programme: what `dcplan explain` and `dcplan schema` read. `more` is pydantic's."""
    return Field(description=meaning, json_schema_extra={"enters": enters}, **more)


@dataclass(frozen=True)
class Unit:
    """Marks a float that the file gives as text with a unit: read in canonical `unit`, at least `least` and at most `most`. A power of `fuel` may be
    told by the day."""

    unit: str
    least: float | None = 0.0
    most: float | None = None
    fuel: bool = False

    def read(self, text: Any) -> float:
        """The canonical value of a text. Raises the pydantic error `placed`, with code, found, expected and help as context."""
        self._refuse_no_text(text)
        try:
            value = parse(text, self.unit, self.fuel)
        except UnitProblem as problem:
            mend = problem.help.replace(f'"{example(self.unit)}"', f'"{self.example}"')
            raise placed(problem.code, problem.found, problem.expected, mend) from problem
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            raise placed("range", f'"{text}" is out of range', self._expected(), f'write for example "{self.example}"')
        return value

    def _refuse_no_text(self, value: Any) -> None:
        """Lists, tables, dates and truths; of a number alone parse says that its unit is missing."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise placed("unit", f"{as_written(value)} is no text with a unit", one(kind(self.unit)), f'write for example "{self.example}"')

    def _expected(self) -> str:
        least, unit = self._shown(self.least or 0.0)
        limits = f"at least {least}{unit}" if self.most is None else f"between {least} and {self.shown(self.most)}"
        return f"{one(kind(self.unit))} {limits}"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """A text with a unit; `unit`, `least` and `most` are for readers, editors go by the pattern."""
        limits = {name: value for name, value in (("least", self.least), ("most", self.most)) if value is not None}
        return {"type": "string", "pattern": self.pattern, "unit": self.unit, "kind": kind(self.unit), "examples": [self.example], **limits}

    @property
    def example(self) -> str:
        """A text that reads: that of the unit, or, where it is out of range, the end that is nearer to it."""
        value = parse(example(self.unit), self.unit)
        if self.least is not None and value < self.least:
            return self.shown(self.least)
        return self.shown(self.most) if self.most is not None and value > self.most else example(self.unit)

    def shown(self, value: float) -> str:
        """A canonical value as text that reads in this unit."""
        return "".join(self._shown(value))

    def _shown(self, value: float) -> tuple[str, str]:
        """A canonical value and the unit behind it: yearly rates are told in %."""
        return (f"{100 * value:g}", " %/year") if self.unit == "1/year" else (f"{value:g}", "" if self.unit == "1" else f" {self.unit}")

    @property
    def pattern(self) -> str:
        """What any text that reads in this unit matches: a number, below zero only where that is possible, then a unit without money signs."""
        sign = r"\+?" if self.least is not None and self.least >= 0 else r"[-+]?"
        named = next((word for part, word in WORDS if part in self.unit), "" if self.unit == "1" else "[A-Za-zµ°%]")
        written = f"[^$€]*{named}[^$€]*" if named else "[^$€]*"
        return rf"^\s*{sign}(\d[\d_]*\.?[\d_]*|\.\d+)([eE][-+]?\d+)?\s*{written}$"


def placed(code: str, found: str, expected: str, mend: str) -> PydanticCustomError:
    """A pydantic error that says what was found, what was expected and how to mend it; parse.py places it."""
    return PydanticCustomError("placed", "{found}", {"code": code, "found": found, "expected": expected, "help": mend})


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise placed("name", f'"{text}" cannot be a name', "a name of letters, digits, _ and -, starting with a letter", 'write for example "hall_1"')
    return text


def _no_number(value: Any) -> Any:
    """Numbers are no dates, not even seconds since 1970."""
    if isinstance(value, int | float):
        raise placed("value", f"{as_written(value)} is {DATE[0]}", DATE[1], DATE[2])
    return value


def _whole(value: Any) -> Any:
    """Whole numbers that TOML writes with a point or an exponent: 8.0, 1e4."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


MW = Annotated[float, Unit("MW")]
Capacity = Annotated[float, Unit("MW", 1e-6)]
MWh = Annotated[float, Unit("MWh")]
USD = Annotated[float, Unit("USD")]
Days = Annotated[float, Unit("day")]
Hours = Annotated[float, Unit("hour")]
Years = Annotated[float, Unit("year")]
Share = Annotated[float, Unit("1", 0.0, 1.0)]
Rate = Annotated[float, Unit("1/year", -0.5, 1.0)]
Count = Annotated[float, Unit("accelerator")]
Latitude = Annotated[float, Unit("degree", -90, 90)]
Longitude = Annotated[float, Unit("degree", -180, 180)]
Temperature = Annotated[float, Unit("degC", -60, 200)]
EnergyMoney = Annotated[float, Unit("USD/MWh", None)]
ComputeValue = Annotated[float, Unit("USD/accelerator/hour")]

Name = Annotated[str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{NAME.pattern}$"})]
Whole = Annotated[int, Field(strict=True), BeforeValidator(_whole)]
Date = Annotated[date, BeforeValidator(_no_number)]
Month = Annotated[int, Field(strict=True, ge=1, le=12), BeforeValidator(_whole)]
HourOfDay = Annotated[int, Field(strict=True, ge=0, le=23), BeforeValidator(_whole)]
Months = Annotated[tuple[Month, ...], Field(min_length=1)]
HoursOfDay = Annotated[tuple[HourOfDay, ...], Field(min_length=1)]
Status = Literal["option", "committed", "existing"]

EVERY_MONTH = tuple(range(1, 13))
EVERY_HOUR = tuple(range(24))
