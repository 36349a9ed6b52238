"""Mails that let somebody in. They go out after the transaction, and a mail server that fails takes nothing back."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import int_to_base36

from factcheck.models import Desk, User

log = logging.getLogger(__name__)

# Called with the person whose mail could not be sent.
Undelivered = Callable[[User], None]


def public(path: str) -> str:
    """The path as an address that a mail can carry."""
    return f"{settings.PUBLIC_URL}{path}"


def link(person: User) -> str:
    """Where this person, and whoever holds the link, sets the password. It works once, for PASSWORD_RESET_TIMEOUT."""
    key = {"uidb36": int_to_base36(person.pk), "key": default_token_generator.make_token(person)}
    return public(reverse("account_reset_password_from_key", kwargs=key))


def sender() -> str:
    """Who mails come from: DEFAULT_FROM_EMAIL, else the desk's contact, else a name at the desk's own host."""
    contact = Desk.objects.values_list("contact", flat=True).first()
    return settings.DEFAULT_FROM_EMAIL or contact or f"factcheck@{urlsplit(settings.PUBLIC_URL).hostname}"


def send_after_commit(person: User, undelivered: Undelivered | None = None) -> None:
    """Invite this person once the transaction stands. A mail server's error is logged, and told to `undelivered`."""

    def send() -> None:
        desk = Desk.objects.first()
        context = {
            "person": person,
            "desk": desk.name if desk else "",
            "link": link(person),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        subject = " ".join(render_to_string("account/email/invitation_subject.txt", context).split())
        try:
            send_mail(
                subject, render_to_string("account/email/invitation_message.txt", context), sender(), [person.email]
            )
        except OSError as error:  # smtplib's are OSErrors too
            log.error("The invitation of person %s could not be sent: %s", person.pk, type(error).__name__)
            if undelivered is not None:
                undelivered(person)

    transaction.on_commit(send)
