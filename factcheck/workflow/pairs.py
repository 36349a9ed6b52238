"""The same claim elsewhere: a machine step that proposes pairs of claims, and what a person makes of a proposal.

Nobody learns by a pair of an article that is hidden from them: who sees one of the two articles only sees neither the
pair nor that it was decided about.
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from factcheck.exceptions import Refused
from factcheck.models import Article, Claim, ClaimPair, Job, User
from factcheck.permissions import require
from factcheck.retrieval import elsewhere, embedding
from factcheck.text import sameclaim
from factcheck.text.statements import unmarked
from factcheck.workflow import jobs
from factcheck.workflow.transitions import change, move
from factcheck.workflow.words import words

MOST = 5
"""Pairs that one search proposes for a claim, the best first; so many again of each confidential article."""
MODEL_VERSION = f"same claim 1 ({embedding.MODEL})"

Status = ClaimPair.Status
Keys = tuple[int, int]
"""The keys of two claims, the lower one first."""


def of(claim: Claim, user: User) -> QuerySet[ClaimPair]:
    """The pairs of a claim that `user` is shown: what people decided about, and what there is to decide."""
    seen = ClaimPair.objects.visible_to(user).of(claim).at_work()
    return seen.exclude(status=Status.PROPOSED, score__lt=sameclaim.THRESHOLD)  # judged anew since, by other words


@dataclass(frozen=True)
class Found:
    statements: dict[int, str]
    """What was compared: the text's claims."""
    judged: dict[Keys, sameclaim.Judged]
    """Those to be proposed, and those that were and are judged anew."""


# --- the machine's step ----------------------------------------------------------------------------------------------


def find(job: Job) -> Found:
    """For each claim of the text: claims of other articles that say the same.

    An article that brought the same text, or whose page has the same address, is the same one taken in twice: what it
    says is not said elsewhere.
    """
    mine = elsewhere.of_text(job.target)
    article = Article.objects.get(versions=job.target)
    same = Article.objects.like(article, article.newest).values_list("pk", flat=True)
    near = elsewhere.nearest(mine, [article.pk, *same])
    known = elsewhere.proposed(list(mine))
    others = {each.other for each in near} | {key for keys in known for key in keys}
    said = {**dict(Claim.objects.filter(pk__in=others).values_list("pk", "statement")), **mine}
    plain = {key: unmarked(statement) for key, statement in said.items()}
    judged = {keys: sameclaim.judge(plain[keys[0]], plain[keys[1]], cosine) for keys, cosine in known.items()}
    candidates = [
        (each, sameclaim.judge(plain[each.claim], plain[each.other], each.cosine))
        for each in near
        if each.other in plain
    ]
    places: Counter[tuple[int, int | None]] = Counter()
    for each, judgement in sorted(candidates, key=lambda found: (-found[1].value, found[0].other)):
        place = (each.claim, each.confidential)
        if judgement.value >= sameclaim.THRESHOLD and places[place] < MOST:
            places[place] += 1
            judged[_keys(each.claim, each.other)] = judgement
    return Found(mine, judged)


def store(job: Job, found: Found) -> None:
    """Keep what was found. A pair that is there keeps its row; only what nobody has decided about is judged anew."""
    mine = list(found.statements)
    there = {
        (pair.one_id, pair.other_id): pair
        for pair in ClaimPair.objects.filter(Q(one__in=mine) | Q(other__in=mine), status=Status.PROPOSED)
    }
    changed, new = [], []
    for keys, judgement in sorted(found.judged.items()):
        said = {
            "score": round(judgement.value, 4),
            "reasons": list(judgement.reasons),
            "model_version": MODEL_VERSION,
        }
        pair = there.get(keys)
        if pair is None:
            new.append(ClaimPair(one_id=keys[0], other_id=keys[1], **said))
        elif any(getattr(pair, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(pair, name, value)
            changed.append(pair)
    ClaimPair.objects.bulk_create(
        new, ignore_conflicts=True
    )  # decided about, or proposed by the other article's search
    ClaimPair.objects.bulk_update(changed, ["score", "reasons", "model_version"])
    if elsewhere.of_text(job.target) != found.statements:
        # A person edited, added or put aside a claim while this search was under way.
        jobs.ensure(Job.Kind.PAIR, job.target, queue=job.queue, article=job.article)


def _keys(claim: int, other: int) -> Keys:
    return (claim, other) if claim < other else (other, claim)


# --- what a person makes of it ---------------------------------------------------------------------------------------


def confirm(pair: ClaimPair, *, by: User, seen: int) -> ClaimPair:
    """Both say the same. Nothing is merged. Raises NotAllowed, Conflict, InvalidTransition, Refused."""
    return _decide(pair, Status.CONFIRMED, by=by, seen=seen)


def refuse(pair: ClaimPair, *, by: User, seen: int, reason: str = "") -> ClaimPair:
    """They do not. Raises BadInput, NotAllowed, Conflict, InvalidTransition, Refused."""
    return _decide(pair, Status.REFUSED, by=by, seen=seen, reason=words("reason", reason))


def undo(pair: ClaimPair, *, by: User, seen: int) -> ClaimPair:
    """As if nobody had decided. Raises NotAllowed, Conflict, InvalidTransition, Refused."""
    return _decide(pair, Status.PROPOSED, by=by, seen=seen)


def _decide(pair: ClaimPair, to: Status, *, by: User, seen: int, reason: str = "") -> ClaimPair:
    require(by, "decide a pair", pair)
    with ExitStack() as both:
        for article in sorted((pair.one.article_id, pair.other.article_id)):
            act = both.enter_context(change(article))
        articles = Article.objects.filter(pk__in=[pair.one.article_id, pair.other.article_id]).order_by("pk")
        chains = _told_in(articles.prefetch_related("readers"))
        decided_by = None if to == Status.PROPOSED else by
        return move(pair, to, by=by, seen=seen, act=act, reason=reason, chains=chains, decided_by=decided_by)


def _told_in(articles: Iterable[Article]) -> list[str]:
    """The chains of those of the two articles whose readers all see the other one, too. Raises Refused without one."""
    one, other = articles
    chains = [str(here.uuid) for here, there in ((one, other), (other, one)) if _seen_by_readers_of(here, there)]
    if not chains:
        raise Refused(
            "Both articles are confidential, and neither’s readers all see the other one: this could be noted in no"
            " trail. Name the readers of one at the other, too.",
            "pair_is_told_in_a_trail",
        )
    return chains


def _seen_by_readers_of(here: Article, there: Article) -> bool:
    if not there.confidential:
        return True
    return here.confidential and set(here.readers.all()) <= set(there.readers.all())
