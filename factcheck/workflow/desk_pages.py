"""The pages on which the desk says how it works: written as versions, each of which stays."""

import hashlib
from collections.abc import Iterable, Mapping

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from factcheck.exceptions import BadInput, Conflict
from factcheck.models import AuditEntry, Desk, DeskPage, User
from factcheck.permissions import require
from factcheck.workflow.transitions import change
from factcheck.workflow.words import one_line, words

Kind = DeskPage.Kind
LONGEST_CHECKLIST = 30  # steps; every review answers each


def template(kind: str, desk: Desk) -> str:
    """What a public page may begin with; what the desk has to fill in stands as [[Say here …]]. "" for the others."""
    if kind not in DeskPage.PUBLIC:
        return ""
    return render_to_string(f"factcheck/desk_pages/{kind}.md", {"desk": desk.name}).strip()


def begin(desk: Desk, texts: Mapping[str, str], checklist: list[str]) -> None:
    """The first version of each public page of a new desk, from texts (by kind) or a template. In the caller's
    transaction."""
    for kind in DeskPage.PUBLIC:
        steps = checklist if kind == Kind.METHOD else []
        text = texts.get(kind) or template(kind, desk)
        DeskPage.objects.create(desk=desk, kind=kind, version=1, text=text, checklist=steps)


def write(kind: str, *, by: User, seen: int, text: str, checklist: Iterable[str] = ()) -> DeskPage:
    """The next version of a page. seen: the version that was read, 0 when there was none. checklist: of the method, the
    steps that every review answers from now on.

    Raises NotAllowed, BadInput (also when it says what stands there already), Conflict.
    """
    require(by, "write a page of the desk")
    if kind not in Kind.values:
        raise BadInput(_("There is no such page."))
    text = words("text", text, needed=True)
    steps = _steps(checklist) if kind == Kind.METHOD else []
    with change() as act:
        desk = Desk.objects.select_for_update(no_key=True).first()  # two who write at once: one after the other
        if desk is None:
            raise BadInput(_("The desk has no name yet: set it up first."))
        newest = desk.pages.filter(kind=kind).newest().first()
        if (newest.version if newest else 0) != seen:
            raise Conflict(_("Somebody else has written this page in the meantime. Nothing was saved."))
        if newest and (newest.text, newest.checklist) == (text, steps):
            raise BadInput(_("This is what the page says already."))
        said = {"text": text, "checklist": steps}
        page = DeskPage.objects.create(desk=desk, kind=kind, version=seen + 1, written_by=by, **said)
        sha256 = hashlib.sha256("\n".join([text, *steps]).encode()).hexdigest()
        AuditEntry.record(page, "deskpage.written", by=by, act=act, new=sha256, text=str(page))
    return page


def _steps(checklist: Iterable[str]) -> list[str]:
    steps = [one_line("step of the checklist", step, needed=True) for step in checklist]
    if len(steps) > LONGEST_CHECKLIST:
        raise BadInput(f"The checklist has {len(steps)} steps; the most is {LONGEST_CHECKLIST}.")
    if twice := next((step for step in steps if steps.count(step) > 1), None):
        raise BadInput(f"“{twice}” stands on the checklist twice.")
    return steps


def unfinished() -> list[str]:
    """The names of the public pages that are missing, or still hold something to be filled in."""
    finished = set(DeskPage.objects.newest().finished().values_list("kind", flat=True))
    return [str(kind.label) for kind in DeskPage.PUBLIC if kind not in finished]
