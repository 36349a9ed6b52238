"""Notices by mail: at once, or in a daily digest, one mail for all that is due to a person.

At least once: the notices are marked as mailed in the transaction in which the mail server took the mail. Only who is
killed, or loses the database, between the two sends it again, under the same Message-ID. Two workers never take the
same notice: each is locked while it is being mailed. A mail says nothing of a confidential article but that something
happened, and where to read it.
"""

import hashlib
import logging
import smtplib
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from factcheck.models import Desk, Notice, User
from factcheck.workflow.invitations import public, sender
from factcheck.workflow.notices import Told, in_words

log = logging.getLogger(__name__)

MOST_MAILS = 50  # of one run; the next run takes the next ones
MOST_LINES = 100  # of one mail; how many more there are is said
MOST_ATTEMPTS = 10  # with a delay that doubles from a minute: some 17 hours. Then the notice stands in the page only
# Said of one mail: by the server, or by Python, which cannot write it. Anything else is trouble with the server.
OF_THE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError)
ENOUGH = (
    3  # such troubles in a row, and the next run tries again; a single one may be of one mail, and holds up no other
)


def send_due() -> int:
    """Mail what is due, and return how many mails went out. Harmless twice, and beside another worker."""
    people = Notice.objects.due().order_by("person").values_list("person", flat=True).distinct()
    return one_by_one(people[:MOST_MAILS], _mail)


def one_by_one(keys: Iterable[int], mail: Callable[[int], bool]) -> int:
    """mail(key) for each, as long as the server can be talked to. Returns how many said that a mail went out."""
    sent = in_a_row = 0
    for key in keys:
        try:
            sent += mail(key)
            in_a_row = 0
        except OSError as error:  # smtplib's are OSErrors too
            log.error("A mail could not be sent, and waits for the mail server: %s", type(error).__name__)
            in_a_row += 1
            if in_a_row == ENOUGH:
                break
    return sent


@transaction.atomic
def _mail(key: int) -> bool:
    """One mail with all that is due to this person. False when there was nothing, or this mail was refused.

    Raises OSError when the server could not be talked to; nothing has changed then.
    """
    person = User.objects.get(pk=key)
    rows = Notice.objects.due().filter(person=person).order_by("pk")
    locked = list(rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).values_list("pk", flat=True))
    of_these = Notice.objects.filter(pk__in=locked)
    told = in_words(of_these.still_seen_by(person).order_by("-pk"))
    of_these.exclude(pk__in=[each.notice.pk for each in told]).update(due_at=None)  # not for these eyes any more
    if not told:
        return False
    try:
        _message(person, told).send()
    except OF_THE_MAIL as error:
        log.warning("A mail with notices for person %s was refused: %s", person.pk, type(error).__name__)
        _put_off(of_these)
        return False
    of_these.filter(due_at__isnull=False).update(mailed_at=Now())
    return True


def _put_off(refused: Iterable[Notice]) -> None:
    for notice in refused:
        last = notice.mail_attempts + 1 >= MOST_ATTEMPTS
        later = None if last else Now() + timedelta(minutes=2**notice.mail_attempts)
        Notice.objects.filter(pk=notice.pk).update(due_at=later, mail_attempts=F("mail_attempts") + 1)


def _message(person: User, told: list[Told]) -> EmailMessage:
    desk = Desk.objects.first()
    lines = [
        {"told": each, "link": public(f"{reverse('notice')}?notice={each.notice.pk}")} for each in told[:MOST_LINES]
    ]
    context = {
        "person": person,
        "desk": desk.name if desk else "",
        "lines": lines,
        "more": len(told) - len(lines),
        "page": public(reverse("notices")),
        "settings": public(reverse("notice_settings")),
    }
    named = " ".join(str(each.notice.pk) for each in told)
    unique = hashlib.sha256(f"{person.pk}: {named}".encode()).hexdigest()[:32]
    return EmailMessage(
        _subject(told),
        render_to_string("factcheck/email/notices.txt", context),
        sender(),
        [person.email],
        headers={
            "Message-ID": f"<{unique}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _subject(told: list[Told]) -> str:
    """One line: a name in it may hold a line end, which no header can."""
    if len(told) > 1:
        return _("%(number)d things that concern you") % {"number": len(told)}
    return Truncator(" ".join(told[0].discreetly.split())).chars(150)
