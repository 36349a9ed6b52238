"""The embedded servers for real: who may do what, what comes back after a kill, and that nothing stays behind."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil
import psycopg
import pytest

from config import embedded, supervision
from config.supervision import Lock, Problem

pytestmark = pytest.mark.faults


@pytest.fixture
def var(tmp_path):
    var = tmp_path / "the var"
    yield var
    supervision.sweep(var)
    embedded.discard(var)


def until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def nothing_runs(var):
    """By the mark in the environment and, independently of it, by who listens on the ports."""
    free = all(supervision.port_is_free(port) for port in embedded.servers(var).ports.values())
    return not supervision.leftovers(var) and free


@contextmanager
def launcher(var):
    """`python -m config.embedded servers` as a process of its own, ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "config.embedded", "servers"],
        cwd=supervision.PROJECT,
        env={**os.environ, "FACTCHECK_VAR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert "are ready" in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_servers_keep_their_promises(var):
    began = time.monotonic()
    with embedded.start_servers(var) as running:
        assert time.monotonic() - began < 10
        known = embedded.servers(var)

        with embedded.connect(known, embedded.APPLICATION) as application:
            for forbidden in ("CREATE TABLE mine (id int)", "CREATE TEMPORARY TABLE mine (id int)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    application.execute(forbidden)
            names = {row[0] for row in application.execute("SELECT extname FROM pg_extension")}
            assert names >= set(embedded.EXTENSIONS)
            assert application.execute("SHOW fsync").fetchone() == ("on",)
            lexemes = application.execute("SELECT to_tsvector('simple', '“Ärger” — café’s')").fetchone()
            assert lexemes == ("'café':2 's':3 'ärger':1",)

        with embedded.connect(known, embedded.OWNER) as owner:
            rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
            assert owner.execute(rights).fetchone() == (False, True, False)
            owner.execute("CREATE TABLE kept (id int)")
            owner.execute("INSERT INTO kept VALUES (1)")
            owner.execute("CREATE DATABASE test_of_owner")
            owner.execute("DROP DATABASE test_of_owner")

        port = known.ports["postgres"]
        for role in (embedded.APPLICATION, "postgres"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(host="127.0.0.1", port=port, user=role, dbname="factcheck", connect_timeout=5)

        with pytest.raises(Problem, match="already running"):
            embedded.start_servers(var)

        killed = running.pid("postgres")
        os.kill(killed, signal.SIGKILL)
        until(lambda: running.pid("postgres") not in (0, killed) and embedded.postgres_answers(known))
        with embedded.connect(known, embedded.OWNER) as owner:
            assert owner.execute("SELECT count(*) FROM kept").fetchone() == (1,)

        before = running.pid("valkey")
        running.restart("valkey")
        assert running.pid("valkey") not in (0, before)

        if os.geteuid() == 0:
            assert psutil.Process(running.pid("postgres")).username() == "nobody"
        for file in var.rglob("*"):
            others = file.stat().st_mode & 0o077
            assert not others or file.parent.stat().st_mode & 0o077 == 0, file
        for log in (var / "logs").iterdir():
            said = log.read_text(errors="replace")
            assert not [name for name, word in known.passwords.items() if word in said], log
            assert known.secret_key not in said, log
    assert nothing_runs(var)
    assert Lock(var).holder() is None

    with embedded.start_servers(var), embedded.connect(known, embedded.OWNER) as owner:
        assert owner.execute("SELECT count(*) FROM kept").fetchone() == (1,)
    assert nothing_runs(var)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_launcher_stops_everything_and_says_so(var, number):
    with launcher(var) as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert out.rstrip().endswith("Stopped.")
        assert nothing_runs(var)


def test_make_stop_stops_it_from_another_terminal(var):
    with launcher(var) as process:
        done = subprocess.run(
            [sys.executable, "-m", "config.embedded", "stop"],
            cwd=supervision.PROJECT,
            env={**os.environ, "FACTCHECK_VAR": str(var)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (0, "Stopped.\n")
        assert process.wait(10) == 0
        assert nothing_runs(var)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_launcher_killed_outright_leaves_nothing_running(var):
    with launcher(var) as process:
        process.kill()
        process.wait()
        until(lambda: nothing_runs(var))


def test_a_supervisor_killed_outright_is_cleaned_up_after(var):
    with launcher(var) as process:
        (supervisor,) = psutil.Process(process.pid).children()
        supervisor.kill()
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "The supervisor was killed" in err
        assert "Traceback" not in err
        assert nothing_runs(var)


def test_a_start_after_both_were_killed_ends_what_they_left(var):
    with launcher(var) as process:
        (supervisor,) = psutil.Process(process.pid).children()
        os.kill(process.pid, signal.SIGSTOP)  # so that it cannot clean up
        supervisor.kill()
        process.kill()
        process.wait()
        assert supervision.leftovers(var)
        with embedded.start_servers(var) as running:
            assert running.pid("postgres")
        assert nothing_runs(var)


def test_a_server_that_keeps_dying_shows_the_end_of_its_log(var):
    embedded.start_servers(var).stop()
    at = embedded.cluster.place(var, embedded.servers(var).id)
    (at.data / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(Problem, match=r"postgres stops as soon as it is started[\s\S]*no_such_setting"):
        embedded.start_servers(var)
    assert nothing_runs(var)
