"""A release, as a researcher has it: each format loaded by a script of five lines, and held against the validators.

It is made in the environment that can write Parquet and workbooks; `make test-all` makes that and the validators' own.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from analysis import ledger
from analysis.ledger import schema
from analysis.report import dataset, release
from analysis.values import paths
from analysis.views import answers, everything
from analysis.views.parameters import Parameters

HERE = Path(sys.executable)
VALIDATORS = paths.PROJECT / "tests" / "validators"


def environment(kind: str) -> Path:
    """The Python of the environment beside this one that has what a release, or its validation, needs."""
    folder = Path(sys.prefix)
    python = folder.with_name(f"{folder.name}-{kind}") / "bin" / "python"
    if not python.exists():
        pytest.skip(f"no {folder.name}-{kind}: make {folder.name}-{kind}/.ready")
    return python


def run(program: str | Path, *words: object, folder: Path, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(program), *map(str, words)],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def build(target: Path) -> Path:
    code = "import sys, pathlib; from analysis.report import release; release.build(pathlib.Path(sys.argv[1]))"
    done = run(environment("release"), "-c", code, target, folder=paths.PROJECT)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def known():
    return Parameters().apply(ledger.load())


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def folder(dist, tmp_path_factory):
    """The zip, unpacked: what a download is."""
    target = tmp_path_factory.mktemp("download")
    with zipfile.ZipFile(next(dist.glob("*.zip"))) as archive:
        archive.extractall(target)
    return target / f"{release.NAME}-{dataset.version()}"


@pytest.fixture(scope="module")
def installed(dist, tmp_path_factory):
    """The wheel, installed in a folder of its own."""
    target = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as archive:
        archive.extractall(target)
    return target


@pytest.fixture(scope="module")
def headlines(known):
    numbers = answers.compute(known, Parameters())
    shown = ("countries_received", "countries_agreed", "people_at_least", "usd_paid")
    return " ".join(f"{numbers[name].value:.0f}" for name in shown)


def interpreter(script: str) -> str | Path:
    if script.endswith(".R"):
        return shutil.which("Rscript") or pytest.skip("no Rscript: the script for R is not tried")
    if script.endswith(".do"):
        pytest.skip("no Stata: its script is not tried, and says so")
    return environment("release") if script.startswith(("parquet", "xlsx")) else HERE


@pytest.mark.parametrize("script", sorted(release.scripts()))
def test_five_lines_lead_from_the_download_to_the_headlines(folder, installed, headlines, script):
    assert len(release.scripts()[script].splitlines()) <= 5
    done = run(interpreter(script), f"examples/{script}", folder=folder, PYTHONPATH=str(installed))
    assert (done.stdout.strip(), done.stderr.strip()) == (headlines, "")


def test_the_page_of_downloads_offers_what_is_there_and_shows_the_scripts_that_are_run(dist):
    page = next(dist.glob("*.html")).read_text(encoding="utf-8")
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]
    assert links
    assert [link for link in links if not (dist / link).is_file()] == []
    for file in (*dist.glob("*.zip"), *dist.glob("*.whl")):
        assert hashlib.sha256(file.read_bytes()).hexdigest() in page
    assert "tcl.load(&#34;claims&#34;)" in page


def test_the_sums_are_those_of_the_files(dist):
    lines = next(dist.glob("*.sha256")).read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split("  ")) for line in lines)
    assert sums == {name: hashlib.sha256((dist / name).read_bytes()).hexdigest() for name in sums}
    assert {Path(name).suffix for name in sums} == {".zip", ".whl"}


@pytest.mark.slow
def test_the_same_data_give_the_same_bytes(dist, tmp_path):
    again = build(tmp_path)
    for file in (*dist.glob("*.zip"), *dist.glob("*.whl"), *dist.glob("*.html")):
        assert (again / file.name).read_bytes() == file.read_bytes()


def test_a_release_is_never_changed(tmp_path):
    (tmp_path / "new.zip").write_bytes(b"new")
    (tmp_path / "old.zip").write_bytes(b"old")
    assert release.changed_release(tmp_path / "new.zip", tmp_path / "absent.zip") == []
    assert release.changed_release(tmp_path / "new.zip", tmp_path / "new.zip") == []
    (problem,) = release.changed_release(tmp_path / "new.zip", tmp_path / "old.zip")
    assert "a release is never changed" in str(problem)


@pytest.mark.parametrize("version", ["2025.05.01", "2025.05.02", "2026.01.31"])
def test_the_version_of_the_data_is_the_day_of_their_last_change(make_ledger, version):
    assert release.wrong_version(version, make_ledger(steps=[{}])) == []


@pytest.mark.parametrize(
    "version", ["", "0.1.0", "2025.5.2", "2025.04.30", "2025.05.01.1", "2025.05.01-1", "2025.02.30"]
)
def test_any_other_version_is_named_with_what_to_write(make_ledger, version):
    (problem,) = release.wrong_version(version, make_ledger(steps=[{}]))
    assert "2025.05.01" in problem.fix


def test_the_wheel_answers_for_any_day_with_pandas_alone(known, installed, tmp_path):
    code = (
        "import sys; before = set(sys.modules); import pandas as pd; import third_country_ledger as tcl; "
        "tcl.load('positions', as_of='2025-12-31').to_json('then.json', orient='records', date_format='iso'); "
        "[tcl.load(name) for name in tcl.names() if name.startswith('raw_')]; "
        "[pd.testing.assert_frame_equal(tcl.load(name), tcl.load(name, as_of=sys.argv[1]))"
        " for name in tcl.names() if not name.startswith('raw_')]; "
        "from pathlib import Path; loaded = [m for n, m in sys.modules.items() if n not in before]; "
        "files = [Path(m.__file__) for m in loaded if getattr(m, '__file__', None)]; "
        "print(*sorted({f.parts[f.parts.index('site-packages') + 1] for f in files if 'site-packages' in f.parts}))"
    )
    newest = f"{known.as_of:%Y-%m-%d}"
    done = run(HERE, "-c", code, newest, folder=tmp_path, PYTHONPATH=str(installed))
    assert done.stderr == ""
    assert {*done.stdout.split()} <= {"pandas", "numpy", "dateutil", "six.py", "tzdata"}
    then = Parameters(as_of="2025-12-31")
    expected = everything.Views(then.apply(known), then)["positions"]
    found = pd.DataFrame(json.loads((tmp_path / "then.json").read_text(encoding="utf-8")))
    assert found[["receiver", "furthest_step", "health"]].to_numpy().tolist() == (
        expected[["receiver", "furthest_step", "health"]].to_numpy().tolist()
    )


def test_the_workbook_has_days_as_days_and_begins_with_what_it_is(folder):
    code = (
        "import pandas as pd; book = pd.read_excel('third-country-ledger.xlsx', sheet_name=None, header=0); "
        "print(*book); print(book['claims']['public_on'].dtype.kind, book['claims']['counted'].dtype.kind); "
        "print(next(iter(book['README'])))"
    )
    done = run(environment("release"), "-c", code, folder=folder)
    names = [resource["name"] for resource in schema.views()["resources"]]
    assert done.stdout.splitlines() == [
        " ".join(["README", *names]),
        "M b",
        f"Third-Country Ledger, data version {dataset.version()}",
    ]


def test_mlcroissant_reads_every_record_without_a_warning(folder, known):
    done = run(environment("validate"), VALIDATORS / "croissant.py", "croissant.json", folder=folder)
    assert (done.returncode, done.stderr.strip()) == (0, "")
    counted = {name: int(count) for name, count in (line.split() for line in done.stdout.splitlines())}
    assert counted == {name: len(frame) for name, frame in dataset.views(known, Parameters()).items()}


def test_mlcroissant_sees_a_description_that_is_wrong(folder):
    described = (folder / "croissant.json").read_text(encoding="utf-8")
    (folder / "wrong.json").write_text(described.replace('"column": "claim_id"', '"column": "claim"'), encoding="utf-8")
    done = run(environment("validate"), VALIDATORS / "croissant.py", "wrong.json", folder=folder)
    (folder / "wrong.json").unlink()
    assert done.returncode != 0


# What the validator recommends and a release does not have: an address on the web, and a clock.
WANTING = (
    "The organization SHOULD have a URL.",
    "The Application SHOULD have a url",
    "The SoftwareApplication id SHOULD be an absolute URI",
    "The Action SHOULD have an endTime in ISO 8601 format",
)


@pytest.mark.parametrize("profile", ["ro-crate-1.1", "process-run-crate-0.5"])
def test_the_validator_of_ro_crate_finds_nothing_but_that_there_is_no_address_and_no_clock(folder, profile):
    done = run(environment("validate"), VALIDATORS / "ro_crate.py", folder, profile, folder=folder)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if not line.endswith(WANTING)] == []


def test_the_validator_of_ro_crate_sees_a_crate_that_is_wrong(folder, tmp_path):
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    root = next(entity for entity in crate["@graph"] if entity["@id"] == "./")
    del root["license"], root["hasPart"]
    (tmp_path / "ro-crate-metadata.json").write_text(json.dumps(crate), encoding="utf-8")
    done = run(environment("validate"), VALIDATORS / "ro_crate.py", tmp_path, "ro-crate-1.1", folder=tmp_path)
    assert any(line.startswith("REQUIRED") for line in done.stdout.splitlines()), done.stderr


def test_each_run_of_the_crate_names_notebook_parameters_inputs_and_outputs_by_hash(folder):
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    runs = [entity for entity in entities.values() if entity["@type"] == "CreateAction"]
    assert {entities[action["instrument"]["@id"]]["name"] for action in runs} == {action["name"] for action in runs}
    assert len(runs) == len(list(paths.NOTEBOOKS.glob("*.ipynb")))
    for action in runs:
        given = [entities[reference["@id"]] for reference in action["object"]]
        assert "as_of" in {entity["name"] for entity in given if entity["@type"] == "PropertyValue"}
        files = [entity for entity in given if entity["@type"] == "File"]
        made = [entities[reference["@id"]] for reference in action["result"]]
        assert files
        assert made
        for entity in (*files, *made, entities[action["instrument"]["@id"]]):
            assert entity["sha256"] == hashlib.sha256((folder / entity["@id"]).read_bytes()).hexdigest()
