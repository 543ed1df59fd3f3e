"""frictionless as an oracle for the schema: the same files, the same descriptor, hundreds of faults at random.

Compared are cells, as (table, line, column). Every cell that frictionless names must be named by the checks; left out
are references to an identifier that was spoilt in its own table, about which the checks speak once, over there. The
other way round, only rules that the schema alone defines are compared (``SCHEMA_RULES``): about dates, countries,
currencies and sums, and across rows, the checks know more than the schema does.
"""

import csv
import random
import warnings

import pytest
import synthetic

from analysis.ledger import cell_checks, checks, schema

SCHEMA_RULES = ("not blank", "used once", "one of ", "a whole number", "a number", "not negative", "found in ")
FORMS = (*(rule for rule, _ in cell_checks.FORMS.values()), "lower-case letters, digits and underscores")


def read(folder):
    tables = {}
    for table in schema.TABLES:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
            tables[table] = list(csv.DictReader(handle))
    return tables


def write(folder, tables):
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, schema.columns(table), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def spoilt(value, table, column, rows, chance):
    """A value that the schema refuses in this column, or ``None`` where it refuses nothing."""
    field = schema.fields(table)[column]
    rules = field.get("constraints", {})
    faults = [""] if rules.get("required") else []
    if "categories" in field:
        faults += ["unheard_of", value + "x"]
    elif rules.get("pattern") == cell_checks.IDENTIFIER or column in cell_checks.FORMS:
        faults += ["Not An Identifier!", value.upper() + "?"]
    if field["type"] == "integer":
        faults += ["dozens", "12.5", "-3"]
    elif field["type"] == "number":
        faults += ["5 or 6", "-0.5"]
    if rules.get("unique"):
        faults += [chance.choice(rows)[column]] * 3
    if any(key["fields"] == column for key in keys(table)):
        faults += ["qqqqqqqq", "zzzzzzzz-0"]
    return chance.choice(faults) if faults else None


def keys(table):
    (found,) = [r["schema"] for r in schema.package()["resources"] if r["name"] == table]
    return found.get("foreignKeys", [])


def spoil(tables, number, chance):
    """Spoil cells at random; returns the identifiers that are gone from the tables that others refer to."""
    gone = set()
    for _ in range(number):
        table = chance.choice(list(tables))
        row, column = chance.choice(tables[table]), chance.choice(schema.columns(table))
        value = spoilt(row[column], table, column, tables[table], chance)
        if value is not None and value != row[column]:
            if column in ("source_id", "arrangement_id") and table in ("sources", "arrangements"):
                gone.add(row[column])
            row[column] = value
    return gone


def theirs(folder):
    """(table, line, column, value) of every cell that frictionless names."""
    # It loads plugins that warn about their own libraries.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package, system

        resources = [r for r in schema.package()["resources"] if r["name"] in schema.TABLES]
        descriptor = schema.package() | {"resources": resources}
        with system.use_context(trusted=True):
            report = Package.from_descriptor(descriptor, basepath=str(folder)).validate(limit_errors=1_000_000)
    for task in report.tasks:
        for error in task.errors:
            if error.type == "foreign-key":
                yield task.name, error.row_number, error.field_names[0], error.field_cells[0]
            elif error.type != "primary-key":  # the key is also unique and required: those two name the column
                yield task.name, error.row_number, error.field_name, error.cell


@pytest.mark.parametrize("seed", range(3))
def test_the_checks_find_what_frictionless_finds_and_no_more_by_the_schema(tmp_path, seed):
    folder, chance = synthetic.write(tmp_path, 1_200, seed), random.Random(seed)
    tables = read(folder)
    gone = spoil(tables, 600, chance)
    write(folder, tables)
    named = set(theirs(folder))
    found = checks.check(folder)
    place = {str(folder / f"{table}.csv"): table for table in tables}
    ours = {(place[p.file], p.line, p.column) for p in found}
    excused = {(t, line, column) for t, line, column, value in named if value in gone}
    assert len(named) > 200
    assert {cell[:3] for cell in named} - excused - ours == set()
    by_schema = {(place[p.file], p.line, p.column) for p in found if p.rule.startswith(SCHEMA_RULES + FORMS)}
    across = {(place[p.file], p.line, p.column) for p in found if p.rule == "used once over all claim tables"}
    assert len(by_schema) > 200
    assert by_schema - across - {cell[:3] for cell in named} == set()
