"""What the columns and codes mean: reads data/datapackage.json, the single truth about them, and words the codebook.

What belongs elsewhere: holding cells against it (``cell_checks``), rules that a Table Schema cannot state (``checks``).

Typical use::

    schema.columns("steps")  # claim_id, arrangement_id, step, …
    schema.label("steps", "step", "in_talks")  # in talks
"""

import json
import re
from dataclasses import dataclass
from typing import Any, TypedDict

from analysis.values import paths
from analysis.values.file_contents import FileContents
from analysis.values.problems import LedgerError, Problem

CLAIM_TABLES = ("steps", "payments", "transfers", "tallies", "acts")
TABLES = ("sources", "arrangements", *CLAIM_TABLES)
READINGS = "readings"  # what two readers coded blind: about the coding, not about the world
EXPECTATIONS = "expectations"  # what the published ledger must go on saying: held against the claims by ``make check``
FILES = (*TABLES, READINGS)  # the eight files of a ledger
CAME_LATER = ("acts", READINGS)  # tables that the first revisions of the ledger did not have
# Of each claim table: the column of what its claims say, those of the figure they give, and that of the thing they are about.
CODE_COLUMN = {"steps": "step", "payments": "stage", "transfers": "population", "tallies": "counted", "acts": "effect"}
FIGURE_COLUMNS = {
    "payments": ("amount_min", "amount_max"),
    "transfers": ("people_min", "people_max"),
    "tallies": ("count_min", "count_max"),
}
THING_COLUMN = {"payments": "payment_id", "transfers": "transfer_id", "tallies": "tally_id", "acts": "act_id"}
# Columns of a claim that say where it is read and what curators write: no view counts, chooses or dates by them.
BESIDE = ("locator", "wording", "coded_on", "checked_on", "note")
NOTES = ("coded_on", "note")  # columns in which curators tell one another why and when a row was written
LADDER = ("named", "asked", "in_talks", "willing", "agreed", "signed", "received")
PACKAGE = "datapackage.json"  # the descriptor of the tables, in the folder of the data
VIEWS = "views.json"  # the descriptor of the computed views, in the folder of the data
OFF_LADDER = ("declined", "no_answer", "halted", "ended", "unclear")
MAX_WORDING = 8  # words
TYPES = ("string", "integer", "number", "boolean")
VIEW_TYPES = (*TYPES, "date")


class Code(TypedDict):
    """One code of a coded column."""

    value: str
    label: str
    description: str


class Constraints(TypedDict, total=False):
    """What a Table Schema asks of each cell of a column."""

    required: bool
    unique: bool
    pattern: str
    minimum: float
    maximum: float
    enum: list[Any]


class _Field(TypedDict):
    name: str
    type: str
    description: str


class Field(_Field, total=False):
    """One column. ``categories`` are its codes, in the order of the codebook."""

    categories: list[Code]
    constraints: Constraints


@dataclass(frozen=True)
class ForeignKey:
    """The cells of ``column`` stand in column ``target_column`` of table ``target``."""

    column: str
    target: str
    target_column: str


@dataclass(frozen=True)
class _Package:
    descriptor: dict[str, Any]
    fields: dict[str, dict[str, Field]]
    codes: dict[tuple[str, str], dict[str, str]]
    keys: dict[str, list[ForeignKey]]


def package() -> dict[str, Any]:
    """The Data Package descriptor as a dict. Raises :class:`LedgerError` if it is not one, or lacks what is needed here."""
    return _package().descriptor


def views() -> dict[str, Any]:
    """The descriptor of the computed views as a dict. Raises :class:`LedgerError` if it is not one."""
    return _views()


def fields(table: str) -> dict[str, Field]:
    """Column name → Table Schema field of ``table``, in file order. ``KeyError`` for an unknown table."""
    return _package().fields[table]


def columns(table: str) -> list[str]:
    """The names of the columns of ``table``, in file order."""
    return list(fields(table))


def codes(table: str, column: str) -> dict[str, str]:
    """Code → label of a coded column, in the order of the codebook (for steps: the order of the ladder).

    Empty for a column without codes, ``KeyError`` for an unknown column.
    """
    return _package().codes[table, column]


