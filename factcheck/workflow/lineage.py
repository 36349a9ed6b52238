"""Splitting a claim, merging several, and undoing either: claims are replaced by others, and nothing is lost.

What is replaced is superseded and stays; what takes its place is a new claim, added by the person; Lineage remembers
which came from which. Whoever keeps away from the one keeps away from the other.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, InvalidTransition
from factcheck.models import Anchor, ArticleVersion, Claim, Lineage, User
from factcheck.permissions import require
from factcheck.workflow import notices
from factcheck.workflow.conflicts import carry_over
from factcheck.workflow.marking import LONGEST, born, folded, search, span
from factcheck.workflow.transitions import change, move
from factcheck.workflow.words import words

MOST_PARTS = 20
Status = Claim.Status


@dataclass(frozen=True)
class Part:
    """One of the claims that a split makes: the words `exact` at text[start:end] of the newest text, within those of
    the claim. Without a place it stands at all of the claim's words: what it says is in its statement alone.
    """

    statement: str = ""
    start: int | None = None
    end: int | None = None
    exact: str = ""


@dataclass(frozen=True)
class Place:
    """The claim's words are text[start:end] of this version."""

    version: ArticleVersion
    start: int
    end: int

    @property
    def exact(self) -> str:
        return self.version.text[self.start : self.end]


def place_of(claim: Claim) -> Place:
    """Where the claim stands in the newest text. Raises BadInput when it does not stand there."""
    newest = claim.article.versions.order_by("-number").values("pk")[:1]
    at = claim.anchors.filter(article_version=newest, status=Anchor.Status.EXACT)
    anchor = at.select_related("article_version").defer("article_version__raw").first()
    if anchor is None or anchor.start is None or anchor.end is None:
        raise BadInput(f"The words of claim {claim.pk} do not stand in the newest text.")
    return Place(anchor.article_version, anchor.start, anchor.end)


KEPT = ("kind", "speaker", "cue", "quoted", "checkworthiness", "assignee_id", "due_at", "priority")  # by a split


def near(claim: Claim, place: Place) -> list[Claim]:
    """Those that it could be merged with, in the order of the text."""
    there = Anchor.objects.filter(article_version=place.version, status=Anchor.Status.EXACT)
    close = there.filter(start__gte=place.end - LONGEST, end__lte=place.start + LONGEST)
    detected = close.filter(claim__status=Status.DETECTED).exclude(claim=claim).order_by("start", "end", "claim")
    return [anchor.claim for anchor in detected.select_related("claim").defer("claim__embedding")]


def split(claim: Claim, *, by: User, seen: int, parts: Sequence[Part]) -> list[Claim]:
    """Put 2 to MOST_PARTS claims in the place of a detected one. They keep its speaker, kind and check-worthiness, and
    who is to work on it until when.

    Raises BadInput, NotAllowed, Conflict, InvalidTransition.
    """
    require(by, "mark claims", claim)
    if not 2 <= len(parts) <= MOST_PARTS:
        raise BadInput(f"A claim is split into 2 to {MOST_PARTS} parts; here are {len(parts)}.")
    with change(claim.article_id) as act:
        whole = place_of(claim)
        said = [_part(whole, part) for part in parts]
        if len(set(said)) < len(said):
            raise BadInput("Two of the parts are the same.")
        kept = {name: getattr(claim, name) for name in KEPT}
        reasons = [f"split from claim {claim.pk}", *claim.reasons]
        new = [born(whole.version, *at, statement, by=by, act=act, reasons=reasons, **kept) for at, statement in said]
        _replace(Lineage.Kind.SPLIT, [(claim, seen)], new, by=by, act=act, reason="Split into")
        search(whole.version)
    return new


def merge(claim: Claim, *, by: User, seen: int, others: Iterable[tuple[Claim, int]], statement: str = "") -> Claim:
    """Put one claim in the place of several detected ones of an article. others: each with the version that was read.

    Its words reach from the first to the last of theirs, whatever stands between, so they must stand near each other:
    within LONGEST characters. statement "": their statements in the order of the text. The speaker is kept when there
    is only one, the highest check-worthiness and priority and the earliest due date always. Raises BadInput,
    NotAllowed, Conflict, InvalidTransition.
    """
    seen_of = {claim.pk: (claim, seen), **{other.pk: (other, version) for other, version in others}}
    merged = [each for each, _ in seen_of.values()]
    for each in merged:
        require(by, "mark claims", each)
    if len(merged) < 2:
        raise BadInput("Choose at least one other claim to merge this one with.")
    if any(each.article_id != claim.article_id for each in merged):
        raise BadInput("Only claims of one article are merged.")
    with change(claim.article_id) as act:
        places = {each.pk: place_of(each) for each in merged}
        first = min(places.values(), key=lambda place: place.start)
        start, end = first.start, max(place.end for place in places.values())
        if end - start > LONGEST:
            raise BadInput(
                f"These claims stand too far apart: a claim may have at most {LONGEST:,} characters of the text, and"
                f" from the first to the last there are {end - start:,}."
            )
        in_order = sorted(seen_of, key=lambda key: (places[key].start, places[key].end, key))
        ordered = [seen_of[key] for key in in_order]
        said = words("statement", statement) or " ".join(each.statement for each, _ in ordered)
        new = born(first.version, start, end, said, by=by, act=act, **_together([each for each, _ in ordered]))
        _replace(Lineage.Kind.MERGE, ordered, [new], by=by, act=act, reason="Merged into")
        search(first.version)
    new.refresh_from_db()
    return new


