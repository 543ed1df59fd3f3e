"""Files that must agree with each other: locks, environment.yml, README, what is tracked."""

import itertools
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from analysis.values import paths


def tracked():
    done = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=paths.PROJECT, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [paths.PROJECT / line for line in done.stdout.splitlines()]


def test_environment_yml_is_the_lock_and_can_be_parsed():
    environment = yaml.safe_load((paths.PROJECT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["dependencies"] == [
        "python=3.11",
        "pip",
        {"pip": ["--only-binary :all:", "-r requirements.lock"]},
    ]


LOCKS = [f"requirements{which}.lock" for which in ("", "-preview", "-test", "-all", "-lab")]


def pins(name: str) -> set[tuple[str, str]]:
    """(package, version) of each line of a lock; a package may stand there once for each Python."""
    text = (paths.PROJECT / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", text, flags=re.MULTILINE))


def locked(name: str) -> set[str]:
    return {package for package, _ in pins(name)}


@pytest.mark.parametrize("name", [*LOCKS, "requirements-release.lock", "requirements-validate.lock"])
def test_a_lock_pins_by_hash_and_names_no_host(name: str) -> None:
    text = (paths.PROJECT / name).read_text(encoding="utf-8")
    assert "://" not in text
    requirements = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert requirements
    assert all("--hash=sha256:" in requirement for requirement in requirements)


@pytest.mark.parametrize(("smaller", "larger"), [*itertools.pairwise(LOCKS), (LOCKS[0], "requirements-release.lock")])
def test_each_lock_holds_the_one_before_it(smaller: str, larger: str) -> None:
    assert pins(smaller) < pins(larger)


def test_a_reader_installs_nothing_that_only_tests_or_analysts_need() -> None:
    assert not {"pytest", "ruff", "mypy", "duckdb", "distributed", "jupyter-cache", "jupyterlab"} & locked(LOCKS[0])
    assert {"pytest", "duckdb"} <= locked(LOCKS[2])
    assert not {"distributed", "jupyter-cache", "jupyterlab"} & locked(LOCKS[2])
    assert "distributed" in locked(LOCKS[3])
    assert "jupyterlab" not in locked(LOCKS[3])
    assert "jupyterlab" in locked(LOCKS[4])


def test_every_dependency_of_the_project_and_of_its_extras_is_pinned() -> None:
    project = tomllib.loads((paths.PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.match(r"[A-Za-z0-9_-]+", line)[0].lower().replace("_", "-") for line in requirements}

    extras = project["optional-dependencies"]
    assert names(project["dependencies"]) <= locked(LOCKS[0])
    assert names(extras["preview"]) <= locked(LOCKS[1])
    assert names(extras["test"]) <= locked(LOCKS[2])
    assert names([*extras["dask"], *extras["bench"]]) <= locked(LOCKS[3])
    assert names(extras["release"]) <= locked("requirements-release.lock")
    assert "pyarrow" not in locked(LOCKS[4])  # with it pandas keeps texts in another way
    assert names(extras["lab"]) <= locked(LOCKS[4])


def test_only_built_packages_are_installed() -> None:
    makefile = (paths.PROJECT / "Makefile").read_text(encoding="utf-8")
    lines = [line for line in makefile.splitlines() if "--require-hashes" in line or "pip compile" in line]
    assert lines
    assert all("--only-binary :all:" in line for line in lines)


def test_actions_are_pinned_by_commit() -> None:
    workflows = sorted((paths.PROJECT / ".github" / "workflows").glob("*.yml"))
    used = [match for path in workflows for match in re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))]
    assert len(used) >= len(workflows) > 1
    for action, comment in used:
        assert re.fullmatch(r"[a-z]+/[a-z-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v[0-9.]+", comment), action


def test_what_opens_in_one_click_can_be_parsed_and_runs_what_is_there() -> None:
    makefile = (paths.PROJECT / "Makefile").read_text(encoding="utf-8")
    pages = yaml.safe_load((paths.PROJECT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8"))
    note, _, container = (
        (paths.PROJECT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8").partition("\n")
    )
    assert note.startswith("//")
    commands = [step["run"] for step in pages["jobs"]["build"]["steps"] if "run" in step]
    commands.append(json.loads(container)["postCreateCommand"])
    made = [
        target for command in commands for target in command.split("\n")[0].split()[1:] if command.startswith("make ")
    ]
    assert made
    for target in made:
        assert re.search(rf"^{re.escape(target.replace('.venv', '$(VENV)'))}:", makefile, flags=re.MULTILINE), target
    binder = yaml.safe_load((paths.PROJECT / ".binder" / "environment.yml").read_text(encoding="utf-8"))
    (pip,) = (entry["pip"] for entry in binder["dependencies"] if isinstance(entry, dict))
    assert (paths.PROJECT / ".binder" / pip[1].removeprefix("-r ")).is_file()


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
            assert len(data) < 900 * 1024, path.name
            assert b"\r\n" not in data, path.name
            assert not data or data.endswith(b"\n") or path.suffix == ".js", (
                path.name
            )  # scripts of others stay as they are


def test_the_readme_shows_a_figure_that_is_there_and_commands_that_exist():
    text = (paths.PROJECT / "README.md").read_text(encoding="utf-8")
    makefile = (paths.PROJECT / "Makefile").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures
    assert all((paths.PROJECT / picture).is_file() for picture in pictures)
    for target in re.findall(r"`make ([a-z-]+)", text):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_the_wheel_asks_for_no_older_pandas_than_the_code_is_written_for():
    project = tomllib.loads((paths.PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    floor = next(
        re.findall(r"~=(\d+\.\d+)", one)[0] for one in project["project"]["dependencies"] if one.startswith("pandas")
    )
    template = paths.PROJECT / "analysis" / "report" / "templates" / "wheel_pyproject.toml.j2"
    assert f'dependencies = ["pandas >={floor}"]' in template.read_text(encoding="utf-8")