def label(table: str, column: str, code: str) -> str:
    """The label of a code; a blank or unknown code is given back as it is."""
    return codes(table, column).get(code, code)


def foreign_keys(table: str) -> list[ForeignKey]:
    """Which columns of ``table`` refer to which column of which table."""
    return _package().keys[table]


def page() -> str:
    """The codebook as Markdown: every table, column, rule and code, from the descriptor alone."""
    out = [
        "# Codebook",
        "",
        f"{package()['description']}",
        "",
        "Generated from `data/datapackage.json` by `make codebook`; do not edit. How to choose a code: `CODING.md`.",
    ]
    for resource in package()["resources"]:
        table = resource["name"]
        out += ["", f"## {resource['path']}", "", f"{resource['description']}", ""]
        out += ["| column | type | rule | meaning |", "|---|---|---|---|"]
        out += [
            f"| `{field['name']}` | {field['type']} | {_rule(field, foreign_keys(table))} | {field['description']} |"
            for field in fields(table).values()
        ]
        for field in fields(table).values():
            if "categories" in field:
                out += ["", f"### {table}.{field['name']}", "", "| code | label | meaning |", "|---|---|---|"]
                out += [f"| `{c['value']}` | {c['label']} | {c['description']} |" for c in field["categories"]]
    out += [
        "",
        "## Computed views",
        "",
        "What is computed from the claims, as published in `reports/data/`; rules: `METHOD.md`.",
    ]
    for view in views()["resources"]:
        out += [
            "",
            f"### {view['path']}",
            "",
            f"{view['description']}",
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        out += [
            f"| `{field['name']}` | {field['type']} | {field['description']} |" for field in view["schema"]["fields"]
        ]
    return "\n".join(out) + "\n"


def _rule(field: Field, keys: list[ForeignKey]) -> str:
    constraints = field.get("constraints", {})
    rules = ["required"] if constraints.get("required") else []
    if constraints.get("unique"):
        rules.append("unique")
    if "minimum" in constraints:
        rules.append(f"at least {constraints['minimum']:,}")
    if "maximum" in constraints:
        rules.append(f"at most {constraints['maximum']:,}")
    if "pattern" in constraints:
        rules.append("pattern `" + constraints["pattern"].replace("|", "\\|") + "`")
    if "enum" in constraints:
        rules.append("true or blank" if field["type"] == "boolean" else "code")
    rules += [f"found in {key.target}" for key in keys if key.column == field["name"]]
    return ", ".join(rules) or "optional"


def _descriptor(data: bytes, name: str, types: tuple[str, ...]) -> dict[str, Any]:
    """A descriptor from its file, with all that is taken from it here or when it is published."""

    def refuse(rule: str, line: int = 0) -> LedgerError:
        return LedgerError([_problem(name, rule, line)])

    try:
        descriptor = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise refuse(f"the descriptor is UTF-8 ({error.reason})") from None
    except json.JSONDecodeError as error:
        raise refuse(f"the descriptor is JSON ({error.msg})", error.lineno) from None
    except RecursionError:
        raise refuse("the descriptor is JSON (too deeply nested)") from None
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("description"), str):
        raise refuse("the descriptor is an object with a description")
    resources = descriptor.get("resources")
    if not isinstance(resources, list) or not all(
        isinstance(r, dict) and isinstance(r.get("name"), str) for r in resources
    ):
        raise refuse("the descriptor has a list of resources, each with a name")
    names = [resource["name"] for resource in resources]
    wanted = dict.fromkeys([*(FILES if types is TYPES else ()), *names])
    problems = [f"resource {table} is there, once" for table in wanted if names.count(table) != 1]
    for resource in resources:
        problems += [f"resource {resource['name']}: {rule}" for rule in _wanting(resource, types)]
    if problems:
        raise LedgerError(_problem(name, rule) for rule in problems)
    return descriptor


def _problem(name: str, rule: str, line: int = 0) -> Problem:
    return Problem(
        paths.relative(paths.DATA / name), line, "", "", rule, "restore it from the last revision, or mend it"
    )


