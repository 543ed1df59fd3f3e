"""Files that must agree with each other: locks, environment.yml, README, what is tracked."""

import re
import subprocess
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
