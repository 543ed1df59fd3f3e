import re

import pytest

from analysis.ledger import schema
from analysis.values import paths

COLUMNS = [
    (table, name, field) for table in (*schema.TABLES, schema.READINGS) for name, field in schema.fields(table).items()
]


def test_the_codebook_page_is_the_one_the_schema_makes():
    assert (paths.DATA / "CODEBOOK.md").read_text(encoding="utf-8") == schema.page()


@pytest.mark.parametrize(("table", "name", "field"), COLUMNS, ids=[f"{t}.{n}" for t, n, _ in COLUMNS])
def test_every_column_is_described_and_its_codes_are_its_enum(table, name, field):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert field["description"].endswith(".")
    codes = [code["value"] for code in field.get("categories", [])]
    assert field.get("constraints", {}).get("enum", []) == codes
    assert all(code["description"].endswith(".") for code in field.get("categories", []))


def test_units_stand_at_the_end_of_names_of_numbers():
    numbers = [name for table, name, field in COLUMNS if field["type"] in ("integer", "number")]
    assert all(name.endswith(("_min", "_max", "_basis")) for name in numbers)


def test_ladder_and_what_stands_beside_it_are_the_steps_of_the_schema():
    assert (*schema.LADDER, *schema.OFF_LADDER) == tuple(schema.codes("steps", "step"))


def test_every_file_of_the_package_is_there():
    for resource in schema.package()["resources"]:
        assert (paths.DATA / resource["path"]).is_file()
