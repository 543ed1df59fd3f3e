"""The house itself: imports go one way, notebooks are documents, files agree with each other, nothing is left over."""

import ast
import hashlib
import os
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
import yaml

from analysis import evidence, ledger, notebooks, paths, site

ORDER = [
    *("paths", "dates", "amounts", "places"),
    *("codebook", "files", "ledger", "cells", "checks"),
    *("parameters", "evidence", "standings", "payments", "transfers", "timing", "tallies"),
    *("agreement", "changes", "draft", "tables", "charts"),
    *("manifest", "cache", "lock", "notebooks", "cluster", "site", "edition", "preloaded", "__main__"),
]
FREE = "warm"  # a room that imports nothing of this package but its own modules
MODULES = sorted((paths.PROJECT / "analysis").rglob("*.py"))
NOTEBOOKS = notebooks.all_of()
SEEDS = os.environ.get("TEXTS") or str(paths.PROJECT.parent / "shared" / "seeds")


def tracked():
    done = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=paths.PROJECT, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [paths.PROJECT / line for line in done.stdout.splitlines()]


def named(path):
    return path.relative_to(paths.PROJECT / "analysis").with_suffix("").as_posix()


def room_of(path):
    """The room a module belongs to: its own, or the folder's in which it stands with others."""
    return named(path).split("/")[0]


