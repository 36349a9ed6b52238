"""Placing a litigation hold on an article, and lifting it. What it keeps, the database keeps (guards.unless_held)."""

from django.db.models.functions import Now

from factcheck.exceptions import Conflict
from factcheck.models import Article, AuditEntry, LitigationHold, User
from factcheck.permissions import require
from factcheck.workflow.transitions import chain_of, change
from factcheck.workflow.words import words


def place(article: Article, *, by: User, reason: str) -> LitigationHold:
    """From now on nothing of the article is erased or taken down: no publication, nothing told in confidence, no words
    of its trail, no reason of a conflict of interest on its claims, and nobody who worked on it.

    Raises NotAllowed, BadInput, Refused (one_standing_hold_per_article).
    """
    require(by, "decide on a litigation hold", article)
    reason = words("reason", reason, needed=True)
    with change(article.pk) as act:
        hold = LitigationHold.objects.create(article=article, reason=reason, placed_by=by)
        AuditEntry.record(hold, "litigationhold.placed", by=by, act=act, chain=chain_of(article.pk), text=reason)
    return hold


def lift(hold: LitigationHold, *, by: User, reason: str) -> LitigationHold:
    """Raises NotAllowed, BadInput, Conflict."""
    require(by, "decide on a litigation hold", hold)
    reason = words("reason", reason, needed=True)
    with change(hold.article_id) as act:
        standing = LitigationHold.objects.standing().filter(pk=hold.pk)
        if not standing.update(lift_reason=reason, lifted_by=by, lifted_at=Now()):
            raise Conflict("This litigation hold was lifted by somebody else in the meantime.")
        AuditEntry.record(hold, "litigationhold.lifted", by=by, act=act, chain=chain_of(hold.article_id), text=reason)
    hold.refresh_from_db()
    return hold


def standing(article: int) -> LitigationHold | None:
    """The hold on the article with this key, if there is one."""
    return LitigationHold.objects.standing().filter(article=article).select_related("placed_by").first()
