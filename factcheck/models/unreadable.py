"""What somebody sent in and the desk could not read: nothing that was submitted disappears without a word."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, OfArticleQuerySet
from factcheck.models.guards import Guard, arrows, born, refuse, rises, unchanging, undeletable
from factcheck.models.rows import Versioned

UNREADABLE_ARROWS = {"waiting": frozenset({"taken", "set_aside"}), "taken": frozenset(), "set_aside": frozenset()}


class UnreadableQuerySet(OfArticleQuerySet):
    def visible_to(self, user) -> "UnreadableQuerySet":
        """Without what is confidential and does not name `user`: its article decides, where there is one."""
        secret = Unreadable.objects.filter(confidential=True, article=None)
        if user.pk is not None and user.is_active:
            named = Unreadable.readers.through.objects.filter(user=user)
            secret = secret.exclude(pk__in=named.values("unreadable"))
        return super().visible_to(user).exclude(pk__in=secret.values("pk"))

    def waiting(self) -> "UnreadableQuerySet":
        return self.filter(state=Unreadable.State.WAITING)


class Unreadable(Versioned):
    """A file, a fetched page or a row of a list that could not be taken in, and why.

        waiting ──► taken        it was read later, as `article`; for a fetched page `article` is known from the start
        waiting ──► set_aside    a person decided so, and said why

    `raw` are the bytes as they came, while it waits and its sender has room for them (workflow.unreadable.ROOM); no
    door serves them. `said`: what else is needed to try again: what the sender said of a file, or how a page came.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits")
        TAKEN = "taken", _("Taken in later")
        SET_ASIDE = "set_aside", _("Set aside")

    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who sent it")
    )
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="unreadable")
    file_name = models.CharField(_("name of the file or list"), max_length=255, blank=True)
    line = models.PositiveIntegerField(_("line of the list"), null=True, blank=True)
    media_type = models.CharField(_("media type, as its sender says"), max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("sha256 of the bytes"), max_length=64)
    raw = models.BinaryField(_("bytes as they came"), default=b"")
    said = models.JSONField(_("what was said of it"), default=dict, blank=True)
    confidential = models.BooleanField(_("confidential"), default=False)
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    sentence = models.TextField(_("why it could not be read"))
    state = models.CharField(_("what became of it"), max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField(_("why it was set aside"), blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    TO_ARTICLE: ClassVar[str] = "article"
    objects = UnreadableQuerySet.as_manager()

    class Meta:
        verbose_name = _("unread submission")
        verbose_name_plural = _("unread submissions")
        indexes = [
            models.Index(fields=["sent_by", "sha256"], name="unreadable_waiting", condition=Q(state="waiting")),
            models.Index("id", name="unreadable_confidential", condition=Q(confidential=True, article=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="unreadable_state_is_known", condition=Q(state__in=["waiting", "taken", "set_aside"])
            ),
            models.CheckConstraint(name="settled_lets_go_of_its_bytes", condition=Q(state="waiting") | Q(raw=b"")),
            models.CheckConstraint(name="taken_names_its_article", condition=~Q(state="taken") | ~Q(article=None)),
            models.CheckConstraint(
                name="set_aside_has_a_reason", condition=~Q(state="set_aside") | ~Q(reason__regex=r"^\s*$")
            ),
        ]
        triggers = [
            rises("a_unreadable_version_rises"),
            arrows("unreadable_arrows", UNREADABLE_ARROWS, column="state"),
            born(
                "unreadable_is_born_waiting_with_its_hash",
                "NEW.state = 'waiting' AND (NEW.raw = '' OR"
                " NEW.sha256 = encode(sha256(NEW.raw), 'hex') AND NEW.size = length(NEW.raw))",
                "What could not be read waits first, and its sha256 and size are those of its bytes.",
            ),
            unchanging(
                "unreadable_stays_what_was_sent",
                [
                    "id", "sent_by_id", "file_name", "line", "media_type", "size", "sha256", "said", "confidential",
                    "created_at",
                ],
                "What was sent in stays what it was.",
            ),
            undeletable("unreadable_stays", "What could not be read is set aside, and never deleted."),
            Guard(
                name="unreadable_bytes_only_go",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.raw <> OLD.raw AND NEW.raw <> '' THEN
                        {refuse("unreadable_bytes_only_go", "Bytes are kept as they came, or not at all.")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.file_name or self.media_type or str(_("Untitled"))
