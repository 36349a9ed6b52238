"""Who is told what. Verbs call tell() in the transaction of what happened: a notice is there exactly if it happened.

Nobody is told what they did themselves, nor anything of an article that they may not see: that is asked here, and again
where a notice is shown or mailed (NoticeQuerySet.visible_to).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from factcheck.exceptions import BadInput
from factcheck.models import Article, Claim, Follow, Job, Notice, NoticeSettings, ReaderRequest, Role, User
from factcheck.permissions import require
from factcheck.text.statements import plain
from factcheck.workflow.transitions import change

Kind = Notice.Kind
Subject = Claim | Article | Job | ReaderRequest
SENTENCES: dict[str, Any] = {
    Kind.ASSIGNED: lazy("{who} put a claim into your hands."),
    Kind.MENTIONED: lazy("{who} mentions you in a comment."),
    Kind.COMMENTED: lazy("{who} commented on a claim that you follow."),
    Kind.CHANGES_REQUESTED: lazy("{who} requests changes to a review."),
    Kind.APPROVED: lazy("{who} approved a review."),
    Kind.PUBLISHED: lazy("{who} published a fact-check."),
    Kind.RETRACTED: lazy("{who} retracted a fact-check."),
    Kind.TAKEN_DOWN: lazy("{who} took a fact-check down."),
    Kind.NOT_PUBLISHED: lazy("A fact-check could not be published at its hour. It waits for a person, still approved."),
    Kind.PAGE_CHANGED: lazy("An article’s page has changed."),
    Kind.ORPHANED: lazy("An article’s page has changed, and the words of a claim are not in it any more."),
    Kind.REVIEW_AGAIN: lazy("The day has come to look at a fact-check again."),
    Kind.DEAD_JOB: lazy("A step of the machine has failed for good."),
    Kind.READER_REQUEST: lazy("A reader asks for a correction, or tells the desk something."),
}


def tell(people: Iterable[int], kind: str, subject: Subject, event: str, *, by: User | None) -> None:
    """Tell each of these people (keys), once per event. In the caller's transaction.

    event: the name of what happened, which a retry uses again: `comment-12`. by: who did it; None for the machine.
    """
    keys = set(people) - {by.pk if by else None}
    if not keys:
        return
    told = list(seeing(subject).filter(pk__in=keys))
    wishes = NoticeSettings.objects.in_bulk([person.pk for person in told])
    about = _as_field(subject)
    Notice.objects.bulk_create(
        [
            Notice(
                person=person,
                kind=kind,
                event=event,
                by=by,
                due_at=due(kind, wishes.get(person.pk) or NoticeSettings()),
                **about,
            )
            for person in sorted(told, key=lambda person: person.pk)
        ],
        ignore_conflicts=True,  # told_once: whoever was first has told them
    )


def _as_field(subject: Subject) -> dict[str, Any]:
    """As Notice and Follow name it: claim, article, job or readerrequest."""
    return {str(subject._meta.model_name): subject}


def seeing(subject: Subject) -> QuerySet[User]:
    """Who may log in and see it: the question of models.articles.hidden_from, asked the other way round."""
    people = User.objects.at_the_desk().order_by()
    if isinstance(subject, ReaderRequest):
        return people
    article = subject.pk if isinstance(subject, Article) else subject.article_id
    if article is None:
        return people
    reads = Article.readers.through.objects.filter(article=article, user=OuterRef("pk"))
    return people.filter(~Exists(Article.objects.filter(pk=article, confidential=True)) | Exists(reads))


def due(kind: str, wishes: NoticeSettings, now: datetime | None = None) -> datetime | None:
    """When a notice of this kind is to be mailed; None: never. The digest comes at its hour in the desk's time zone."""
    now = timezone.localtime(now)
    if kind in wishes.at_once:
        return now
    if kind not in wishes.daily:
        return None
    today = now.replace(hour=wishes.hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def followers(*claims: Claim) -> set[int]:
    """Keys of those who follow one of these claims, or the article of one."""
    of_claims = Q(claim__in=claims) | Q(article__in={claim.article_id for claim in claims})
    return set(Follow.objects.filter(of_claims).values_list("person", flat=True))


def editors() -> set[int]:
    return set(User.objects.filter(is_active=True, role=Role.EDITOR).values_list("pk", flat=True))


# --- following -----------------------------------------------------------------------------------------------------


def join(claim: Claim, person: User) -> None:
    """Whoever works on a claim or talks about it follows it. In the caller's transaction."""
    Follow.objects.bulk_create([Follow(person=person, claim=claim)], ignore_conflicts=True)


def go_on_following(before: Iterable[Claim], after: Iterable[Claim]) -> None:
    """Who follows one of the claims `before` follows those that take their place, too. In the caller's transaction."""
    people = set(Follow.objects.filter(claim__in=before).values_list("person", flat=True))
    follows = [Follow(person_id=person, claim=claim) for person in sorted(people) for claim in after]
    Follow.objects.bulk_create(follows, ignore_conflicts=True)


def follow(subject: Claim | Article, *, by: User, follows: bool) -> None:
    """Follow a claim or an article, or follow it no more. Raises NotAllowed."""
    require(by, "follow a claim or an article", subject)
    about = _as_field(subject)
    if follows:
        Follow.objects.bulk_create([Follow(person=by, **about)], ignore_conflicts=True)
    else:
        Follow.objects.filter(person=by, **about).delete()


def is_following(subject: Claim | Article, person: User) -> bool:
    return Follow.objects.filter(person=person, **_as_field(subject)).exists()


# --- in words ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A notice as its person reads it on the page; `discreetly` as a mail may carry it, through whoever's hands."""

    notice: Notice
    sentence: str
    about: str
    confidential: bool

    @property
    def discreetly(self) -> str:
        return _("Something happened in a confidential article.") if self.confidential else self.sentence

    @property
    def about_discreetly(self) -> str:
        return "" if self.confidential else self.about


def in_words(notices: QuerySet[Notice]) -> list[Told]:
    """What each notice tells and of what, by two queries. The caller has asked who sees them."""
    of = ("claim__article", "article", "job__article", "readerrequest__publication__review")
    rows = list(notices.select_related("by", *of).defer("claim__embedding", "readerrequest__publication__frozen"))
    articles = {row.pk: article for row in rows if (article := _article(row))}
    named = Article.objects.filter(pk__in={article.pk for article in articles.values()}).newest_first()
    titles = dict(named.values_list("pk", "title"))
    return [_told(row, articles.get(row.pk), titles) for row in rows]


def _article(notice: Notice) -> Article | None:
    if notice.claim is not None:
        return notice.claim.article
    return notice.article or (notice.job.article if notice.job else None)


def _told(notice: Notice, article: Article | None, titles: dict[int, str | None]) -> Told:
    who = notice.by.name if notice.by else _("The desk")
    title = (titles.get(article.pk) or article.said.get("title") or article.url or _("Untitled")) if article else ""
    if notice.claim is not None:
        about = plain(notice.claim.statement)
    elif notice.readerrequest is not None:
        asked = notice.readerrequest.publication
        about = asked.review.statement if asked else _("The desk as a whole")
    elif notice.job is not None:
        about = ": ".join(filter(None, [str(notice.job.get_kind_display()), title]))
    else:
        about = title
    return Told(
        notice,
        str(SENTENCES[notice.kind]).format(who=who),
        Truncator(" ".join(about.split())).chars(200),
        article is not None and article.confidential,
    )


# --- one's own notices ---------------------------------------------------------------------------------------------


def read(*, by: User, only: int | None = None, until: int | None = None) -> int:
    """Mark one's own notices as read: one, or all up to the newest that was shown. Returns how many were unread."""
    require(by, "see the desk")
    unread = Notice.objects.unread().visible_to(by)
    if only is not None:
        unread = unread.filter(pk=only)
    if until is not None:
        unread = unread.filter(pk__lte=until)
    return unread.update(read_at=Now())


def choose(*, by: User, ways: dict[str, str], hour: int) -> NoticeSettings:
    """How the person wants to be told. ways: kind -> `page`, `at_once` or `daily`; hour: of the digest, 0 to 23.

    What waits to be mailed is mailed as is wanted now, or not any more. Raises NotAllowed, BadInput.
    """
    require(by, "see the desk")
    if set(ways) != set(Kind.values) or not set(ways.values()) <= {"page", "at_once", "daily"}:
        raise BadInput("Say for each kind of notice whether it is mailed at once, daily, or not at all.")
    if not 0 <= hour <= 23:
        raise BadInput("The hour of the digest is a number from 0 to 23.")
    chosen = {way: [kind for kind in Kind.values if ways[kind] == way] for way in ("at_once", "daily")}
    with change():
        wishes, _new = NoticeSettings.objects.update_or_create(person=by, defaults={**chosen, "hour": hour})
        waiting = Notice.objects.filter(person=by, mailed_at__isnull=True, read_at__isnull=True, due_at__isnull=False)
        for kind in Kind.values:
            waiting.filter(kind=kind).update(due_at=due(kind, wishes))
    return wishes
