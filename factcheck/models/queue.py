"""Which claims somebody wants to see, and in which order: the one shape of it, for pages, the API and saved views."""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.tuple_lookups import TupleGreaterThan
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from factcheck.models.articles import ArticleVersion, hidden_from
from factcheck.models.claims import (
    BY_ARTICLE,
    BY_DUE,
    BY_WORTH,
    FIRST_BY_WORTH,
    TO_DO,
    WHENEVER,
    Claim,
    ClaimQuerySet,
)
from factcheck.models.people import Outlet
from factcheck.models.reviews import ClaimReview
from factcheck.models.sources import Passage
from factcheck.models.suggestions import Suggestion

# Order -> by what, before the claim's key.
ORDERS: dict[str, dict[str, Any]] = {
    "worth": {"by_priority": FIRST_BY_WORTH, "by_worth": BY_WORTH},
    "due": {"by_due": BY_DUE},
    "article": {"by_article": BY_ARTICLE},
}


@dataclass(frozen=True)
class ClaimFilter:
    """What is "" or None is not asked for.

    status: one of Claim.Status, "to_do", "not_checkable", or "any". speaker: the whole name; case does not matter.
    outlet: a part of its name. language: BCP 47, as much of it as is said. assignee: a key, "me" for whoever looks,
    "nobody". due: "overdue", or "dated" for what has a date. words: as a search engine takes them.
    """

    status: str = "to_do"
    words: str = ""
    verdict: str = ""
    kind: str = ""
    speaker: str = ""
    outlet: str = ""
    outlet_key: int | None = None
    language: str = ""
    assignee: str = ""
    priority: int | None = None
    due: str = ""
    article: int | None = None
    checkable: bool | None = None
    checked_before: bool | None = None
    conflicting: bool | None = None
    order: str = "worth"

    def among(self, claims: ClaimQuerySet, user: Any) -> ClaimQuerySet:
        """Those of the claims that are wanted, and that `user` may see."""
        found = claims.visible_to(user).filter(self._of_its_own(user), *self._of_its_article())
        if self.words:
            query = SearchQuery(self.words, config="english", search_type="websearch")
            found = found.filter(tsv=query)
        if self.priority is not None:
            found = found.annotate(by_priority=FIRST_BY_WORTH).filter(by_priority=-self.priority)
        if self.due:
            before = Now() if self.due == "overdue" else WHENEVER
            found = found.annotate(by_due=BY_DUE).filter(by_due__lt=before)
        if self.verdict:
            reviews = ClaimReview.objects.filter(claim=OuterRef("pk"), status=ClaimReview.Status.PUBLISHED)
            found = found.filter(Exists(reviews.filter(verdict=self.verdict)))
        flags = ((self.checked_before, _checked_before), (self.conflicting, _conflicting))
        for wanted, having in flags:
            if wanted is not None:
                found = found.filter(having(user) if wanted else ~having(user))
        return found

    def _of_its_own(self, user: Any) -> Q:
        wanted = Q()
        if self.status == "to_do":
            wanted &= TO_DO
        elif self.status == "not_checkable":
            wanted &= Q(status=Claim.Status.DETECTED) & ~Q(not_checkable="")
        elif self.status != "any":
            wanted &= Q(status=self.status)
        if self.checkable is not None:
            wanted &= Q(not_checkable="") if self.checkable else ~Q(not_checkable="")
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.speaker:
            wanted &= Q(speaker__iexact=self.speaker)
        if self.assignee:
            key = {"me": user.pk, "nobody": None}.get(self.assignee, self.assignee)
            wanted &= Q(assignee__isnull=True) if key is None else Q(assignee=int(key))
        return wanted

    def _of_its_article(self) -> list[Any]:
        wanted: list[Any] = []
        if self.article is not None:
            wanted.append(Q(article=self.article))
        if self.outlet_key is not None:
            wanted.append(Q(article__outlet=self.outlet_key))
        if self.outlet:
            wanted.append(Q(article__outlet__in=Outlet.objects.filter(name__icontains=self.outlet)))
        if self.language:
            spoken = Q(language=self.language) | Q(language__startswith=f"{self.language}-")
            wanted.append(Exists(ArticleVersion.objects.filter(spoken, article=OuterRef("article"))))
        return wanted

    def in_order(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        return claims.annotate(**ORDERS[self.order]).order_by(*ORDERS[self.order], "pk")

    def behind(self, claims: ClaimQuerySet, claim: Claim) -> ClaimQuerySet:
        """Of those in_order(), what comes after this claim, which need not be among them any more."""
        worth = -1.0 if claim.checkworthiness is None else claim.checkworthiness
        place: dict[str, tuple[Any, ...]] = {
            "worth": (-claim.priority, -worth),
            "due": (claim.due_at or WHENEVER,),
            "article": (-claim.article_id,),
        }
        return claims.filter(TupleGreaterThan((*ORDERS[self.order], "pk"), (*place[self.order], claim.pk)))

    def query(self) -> str:
        """As a query string: always the same for the same filter, without what is not asked for."""
        said = asdict(self)
        told = {each.name: said[each.name] for each in fields(self) if said[each.name] != each.default}
        return urlencode({name: int(value) if isinstance(value, bool) else value for name, value in told.items()})


def _standing(user: Any) -> models.QuerySet:
    """Those of a claim that this reader may see. As Suggestion.visible_to, for claims whose articles they see; and the
    few passages that are hidden are looked up once, not the passage of each suggestion."""
    hidden = Passage.objects.filter(source__confidential_with__in=hidden_from(user)).values("pk")
    standing = Suggestion.objects.filter(claim=OuterRef("pk")).exclude(status=Suggestion.Status.DISMISSED)
    return standing.exclude(passage__in=hidden)


def _checked_before(user: Any) -> Exists:
    """Whether a suggestion that nobody dismissed leads to an earlier fact-check."""
    return Exists(_standing(user).filter(of_fact_check=True))


def _conflicting(user: Any) -> Exists:
    """Whether a suggestion that nobody dismissed has another number or date than the claim."""
    return Exists(_standing(user).filter(conflicts=True))


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """One's own, and those that are shared with the desk."""
        return self.filter(Q(owner=user.pk) | Q(shared=True))


class SavedView(models.Model):
    """A filter of the queue under a name. What it shows is what its reader may see, whoever saved it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    shared = models.BooleanField(_("shared with the desk"), default=False)
    query = models.CharField(_("filter, as a query string"), max_length=2000, blank=True)

    MOST: ClassVar[int] = 12  # of one person, and shown at once
    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_owner_and_name"),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name__regex=r"^\s*$")),
        ]

    def __str__(self) -> str:
        return self.name
