"""Every operation of the API, from its own address list, with a row behind each key and a body that could be taken."""

import re
from dataclasses import dataclass, field
from datetime import date

from factcheck.api.urls import urlpatterns
from factcheck.models import ClaimReview, Import, Job, Publication, Source
from factcheck.workflow import comments, evidence, imports, lineage, marking, pairs, publications, reviews
from factcheck.workflow.lists import Row
from tests import factories

ABOUT = ("schema/", "docs/")
# Operation -> who may, in the words of the permission table. A new operation without an entry fails the tests.
VERBS = {
    "GET me/": "see the desk",
    "GET articles/": "see the desk",
    "POST articles/": "ingest an article",
    "POST articles/batch/": "ingest an article",
    "GET articles/<id>/versions/": "see the desk",
    "GET articles/<id>/": "see the desk",
    "GET articles/<id>/claims/": "see the desk",
    "POST articles/<id>/claims/": "mark claims",
    "GET claims/": "see the desk",
    "GET claims/<id>/": "see the desk",
    "PATCH claims/<id>/": "edit a statement",
    "POST claims/<id>/review/": "write a review",
    "POST claims/<id>/ask-again/": "decide a suggestion",
    "PUT claims/<id>/assignee/": "plan the work",
    "PUT claims/<id>/due/": "plan the work",
    "PUT claims/<id>/priority/": "plan the work",
    "POST claims/<id>/dismiss/": "mark claims",
    "POST claims/<id>/restore/": "mark claims",
    "PUT claims/<id>/attribution/": "mark claims",
    "POST claims/<id>/split/": "mark claims",
    "POST claims/<id>/merge/": "mark claims",
    "POST claims/<id>/undo/": "mark claims",
    "GET pairs/": "see the desk",
    "POST pairs/<id>/confirm/": "decide a pair",
    "POST pairs/<id>/refuse/": "decide a pair",
    "POST pairs/<id>/undo/": "decide a pair",
    "GET comments/": "see the desk",
    "POST comments/": "comment on a claim",
    "GET comments/<id>/": "see the desk",
    "POST comments/<id>/resolve/": "resolve a comment",
    "POST comments/<id>/reopen/": "resolve a comment",
    "POST comments/<id>/withdraw/": "withdraw a comment",
    "GET sources/": "see the desk",
    "POST sources/": "add a source",
    "POST sources/batch/": "add a source",
    "GET sources/imports/": "see the desk",
    "GET sources/imports/<id>/": "see the desk",
    "GET sources/imports/<id>/rows/": "see the desk",
    "GET sources/<id>/": "see the desk",
    "GET suggestions/": "see the desk",
    "POST suggestions/<id>/accept/": "decide a suggestion",
    "POST suggestions/<id>/dismiss/": "decide a suggestion",
    "POST suggestions/<id>/fetch/": "decide a suggestion",
    "POST suggestions/<id>/undo/": "decide a suggestion",
    "GET reviews/": "see the desk",
    "GET reviews/<id>/": "see the desk",
    "PUT reviews/<id>/": "write a review",
    "GET reviews/<id>/checklist/": "see the desk",
    "PUT reviews/<id>/checklist/": "write a review",
    "POST reviews/<id>/evidence/": "write a review",
    "PUT reviews/<id>/original/": "write a review",
    "POST reviews/<id>/take-over/": "take a draft over",
    "POST reviews/<id>/submit/": "submit a review",
    "POST reviews/<id>/withdraw/": "withdraw a review",
    "POST reviews/<id>/abandon/": "abandon a draft",
    "POST reviews/<id>/approve/": "approve a review",
    "POST reviews/<id>/request-changes/": "request changes",
    "GET reviews/<id>/gate/": "see the desk",
    "POST reviews/<id>/gate/": "write a review",
    "POST reviews/<id>/replies/": "write a review",
    "PUT reviews/<id>/review-again/": "write a review",
    "POST reviews/<id>/legal/": "ask for a legal reading",
    "POST reviews/<id>/legal/clear/": "clear legally",
    "PATCH replies/<id>/": "write a review",
    "DELETE replies/<id>/": "write a review",
    "POST reviews/<id>/publish/": "publish a review",
    "PUT reviews/<id>/schedule/": "publish a review",
    "POST reviews/<id>/retract/": "retract a review",
    "POST reviews/<id>/take-down/": "take a fact-check down",
    "PATCH evidence/<id>/": "write a review",
    "DELETE evidence/<id>/": "write a review",
    "PUT evidence/<id>/translation/": "write a review",
    "GET publications/": "see the desk",
    "GET publications/<slug>/": "see the desk",
    "GET jobs/<id>/": "see the desk",
    "POST jobs/<id>/replay/": "replay a job",
}
WRITTEN = {
    "statement": "The bridge cost 12 million euros.",
    "speaker": "Ada Lind",
    "verdict": "verified",
    "rating": 5,
    "rationale": "The council's minutes give the sum.",
    "as_of": "2026-11-24",
}
ORIGINAL = {
    "speaker_kind": "",
    "speaker_same_as": "",
    "first_appearance": "https://example.org/first",
    "quote_translation": "",
    "quote_translator": "",
    "quote_translated_by_machine": False,
}
TRANSLATION = {
    "language": "ar",
    "translation": "It cost 12 million.",
    "translator": "Lina Haddad",
    "translated_by_machine": False,
}
BODIES = {
    "POST articles/": {"title": "The bridge", "text": factories.TEXT},
    "POST articles/batch/": {"articles": [{"text": factories.TEXT}, {"url": "https://example.org/bridge"}]},
    "PATCH claims/<id>/": {"statement": "The mayor opened the harbour bridge."},
    "POST articles/<id>/claims/": {"start": 39, "end": 63, "exact": "It cost 12 million euros"},
    "POST claims/<id>/ask-again/": {"provider": "searxng"},
    "PUT claims/<id>/assignee/": {"person": None},
    "PUT claims/<id>/due/": {"due": "2026-11-25T12:00:00+01:00"},
    "PUT claims/<id>/priority/": {"priority": 4},
    "POST claims/<id>/dismiss/": {"reason": "Nobody can check this."},
    "PUT claims/<id>/attribution/": {"speaker": "Ada Lind", "cue": "said", "kind": "quote"},
    "POST claims/<id>/split/": {
        "parts": [{"place": {"start": 0, "end": 16, "exact": "The mayor opened"}}, {"statement": "It was a bridge."}]
    },
    "POST sources/": {"title": "Minutes", "text": "It cost 12 million.", "kind": "primary", "seen": "page"},
    "POST sources/batch/": {"sources": [{"title": "Minutes", "text": "It cost 12 million."}], "kind": "primary"},
    "POST suggestions/<id>/accept/": {"stance": "supports"},
    "POST suggestions/<id>/dismiss/": {"reason": "Another bridge."},
    "PUT reviews/<id>/": WRITTEN,
    "PUT reviews/<id>/original/": ORIGINAL,
    "PUT evidence/<id>/translation/": TRANSLATION,
    "PUT reviews/<id>/checklist/": {"answers": []},
    "POST reviews/<id>/evidence/": {"kind": "person", "stance": "refutes", "public_wording": "An engineer"},
    "POST reviews/<id>/gate/": factories.TO_LEANING,
    "POST reviews/<id>/replies/": {"not_asked": "The sum is public."},
    "PUT reviews/<id>/review-again/": {"day": "2100-01-01"},
    "POST reviews/<id>/legal/": {"reason": "It names a company."},
    "POST reviews/<id>/legal/clear/": {"note": "No risk."},
    "PATCH replies/<id>/": {"answer": "It is so.", "answered_on": "2026-11-20"},
    "POST reviews/<id>/request-changes/": {"reason": "Which minutes?"},
    "PUT reviews/<id>/schedule/": {"publish_at": "2999-11-25T12:00:00+01:00"},
    "POST reviews/<id>/take-down/": {"reason": "A court demands it.", "ground": "Ruling 7 O 12/26"},
    "POST reviews/<id>/retract/": {"reason": "The minutes were of 2023."},
    "PATCH evidence/<id>/": {"stance": "context"},
}


