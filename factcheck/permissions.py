"""Who may do what: one table of verb × role. Every verb asks it, pages ask it what to show; nothing else decides."""

from django.contrib.auth.models import AnonymousUser

from factcheck.exceptions import NotAllowed
from factcheck.models import Role, User

_CHECKS = frozenset({Role.CHECKER, Role.EDITOR})
_SIGNS = frozenset({Role.EDITOR})
_RUNS = frozenset({Role.ADMINISTRATOR})

MAY: dict[str, frozenset[str]] = {
    "see the desk": frozenset(Role.values),
    "ingest an article": frozenset({Role.REPORTER}) | _CHECKS | _RUNS,
    "add a source": _CHECKS | _RUNS,
    "edit a statement": _CHECKS,
    "write a review": _CHECKS,
    "decide a suggestion": _CHECKS,
    "submit a review": _CHECKS,
    "withdraw a review": _CHECKS,
    "approve a review": _SIGNS,
    "request changes": _SIGNS,
    "publish a review": _SIGNS,
    "retract a review": _SIGNS,
    "replay a job": _SIGNS | _RUNS,
    "edit an outlet or a source": _SIGNS | _RUNS,
    "edit the desk": _RUNS,
    "manage people": _RUNS,
    "read the admin": frozenset({Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR}),
    "read the trail": frozenset({Role.EDITOR, Role.AUDITOR, Role.ADMINISTRATOR}),
}


def may(by: User | AnonymousUser, verb: str) -> bool:
    """Whether the table allows it. A stranger may nothing; KeyError for a verb that nobody thought about."""
    roles = MAY[verb]
    return by.is_active and isinstance(by, User) and by.role in roles


def require(by: User, verb: str) -> None:
    """Raises NotAllowed unless `by` may do `verb`.

    The verbs that an operator at a shell may use take `by=None` and ask nothing then; nobody else is let through.
    """
    if not may(by, verb):
        raise NotAllowed(f"{by.name} ({by.get_role_display()}) may not {verb}.")
