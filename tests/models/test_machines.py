"""The state machines, tried as the application's role: born in the first status, moved along the drawn arrows, kept."""

import re
from contextlib import nullcontext

import pytest
from django.db import connection, models, transaction

from factcheck.exceptions import InvalidTransition
from factcheck.workflow.transitions import move
from tests import factories
from tests.models.asking import ask, insertion, no_right, refused_by, settle, two_roles, update, values
from tests.models.machines import MACHINES

pytestmark = [pytest.mark.database, pytest.mark.django_db]

STATUSES = [(name, status) for name, machine in MACHINES.items() for status in machine.statuses]
PAIRS = [(name, *pair) for name, machine in MACHINES.items() for pair in machine.pairs()]
ARROWS = [pair for pair in PAIRS if pair[2] in MACHINES[pair[0]].model.TRANSITIONS[pair[1]]]
MOVED = [name for name in MACHINES if name != "job"]  # a job is moved by workflow/jobs.py, under its lease


def raw(machine, row, **fields):
    ask(*update(row, **fields))


def orm(machine, row, **fields):
    machine.model.objects.filter(pk=row.pk).update(**fields)


def saved(machine, row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def upsert(machine, row, **fields):
    proposed = machine.fresh()
    proposed.pk = row.pk
    sql, *parameters = update(row, **fields)
    assignments = sql[sql.index(" SET ") : sql.index(" WHERE ")]
    ask(*insertion(proposed, f"ON CONFLICT (id) DO UPDATE {assignments}", *parameters[:-1]))


def merge(machine, row, **fields):
    table = machine.model._meta.db_table
    sql, *parameters = update(row, **fields)
    assignments = sql[sql.index(" SET ") : sql.index(" WHERE ")]
    ask(
        f"MERGE INTO {table} USING (SELECT %s::bigint AS key) AS one ON {table}.id = one.key"
        f" WHEN MATCHED THEN UPDATE {assignments}",
        row.pk,
        *parameters[:-1],
    )


DOORS = [raw, orm, saved, upsert, merge]


@pytest.mark.parametrize(("name", "start", "end"), ARROWS)
def test_a_drawn_arrow_can_be_gone_through_every_door(name, start, end):
    machine = MACHINES[name]
    row = machine.walked_to(start)
    for door in DOORS:
        with transaction.atomic():
            door(machine, row, **{machine.column: end}, **machine.beside(row, end))
            machine.after(row, end)
            settle()
            assert machine.status(row) == end, door
            transaction.set_rollback(True)
        assert machine.status(row) == start


@pytest.mark.parametrize(("name", "start"), STATUSES)
def test_an_arrow_that_is_not_drawn_cannot_be_gone_through_any_door(name, start):
    machine = MACHINES[name]
    row = machine.walked_to(start)
    for end in set(machine.statuses) - machine.model.TRANSITIONS[start] - {start}:
        for door in DOORS:
            with refused_by(machine.rule):
                door(machine, row, **{machine.column: end}, **machine.beside(row, end))
            assert machine.status(row) == start


@pytest.mark.parametrize(("name", "status"), STATUSES)
def test_no_status_becomes_one_that_nobody_has_drawn(name, status):
    machine = MACHINES[name]
    row = machine.walked_to(status)
    with refused_by(machine.rule):
        ask(*update(row, **{machine.column: "done well"}))


@pytest.mark.parametrize("door", ["raw", "orm", "copy"])
@pytest.mark.parametrize(("name", "status"), STATUSES)
def test_a_row_is_born_in_its_first_status_only(name, status, door):
    machine = MACHINES[name]
    row = machine.fresh()
    born = {"orm": models.Model.save, "raw": lambda row: ask(*insertion(row)), "copy": copied}[door]
    with nullcontext() if status == machine.first else refused_by(machine.birth):
        for field, value in {machine.column: status, **machine.beside(row, status)}.items():
            setattr(row, field, value)
        born(row)
        settle()
    assert machine.model.objects.filter(**{machine.column: status}).exists() is (status == machine.first)


def copied(row):
    """COPY … FROM STDIN of one unsaved row."""
    cells = values(row)
    columns = ", ".join(f'"{column}"' for column in cells)
    sql = f"COPY {row._meta.db_table} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.write_row(list(cells.values()))


@pytest.mark.parametrize("name", MOVED)
def test_a_row_is_born_in_version_one(name):
    machine = MACHINES[name]
    row = machine.fresh()
    row.version = 7
    with refused_by(machine.birth):
        row.save()


def test_a_job_is_born_untried():
    job = MACHINES["job"].fresh()
    job.attempts = 1
    with refused_by("jobs_are_born_queued"):
        job.save()


@pytest.mark.parametrize("door", ["raw", "orm"])
@pytest.mark.parametrize("name", MACHINES)
def test_a_row_is_never_deleted(name, door):
    machine = MACHINES[name]
    row = factories.draft(factories.person("Alice")) if name == "review" else machine.start()  # nothing rests on it
    with refused_by(machine.stays):
        if door == "raw":
            ask(f"DELETE FROM {machine.model._meta.db_table} WHERE id = %s", row.pk)
        else:
            row.delete()


@two_roles
@pytest.mark.parametrize("name", MACHINES)
def test_no_table_of_a_machine_is_truncated(name):
    with no_right():
        ask(f"TRUNCATE {MACHINES[name].model._meta.db_table} CASCADE")


@pytest.mark.parametrize("name", MACHINES)
def test_the_drawing_in_the_docstring_shows_exactly_the_arrows(name):
    model = MACHINES[name].model
    drawn = {}
    for line in model.__doc__.splitlines():
        picture = re.split(r"\s{2,}", line.strip())[0]
        if "──►" not in picture:
            continue
        first, *rest = re.split(r"\s+(◄?──►)\s+", picture)
        stations, shafts = [first, *rest[1::2]], rest[0::2]
        for left, shaft, right in zip(stations, shafts, stations[1:], strict=False):
            for start in left.split(", "):
                for end in right.split(", "):
                    arrows = [(start, end), (end, start)] if shaft == "◄──►" else [(start, end)]
                    for arrow in arrows:
                        assert arrow not in drawn, f"{arrow} is drawn twice"
                        drawn[arrow] = line
    assert set(drawn) == {(start, end) for start, ends in model.TRANSITIONS.items() for end in ends}


@pytest.mark.parametrize("name", MACHINES)
def test_every_status_has_a_name_and_a_place_in_the_machine(name):
    machine = MACHINES[name]
    choices = {value for value, _ in machine.model._meta.get_field(machine.column).choices}
    assert choices == set(machine.model.TRANSITIONS)
    assert {end for ends in machine.model.TRANSITIONS.values() for end in ends} <= choices


@pytest.mark.parametrize(("name", "start", "end"), [arrow for arrow in ARROWS if arrow[0] in MOVED])
def test_move_goes_along_a_drawn_arrow(name, start, end, bob):
    machine = MACHINES[name]
    row = machine.walked_to(start)
    move(row, end, by=bob, seen=row.version, **machine.beside(row, end))
    machine.after(row, end)
    settle()
    assert machine.status(row) == end


@pytest.mark.parametrize(("name", "start"), [(name, start) for name, start in STATUSES if name in MOVED])
def test_move_goes_along_no_other_arrow(name, start, bob):
    machine = MACHINES[name]
    row = machine.walked_to(start)
    for end in set(machine.statuses) - machine.model.TRANSITIONS[start]:
        with pytest.raises(InvalidTransition):
            move(row, end, by=bob, seen=row.version)
        assert machine.status(row) == start
