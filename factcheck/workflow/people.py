"""The desk itself: its words, its people, and the outlets it reads. Each change is one entry in the desk's chain."""

import hashlib
import json
import uuid
from typing import Any, TypeVar
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, Refused
from factcheck.models import (
    ERASED,
    PARTNERS_STAY,
    AuditEntry,
    AuditText,
    ClaimReview,
    ConflictOfInterest,
    Desk,
    Draft,
    Outlet,
    Role,
    User,
)
from factcheck.permissions import require
from factcheck.workflow import desk_pages, invitations, reviews
from factcheck.workflow.transitions import change
from factcheck.workflow.words import address, words

Row = TypeVar("Row", bound=models.Model)


def fingerprint(row: models.Model | None) -> str:
    """What stands in the row, as one short word: these rows have no version to compare. "" for a row not yet there."""
    if row is None or row.pk is None:
        return ""
    read = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not _secret(field)}
    return hashlib.sha256(json.dumps(read, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _secret(field: Any) -> bool:
    # Neither a log-in in the meantime nor a person's own liking is a change of the person.
    return field.name in ("password", "last_login", "keyboard_shortcuts")


def edit_desk(*, by: User, seen: str, name: str, logo_url: str, contact: str, rating_labels: dict[str, str]) -> Desk:
    """Name the desk, and its ratings. What it says about itself: workflow/desk_pages.py.

    seen: fingerprint() of the desk that was read, "" when there was none. Raises NotAllowed, BadInput, Conflict.
    """
    require(by, "edit the desk")
    if (
        not isinstance(rating_labels, dict)
        or sorted(rating_labels) != ["1", "2", "3", "4", "5"]
        or not all(isinstance(label, str) and label.strip() for label in rating_labels.values())
    ):
        raise BadInput("The labels of the rating scale are five texts, under the keys 1, 2, 3, 4 and 5.")
    labels = {key: words("label", label) for key, label in rating_labels.items()}
    written: dict[str, Any] = {
        "name": words("name", name, needed=True),
        "logo_url": address("logo", logo_url),
        "contact": words("contact", contact),
        "rating_labels": labels,
    }
    with change() as act:
        desk = Desk.objects.select_for_update().first()
        return _write(desk or Desk(), "desk.edited", by=by, act=act, seen=seen, written=written)


def set_up_desk(*, pages: dict[str, str] | None = None, checklist: list[str] | None = None, **written: Any) -> Desk:
    """The operator's first set-up: the desk with these fields, if there is none yet; else the one there is.

    pages: texts of its pages by kind; the others begin with a text to fill in. checklist: of its method.
    Raises BadInput.
    """
    try:
        Desk(**written).full_clean(validate_unique=False)
    except ValidationError as error:
        raise BadInput(_sentences(error)) from error
    with change() as act:
        desk, is_new = Desk.objects.get_or_create(id=1, defaults=written)
        if is_new:
            AuditEntry.record(desk, "desk.set_up", by=None, act=act, text=desk.name)
            desk_pages.begin(desk, pages or {}, checklist or [])
    return desk


def add_outlet(*, by: User, name: str, domain: str = "", kind: str = "", reliability_note: str = "") -> Outlet:
    """Raises NotAllowed, BadInput."""
    require(by, "edit an outlet or a source")
    with change() as act:
        written = _outlet(name, domain, kind or Outlet.Kind.UNKNOWN, reliability_note)
        return _write(Outlet(), "outlet.added", by=by, act=act, seen="", written=written)


def edit_outlet(
    outlet: Outlet, *, by: User, seen: str, name: str, domain: str, kind: str, reliability_note: str
) -> Outlet:
    """seen: fingerprint() of the outlet that was read. Raises NotAllowed, BadInput, Conflict."""
    require(by, "edit an outlet or a source")
    with change() as act:
        outlet = Outlet.objects.select_for_update().get(pk=outlet.pk)
        written = _outlet(name, domain, kind, reliability_note)
        return _write(outlet, "outlet.edited", by=by, act=act, seen=seen, written=written)


def _outlet(name: str, domain: str, kind: str, reliability_note: str) -> dict[str, Any]:
    return {
        "name": words("name", name, needed=True),
        "domain": words("domain", domain).strip().lower(),
        "kind": kind,
        "reliability_note": words("reliability note", reliability_note),
    }


def add_person(
    *,
    by: User | None,
    email: str,
    name: str,
    role: str,
    password: str | None = None,
    undelivered: invitations.Undelivered | None = None,
) -> User:
    """Add somebody. Without a password the person is sent a link to set one. by None: the operator.

    undelivered: called after the commit when the mail could not be sent; the person is there all the same.
    Raises NotAllowed, BadInput, Refused (one_person_per_email).
    """
    if by is not None:
        require(by, "manage people")
    name, email = words("name", name, needed=True), words("e-mail address", email, needed=True)
    with change() as act:
        try:
            person = User.objects.create_user(email, name, role, password)
        except ValidationError as error:
            raise BadInput(_sentences(error)) from error
        AuditEntry.record(person, "person.added", by=by, act=act, new=role, text=f"{name} <{email}>")
        if password is None:
            invitations.send_after_commit(person, undelivered)
    return person


def invite_again(person: User, *, by: User, undelivered: invitations.Undelivered | None = None) -> User:
    """Another link for somebody who has not set a password yet. undelivered: as in add_person.

    Raises NotAllowed, Refused (invited_once_in: they help themselves by "forgot your password").
    """
    require(by, "manage people")
    with change() as act:
        person = User.objects.select_for_update().get(pk=person.pk)
        if not person.is_active:
            raise Refused(f"{person.name} may not log in. Give the log-in back first.", "login_was_taken")
        if person.has_usable_password():
            raise Refused(f"{person.name} has set a password already, and can ask for a new one.", "invited_once_in")
        AuditEntry.record(person, "person.invited_again", by=by, act=act)
        invitations.send_after_commit(person, undelivered)
    return person


def remove_second_factor(person: User, *, by: User | None) -> User:
    """For somebody who lost phone, passkeys and recovery codes: the password alone lets them in, to set up anew.

    by None: the operator, when the only administrator is the one. Raises NotAllowed, Refused (own_role_stays).
    """
    if by is not None:
        require(by, "manage people", person)
    with change() as act:
        person = User.objects.select_for_update().get(pk=person.pk)
        removed = Authenticator.objects.filter(user=person)
        kinds = ", ".join(sorted(removed.values_list("type", flat=True)))
        if not kinds:
            raise Refused(f"{person.name} has no second factor.", "no_second_factor")
        removed.delete()
        end_sessions(person)
        AuditEntry.record(person, "person.second_factor_removed", by=by, act=act, text=kinds)
    return person


def second_factor_set_up(person: User, kind: str) -> None:
    """For the trail: it was done on the person's own account pages. kind: totp, webauthn or recovery_codes."""
    with change() as act:
        AuditEntry.record(person, "person.second_factor_set_up", by=person, act=act, new=kind)


def second_factor_given_up(person: User, kind: str) -> None:
    """As above."""
    with change() as act:
        AuditEntry.record(person, "person.second_factor_given_up", by=person, act=act, old=kind)


def password_set(person: User) -> None:
    """For the trail: chosen by the person, with the old one or with a link sent to them."""
    with change() as act:
        AuditEntry.record(person, "person.password_set", by=person, act=act)


def set_time_zone(person: User, *, zone: str) -> None:
    """In which times are shown to this person and read from them. "": the desk's. A matter of taste: the trail is not
    told. Raises BadInput for a zone that nobody knows."""
    if zone and zone not in available_timezones():
        raise BadInput("There is no time zone of this name.")
    User.objects.filter(pk=person.pk).update(timezone=zone)


def end_sessions(person: User) -> None:
    """Log the person out everywhere. Within the transaction of the verb that has the reason."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def set_role(person: User, *, by: User, seen: str, role: str) -> User:
    """Give a person another role. seen: fingerprint() of what was read.

    Nobody changes their own, so that the last administrator stays. Nobody of the desk becomes a partner, and no partner
    one of the desk: what they wrote, or sent in, was theirs as the other. Raises NotAllowed, BadInput, Conflict,
    Refused (own_role_stays, partners_stay_partners).
    """
    if Role.PARTNER in (role, person.role) and role != person.role:
        require(by, "manage people", person)
        raise Refused(PARTNERS_STAY, "partners_stay_partners")
    return _person(person, "person.role", by=by, seen=seen, role=role)


def take_login_away(person: User, *, by: User, seen: str, act: uuid.UUID | None = None) -> User:
    """From the next request on the person is a stranger. Drafts are released; what was written keeps the name."""
    with change() as own_act:
        act = act or own_act
        reviews.lock_articles(assignee=person)  # before the desk's chain: everybody takes them in this order
        person = _person(person, "person.login_taken", by=by, seen=seen, act=act, is_active=False)
        end_sessions(person)
        reviews.release(ClaimReview.objects.filter(assignee=person), by=by, act=act)
    return person


def give_login_back(person: User, *, by: User, seen: str) -> User:
    if person.erased_at is not None:
        raise BadInput("This person was erased. Somebody who comes back is added anew.")
    return _person(person, "person.login_given", by=by, seen=seen, is_active=True)


def erase_person(person: User, *, by: User, reason: str) -> User:
    """Forget who somebody was: name, address, password, reasons of conflicts of interest, what they typed and did not
    save, and the words of the trail about them, for good.

    The log-in is gone and drafts are released first. What they wrote of reviews stays, under "Former colleague" and
    the key: it is what the desk answers for. Publications print the name as it was, like any newspaper does. The
    chains stay valid: they hold hashes only. Raises NotAllowed, BadInput, Refused.
    """
    require(by, "manage people", person)
    reason = words("reason", reason, needed=True)
    if person.erased_at is not None:
        raise BadInput("This person was erased already.")
    with change() as act:
        if person.is_active:
            person = take_login_away(person, by=by, seen=fingerprint(person), act=act)
        User.objects.filter(pk=person.pk).update(
            name=f"Former colleague {person.pk}",
            email=f"erased-{person.pk}@erased.invalid",  # RFC 2606: nobody can own such an address
            password="!",  # noqa: S106 - what Django stores where no password will do
            last_login=None,
            erased_at=Now(),
        )
        EmailAddress.objects.filter(user=person).delete()
        Authenticator.objects.filter(user=person).delete()
        Draft.objects.filter(person=person).delete()
        conflicts = ConflictOfInterest.objects.filter(person=person)
        about = Q(subject="user", subject_id=person.pk, verb__startswith="person.")
        about |= Q(subject="conflictofinterest", subject_id__in=conflicts.values("pk"))
        AuditText.objects.filter(entry_id__in=AuditEntry.objects.filter(about).values("pk")).delete()
        conflicts.update(reason=ERASED)
        AuditEntry.record(person, "person.erased", by=by, act=act, text=reason)
    person.refresh_from_db()
    return person


def use_shortcuts(*, by: User, on: bool) -> None:
    """Whether single keys do things on the pages of this person. Theirs to say, and nobody else's business."""
    require(by, "see the desk")
    User.objects.filter(pk=by.pk).update(keyboard_shortcuts=on)


def _person(person: User, verb: str, *, by: User, seen: str, act: uuid.UUID | None = None, **written: Any) -> User:
    require(by, "manage people", person)
    with change() as own_act:
        # Both rows, in the order of their keys: of two administrators who depose each other only one succeeds.
        keys = [person.pk, by.pk]
        locked = {
            each.pk: each for each in User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
        }
        require(locked[by.pk], "manage people", person)
        return _write(locked[person.pk], verb, by=by, act=act or own_act, seen=seen, written=written)


def _write(row: Row, verb: str, *, by: User, act: uuid.UUID, seen: str, written: dict[str, Any]) -> Row:
    """Compare, check, write, and record old and new. The caller holds the row's lock."""
    if fingerprint(row if row.pk and not row._state.adding else None) != seen:
        raise Conflict(f"{str(row._meta.verbose_name).capitalize()} was changed by somebody else in the meantime.")
    adding = row._state.adding
    before = {} if adding else {name: getattr(row, name) for name in written}
    for name, value in written.items():
        setattr(row, name, value)
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        raise BadInput(_sentences(error)) from error
    row.save()
    changed = {name: [before.get(name), value] for name, value in written.items() if before.get(name) != value}
    AuditEntry.record(row, verb, by=by, act=act, text=json.dumps(changed, ensure_ascii=False, default=str))
    return row


def _sentences(error: ValidationError) -> str:
    if hasattr(error, "error_dict"):
        return " ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
    return " ".join(error.messages)
