"""What somebody might try who has a partner's key, or wants one: attacks on the guards of keys."""

from datetime import timedelta

from django.utils import timezone

from factcheck.models import ApiKey, User, WebhookEndpoint
from tests import factories
from tests.models.asking import insertion, update
from tests.models.attacks import attack, truncated

truncated("keys_stay", "factcheck_apikey", otherwise=None)


def key(partner: User | None = None) -> ApiKey:
    partner = partner or factories.partner()
    factories.api_key(partner)
    return partner.api_keys.first()


def another(of: User) -> ApiKey:
    return ApiKey(
        partner=of,
        name="Another",
        prefix="0" * 12,
        sha256="0" * 64,
        scopes=["articles:read"],
        per_minute=600,
        expires_at=timezone.now() + timedelta(days=1),
        created_by=of,
    )


@attack("keys_open_what_they_opened")
def a_key_opens_more_than_it_did(alice, bob):
    return [update(key(), scopes=["articles:write"])]


@attack("keys_open_what_they_opened")
def a_key_gets_a_secret_that_somebody_knows(alice, bob):
    return [update(key(), sha256="0" * 64)]


@attack("keys_open_what_they_opened")
def a_key_lasts_longer(alice, bob):
    return [update(key(), expires_at=timezone.now() + timedelta(days=9000))]


@attack("keys_open_what_they_opened")
def a_key_opens_what_another_partner_has(alice, bob):
    return [update(key(), partner_id=factories.partner("Contoso").pk)]


@attack("keys_stay")
def a_key_is_deleted(alice, bob):
    return [("DELETE FROM factcheck_apikey WHERE id = %s", key().pk)]


@attack("keys_are_of_partners")
def a_key_for_somebody_of_the_desk(alice, bob):
    return [insertion(another(alice))]


@attack("partners_stay_partners")
def a_partner_with_a_key_comes_to_the_desk(alice, bob):
    return [update(key().partner, role="editor")]


@attack("partners_stay_partners")
def somebody_of_the_desk_becomes_a_partner(alice, bob):
    return [update(bob, role="partner")]


@attack("endpoints_are_of_partners")
def somebody_of_the_desk_is_told_by_webhooks(alice, bob):
    return [insertion(WebhookEndpoint(partner=bob, url="https://example.org/", kinds=["review.published"], version=1))]


@attack("two_live_keys_at_most")
def a_third_key(alice, bob):
    partner = factories.partner()
    key(partner), key(partner)
    return [insertion(another(partner))]


@attack("revoked_is_for_good")
def a_revoked_key_opens_again(alice, bob):
    revoked = key()
    ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    return [update(revoked, revoked_at=None)]
