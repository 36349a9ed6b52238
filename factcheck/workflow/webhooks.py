"""Partners say where they want to be told of what. Each change is one entry in the desk's chain."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from factcheck.exceptions import BadInput, Conflict, FetchError, InvalidTransition
from factcheck.fetching import check_address
from factcheck.models import WEBHOOK_KINDS, WEBHOOK_TEST, AuditEntry, Delivery, User, WebhookEndpoint
from factcheck.permissions import require
from factcheck.workflow.deliveries import give_up
from factcheck.workflow.events import hint
from factcheck.workflow.signatures import secret
from factcheck.workflow.transitions import change

OLD_SECRET = timedelta(hours=24)
"""For so long what is sent is signed with the old secret too."""


def make_endpoint(partner: User, *, by: User, url: str, kinds: Iterable[str]) -> tuple[WebhookEndpoint, str]:
    """From now on the partner is told there. Returns it with its secret, for the only time.

    Raises NotAllowed, BadInput; Refused (one_endpoint_per_partner_and_address).
    """
    require(by, "manage webhooks", partner)
    url, wanted = _address(url), _kinds(kinds)
    with change() as act:
        User.objects.select_for_update(no_key=True).get(pk=partner.pk)
        if WebhookEndpoint.objects.filter(partner=partner).count() >= WebhookEndpoint.MOST:
            raise BadInput(f"There are {WebhookEndpoint.MOST} endpoints already. Delete one of them first.")
        made = WebhookEndpoint.objects.create(partner=partner, url=url, kinds=wanted)
        _record(made, "webhookendpoint.made", by=by, act=act)
    made.refresh_from_db()
    return made, secret(made.salt)


def change_endpoint(
    endpoint: WebhookEndpoint, *, by: User, seen: int, url: str, kinds: Iterable[str], enabled: bool
) -> WebhookEndpoint:
    """Switched off, it is told of nothing, and what waits is given up; what happened meanwhile is found by
    `updated_since`. Raises NotAllowed, BadInput, Conflict, Refused.
    """
    require(by, "manage webhooks", endpoint)
    url, wanted = url if url == endpoint.url else _address(url), _kinds(kinds)
    with change() as act:
        _write(endpoint, seen, url=url, kinds=wanted, enabled=enabled, switched_off="", switched_off_at=None)
        _record(endpoint, "webhookendpoint.changed", by=by, act=act)
        if not enabled:
            give_up(endpoint)
    return endpoint


def new_secret(endpoint: WebhookEndpoint, *, by: User, seen: int) -> str:
    """Another secret, shown for the only time. For a day the old one signs too, so that the receiver can change it at
    leisure. Raises NotAllowed, Conflict.
    """
    require(by, "manage webhooks", endpoint)
    salt = WebhookEndpoint._meta.get_field("salt").get_default()
    with change() as act:
        _write(endpoint, seen, salt=salt, old_salt=endpoint.salt, old_until=timezone.now() + OLD_SECRET)
        _record(endpoint, "webhookendpoint.secret_renewed", by=by, act=act)
    return secret(salt)


def delete_endpoint(endpoint: WebhookEndpoint, *, by: User, seen: int) -> None:
    """With its log. Raises NotAllowed, Conflict."""
    require(by, "manage webhooks", endpoint)
    with change() as act:
        _write(endpoint, seen, enabled=False)
        _record(endpoint, "webhookendpoint.deleted", by=by, act=act)
        endpoint.delete()


def ping(endpoint: WebhookEndpoint, *, by: User) -> Delivery:
    """Send a webhook that means nothing. Raises NotAllowed, InvalidTransition."""
    require(by, "manage webhooks", endpoint)
    _in_use(endpoint)
    now = timezone.now()
    with transaction.atomic():
        made = Delivery.objects.create(endpoint=endpoint, kind=WEBHOOK_TEST, happened_at=now, next_at=now)
        transaction.on_commit(partial(hint, endpoint.pk))
    made.refresh_from_db()
    return made


def replay(delivery: Delivery, *, by: User) -> Delivery:
    """Send it again, from the beginning of the schedule, under the same id. Raises NotAllowed, InvalidTransition."""
    require(by, "manage webhooks", delivery.endpoint)
    if not _again(delivery.endpoint, Delivery.objects.filter(pk=delivery.pk, state__in=Delivery.OVER)):
        raise InvalidTransition("This webhook is on its way already.")
    delivery.refresh_from_db()
    return delivery


def replay_failed(endpoint: WebhookEndpoint, *, by: User) -> int:
    """Send again everything that failed, and return how much that is. Raises NotAllowed, InvalidTransition."""
    require(by, "manage webhooks", endpoint)
    return _again(endpoint, Delivery.objects.filter(endpoint=endpoint, state=Delivery.State.FAILED))


def _again(endpoint: WebhookEndpoint, these: QuerySet[Delivery]) -> int:
    _in_use(endpoint)
    with transaction.atomic():
        transaction.on_commit(partial(hint, endpoint.pk))
        return these.update(state=Delivery.State.WAITING, attempts=0, next_at=timezone.now())


def _in_use(endpoint: WebhookEndpoint) -> None:
    if not endpoint.enabled:
        raise InvalidTransition("This endpoint is switched off. Switch it on first.")


def _address(url: str) -> str:
    """Raises BadInput, also for one that the desk does not open. It is looked at again at each sending."""
    url = url.strip()
    try:
        check_address(url)
    except FetchError as error:
        raise BadInput(str(error)) from error
    if not (url.lower().startswith("https://") or settings.FETCH_ALLOW_LOOPBACK):  # which only tests have
        raise BadInput("The address must begin with https://: what is sent is not for other eyes.")
    if len(url) > 2000:
        raise BadInput("The address has at most 2,000 characters.")
    return url


def _kinds(kinds: Iterable[str]) -> list[str]:
    asked = set(kinds)
    wanted = [kind.value for kind in WEBHOOK_KINDS if kind in asked]
    if not wanted or asked - set(wanted):
        raise BadInput("Say what it is told of: one or more of " + ", ".join(WEBHOOK_KINDS) + ".")
    return wanted


def _write(endpoint: WebhookEndpoint, seen: int, **fields: Any) -> None:
    row = WebhookEndpoint.objects.filter(pk=endpoint.pk, version=seen)
    if not row.update(version=F("version") + 1, updated_at=Now(), **fields):
        raise Conflict("This endpoint was changed in the meantime. Nothing was saved.")
    endpoint.refresh_from_db()


def _record(endpoint: WebhookEndpoint, verb: str, *, by: User, act: UUID) -> None:
    said = f"{endpoint.url}: {', '.join(endpoint.kinds)}; {'on' if endpoint.enabled else 'off'}"
    AuditEntry.record(endpoint, verb, by=by, act=act, text=said)
