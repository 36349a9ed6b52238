"""`python -m config.embedded run|servers|walkthrough|stop`: start the desk, keep it running, stop it.

run          the whole desk: servers (unless DATABASE_URL and REDIS_URL name others), web, worker, beat, sample data
servers      PostgreSQL and Valkey only
walkthrough  writes docs/walkthrough.md, beside a running desk or a worker of its own
stop         what runs on this var folder
"""

import errno
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Collection
from pathlib import Path

import environ

from config import embedded
from config.cluster import user_name
from config.supervision import (
    PROJECT,
    STOP,
    Interrupted,
    Lock,
    Problem,
    Program,
    Running,
    leftovers,
    pause,
    port_is_free,
    short,
    sweep,
)

QUEUES = "interactive,read,find,webhooks,fetch,bulk"


def say(text: str) -> None:
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError:
        pass  # the terminal is gone, and we are about to stop because of it


def own_servers() -> bool:
    """False when both URLs are given and so somebody else's servers are used. Problem when only one is."""
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if len(given) == 1:
        missing = {"DATABASE_URL": "REDIS_URL", "REDIS_URL": "DATABASE_URL"}[given[0]]
        raise Problem(
            f"{given[0]} is set and {missing} is not. "
            "Set both to use your own servers, or neither to use the embedded ones."
        )
    return not given


def web_port() -> int:
    """PORT, when it is a number that we can listen on."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Problem(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = int(text)
    try:
        taken = not all(port_is_free(port, host) for host in web_hosts())
    except PermissionError:
        raise Problem(f"Port {port} is reserved for root. Take one above 1023: PORT=8001 make run") from None
    if taken:
        other = 8001 if port != 8001 else 8002
        raise Problem(f"Port {port} is in use by another program. Take another one: PORT={other} make run")
    return port


def web_hosts() -> list[str]:
    """`localhost` may mean either of these; a machine without IPv6 has the first only."""
    try:
        return ["127.0.0.1", "::1"] if port_is_free(0, "::1") else ["127.0.0.1"]
    except OSError:  # not even a socket of that kind
        return ["127.0.0.1"]


def desk_programs(var: Path, port: int) -> list[Program]:
    """Beside the servers. They wait until the tables are there; the web server is the last to start, first to stop."""
    python = [short(sys.executable), "-m"]
    (var / "beat").mkdir(mode=0o700, exist_ok=True)
    binds = [
        part for host in web_hosts() for part in ("--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    ]
    celery = [*python, "celery", "--app", "config"]
    worker = ["worker", "--queues", QUEUES, "--concurrency", "2", "--optimization", "fair"]
    quiet = ["--without-mingle", "--without-gossip", "--loglevel", "INFO"]
    beat = ["beat", "--schedule", short(var / "beat/schedule"), "--loglevel", "INFO"]
    web = ["gunicorn", "config.wsgi", *binds, "--workers", "2", "--threads", "4", "--timeout", "60"]
    # Bytes of the first line and of one header, and how many headers; config/wsgi.py limits the body.
    limits = ["--limit-request-line", "8190", "--limit-request-field_size", "8190", "--limit-request-fields", "64"]
    return [
        # A task that is cut off after these seconds is not lost: its job's lease ends, and it is done again.
        Program("worker", [*celery, *worker, *quiet], stop_seconds=20, starts_alone=False),
        Program("beat", [*celery, *beat], stop_seconds=10, starts_alone=False),
        Program(
            "web",
            [*python, *web, *limits, "--graceful-timeout", "10", "--no-control-socket"],
            starts_alone=False,
            ready=lambda: desk_answers(port),
        ),
    ]


def manage(*arguments: str, log: Path | None = None, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Run manage.py to its end. With a log it is quiet unless it fails. meanwhile is called while it runs."""
    out = log.open("wb") if log else None
    # A session of its own: Ctrl-C reaches us alone, and we stop it.
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", *arguments], cwd=PROJECT, stdout=out, stderr=out, start_new_session=True
    )
    try:
        while process.poll() is None:
            meanwhile()
            pause()
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if out:
            out.close()
    if process.returncode:
        raise Problem(f"`manage.py {arguments[0]}` failed.{reason(log) if log else ''}")


def reason(log: Path) -> str:
    """What a failed command said last, without the traceback above it."""
    lines = log.read_text(errors="replace").rstrip().splitlines()
    starts = [i for i, line in enumerate(lines) if re.match(r"[\w.]+(Error|Exception|Configured)\b", line)]
    said = "\n".join(lines[starts[-1] :] if starts else lines[-5:])
    full = " The disk is full." if "No space left on device" in said else ""
    return f"{full}\n    {said.strip()[:2000]}\nAll of it is in {log}"