def imports_of(path):
    """The rooms that a module imports from, at its top or within a function, but for its own."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "analysis":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis."):
            found.add(node.module.split(".")[1])
    return found - {"__version__", FREE, room_of(path)}


def test_every_room_has_its_place_in_the_order():
    assert {room_of(path) for path in MODULES} - {"__init__", FREE} == set(ORDER)


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) != "__init__"], ids=named)
def test_imports_go_downward(path):
    allowed = set() if room_of(path) == FREE else set(ORDER[: ORDER.index(room_of(path))])
    assert imports_of(path) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is_for_and_only_the_command_line_prints(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert "print" not in calls or path.stem == "__main__"
    for node in tree.body:
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and path.stem != "__main__"
        ):
            assert ast.get_docstring(node) or len(node.body) < 4, f"{path.stem}.{node.name} has no docstring"


def test_only_files_reads_the_tables():
    readers = [
        p.stem for p in MODULES if re.search(r"csv\.(reader|DictReader)|read_csv", p.read_text(encoding="utf-8"))
    ]
    assert readers == ["files", "places"]  # places reads the reference table, not the ledger


def test_only_the_last_rooms_write():
    writing = re.compile(r"\.write_text\(|\.write_bytes\(|open\([^)]*[\"']w|copyfile\(|\.to_csv\([^)]*path")
    writers = {room_of(path) for path in MODULES if writing.search(path.read_text(encoding="utf-8"))} - {FREE}
    assert writers == {"cache", "manifest", "notebooks", "site", "edition", "__main__"}


# --- notebooks: what nbval would let pass ----------------------------------------------------------------------------


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_code_cell_was_run_in_order(notebook):
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_every_notebook_has_outputs_that_nbval_compares(notebook):
    kinds = [info["kind"] for info, data in site.shown(notebook) if "text/plain" in data]
    assert kinds.count("headline") == 1
    assert kinds.count("sentence") >= 1
    assert {"table", "figure"} <= set(kinds)


def test_no_notebook_defines_a_function_uses_a_magic_or_hides_an_output(notebook):
    for cell in code(notebook):
        tree = ast.parse(cell.source)  # a magic or a shell line would not parse
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
        assert not cell.source.rstrip().endswith(";")
        assert len(cell.source.splitlines()) <= 14
        assert not re.search(r"open\(|to_csv|savefig|(?<!\w)/(home|root|tmp|usr|work)/", cell.source)


def test_no_output_is_an_error_a_warning_or_an_address(notebook):
    for cell in code(notebook):
        for output in cell.outputs:
            assert output.output_type == "execute_result"
            assert not re.search(r" at 0x[0-9a-f]+|(?<!\w)/(home|root|tmp|usr|work)/", output.data["text/plain"])


def test_the_figure_stands_beside_the_table_behind_it(notebook):
    kinds = [info["kind"] for info, _ in site.shown(notebook)]
    for number, kind in enumerate(kinds):
        if kind == "figure":
            assert "table" in kinds[number + 1 : number + 2]


def test_parameters_are_one_tagged_cell_of_commented_literals(notebook):
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    for line in cell.source.splitlines():
        assert re.fullmatch(r"[a-z_]+ = (\"[^\"]*\"|\d+)  # .+", line)


def test_a_notebook_begins_with_its_question_and_three_lines_of_what_is_counted(notebook):
    first = notebook.cells[0].source.splitlines()
    assert first[0].startswith("# ")
    assert len([line for line in first[1:] if line.strip()]) == 3


def test_notebooks_are_stored_as_a_run_leaves_them(notebook):
    again = notebooks.normalised(nbformat.from_dict(notebook))
    assert again == notebook


# --- files that must agree --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["tables", "figures"])
def test_the_published_tables_and_figures_are_those_of_the_stored_notebooks(folder):
    kind, ending, mime = {"tables": ("table", "csv", "text/csv"), "figures": ("figure", "svg", "image/svg+xml")}[folder]
    made = {}
    for path in NOTEBOOKS:
        for info, data in site.shown(nbformat.read(path, as_version=4)):
            if info["kind"] == kind:
                made[f"{site.prefix(path)}_{info['name']}.{ending}"] = data[mime]
    stored = {p.name: p.read_text(encoding="utf-8") for p in (paths.REPORTS / folder).glob(f"*.{ending}")}
    assert sorted(stored) == sorted(made)
    assert [name for name in made if stored[name] != made[name]] == []


def test_environment_yml_is_the_lock_and_can_be_parsed():
    environment = yaml.safe_load((paths.PROJECT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["dependencies"] == ["python=3.11", "pip", {"pip": ["-r requirements.lock"]}]


def pins(name):
    text = (paths.PROJECT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, flags=re.MULTILINE))


def test_the_locks_pin_by_hash_name_no_host_and_agree():
    for name in ("requirements.lock", "requirements-lab.lock"):
        text = (paths.PROJECT / name).read_text(encoding="utf-8")
        assert "://" not in text
        requirements = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, flags=re.MULTILINE | re.DOTALL)
        assert requirements
        assert all("--hash=sha256:" in requirement for requirement in requirements)
    report, lab = pins("requirements.lock"), pins("requirements-lab.lock")
    assert {name: lab.get(name) for name in report} == report
    assert "jupyterlab" in lab
    assert "jupyterlab" not in report


def test_every_dependency_of_the_project_is_pinned():
    text = (paths.PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", text, flags=re.MULTILINE | re.DOTALL)[1]
    names = [re.match(r"[A-Za-z0-9_-]+", line)[0] for line in re.findall(r'"([^"]+)"', block)]
    assert {name.lower().replace("_", "-") for name in names} <= set(pins("requirements.lock"))


def test_no_file_names_a_registry_or_a_path_of_a_machine():
    registries = ["py" + "pi.org", "python" + "hosted", "npm" + "js.org", "deb." + "debian"]
    places = ["/wo" + "rk/", "/fa" + "rm/", "/tm" + "p/", "/ro" + "ot/"]
    wrong = []
    for path in tracked():
        if path.suffix in (".png", ".svg") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        words = registries if path.suffix in (".lock",) or path.name == Path(__file__).name else registries + places
        wrong += [(path.name, word) for word in words if word in text]
    assert wrong == []


def test_tracked_files_are_small_and_end_with_one_line_feed():
    for path in tracked():
        if path.is_file() and path.suffix != ".png":
            data = path.read_bytes()
            assert len(data) < 600 * 1024, path.name
            assert b"\r\n" not in data, path.name
            assert not data or data.endswith(b"\n"), path.name


def test_the_readme_shows_a_figure_that_is_there_and_commands_that_exist():
    text = (paths.PROJECT / "README.md").read_text(encoding="utf-8")
    makefile = (paths.PROJECT / "Makefile").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures
    assert all((paths.PROJECT / picture).is_file() for picture in pictures)
    for target in re.findall(r"`make ([a-z]+)", text):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


# --- the held texts ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path(SEEDS).is_dir(), reason="the held texts are not here: wording was not compared with them")
def test_every_claim_on_a_held_text_is_found_in_it():
    results = evidence.verify(ledger.load(), SEEDS)
    held = results[results["result"] != "text not held"]
    assert len(held) > 80
    assert held[held["result"] != "verified"].to_dict("records") == []


@pytest.mark.skipif(
    not Path(SEEDS).is_dir(), reason="the held texts are not here: sentences were not compared with them"
)
def test_no_run_of_twelve_words_of_a_held_text_stands_in_the_project():
    shingles, titles = set(), sorted(filter(None, ledger.load().sources["title"]), key=len, reverse=True)
    for path in Path(SEEDS).iterdir():
        words = re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace").lower())
        shingles |= {" ".join(words[i : i + 12]) for i in range(len(words) - 11)}
    for path in tracked():
        if path.suffix in (".csv", ".md", ".py", ".ipynb") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            for title in titles:  # a headline is part of the citation
                text = text.replace(title, "")
            words = re.findall(r"\w+", re.sub(r"https?://\S+", "", text).lower())
            found = {" ".join(words[i : i + 12]) for i in range(len(words) - 11)} & shingles
            assert not found, f"{path.name}: {sorted(found)[:2]}"


def test_hashes_of_held_texts_are_whole():
    sources = ledger.load().sources
    held = sources[sources["text_sha256"] != ""]
    assert len(held) >= 5
    assert all(len(value) == len(hashlib.sha256(b"").hexdigest()) for value in held["text_sha256"])
