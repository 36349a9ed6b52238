"""Who may do what: one table of verb × role. Every verb asks it; nothing else decides."""

from factcheck.exceptions import NotAllowed
from factcheck.models import Role, User

_WORKS_ON_CLAIMS = frozenset({Role.CHECKER, Role.EDITOR, Role.ADMINISTRATOR})

MAY: dict[str, frozenset[str]] = {
    "ingest an article": frozenset({Role.REPORTER}) | _WORKS_ON_CLAIMS,
    "add a source": _WORKS_ON_CLAIMS,
    "replay a job": frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
}


def require(by: User | None, verb: str) -> None:
    """Raises NotAllowed unless `by` may do `verb`. by None: the desk's own machine, or its operator at a shell.

    Raises KeyError for a verb that is not in the table: a verb that nobody thought about is nobody's.
    """
    roles = MAY[verb]
    if by is not None and not (by.is_active and by.role in roles):
        raise NotAllowed(f"{by.name} ({by.get_role_display()}) may not {verb}.")
