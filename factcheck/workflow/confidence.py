"""Whom somebody makes readers of what they send in in confidence."""

from collections.abc import Iterable

from factcheck.models import Role, User, is_partner


def who_sees(readers: Iterable[User], by: User | None) -> list[User]:
    """Each once, `by` among them. A partner sees what it sent in anyhow, and whom else it names is not looked at: the
    editors of the day are its readers."""
    if is_partner(by):
        return list(User.objects.at_the_desk().filter(role=Role.EDITOR))
    return list({person.pk: person for person in (*readers, *([by] if by else []))}.values())
