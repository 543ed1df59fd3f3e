import re

import pytest

from analysis.ledger import schema
from analysis.values import paths
from analysis.values.problems import LedgerError

COLUMNS = [
    (table, name, field)
    for table in (*schema.FILES, schema.EXPECTATIONS)
    for name, field in schema.fields(table).items()
]


def test_the_codebook_page_is_the_one_the_schema_makes():
    assert (paths.DATA / "CODEBOOK.md").read_text(encoding="utf-8") == schema.page()


@pytest.mark.parametrize(("table", "name", "field"), COLUMNS, ids=[f"{t}.{n}" for t, n, _ in COLUMNS])
def test_every_column_is_described_and_its_codes_are_its_enum(table, name, field):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert field["description"].endswith(".")
    codes = [code["value"] for code in field.get("categories", [])]
    assert field.get("constraints", {}).get("enum", []) == ([True] if field["type"] == "boolean" else codes)
    assert all(code["description"].endswith(".") for code in field.get("categories", []))


def test_units_stand_at_the_end_of_names_of_numbers():
    numbers = [name for table, name, field in COLUMNS if field["type"] in ("integer", "number")]
    assert all(name.endswith(("_min", "_max", "_basis")) for name in numbers)


def test_ladder_and_what_stands_beside_it_are_the_steps_of_the_schema():
    assert (*schema.LADDER, *schema.OFF_LADDER) == tuple(schema.codes("steps", "step"))


def test_every_file_of_the_package_is_there():
    for resource in schema.package()["resources"]:
        assert (paths.DATA / resource["path"]).is_file()


def test_an_edited_schema_is_seen_at_once(tmp_path, monkeypatch):
    data = (paths.DATA / "datapackage.json").read_bytes()
    (tmp_path / "datapackage.json").write_bytes(data)
    monkeypatch.setattr(paths, "DATA", tmp_path)
    assert schema.label("steps", "step", "in_talks") == "in talks"
    (tmp_path / "datapackage.json").write_bytes(data.replace(b'"label": "in talks"', b'"label": "in speech"'))
    assert schema.label("steps", "step", "in_talks") == "in speech"


MEND = "fix: restore it from the last revision, or mend it"


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """What is said of a descriptor in which ``old`` stands as ``new``, when it is asked for: a line per problem."""

    def said(name, old, new, ask):
        data = (paths.DATA / name).read_bytes()
        assert old in data
        (tmp_path / name).write_bytes(data.replace(old, new, 1))
        monkeypatch.setattr(paths, "DATA", tmp_path)
        with pytest.raises(LedgerError) as caught:
            ask()
        return {line.partition(name)[2] for line in str(caught.value).splitlines()}

    return said


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"{", b"[", ":2: rule: the descriptor is JSON (Expecting ',' delimiter)"),
        (b'"name": "steps"', b'"name": "stairs"', ": rule: resource steps is there, once"),
        (b'"name": "step",\n            "type": "string"', b'"name": "step",\n            "type": "text"',
         ": rule: resource steps: field step has one of the types string, integer, number, boolean"),
        (b'"maximum": 1000000\n', b'"maximum": "many"\n',
         ": rule: resource payments: field people_basis has a number as maximum"),
        (b'"path": "steps.csv"', b'"path": "../../steps.csv"',
         ": rule: resource steps: has a name of small letters, and as path that name with .csv"),
        (b'"pattern": "c[0-9]{5,}"', b'"pattern": "c["',
         ": rule: resource steps: field claim_id has a regular expression as pattern"),
    ],
)  # fmt: skip
def test_a_broken_schema_is_told_in_one_line(broken, old, new, message):
    assert f"{message}; {MEND}" in broken("datapackage.json", old, new, lambda: schema.columns("steps"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"{", b"[", ":2: rule: the descriptor is JSON (Expecting ',' delimiter)"),
        (b'"path": "answers.csv"', b'"path": "/etc/answers.csv"',
         ": rule: resource answers: has a name of small letters, and as path that name with .csv"),
        (b'"name": "answers"', b'"name": "claims"', ": rule: resource claims is there, once"),
    ],
)  # fmt: skip
def test_a_broken_descriptor_of_the_views_is_told_in_one_line(broken, old, new, message):
    assert f"{message}; {MEND}" in broken("views.json", old, new, schema.views)


def test_a_descriptor_that_is_missing_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "DATA", tmp_path)
    with pytest.raises(LedgerError, match=r"^[^\n]*datapackage.json: rule: the file can be read \(No such file"):
        schema.columns("steps")


def test_every_code_names_the_column_it_belongs_to():
    with pytest.raises(KeyError):
        schema.codes("steps", "stage")
    assert schema.codes("steps", "note") == {}
