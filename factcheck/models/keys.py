"""Keys by which partners come to the API: programs of organisations outside the desk.

A key is `fck_<prefix>_<secret>`. The prefix says which key it is and may be shown; of the secret, 32 random bytes,
the sha256 is kept and nothing else: nobody has to guess it from its hash, so that no salt and no slow hash is needed.
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import is_partner
from factcheck.models.guards import Guard, refuse, unchanging, undeletable

MOST_LIVE = 2
"""Keys of one partner that open something at the same time: the one that is used, and the one that replaces it."""


class Scope(models.TextChoices):
    """What a key opens. An operation of the API names the one that it needs (api/access.py)."""

    ARTICLES_READ = "articles:read", _("Read the articles that the partner sent in, and how far they are")
    ARTICLES_WRITE = "articles:write", _("Send articles in")
    CLAIMS_READ = "claims:read", _("Read the claims of its articles")
    SUGGESTIONS_READ = "suggestions:read", _("Read what was found for these claims")
    SOURCES_READ = "sources:read", _("Read the sources that the partner added")
    SOURCES_WRITE = "sources:write", _("Add sources")
    REVIEWS_READ = "reviews:read", _("Read published fact-checks")
    WEBHOOKS = "webhooks", _("Be told by webhooks")


class ApiKeyQuerySet(models.QuerySet):
    def live(self) -> "ApiKeyQuerySet":
        """Neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=Now())

    def visible_to(self, user) -> "ApiKeyQuerySet":
        """A partner's own; at the desk they are no secret, for they say nothing of themselves."""
        return self.filter(partner=user.pk) if is_partner(user) else self


class ApiKey(models.Model):
    """One key of a partner. It ends by itself, is revoked for good, and its row stays."""

    partner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_keys")
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    sha256 = models.CharField(_("sha256 of the secret"), max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("what it opens"))
    per_minute = models.PositiveIntegerField(
        _("requests a minute"), validators=[MinValueValidator(1), MaxValueValidator(100_000)]
    )
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)  # to the minute
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)

    MOST_LIVE: ClassVar[int] = MOST_LIVE
    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner key")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="key_has_a_name", condition=~models.Q(name__regex=r"^\s*$")),
            models.CheckConstraint(name="key_is_kept_as_its_hash", condition=models.Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(name="key_has_a_limit", condition=models.Q(per_minute__range=(1, 100_000))),
        ]
        triggers = [
            unchanging(
                "keys_open_what_they_opened",
                ["id", "partner_id", "name", "prefix", "sha256", "scopes", "expires_at", "created_by_id", "created_at"],
                "A key is not changed but for its limit: make another, and revoke this one.",
            ),
            undeletable("keys_stay", "A key is never deleted; revoke it instead."),
            Guard(
                name="keys_are_of_partners",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (SELECT FROM factcheck_user partner
                                   WHERE partner.id = NEW.partner_id AND partner.role = 'partner') THEN
                        {refuse("keys_are_of_partners", "Only partners have keys: people of the desk log in.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            # The partner's row is locked before its keys are counted: two that are made at once count each other.
            Guard(
                name="two_live_keys_at_most",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    PERFORM FROM factcheck_user partner WHERE partner.id = NEW.partner_id FOR NO KEY UPDATE;
                    IF (SELECT count(*) FROM factcheck_apikey other
                        WHERE other.partner_id = NEW.partner_id AND other.revoked_at IS NULL
                          AND other.expires_at > now()) >= {MOST_LIVE} THEN
                        {refuse("two_live_keys_at_most", "There are two keys already. Revoke one of them first.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            Guard(
                name="revoked_is_for_good",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
                        {refuse("revoked_is_for_good", "A revoked key stays revoked: make another.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown})"

    @property
    def shown(self) -> str:
        """What may be shown of it, and is enough to find it again."""
        return f"fck_{self.prefix}_…"

    @property
    def state(self) -> str:
        """live, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= timezone.now() else "live"

    @property
    def opens(self) -> list[str]:
        """Its scopes in words."""
        return [str(Scope(scope).label) if scope in Scope.values else scope for scope in self.scopes]
