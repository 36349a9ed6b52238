"""Servers, database and people of the tests; the account of skips and minutes."""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest
import zeal.constants
import zeal.patch
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.migrations.state import ProjectState
from django.test.utils import setup_databases, teardown_databases

from config.databases import as_owner
from tests import factories

BUDGETED = ("unit", "database", "browser", "api", "faults")


@pytest.fixture(scope="session")
def servers():
    """The embedded PostgreSQL and Valkey (config.supervision.Running); None when URLs name other servers."""
    if not settings.EMBEDDED:
        yield None
        return
    from config import embedded

    with embedded.start_servers() as running:
        if embedded.servers().database_url != os.environ["DATABASE_URL"]:
            pytest.exit("A stranger took a port of the test servers; new ones are chosen. Run the tests again.")
        _nothing_outlives_the_machine(embedded.servers())
        yield running


def _nothing_outlives_the_machine(servers) -> None:
    """Rows of tests need not. A server that is killed loses nothing by this: what it wrote is with the kernel."""
    from config import embedded

    with embedded.connect(servers) as superuser:
        for setting in ("fsync", "full_page_writes"):
            superuser.execute(f"ALTER SYSTEM SET {setting} = off")
        superuser.execute("SELECT pg_reload_conf()")


_find_reload_model = ProjectState._find_reload_model


def _find_only_it(self, app_label, model_name, delay=False):
    """A field that points nowhere, a constraint or a trigger changes one model, and Django makes the classes of all its
    neighbours anew: two thirds of the time of our migrations. What is put off (is_delayed) is made up for before a
    migration runs Python of its own; SQL asks the neighbours for no more than their names.
    """
    if not delay:
        return _find_reload_model(self, app_label, model_name, delay)
    self.is_delayed = True
    return {(app_label, model_name)}


ProjectState._find_reload_model = _find_only_it


@pytest.fixture(scope="session")
def django_db_setup(servers, django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """The owner makes and drops the test database; every test speaks as the application's role."""
    with django_db_blocker.unblock(), as_owner():
        databases = setup_databases(verbosity=0, interactive=False)
    _deadlocks_are_found_at_once()
    yield
    with django_db_blocker.unblock(), as_owner():
        teardown_databases(databases, verbosity=0)


def _deadlocks_are_found_at_once() -> None:
    """PostgreSQL looks for them after a second of waiting, and tests make a dozen. Only its superuser sets that, and
    of another server we have none: there they are found all the same, a second later each."""
    if settings.EMBEDDED:
        from config import embedded

        name = connection.settings_dict["NAME"]
        with embedded.connect(embedded.servers(), database=name) as superuser:
            superuser.execute(f"ALTER DATABASE \"{name}\" SET deadlock_timeout = '50ms'")


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    """kept(build): what build() makes, made once for a module: in a transaction around its tests, each of which runs in
    a savepoint of its own and leaves nothing to the next. Rules that speak at COMMIT have spoken before the first.

    So rows are as they were built; objects in Python are not: whoever hands them to a test hands it a deep copy.
    """

    def keep(build):
        built = build()
        connection.check_constraints()
        return built

    with django_db_blocker.unblock(), transaction.atomic():
        yield keep
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def zealous():
    """Once: patched twice, zeal counts every query twice."""
    zeal.constants.initialize_app_registry()
    zeal.patch.patch()


execute_sql_flush = DatabaseOperations.execute_sql_flush


def flush_as_owner(self, statements):
    """Empty the tables between tests that commit. Only the owner may, and only after lifting the TRUNCATE guards."""
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 > 0"
            )
            guards = cursor.fetchall()
        lift = [f"ALTER TABLE {table} DISABLE TRIGGER {guard}" for table, guard in guards]
        put_back = [f"ALTER TABLE {table} ENABLE TRIGGER {guard}" for table, guard in guards]
        execute_sql_flush(self, [*lift, *statements, *put_back])


DatabaseOperations.execute_sql_flush = flush_as_owner


@pytest.fixture
def alice(db):
    return factories.person("Alice", "reporter")


@pytest.fixture
def bob(db):
    return factories.person("Bob", "checker")


@pytest.fixture
def carol(db):
    return factories.person("Carol", "editor")


@pytest.fixture
def dave(db):
    """An outsider: he reads the books and touches nothing."""
    return factories.person("Dave", "auditor")


@pytest.fixture
def erin(db):
    return factories.person("Erin", "administrator")


@pytest.fixture
def grace(db):
    """A second checker."""
    return factories.person("Grace", "checker")


@pytest.fixture
def site(settings):
    """A site on 127.0.0.1, opened to fetch()."""
    from tests.fetching.conftest import Site

    settings.FETCH_ALLOW_LOOPBACK = True
    running = Site()
    settings.FETCH_PORTS = {80, 443, running.port}
    yield running
    running.close()


# --- the account -------------------------------------------------------------------------------------------------

seconds: dict[str, float] = defaultdict(float)
skipped: set[str] = set()


def pytest_collection_modifyitems(items):
    for item in items:
        marks = [name for name in BUDGETED if item.get_closest_marker(name)]
        if len(marks) != 1:
            raise pytest.UsageError(f"{item.nodeid} needs exactly one of the marks {', '.join(BUDGETED)}.")


def pytest_runtest_logreport(report):
    """Of runners side by side, all reports come together where they were started."""
    seconds[next(name for name in BUDGETED if name in report.keywords)] += report.duration
    if report.skipped and not hasattr(report, "wasxfail"):
        skipped.add(report.nodeid)


def pytest_sessionfinish(session):
    if hasattr(session.config, "workerinput"):
        return
    if path := os.environ.get("FACTCHECK_MINUTES"):
        file, side_by_side = Path(path), session.config.getoption("numprocesses", None) or 1
        used = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps(used | {name: round(spent / side_by_side, 1) for name, spent in seconds.items()}))
    if os.environ.get("CI") == "true":
        expected = {line for line in (Path(__file__).parent / "skips.txt").read_text().splitlines() if line}
        if skipped != expected:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            session.config.pluginmanager.get_plugin("terminalreporter").write_line(
                f"Skipped tests differ from tests/skips.txt: {sorted(skipped ^ expected)}", red=True
            )