def operations() -> list[str]:
    """`POST reviews/<id>/submit/`, of everything that the address list leads to."""
    found = []
    for pattern in urlpatterns:
        view = pattern.callback.cls
        route = re.sub(r"<str:(\w+)>", r"<\1>", str(pattern.pattern))
        if route and route not in ABOUT:
            found += [
                f"{method.upper()} {route}"
                for method in ("get", "post", "put", "patch", "delete")
                if hasattr(view, method)
            ]
    return found


@dataclass
class Place:
    """One operation on rows where it can be done."""

    method: str
    path: str
    body: dict | None
    seen: str | None = None
    extra: dict = field(default_factory=dict)

    def call(self, client, **headers):
        if self.seen is not None:
            headers = {"HTTP_IF_MATCH": f'"{self.seen}"', **headers}
        return getattr(client, self.method.lower())(self.path, self.body, **headers)


def place(operation: str, writer, editor) -> Place:
    """Rows in the state that the operation asks for, and its call."""
    method, route = operation.split(" ")
    stem, rest = route.split("/", 1)
    seen: str | int | None = None
    key: str | int = ""
    body = BODIES.get(operation)
    factories.desk()
    if stem in ("claims", "articles"):
        claim = factories.claim()
        factories.anchor(claim)
        if rest == "<id>/restore/":
            marking.dismiss(claim, by=writer, seen=claim.version, reason="Nobody can check this.")
        if rest == "<id>/undo/":
            halves = [lineage.Part("One half."), lineage.Part("The other.")]
            lineage.split(claim, by=writer, seen=claim.version, parts=halves)
            claim.refresh_from_db()
        if rest == "<id>/merge/":
            other = factories.claim(claim.article, statement="It cost 12 million euros.")
            factories.anchor(other, 39, 74)
            body = {"others": [{"id": other.pk, "version": other.version}]}
        key, seen = (claim.pk, claim.version) if stem == "claims" else (claim.article_id, claim.article.version)
    elif stem == "sources":
        if rest.startswith("imports/<id>/"):
            key = imports.begin(Import.Kind.SOURCES, [Row(1, b"{}")], by=writer, name="sources.jsonl").pk
        else:
            key = factories.source().pk
    elif stem == "suggestions":
        suggestion = factories.suggestion()
        Source.objects.filter(pk=suggestion.passage.source_id).update(url="https://example.org/minutes")
        if "undo" in rest:
            evidence.dismiss(suggestion, by=writer, seen=suggestion.version, reason="Another bridge.")
        key, seen = suggestion.pk, suggestion.version
        if not rest:
            route += f"?claim={suggestion.claim_id}"
    elif stem == "pairs":
        pair = factories.pair()
        if "undo" in rest:
            pairs.confirm(pair, by=writer, seen=pair.version)
        key, seen = pair.pk, pair.version
        if not rest:
            route += f"?claim={pair.one_id}"
    elif stem == "comments":
        comment = factories.comment(editor if "withdraw" in rest else writer)  # which only its author does
        if "reopen" in rest:
            comment = comments.resolve(comment, by=writer, seen=comment.version)
        key, seen = comment.pk, comment.version
        body = {"claim": comment.claim_id, "text": "Which minutes?"} if not rest and method == "POST" else body
        if not rest and method == "GET":
            route += f"?claim={comment.claim_id}"
    elif stem == "reviews":
        review = review_for(rest.removeprefix("<id>/"), writer, editor)
        key, seen = review.pk, review.version
    elif stem == "replies":
        reply = factories.reply(factories.draft(writer), writer, **factories.ASKED)
        reply.review.refresh_from_db()
        key, seen = reply.pk, reply.review.version
    elif stem == "evidence":
        piece = factories.evidence(factories.draft(writer), writer)
        piece.review.refresh_from_db()
        key, seen = piece.pk, piece.review.version
    elif stem == "publications":
        key = published(writer, editor).slug
    elif stem == "jobs":
        job = dead_job()
        key, seen = job.pk, f"dead-{job.attempts}"
    path = re.sub("<(id|slug)>", str(key), route)
    return Place(method, path, body, None if method == "GET" or "<" not in route else str(seen))


