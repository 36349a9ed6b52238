"""Saved views of the queue. One's own way of working, and no part of the trail."""

from typing import Any

from django.db import connection

from factcheck.exceptions import BadInput
from factcheck.models import Claim, ClaimFilter, SavedView, User
from factcheck.permissions import require
from factcheck.workflow.transitions import change
from factcheck.workflow.words import one_line

COUNTED = 100
"""Claims of a view that are counted: of more, it is only told that there are more."""


def save(wanted: ClaimFilter, *, by: User, name: str, shared: bool = False) -> SavedView:
    """Under a name that is one's own already, in the place of what it meant. Raises NotAllowed, BadInput."""
    require(by, "save a view")
    name, query = one_line("name", name).strip(), wanted.query()
    longest = SavedView._meta.get_field("name").max_length or 0
    if not name:
        raise BadInput("Give the view a name.")
    if len(name) > longest:
        raise BadInput(f"The name of a view has at most {longest} characters.")
    with change():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if SavedView.objects.filter(owner=by).exclude(name=name).count() >= SavedView.MOST:
            raise BadInput(f"You have {SavedView.MOST} views, and no more are kept. Remove one first.")
        view, _new = SavedView.objects.update_or_create(
            owner=by, name=name, defaults={"query": query, "shared": shared}
        )
    return view


def remove(view: SavedView, *, by: User) -> None:
    """One's own; an editor also removes what is shared. Raises NotAllowed."""
    require(by, "remove a view", view)
    with change():
        SavedView.objects.filter(pk=view.pk).delete()


def counts(wanted: list[ClaimFilter], user: Any) -> list[int]:
    """How many claims each of them has for this reader, COUNTED at most. One statement, however many."""
    if not wanted:
        return []
    queries = [
        each.among(Claim.objects.all(), user).order_by().values("pk")[:COUNTED].query.sql_with_params()
        for each in wanted
    ]
    sql = ", ".join(f"(SELECT count(*) FROM ({query}) AS capped)" for query, _ in queries)  # noqa: S608 - Django's own
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", [value for _, values in queries for value in values])
        row = cursor.fetchone()
    return list(row or ())
