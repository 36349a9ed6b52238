"""Keys of partners: made, shown once, revoked, and known again. Each change is one entry in the desk's chain."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from factcheck.exceptions import BadInput, Conflict, NotAllowed, Refused
from factcheck.models import ApiKey, AuditEntry, Role, Scope, User
from factcheck.permissions import may, require
from factcheck.workflow.transitions import change
from factcheck.workflow.words import one_line

KEY = re.compile(r"fck_([0-9a-f]{12})_([0-9a-f]{64})")
PER_MINUTE = 600  # of a partner's first key; a later one has the limit of the one before it
LONGEST_DAYS = 730
LASTS = [(90, _("in 90 days")), (365, _("in a year")), (LONGEST_DAYS, _("in two years"))]
"""What pages offer."""
UNKNOWN = "There is no such key. Was it copied whole? It begins with fck_ and has 81 characters."


def create_key(
    partner: User, *, by: User, name: str, scopes: Iterable[str], days: int, per_minute: int | None = None
) -> tuple[ApiKey, str]:
    """A key for the partner, and all of it in clear, for the only time.

    days: until it expires. per_minute: its limit; None: as before. Raises NotAllowed, BadInput, Refused
    (keys_are_of_partners, two_live_keys_at_most).
    """
    require(by, "manage partner keys", partner)
    if per_minute is not None:
        require(by, "set the limit of a key")
    name = one_line("name of the key", name, needed=True)
    if len(name) > 60:
        raise BadInput("The name of the key has at most 60 characters.")
    opened = [scope for scope in Scope.values if scope in set(scopes)]
    if not opened or set(scopes) - set(opened):
        raise BadInput("Say what the key opens: one or more of " + ", ".join(Scope.values) + ".")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"A key lasts from 1 to {LONGEST_DAYS} days.")
    before = ApiKey.objects.filter(partner=partner).values_list("per_minute", flat=True).first()
    prefix, secret = secrets.token_hex(6), secrets.token_hex(32)
    with change() as act:
        if partner.role != Role.PARTNER:
            raise Refused("Only partners have keys: people of the desk log in.", "keys_are_of_partners")
        key = ApiKey.objects.create(
            partner=partner,
            name=name,
            prefix=prefix,
            sha256=sha256(secret),
            scopes=opened,
            per_minute=_limit(per_minute or before or PER_MINUTE),
            expires_at=timezone.now() + timedelta(days=days),
            created_by=by,
        )
        text = f"{key}: {', '.join(opened)}; {key.per_minute} a minute, {days} days"
        AuditEntry.record(key, "apikey.created", by=by, act=act, text=text)
    return key, f"fck_{prefix}_{secret}"


def revoke_key(key: ApiKey, *, by: User) -> ApiKey:
    """It opens nothing from the next request on, in every process: none keeps keys in memory. Raises NotAllowed;
    Refused (revoked_is_for_good) for one that is revoked.
    """
    require(by, "manage partner keys", key)
    with change() as act:
        key = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
        if key.revoked_at is not None:
            raise Refused("This key is revoked already.", "revoked_is_for_good")
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=Now())
        AuditEntry.record(key, "apikey.revoked", by=by, act=act, text=str(key))
    key.refresh_from_db()
    return key


def set_limit(key: ApiKey, *, by: User, seen: int, per_minute: int) -> ApiKey:
    """How many requests a minute it may send, from the next one on. seen: the limit that was read. Raises NotAllowed,
    BadInput, Conflict."""
    require(by, "set the limit of a key")
    with change() as act:
        key = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
        if key.per_minute != seen:
            raise Conflict("The limit was changed by somebody else in the meantime. Nothing was saved.")
        before, key.per_minute = key.per_minute, _limit(per_minute)
        key.save(update_fields=["per_minute"])
        AuditEntry.record(key, "apikey.limited", by=by, act=act, old=str(before), new=str(per_minute))
    return key


def _limit(per_minute: int) -> int:
    if not 1 <= per_minute <= 100_000:
        raise BadInput("A key has a limit of 1 to 100,000 requests a minute.")
    return per_minute


def known(whole: str) -> ApiKey:
    """The key that was sent, with its partner, in one statement. Raises NotAllowed.

    Who has the secret is told why it opens nothing; who has not, never whether there is a key of this prefix.
    """
    written = KEY.fullmatch(whole)
    if written is None:
        raise NotAllowed(UNKNOWN)
    prefix, secret = written.groups()
    key = ApiKey.objects.select_related("partner").filter(prefix=prefix).first()
    if not hmac.compare_digest(key.sha256 if key else "", sha256(secret)) or key is None:
        raise NotAllowed(UNKNOWN)
    if key.revoked_at is not None:
        raise NotAllowed(f"This key was revoked on {key.revoked_at:%-d %B %Y}. Use the partner's other key.")
    if key.expires_at <= timezone.now():
        raise NotAllowed(f"This key expired on {key.expires_at:%-d %B %Y}. Make another, and use that.")
    if not may(key.partner, "use the partner API"):
        raise NotAllowed("The partner of this key may not log in any more. Ask the desk.")
    return key


def used(key: ApiKey) -> None:
    """Remember that it was, once a minute. Never waits: who holds the row just now is about to revoke it."""
    if key.last_used_at is not None and timezone.now() - key.last_used_at < timedelta(minutes=1):
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=Now() - timedelta(minutes=1))
    with transaction.atomic():
        free = ApiKey.objects.select_for_update(skip_locked=True, no_key=True).filter(stale, pk=key.pk).order_by()
        ApiKey.objects.filter(pk__in=free.values("pk")).update(last_used_at=Now())


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