def review_for(step: str, writer, editor) -> ClaimReview:
    if step in ("retract/", "take-down/"):
        return published(writer, editor).review
    status = {
        "approve/": "submitted",
        "withdraw/": "submitted",
        "request-changes/": "submitted",
        "publish/": "approved",
        "schedule/": "approved",
        "legal/clear/": "submitted",
    }
    if step in ("gate/", "replies/"):
        return factories.draft(writer, factories.claim(statement=factories.LEANING))
    review = factories.reviewed_until(status.get(step, "draft"), writer, editor)
    if step == "legal/clear/":
        factories.legal_reading(review, writer)
    return review


def published(writer, editor) -> Publication:
    """Needs a desk."""
    claim = factories.claim()
    factories.anchor(claim)
    review = reviews.begin(claim, by=writer, seen=claim.version)
    evidence.add_person(review, by=writer, seen=review.version, stance="supports", public_wording="An engineer")
    factories.nobody_asked(review, writer)
    reviews.save(review, by=writer, seen=review.version, **{**WRITTEN, "as_of": date(2026, 11, 24)})
    reviews.submit(review, by=writer, seen=review.version)
    reviews.approve(review, by=editor, seen=review.version)
    publication = publications.publish(review, by=editor, seen=review.version)
    publication.review.refresh_from_db()
    return publication


def dead_job(**fields) -> Job:
    article = factories.article(**fields)
    job = Job.objects.create(kind="split", target=article.current.pk, queue="read", article=article, max_attempts=1)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, lease_until=job.created_at)
    Job.objects.filter(pk=job.pk).update(state="dead", lease_until=None, last_error="The model is not there.")
    job.refresh_from_db()
    return job
