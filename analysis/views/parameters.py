"""What an analyst can set: as_of, region_scheme, programme, min_origins, country. Defaults, checks, clear errors."""

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from analysis.ledger import schema
from analysis.values import countries, dates

if TYPE_CHECKING:  # pandas is not imported for a look at the parameters
    from analysis.ledger import Ledger

DEFAULTS: dict[str, Any] = {
    "as_of": "latest",
    "region_scheme": "un_m49_region",
    "programme": "us-2025",
    "min_origins": 1,
    "country": "RWA",
}


class ParameterError(ValueError):
    """A parameter has a value that cannot be used. The message names it, its value, the rule and the fix."""


@dataclass(frozen=True)
class Parameters:
    """Checked values. ``as_of`` is ``latest`` or a day; the others as in :data:`DEFAULTS`."""

    as_of: str = DEFAULTS["as_of"]
    region_scheme: str = DEFAULTS["region_scheme"]
    programme: str = DEFAULTS["programme"]
    min_origins: int = DEFAULTS["min_origins"]
    country: str = DEFAULTS["country"]

    def __post_init__(self) -> None:
        object.__setattr__(self, "as_of", str(self.as_of))
        if self.as_of != "latest":
            try:
                dates.parse_day(self.as_of)
            except ValueError:
                refuse("as_of", self.as_of, "latest, or a day written YYYY-MM-DD", "for example 2025-05-07")
        _one_of("region_scheme", self.region_scheme, countries.REGION_SCHEMES)
        _one_of("programme", self.programme, schema.codes("arrangements", "programme"))
        if isinstance(self.min_origins, bool) or not str(self.min_origins).isdecimal() or int(self.min_origins) < 1:
            refuse("min_origins", self.min_origins, "a whole number of independent origins, 1 or more", "for example 2")
        object.__setattr__(self, "min_origins", int(self.min_origins))
        if self.country not in countries.table():
            near = countries.nearest(str(self.country))
            hint = f'did you mean "{near}" ({countries.name(near)})?' if near else "for example RWA"
            refuse("country", self.country, "an ISO 3166-1 alpha-3 code, XKX for Kosovo", hint)

    def apply(self, ledger: "Ledger") -> "Ledger":
        """The part of the ledger that these parameters let be seen. Rule: Method, *Public day*.

        Raises:
            ParameterError: ``as_of`` lies before the first public day of a claim or after the newest, or no claim has one.
        """
        if ledger.as_of != ledger.as_of:  # NaT, which equals nothing
            rule = "of a ledger with one claim at least that has a public day"
            refuse("as_of", self.as_of, rule, "add a claim whose source or origin bears its day")
        if self.as_of == "latest":
            return ledger  # nothing in it became public later
        (first, newest), day = known_days(ledger), dates.parse_day(self.as_of)
        if not first <= day <= newest:
            rule = f"a day from {first} to {newest}, on which the first and the newest report read here were public"
            refuse("as_of", self.as_of, rule, "such a day, or latest")
        return ledger.known(self.as_of)

    def as_dict(self) -> dict[str, Any]:
        """All parameters by name."""
        return {name: getattr(self, name) for name in DEFAULTS}

    def changed(self) -> dict[str, Any]:
        """The parameters that differ from the defaults, in a fixed order: what an edition is named after."""
        return {name: getattr(self, name) for name, value in DEFAULTS.items() if getattr(self, name) != value}


def known_days(ledger: "Ledger") -> tuple[dt.date, dt.date]:
    """The first and the newest public day of a claim: the days for which there can be an edition."""
    return ledger.claims["public_on"].min().date(), ledger.as_of.date()


def build(values: Mapping[str, Any]) -> Parameters:
    """:class:`Parameters` from a dict. An unknown name is an error that lists the known ones."""
    for name in values:
        if name not in DEFAULTS:
            near = difflib.get_close_matches(str(name).lower(), DEFAULTS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(DEFAULTS)}"
            raise ParameterError(f'parameter "{name}": rule: a known name; fix: {hint}')
    return Parameters(**values)


def _one_of(name: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        near = difflib.get_close_matches(str(value), known, n=1, cutoff=0.5)
        hint = f'did you mean "{near[0]}"?' if near else f'for example "{next(iter(known))}"'
        refuse(name, value, f"one of {', '.join(known)}", hint)


def refuse(name: str, value: object, rule: str, fix: str) -> NoReturn:
    """Raise :class:`ParameterError` for a value that cannot be used, with the rule and what to write instead."""
    raise ParameterError(f'parameter "{name}": value "{value}": rule: {rule}; fix: {fix}')
