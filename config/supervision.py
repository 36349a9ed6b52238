"""One supervisor over a few programs: how it is started, asked, waited for and stopped.

Nothing here knows what the programs are; config/embedded.py does. Only the standard library is imported.
"""

import fcntl
import hashlib
import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import xmlrpc.client
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
MARK = "FACTCHECK_SUPERVISED"  # in the environment of all that a supervisor of ours started: how leftovers are found
STOP = threading.Event()  # set by the command's signal handlers; every wait looks at it

# supervisord must not outlive its launcher, not even one that was SIGKILLed: Linux sends it SIGTERM then (prctl 1).
GUARDED_SUPERVISORD = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 15)
if os.getppid() == int(sys.argv.pop(1)):
    from supervisor.supervisord import main
    main()
"""


class Problem(Exception):
    """Something the person at the keyboard can do something about; the message is a plain sentence."""


class Interrupted(Exception):
    """Somebody asked us to stop while we were waiting."""


def pause(seconds: float = 0.05) -> None:
    if STOP.wait(seconds):
        raise Interrupted


@dataclass(frozen=True)
class Program:
    """One program under the supervisor. They start in the order of the list and stop in the opposite one."""

    name: str
    command: list[str]
    directory: Path | None = None
    user: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = 20
    starts_alone: bool = True
    ready: Callable[[], bool | str] | None = None  # a sentence says why not yet; without it, running is enough


# --- ports -----------------------------------------------------------------------------------------------------


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        # As servers do: a connection that is only fading away does not count, a listener does.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def free_port(avoid: Collection[int] = ()) -> int:
    """A free port of the loopback below 32768: above it the kernel hands ports to outgoing connections, and a server
    that is restarted a week later could find its own taken."""
    for _ in range(2000):
        port = 20_000 + int.from_bytes(os.urandom(4)) % 12_000
        if port not in avoid and port_is_free(port):
            return port
    raise Problem("No free port was found between 20000 and 32000 on this machine.")


# --- what runs already -----------------------------------------------------------------------------------------


class Lock:
    """Held by whoever runs programs on a var folder. The kernel lets go of it however the process ends."""

    def __init__(self, var: Path) -> None:
        self.path = var / "run.lock"
        self.file: int | None = None

    def take(self) -> None:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise Problem(
                f"The desk is already running (process {self.holder()}) on {self.path.parent}. `make stop` stops it."
            ) from None
        os.truncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        self.file = file

    def holder(self) -> int | None:
        """The process that holds the lock, or None."""
        try:
            file = os.open(self.path, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(os.pread(file, 20, 0) or 0)
        finally:
            os.close(file)
        return None

    def release(self) -> None:
        if self.file is not None:
            os.close(self.file)
            self.file = None


def mark_of(var: Path) -> str:
    return hashlib.sha256(os.fsencode(var)).hexdigest()[:24]


def leftovers(var: Path) -> dict[int, bytes]:
    """pid → command line of every process that a supervisor on this var folder started and that still runs."""
    wanted, found = f"{MARK}={mark_of(var)}".encode(), {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0") and int(folder.name) != os.getpid():
                found[int(folder.name)] = (folder / "cmdline").read_bytes()
        except OSError:  # gone meanwhile, or another user's
            continue
    return {pid: command for pid, command in found.items() if command}  # a zombie has no command line


def sweep(var: Path) -> None:
    """Stop what a supervisor that died has left behind: first by asking, in the end by force."""
    for seconds, force in ((60, False), (10, True)):
        told: set[int] = set()
        for _ in range(seconds * 20):
            running = leftovers(var)
            if not running:
                return
            # A supervisor stops its programs in their order; only without one do we speak to them ourselves.
            heads = {pid for pid, command in running.items() if b"supervisor.supervisord" in command}
            for pid in (heads if heads and not force else set(running)) - told:
                polite = signal.SIGINT if b"/postgres\0" in running[pid] else signal.SIGTERM
                try:
                    os.kill(pid, signal.SIGKILL if force else polite)
                except ProcessLookupError:
                    pass
                told.add(pid)
            time.sleep(0.05)


# --- the supervisor --------------------------------------------------------------------------------------------


def short(path: str | Path) -> str:
    """A path inside the project as seen from the project (where supervisord runs), any other one as it is."""
    path = Path(path)
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def _value(text: str) -> str:
    """Written so that supervisor's parser reads it back: it expands %, and cuts a value at ' ;' and ' #'."""
    if re.search(r"[\r\n]|\s[;#]", text):
        raise Problem(
            f"The path {text!r} has a line break or a blank before ; or # in it, which supervisor cannot read."
        )
    return text.replace("%", "%%")


