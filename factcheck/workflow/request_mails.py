"""Answers to readers by mail, at least once each, as notices go out; then the address is erased.

Only answers are mailed. A receipt is not: the address that a stranger types may be anybody's, and the desk writes to
nobody because a stranger wants it to; an answer goes out because an editor wrote it.
"""

import hashlib
import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import Desk, ReaderRequest, ReplyAddress
from factcheck.workflow.invitations import public, sender
from factcheck.workflow.notice_mails import MOST_ATTEMPTS, MOST_MAILS, OF_THE_MAIL, one_by_one
from factcheck.workflow.requests import erase, erase_what_waited_too_long, receipt

log = logging.getLogger(__name__)


def send_due() -> int:
    """Mail the answers that are due, and return how many went out. Harmless twice, and beside another worker."""
    erase_what_waited_too_long()
    due = ReplyAddress.objects.filter(erased_at=None, due_at__lte=Now()).order_by("pk")
    return one_by_one(due.values_list("pk", flat=True)[:MOST_MAILS], _mail)


@transaction.atomic
def _mail(key: int) -> bool:
    """False when another worker has it, or this mail was refused. Raises OSError when the server could not be talked
    to; nothing has changed then."""
    row = ReplyAddress.objects.filter(pk=key, erased_at=None, due_at__lte=Now())
    to = row.select_for_update(skip_locked=True, no_key=True).first()
    if to is None:
        return False
    try:
        _message(to.request, to.email).send()
    except OF_THE_MAIL as error:
        log.warning("The answer to request %s was refused: %s", key, type(error).__name__)
        if to.mail_attempts + 1 >= MOST_ATTEMPTS:
            erase(row)
        else:
            later = Now() + timedelta(minutes=2**to.mail_attempts)
            row.update(due_at=later, mail_attempts=F("mail_attempts") + 1)
        return False
    row.update(mailed_at=Now())
    erase(row)
    return True


def _message(request: ReaderRequest, email: str) -> EmailMessage:
    desk = Desk.objects.first()
    context = {
        "desk": desk.name if desk else "",
        "request": request,
        "receipt": public(reverse("receipt", args=[receipt(request)])),
    }
    unique = hashlib.sha256(receipt(request).encode()).hexdigest()[:32]
    return EmailMessage(
        _("Your request %(number)s is answered") % {"number": request.pk},
        render_to_string("factcheck/email/answer.txt", context),
        sender(),
        [email],
        headers={
            "Message-ID": f"<{unique}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
