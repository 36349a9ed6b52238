"""`config/install.py`: what it says when it cannot go on, and when it has nothing to do."""

import ast
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from config import install

pytestmark = pytest.mark.unit

PYTHON = (3, 12, 1)
RUN = ["requirements.txt", "requirements-embedded.txt"]
ALL = [*RUN, "requirements-dev.txt"]
Usage = namedtuple("Usage", "total used free")


class Machine:
    """A project folder, with pip and venv replaced by notes of what was asked of them."""

    def __init__(self, root):
        self.root, self.done = root, []
        for name in ALL:
            (root / name).write_text(f"{name}==1\n")

    def make_venv(self, venv):
        self.done.append("venv")
        (venv / "bin").mkdir(parents=True, exist_ok=True)
        (venv / "bin" / "python").touch()

    def pip_install(self, venv, root, names):
        self.done.append(list(names))

    def install(self, names, version=PYTHON):
        self.done.clear()
        install.install(self.root, names, version)
        return list(self.done)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    machine = Machine(tmp_path)
    monkeypatch.setattr(install, "make_venv", machine.make_venv)
    monkeypatch.setattr(install, "pip_install", machine.pip_install)
    monkeypatch.setattr(install, "is_usable", lambda venv, wanted: install.read_stamp(venv)["path"] == wanted["path"])
    monkeypatch.setattr(install.shutil, "disk_usage", lambda path: Usage(10**12, 0, 10**12))
    return machine


def test_it_can_be_read_by_a_python_that_it_refuses():
    ast.parse(Path(install.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 14, 0)])
def test_another_python_gets_a_sentence(version, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", version)
    assert install.main(RUN) == 1
    said = capsys.readouterr().err
    assert f"needs Python 3.11, 3.12 or 3.13, and this is Python {'.'.join(map(str, version))}." in said
    assert "Traceback" not in said


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_the_supported_ones_pass(version):
    install.refuse_python(version)


def test_a_python_without_venv_names_the_package(machine, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(install.Problem, match=r"apt-get install python3-venv \(or python3\.12-venv"):
        machine.install(RUN)
    assert not (machine.root / ".venv").exists()


def test_a_full_disk_is_said_before_anything_is_made(machine, monkeypatch):
    monkeypatch.setattr(install.shutil, "disk_usage", lambda path: Usage(10**12, 10**12, 5_000_000))
    with pytest.raises(install.Problem, match=r"The disk is full: .* 5 MB are free"):
        machine.install(RUN)
    assert machine.done == []


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("ERROR: Could not install: [Errno 13] Permission denied: '.venv/lib'", "may not write"),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: No matching distribution found for django==5.2.19",
            "registry cannot be reached",
        ),
        ("ERROR: No matching distribution found for numpy==2.4.6", "would need a compiler"),
        ("error: command 'gcc' failed: No such file or directory", "would need a compiler"),
        ("something unheard of", "could not be installed"),
    ],
)
def test_what_pip_said_becomes_a_sentence(output, sentence):
    assert sentence in install.explain(output)


def test_the_first_time_makes_the_environment_and_fills_it(machine):
    assert machine.install(RUN) == ["venv", RUN]


def test_the_second_time_does_nothing(machine):
    machine.install(RUN)
    assert machine.install(RUN) == []


def test_what_make_test_installed_is_enough_for_make_run(machine):
    machine.install(ALL)
    assert machine.install(RUN) == []


def test_make_test_after_make_run_adds_to_the_environment(machine):
    machine.install(RUN)
    assert machine.install(ALL) == [ALL]
    assert machine.install(RUN) == machine.install(ALL) == []


def test_changed_pins_are_installed(machine):
    machine.install(RUN)
    (machine.root / "requirements.txt").write_text("django==6\n")
    assert machine.install(RUN) == [RUN]


def test_another_version_of_python_makes_the_environment_anew(machine, monkeypatch):
    machine.install(RUN)
    monkeypatch.setattr(install, "is_usable", lambda venv, wanted: False)
    assert machine.install(RUN, (3, 13, 0)) == ["venv", RUN]


def test_a_moved_project_makes_the_environment_anew(machine):
    machine.install(RUN)
    moved = machine.root.with_name("moved")
    machine.root.rename(moved)
    machine.root = moved
    assert machine.install(RUN) == ["venv", RUN]


def test_an_environment_whose_python_was_removed_is_not_current(machine):
    machine.install(RUN)
    (machine.root / ".venv/bin/python").unlink()
    assert machine.install(RUN)[-1] == RUN


def test_an_environment_that_no_longer_runs_is_not_usable(tmp_path):
    wanted = {"python": "3.12", "path": str(tmp_path), "files": {}}
    assert not install.is_usable(tmp_path, wanted)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to("/nowhere/python3.12")
    assert not install.is_usable(tmp_path, wanted)


@pytest.mark.parametrize("error", [KeyboardInterrupt, install.Problem("The disk is full.")])
def test_an_installation_that_did_not_end_is_begun_again(machine, monkeypatch, error):
    machine.install(RUN)
    (machine.root / "requirements.txt").write_text("django==6\n")

    def broken(*arguments):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(install, "pip_install", broken)
        with pytest.raises((KeyboardInterrupt, install.Problem)):
            machine.install(RUN)
    assert machine.install(RUN)[-1] == RUN


def test_a_missing_file_of_pins_is_named(machine):
    with pytest.raises(install.Problem, match=r"requirements-other\.txt cannot be read"):
        machine.install(["requirements-other.txt"])