def configuration(programs: Iterable[Program], var: Path, port: int, password: str, *, root: bool) -> str:
    """The text of supervisord.conf."""
    log, secret = short(var / "logs"), hashlib.sha1(password.encode()).hexdigest()  # noqa: S324 (supervisor's format)
    lines = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        f"logfile={_value(f'{log}/supervisord.log')}",
        "logfile_maxbytes=5MB",
        "logfile_backups=2",
        f"pidfile={_value(short(var / 'supervisord.pid'))}",
        f"childlogdir={_value(log)}",
        *(["user=root"] if root else []),
        "",
        # A port and not a socket file: the path of a socket may have 107 characters, a project's often has more.
        "[inet_http_server]",
        f"port=127.0.0.1:{port}",
        "username=desk",
        f"password={{SHA}}{secret}",
        "",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
    ]
    for priority, program in enumerate(programs, start=1):
        lines += [
            "",
            f"[program:{program.name}]",
            f"command={_value(shlex.join(program.command))}",
            *([f"directory={_value(str(program.directory))}"] if program.directory else []),
            *([f"user={program.user}"] if program.user else []),
            "umask=077",
            f"priority={priority * 10}",
            f"autostart={str(program.starts_alone).lower()}",
            "autorestart=true",
            "startsecs=1",
            "startretries=1000000",  # the default gives up after four starts in seven seconds
            f"stopsignal={program.stop_signal}",
            f"stopwaitsecs={program.stop_seconds}",
            # The head of each program stops its own children in order; a signal to all of them would cut tasks short.
            "stopasgroup=false",
            "killasgroup=true",
            "redirect_stderr=true",
            f"stdout_logfile={_value(_value(f'{log}/{program.name}.log'))}",  # the one value it expands twice
            "stdout_logfile_maxbytes=5MB",
            "stdout_logfile_backups=3",
        ]
    return "\n".join(lines) + "\n"


class Running:
    """A supervisor that we started. `with` it, or call stop(): then all its programs end, the last one first."""

    def __init__(self, programs: list[Program], var: Path, port: int, password: str, lock: Lock) -> None:
        self.programs = {program.name: program for program in programs}
        self.var, self.lock = var, lock
        self._address = f"http://desk:{password}@127.0.0.1:{port}/RPC2"
        logs = var / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        config = var / "supervisord.conf"
        text = configuration(programs, var, port, password, root=os.geteuid() == 0)
        config.touch(mode=0o600)
        config.write_text(text, encoding="utf-8")
        with (logs / "supervisord.out").open("wb") as out:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-c", GUARDED_SUPERVISORD, str(os.getpid()), "-c", short(config)],
                cwd=PROJECT,
                env={**os.environ, MARK: mark_of(var), "FACTCHECK_VAR": str(var), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C reaches us alone; we pass it on
            )
        try:
            self._until(self._answers, "supervisord", 30)
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _ask(self, method: str, *arguments: Any) -> Any:
        with xmlrpc.client.ServerProxy(self._address) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)

    def _answers(self) -> bool:
        return bool(self._ask("getState"))

    def alive(self) -> bool:
        return self.process.poll() is None

    def info(self, name: str) -> dict[str, Any]:
        info: dict[str, Any] = self._ask("getProcessInfo", name)
        return info

    def pid(self, name: str) -> int:
        """The program's process, or 0 while it has none."""
        return int(self.info(name)["pid"])

    def start(self, *names: str) -> None:
        for name in names:
            self._ask("startProcess", name, False)

    def restart(self, name: str) -> None:
        """Stop it, start it, and come back when it answers again."""
        try:
            self._ask("stopProcess", name)
        except xmlrpc.client.Fault:  # it was not running
            pass
        self.start(name)
        self.wait(name)

    def wait(self, name: str, seconds: float = 60) -> None:
        """Until the program says that it is ready. Problem, with the end of its log, when it keeps dying instead."""
        ready = self.programs[name].ready or (lambda: self.info(name)["statename"] == "RUNNING")
        deaths, before = 0, ""

        def check() -> bool | str:
            nonlocal deaths, before
            answer = ready()
            if answer is True:
                return True
            state = self.info(name)["statename"]
            deaths += state != before and state in ("BACKOFF", "EXITED", "FATAL")
            before = state
            if deaths >= 3:
                raise Problem(f"{name} stops as soon as it is started.{self.tail(name)}")
            return answer

        self._until(check, name, seconds)

    def _until(self, check: Callable[[], bool | str], name: str, seconds: float) -> None:
        end, answer = time.monotonic() + seconds, ""
        while True:
            try:
                answer = self.alive() and check()
                if answer is True:
                    return
            except (OSError, http.client.HTTPException):
                pass  # the supervisor died just now, or is too busy to answer
            if not self.alive():
                file = "supervisord.out" if (self.var / "logs/supervisord.out").stat().st_size else "supervisord.log"
                raise Problem(f"The supervisor stopped.{self.tail('supervisord', file)}")
            if time.monotonic() > end:
                says = f" {answer}" if answer else ""
                raise Problem(f"{name} did not get ready within {seconds:.0f} seconds.{says}{self.tail(name)}")
            pause()

    def tail(self, name: str, file: str = "", lines: int = 12) -> str:
        """The end of a program's log, as a paragraph to put behind a sentence."""
        path = self.var / "logs" / (file or f"{name}.log")
        try:
            text = path.read_bytes()[-20_000:].decode(errors="replace").rstrip()
        except OSError:
            return ""
        if "No space left on device" in text[-5000:]:
            return " The disk is full: make room on it and start again."
        last = "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
        return f"\nThe last lines of {path}:\n{last}" if last else ""

    def stop(self) -> None:
        """Stop every program in order and wait for it. Calling it twice is harmless."""
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(30 + sum(program.stop_seconds for program in self.programs.values()))
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.lock.file is not None:
            sweep(self.var)
            self.lock.release()