def _parse(data: bytes) -> _Package:
    descriptor = _descriptor(data, PACKAGE, TYPES)
    resources = descriptor["resources"]
    by_table = {r["name"]: {field["name"]: field for field in r["schema"]["fields"]} for r in resources}
    codes = {
        (table, column): {code["value"]: code["label"] for code in field.get("categories", [])}
        for table, columns in by_table.items()
        for column, field in columns.items()
    }
    keys = {
        r["name"]: [
            ForeignKey(key["fields"], key["reference"]["resource"], key["reference"]["fields"])
            for key in r["schema"].get("foreignKeys", [])
        ]
        for r in resources
    }
    lost = [
        f"resource {table}: foreign key {key.column} → {key.target}.{key.target_column} has both its ends"
        for table, found in keys.items()
        for key in found
        if key.column not in by_table[table] or key.target_column not in by_table.get(key.target, {})
    ]
    if lost:
        raise LedgerError(_problem(PACKAGE, rule) for rule in lost)
    return _Package(descriptor, by_table, codes, keys)


def _wanting(resource: dict[str, Any], types: tuple[str, ...]) -> list[str]:
    """The rules that a resource of the descriptor breaks, in words."""
    if not all(isinstance(resource.get(key), str) for key in ("title", "description")):
        return ["has a title and a description"]
    # Files are read and written under these names: they lead nowhere else.
    if not re.fullmatch("[a-z][a-z_]*", resource["name"]) or resource.get("path") != f"{resource['name']}.csv":
        return ["has a name of small letters, and as path that name with .csv"]
    schema = resource.get("schema")
    if not isinstance(schema, dict) or not isinstance(schema.get("fields"), list) or not schema["fields"]:
        return ["has a schema with fields"]
    rules = []
    for number, field in enumerate(schema["fields"], 1):
        texts = isinstance(field, dict) and all(isinstance(field.get(k), str) for k in ("name", "type", "description"))
        if not texts:
            rules.append(f"field {number} has a name, a type and a description")
        else:
            rules += [f"field {field['name']} {rule}" for rule in _wanting_of_field(field, types)]
    names = [field.get("name") for field in schema["fields"] if isinstance(field, dict)]
    if len(set(map(str, names))) < len(names):
        rules.append("no field stands twice")
    primary = schema.get("primaryKey")
    if not isinstance(primary, list) or any(name not in names for name in primary):
        rules.append("has a primary key of its fields")
    keys = schema.get("foreignKeys", [])
    if not isinstance(keys, list) or not all(_is_key(key) for key in keys):
        rules.append("each foreign key has fields, and a reference with resource and fields")
    return rules


def _is_key(key: Any) -> bool:
    if not isinstance(key, dict) or not isinstance(key.get("reference"), dict):
        return False
    return all(
        isinstance(name, str) for name in (key.get("fields"), *map(key["reference"].get, ("resource", "fields")))
    )


def _wanting_of_field(field: dict[str, Any], types: tuple[str, ...]) -> list[str]:
    rules = [] if field["type"] in types else [f"has one of the types {', '.join(types)}"]
    codes = field.get("categories", [])
    texts = ("value", "label", "description")
    if not isinstance(codes, list) or not all(
        isinstance(code, dict) and all(isinstance(code.get(key), str) for key in texts) for code in codes
    ):
        return [*rules, "has categories with value, label and description"]
    constraints = field.get("constraints", {})
    if not isinstance(constraints, dict):
        return [*rules, "has constraints that are an object"]
    if codes and constraints.get("enum") != [code["value"] for code in codes]:
        rules.append("has its categories, in their order, as enum")
    for bound in ("minimum", "maximum"):
        value = constraints.get(bound, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            rules.append(f"has a number as {bound}")
    try:
        re.compile(constraints.get("pattern", ""))
    except (re.error, TypeError):
        rules.append("has a regular expression as pattern")
    rules += [
        f"has true or false as {k}" for k in ("required", "unique") if not isinstance(constraints.get(k, True), bool)
    ]
    return rules


_package = FileContents(lambda: paths.DATA / PACKAGE, _parse)
_views = FileContents(lambda: paths.DATA / VIEWS, lambda data: _descriptor(data, VIEWS, VIEW_TYPES))
