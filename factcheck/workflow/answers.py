"""Answers that are kept for who asks the same again (models/idempotency.py): for a day."""

from datetime import timedelta

from django.db.models.functions import Now

from factcheck.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)


def erase_old() -> int:
    """Delete those that are older. Returns how many; harmless twice."""
    gone, _ = KeptAnswer.objects.filter(created_at__lt=Now() - KEPT_FOR).delete()
    return gone
