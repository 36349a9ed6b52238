"""Telling a partner by mail that the desk stopped sending to one of its endpoints: at least once, as notices go."""

import hashlib
import logging
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from factcheck.models import Desk, WebhookEndpoint
from factcheck.workflow.invitations import public, sender
from factcheck.workflow.notice_mails import MOST_ATTEMPTS, MOST_MAILS, OF_THE_MAIL, one_by_one

log = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """Mail what is due, and return how many went out. Harmless twice, and beside another worker."""
    due = WebhookEndpoint.objects.filter(mail_due_at__lte=now, partner__is_active=True).order_by("pk")
    return one_by_one(due.values_list("pk", flat=True)[:MOST_MAILS], partial(_mail, now=now))


@transaction.atomic
def _mail(key: int, now: datetime) -> bool:
    """False when another worker has it, or this mail was refused. Raises OSError when the server could not be talked
    to; nothing has changed then."""
    row = WebhookEndpoint.objects.filter(pk=key, mail_due_at__lte=now)
    endpoint = row.select_for_update(skip_locked=True, no_key=True).first()
    if endpoint is None:
        return False
    try:
        _message(endpoint).send()
    except OF_THE_MAIL as error:
        log.warning("The mail about webhook endpoint %s was refused: %s", key, type(error).__name__)
        last = endpoint.mail_attempts + 1 >= MOST_ATTEMPTS
        later = None if last else now + timedelta(minutes=2**endpoint.mail_attempts)
        row.update(mail_due_at=later, mail_attempts=F("mail_attempts") + 1)
        return False
    row.update(mail_due_at=None)
    return True


def _message(endpoint: WebhookEndpoint) -> EmailMessage:
    desk = Desk.objects.first()
    context = {"endpoint": endpoint, "desk": desk.name if desk else "", "page": public(reverse("webhooks"))}
    unique = hashlib.sha256(f"{endpoint.pk} {endpoint.switched_off_at}".encode()).hexdigest()[:32]
    return EmailMessage(
        _("Webhooks to %(host)s are switched off") % {"host": urlsplit(endpoint.url).hostname},
        render_to_string("factcheck/email/webhook_off.txt", context),
        sender(),
        [endpoint.partner.email],
        headers={
            "Message-ID": f"<{unique}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