def desk_answers(port: int) -> bool | str:
    """Whether the desk itself says that it is ready, or what it says instead."""
    name = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz/ready", headers={"Host": name})
        response = connection.getresponse()
        text = response.read(2000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return "It does not answer."
    finally:
        connection.close()
    return response.status == 200 or f"It answers {response.status}: {text}"


class Watch:
    """Says when a program had to be started again, and what it said last when that happens three times in a minute."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.pids = dict.fromkeys(running.programs, 0)
        self.deaths: dict[str, deque[float]] = {name: deque(maxlen=3) for name in running.programs}
        self.told: set[str] = set()
        self.next_look = 0.0

    def look(self, *, give_up: bool = False) -> None:
        """At most once a second. give_up: a program that keeps stopping is a Problem, not only a line."""
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + 1
        if not self.running.alive():
            raise Problem(f"The supervisor was killed; what it ran is stopped too.{self.running.tail('supervisord')}")
        try:
            now = {name: self.running.pid(name) for name in self.running.programs}
        except (OSError, http.client.HTTPException):
            return  # it died just now, or is too busy to answer
        for name, pid in now.items():
            if not pid or pid == self.pids[name]:
                continue
            if self.pids[name]:
                self.died(name, give_up)
            self.pids[name] = pid

    def died(self, name: str, give_up: bool) -> None:
        deaths = self.deaths[name]
        deaths.append(time.monotonic())
        if len(deaths) < 3 or deaths[-1] - deaths[0] > 60:
            self.told.discard(name)
            say(f"{name} stopped and was started again.")
            return
        sentence = f"{name} keeps stopping.{self.running.tail(name)}"
        if give_up:
            raise Problem(sentence)
        if name not in self.told:  # once, until it has had a quiet minute
            self.told.add(name)
            say(sentence)


def serve(running: Running) -> None:
    """Until somebody stops us."""
    watch = Watch(running)
    while True:
        watch.look()
        pause(0.5)


def start_desk_only(var: Path, programs: list[Program]) -> Running:
    """Web, worker and beat under a supervisor; the servers are somebody else's."""
    lock = Lock(var)
    lock.take()
    try:
        sweep(var)
        known = embedded.with_free_ports(var, ())
        return Running(programs, var, known.ports["control"], known.passwords["control"], lock)
    except BaseException:
        lock.release()
        raise


def under_supervision(var: Path, programs: list[Program], ports: Collection[int], own: bool) -> Running:
    """The programs, and our own servers when there are no others. Migrated; the programs still have to be started."""
    if own:
        say("Starting PostgreSQL and Valkey …")
        running = embedded.start_servers(var, programs, ports)
    else:
        say("Using the servers in DATABASE_URL and REDIS_URL …")
        os.environ.setdefault("SECRET_KEY", embedded.servers(var).secret_key)
        running = start_desk_only(var, programs)
    try:
        manage("migrate", "--noinput", log=var / "logs/migrate.log")
    except BaseException:
        running.stop()
        raise
    return running


def run() -> None:
    own, var = own_servers(), embedded.folder()
    if holder := Lock(var).holder():  # before the port, which it is the one to use
        raise Problem(f"The desk is already running (process {holder}) on {var}. `make stop` stops it.")
    port = web_port()
    with under_supervision(var, desk_programs(var, port), {port}, own) as running:
        try:
            say("Starting web, worker and beat …")
            running.start("worker", "beat", "web")
            running.wait("web")
            watch = Watch(running)  # a worker that dies again and again would let the next command wait for ever
            manage("loadseeds", meanwhile=lambda: watch.look(give_up=True))
            say(f"\nThe desk is open at http://localhost:{port} (Ctrl-C stops it; logs are in {short(var)}/logs).")
            serve(running)
        finally:
            say("\nStopping …")


def walkthrough() -> None:
    """`manage.py walkthrough` beside a running desk, or beside a worker of its own."""
    own, var = own_servers(), embedded.folder()
    if Lock(var).holder():
        manage("walkthrough")
        return
    workers = [program for program in desk_programs(var, 0) if program.name != "web"]
    with under_supervision(var, workers, (), own) as running:
        running.start("worker", "beat")
        watch = Watch(running)
        manage("walkthrough", meanwhile=lambda: watch.look(give_up=True))


def serve_servers() -> None:
    with embedded.start_servers() as running:
        say(f"PostgreSQL and Valkey are ready (Ctrl-C stops them). Their addresses are in {running.var}/embedded.json.")
        try:
            serve(running)
        finally:
            say("\nStopping …")


def stop() -> None:
    var = embedded.folder()
    lock = Lock(var)
    holder, orphans = lock.holder(), leftovers(var)
    if holder:
        os.kill(holder, signal.SIGTERM)
        for _ in range(1200):
            if not lock.holder():
                break
            time.sleep(0.1)
        else:
            raise Problem(f"Process {holder} does not stop.")
    sweep(var)
    say("Stopped." if holder or orphans else f"Nothing runs on {var}.")


def in_words(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{where}."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"This user ({user_name(os.geteuid())}) may not write here{where}."
    return f"The system refused{where}: {error.strerror or error}."


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that cannot show a dash gets a question mark
    commands = {"run": run, "servers": serve_servers, "walkthrough": walkthrough, "stop": stop}
    if len(arguments) != 1 or arguments[0] not in commands:
        sys.stderr.write(f"usage: python -m config.embedded {'|'.join(commands)}\n")
        return 2
    environ.Env.read_env(PROJECT / ".env")
    os.environ.setdefault("DEBUG", "1")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: STOP.set())
    try:
        commands[arguments[0]]()
    except Interrupted:
        say("Stopped.")
    except Problem as problem:
        sys.stderr.write(f"\n{problem}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"\n{in_words(error)}\n")
        return 1
    return 0
