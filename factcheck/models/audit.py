"""The trail: who did what, when, in chains that cannot be altered unseen.

Each article has a chain, named by its uuid; `desk` is the chain of what belongs to no article. An entry's hash covers
the hash before it, so that a changed, missing or moved entry breaks the chain from there on. The database alone
numbers, times and hashes (migration 0002): its function locks the chain's head, and the application's role may only
SELECT and INSERT here.

The hash, so that a stranger can verify it: hash = sha256 over prev, chain, seq, verb, subject, subject_id, old, new,
actor, act, at, text_sha256, one after the other, each as `<length in bytes>:<UTF-8>,` (a netstring) and NULL as `-,`.
prev of the first entry is 64 zeros; numbers are decimal; act is a hyphenated lower-case uuid; at is in UTC as
2026-11-24T03:45:13.123456Z. text_sha256 = sha256 over the netstrings of salt (32 hex digits) and text.
"""

import hashlib
import secrets
import uuid

import pgtrigger
from django.db import models
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import Article, hidden_from
from factcheck.models.guards import Guard, forever, unchanging, undeletable, unless_held

DESK_CHAIN = "desk"
GENESIS = "0" * 64
# SQL over `article` and OLD, the words of an entry
OF_CHAIN = "article.uuid::text = (SELECT entry.chain FROM factcheck_auditentry entry WHERE entry.id = OLD.entry_id)"


def netstring(value: str | int | None) -> bytes:
    """`5:hello,`; NULL is `-,` and so never the same as the empty text `0:,`."""
    if value is None:
        return b"-,"
    data = str(value).encode()
    return b"%d:%s," % (len(data), data)


def text_hash(salt: str, text: str) -> str:
    """The only thing of a free text that the chain holds: without the erasable salt nobody can guess at it."""
    return hashlib.sha256(netstring(salt) + netstring(text)).hexdigest()


class InChainQuerySet(models.QuerySet):
    def visible_to(self, user) -> "InChainQuerySet":
        """Without the chains of confidential articles that do not name `user`."""
        uuids = Article.objects.filter(pk__in=hidden_from(user)).annotate(chain=Cast("uuid", models.CharField()))
        return self.exclude(chain__in=uuids.values("chain"))


class AuditEntry(models.Model):
    """One act, or one row's part of it. No foreign keys: an entry outlives what it speaks of."""

    chain = models.CharField(_("chain"), max_length=36)
    seq = models.BigIntegerField(_("number in its chain"), default=0)
    verb = models.CharField(_("verb"), max_length=50)
    subject = models.CharField(_("kind of row"), max_length=50)
    subject_id = models.BigIntegerField(_("key of the row"))
    old = models.TextField(_("from"), null=True)  # noqa: DJ001 - NULL is "there was none", and hashed as such
    new = models.TextField(_("to"), null=True)  # noqa: DJ001
    actor = models.BigIntegerField(_("who (id); none: the machine"), null=True)
    act = models.UUIDField(_("one id per act of a person"))
    at = models.DateTimeField(_("when"), null=True)
    text_sha256 = models.CharField(_("sha256 of salt and free text"), max_length=64, null=True)  # noqa: DJ001
    prev = models.CharField(_("hash before"), max_length=64, default="")
    hash = models.CharField(_("hash"), max_length=64, default="")

    objects = InChainQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_entry_per_place_in_a_chain")]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="audit_by_subject"),
            # What the pages of the trail are filtered by, newest first.
            models.Index(fields=["verb", "id"], name="audit_by_verb"),
            models.Index(fields=["actor", "id"], name="audit_by_actor"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]
        triggers = [forever("audit_entries_stay", "An audit entry is never changed.")]

    @staticmethod
    def record(
        obj: models.Model,
        verb: str,
        *,
        by: models.Model | None,
        act: uuid.UUID,
        chain: str = DESK_CHAIN,
        old: str | None = None,
        new: str | None = None,
        text: str = "",
    ) -> None:
        """Append to `chain`, in the caller's transaction. by: None for the machine. text: free words, kept erasable."""
        salt = secrets.token_hex(16) if text else ""
        entry = AuditEntry.objects.create(
            chain=chain,
            verb=verb,
            subject=obj._meta.model_name,
            subject_id=obj.pk,
            old=old,
            new=new,
            actor=by.pk if by else None,
            act=act,
            text_sha256=text_hash(salt, text) if text else None,
        )
        if text:
            AuditText.objects.create(entry_id=entry.pk, salt=salt, text=text)

    @property
    def at_as_hashed(self) -> str | None:
        """2026-11-24T03:45:13.123456Z; the connection speaks UTC."""
        return self.at and self.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def expected_hash(self, seq: int | None = None) -> str:
        """The hash that this row's fields should have, computed without the database's function.

        seq: as if it stood at that place of its chain.
        """
        fields = (
            self.prev,
            self.chain,
            self.seq if seq is None else seq,
            self.verb,
            self.subject,
            self.subject_id,
            self.old,
            self.new,
        )
        fields += (self.actor, str(self.act), self.at_as_hashed, self.text_sha256)
        return hashlib.sha256(b"".join(netstring(field) for field in fields)).hexdigest()


class AuditHead(models.Model):
    """The last number and hash of each chain. Only the database's function writes it."""

    chain = models.CharField(primary_key=True, max_length=36)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("head of a chain")


class AuditText(models.Model):
    """The free words of an entry, apart so that they can be erased while the chain stays whole."""

    entry_id = models.BigIntegerField(primary_key=True)
    salt = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        verbose_name = _("words of an audit entry")
        triggers = [
            Guard(
                name="words_are_kept_under_hold",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    {unless_held("words_are_kept_under_hold", OF_CHAIN)}
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]


class AuditFinding(models.Model):
    """Something that no verb of the desk can have done. A check opens it, and resolves it once it is found no more.

    No foreign keys: what it speaks of may be gone.
    """

    chain = models.CharField(_("chain"), max_length=36, blank=True)
    publication = models.BigIntegerField(_("publication (key)"), null=True)
    sentence = models.CharField(_("what was found"), max_length=600)
    found_at = models.DateTimeField(_("found"), db_default=Now(), editable=False)
    resolved_at = models.DateTimeField(_("found no more since"), null=True)

    objects = InChainQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        constraints = [
            models.UniqueConstraint(
                fields=["sentence"], condition=models.Q(resolved_at__isnull=True), name="a_finding_is_open_once"
            )
        ]
        triggers = [
            unchanging(
                "findings_stay_as_found",
                ["id", "chain", "publication", "sentence", "found_at"],
                "A finding is never changed; it can only be resolved.",
            ),
            undeletable("findings_stay", "A finding is never deleted; it can only be resolved."),
        ]


class AuditCheck(models.Model):
    """One look at everything that can be checked: chains, roots and publications."""

    finished_at = models.DateTimeField(_("finished"), db_default=Now(), editable=False)
    entries = models.BigIntegerField(_("entries"))
    chains = models.BigIntegerField(_("chains"))
    roots = models.BigIntegerField(_("roots"))
    publications = models.BigIntegerField(_("publications"))
    problems = models.BigIntegerField(_("problems"))

    class Meta:
        verbose_name = _("check of the trail")
        get_latest_by = "pk"
        triggers = [forever("checks_stay", "A check of the trail is never changed.")]