def undo(claim: Claim, *, by: User, seen: int) -> list[Claim]:
    """Take back the split or merge that superseded the claim, or that made it. Returns the claims that are back.

    The successors are superseded in turn. Raises NotAllowed, Conflict; InvalidTransition when there is nothing to undo,
    or when a successor was worked on since: what was done there is not thrown away.
    """
    require(by, "mark claims", claim)
    with change(claim.article_id) as act:
        if not Claim.objects.filter(pk=claim.pk, version=seen).exists():
            raise Conflict(f"Claim {claim.pk} was changed by somebody else in the meantime. Nothing was changed.")
        rows = list(act_of(claim))
        before = list(Claim.objects.filter(successions__in=rows).distinct().order_by("pk").defer("embedding"))
        after = list(Claim.objects.filter(origins__in=rows).distinct().order_by("pk").defer("embedding"))
        for each in (*before, *after):
            require(by, "mark claims", each)
        worked = set(Claim.objects.filter(origins__in=rows).worked_on().values_list("pk", flat=True))
        for each in after:
            if each.status != Status.DETECTED or each.pk in worked:
                raise InvalidTransition(f"Claim {each.pk} was worked on since; that is not thrown away.")
        Lineage.objects.filter(pk__in=[row.pk for row in rows]).update(undone_at=Now())
        for each in before:
            move(each, Status.DETECTED, by=by, seen=each.version, act=act)
        _replace(Lineage.Kind.UNDO, [(each, each.version) for each in after], before, by=by, act=act, reason="Back to")
        search(claim.article.current)
    return before


def act_of(claim: Claim) -> list[Lineage]:
    """The rows of the split or merge that undo() would take back. Raises InvalidTransition when there is none."""
    theirs = Lineage.objects.standing().exclude(kind=Lineage.Kind.UNDO)
    last = theirs.filter(before=claim).first() or theirs.filter(after=claim).first()
    if last is None:
        raise InvalidTransition(f"Claim {claim.pk} was neither split nor merged; there is nothing to undo.")
    return list(theirs.filter(act=last.act).order_by("pk"))


def _part(whole: Place, part: Part) -> tuple[tuple[int, int], str]:
    start, end = whole.start, whole.end
    if part.start is not None and part.end is not None:
        start, end = span(whole.version.text, part.start, part.end, part.exact)
        if not whole.start <= start < end <= whole.end:
            raise BadInput("A part of a claim stands within the claim's own words.")
    said = words("statement", part.statement) or (folded(whole.version.text[start:end]) if part.exact else "")
    return (start, end), words("statement", said, needed=True)


def _together(merged: Sequence[Claim]) -> dict[str, object]:
    """What the merged claims agree on; nothing where they do not."""
    agreed: dict[str, object] = {}
    for name, otherwise in (("kind", "other"), ("speaker", ""), ("cue", "")):
        known = {value for each in merged if (value := getattr(each, name))}
        agreed[name] = known.pop() if len(known) == 1 else otherwise
    scores = [each.checkworthiness for each in merged if each.checkworthiness is not None]
    return {
        **agreed,
        "quoted": all(each.quoted for each in merged),
        "checkworthiness": max(scores, default=None),
        "priority": max(each.priority for each in merged),
        "due_at": min((each.due_at for each in merged if each.due_at), default=None),
        "reasons": [f"merged from claims {', '.join(str(each.pk) for each in merged)}"],
    }


def _replace(
    kind: Lineage.Kind,
    before: Sequence[tuple[Claim, int]],
    after: Sequence[Claim],
    *,
    by: User,
    act: uuid.UUID,
    reason: str,
) -> None:
    """The old claims, each in the version that was read, are superseded; each new one came from each of them."""
    told = f"{reason} {', '.join(f'claim {each.pk}' for each in after)}."
    for old, seen in before:
        move(old, Status.SUPERSEDED, by=by, seen=seen, act=act, reason=told)
    rows = [Lineage(act=act, kind=kind, before=old, after=new, by=by) for old, _ in before for new in after]
    Lineage.objects.bulk_create(rows)
    carry_over([old for old, _ in before], after, by=by, act=act)
    notices.go_on_following([old for old, _ in before], after)
