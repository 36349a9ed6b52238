"""Earlier fact-checks: imports that lose nothing and take nothing twice, our own that join, what a checker is told."""

import json
from datetime import date

import pytest
from django.db import transaction
from django.db.models import F

from factcheck.exceptions import BadInput, LeaseLost, NotAllowed
from factcheck.models import (
    AuditEntry,
    AuditText,
    Claim,
    FactCheck,
    Import,
    Job,
    Outlet,
    Passage,
    Source,
    Suggestion,
)
from factcheck.retrieval import embedding
from factcheck.retrieval.providers import library
from factcheck.workflow import evidence, factchecks, imports, jobs, publications, reviews, sources, steps
from factcheck.workflow.factchecks import CheckedBefore
from factcheck.workflow.imports import AT_ONCE
from tests import factories
from tests.models.asking import side_by_side
from tests.text.test_claimreviews import ARABIC, URL, answer, as_json, node

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def lines(*values) -> bytes:
    return b"\n".join(map(as_json, values))


def many(count: int) -> bytes:
    return lines(*(node(url=f"{URL}/{number}") for number in range(count)))


def begin(data: bytes, *, by, name="") -> Import:
    return imports.begin(Import.Kind.FACT_CHECKS, data, by=by, name=name)


def queued(started: Import):
    return Job.objects.filter(kind=Job.Kind.IMPORT, target=started.pk, state=Job.State.QUEUED)


def worked_off(started: Import) -> Import:
    while job := queued(started).first():
        steps.perform(job.pk)
    started.refresh_from_db()
    return started


def imported(*values, by=None) -> Import:
    return worked_off(begin(lines(*values), by=by, name="checks.jsonl"))


def numbers(done: Import) -> tuple[int, ...]:
    counts = done.counts()
    named = ("added", "changed", "known", "repeated", "refused", "waiting")
    return (sum(counts.values()), *(counts[name] for name in named))


def test_an_import_that_is_stopped_goes_on_and_takes_nothing_twice(carol):
    data = many(2 * AT_ONCE + 1)
    started = begin(data, by=carol, name="feed.jsonl")
    lost = jobs.take(queued(started).get().pk)
    batch = imports.read(lost)
    # The worker is gone before it could write. Its lease runs out, the step is queued again, and somebody else does it.
    Job.objects.filter(pk=lost.pk).update(lease_until=F("created_at"))
    jobs.sweep()
    steps.perform(lost.pk)
    assert (FactCheck.objects.count(), started.counts()["waiting"]) == (AT_ONCE, AT_ONCE + 1)
    with pytest.raises(LeaseLost):  # the first one thaws, and may not write
        jobs.finish(lost)
    assert len(batch) == AT_ONCE
    assert begin(data, by=carol).was_here
    done = worked_off(started)
    assert numbers(done) == (2 * AT_ONCE + 1, 2 * AT_ONCE + 1, 0, 0, 0, 0, 0)
    assert done.finished_at
    assert FactCheck.objects.count() == Job.objects.filter(kind=Job.Kind.INDEX).count() == 2 * AT_ONCE + 1
    again = worked_off(begin(data, by=carol, name="feed.jsonl"))
    assert numbers(again) == (2 * AT_ONCE + 1, 0, 0, 2 * AT_ONCE + 1, 0, 0, 0)
    assert FactCheck.objects.count() == Source.objects.count() == 2 * AT_ONCE + 1
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["import.begun"] * 2


def test_every_record_becomes_a_fact_check_or_stays_with_its_reason(carol):
    ours = node(url="http://localhost:8000/fact-checks/the-bridge-1/")
    long = node(url=f"{URL}/long", claimReviewed="word " * 5_000)
    done = imported(
        answer(), {"text": "none"}, answer(), long, ours, node(), node(claimReviewed="It opened."), by=carol
    )
    assert numbers(done) == (7, 3, 0, 0, 1, 3, 0)
    assert [each.sentence for each in done.rows.filter(state="refused").order_by("line")] == [
        "It names no review of a claim.",
        "The claim has 24,999 characters; the most that can be kept is 20,000.",
        "It is a fact-check of this desk, which is in the library by itself.",
    ]
    row = FactCheck.objects.get(claim_reviewed=ARABIC)
    assert (row.rating, row.language, row.source.url, row.origin) == ("زائف جزئيًا", "ar", URL, "imported")
    source = row.source
    assert (source.kind, source.seen, source.published, source.outlet.name) == (
        "fact_check", "cited", "2024-05-14", "تحقق",
    )  # fmt: skip
    passages = list(source.passages.order_by("position").values_list("position", "heading", "text", "wording"))
    assert passages == [(1, "", ARABIC, "original"), (2, "", "الجسر", "original")]
    assert Source.objects.filter(url=URL).count() == 3  # one page, three claims
    assert Outlet.objects.get(name="Checks").domain == "checks.example.org"


def test_what_a_record_says_otherwise_is_changed_with_a_trace_and_what_an_editor_corrected_stays(carol):
    imported(node(), by=carol)
    row = FactCheck.objects.get()
    source = row.source
    steps.perform(Job.objects.get(kind=Job.Kind.INDEX).pk)
    sources.edit_source(
        source, by=carol, version=source.version, title="Corrected here", kind=source.kind, seen=source.seen,
        url=source.url, outlet=source.outlet, published=source.published, licence="",
    )  # fmt: skip
    retitled = source.passages.get(position=2)
    assert (retitled.text, retitled.embedding) == ("Corrected here", None)  # it is indexed again
    newer = node(reviewRating={"alternateName": "False"}, headline="It cost more", datePublished="2024-06")
    assert numbers(imported(newer, by=carol)) == (1, 0, 1, 0, 0, 0, 0)
    row.refresh_from_db()
    source.refresh_from_db()
    assert (row.rating, row.title, row.version) == ("False", "It cost more", 2)
    assert (source.title, source.published) == ("Corrected here", "2024-06")
    assert source.passages.get(position=2).text == "Corrected here"
    entry = AuditEntry.objects.get(verb="factcheck.changed")
    told = json.loads(AuditText.objects.get(entry_id=entry.pk).text)
    assert told["rating"] == ["Mostly false", "False"]
    assert entry.act == AuditEntry.objects.filter(verb="import.begun").latest("id").act


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_records_at_once_are_one_library(carol):
    first, second = (
        begin(many(60), by=carol),
        begin(lines(*(node(url=f"{URL}/{n}") for n in range(60, -1, -1))), by=carol),
    )
    side_by_side(*(lambda each=each: steps.perform(queued(each).get().pk) for each in (first, second)))
    done = [worked_off(each) for each in (first, second)]
    assert sum(each.counts()["added"] for each in done) == FactCheck.objects.count() == 61
    assert sum(each.counts()["known"] for each in done) == 60
    assert not Job.objects.filter(kind=Job.Kind.IMPORT).exclude(state=Job.State.DONE).exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b" ", "The file is empty."),
        (b"Just words.", "There is no fact-check in the file. It is neither a web page nor JSON."),
        (b"<p>Hello</p>", "There is no fact-check in the file. The page names no review of a claim in JSON-LD."),
        (b'{"claims": [{}, {}]}', r"In claims\[0\]: It names no review of a claim. The same goes for 1 more."),
    ],
)
def test_a_file_without_a_fact_check_is_refused_in_a_sentence(carol, data, sentence):
    with pytest.raises(BadInput, match=sentence):
        begin(data, by=carol)
    assert not Import.objects.exists()


def test_only_editors_and_administrators_import(bob):
    with pytest.raises(NotAllowed):
        begin(as_json(node()), by=bob)


# --- our own ---------------------------------------------------------------------------------------------------------


def checked(claim, bob, carol, rating=5, statement="The bridge cost 12 million euros."):
    """Published by the verbs, from begin to publish."""
    factories.desk()
    claim.refresh_from_db()
    review = reviews.begin(claim, by=bob, seen=claim.version)
    factories.evidence(review, bob)
    factories.reply(review, bob)
    review.refresh_from_db()
    said = {"speaker": "Ada Lind", "rationale": "The minutes give the sum.", "as_of": date(2026, 11, 24)}
    said |= factories.changed(review)
    verdict = "verified" if rating > 3 else "disputed"
    review = reviews.save(
        review, by=bob, seen=review.version, statement=statement, verdict=verdict, rating=rating, **said
    )
    reviews.submit(review, by=bob, seen=review.version)
    reviews.approve(review, by=carol, seen=review.version)
    publications.publish(review, by=carol, seen=review.version)
    return review


def test_a_publication_joins_its_correction_takes_its_place_and_its_retraction_ends_it(bob, carol):
    said = "The bridge cost 12 million euros, they say."
    [vector] = embedding.encode([said])
    claims_of = [claim, other] = [factories.claim(statement=said, embedding=vector) for _ in range(2)]
    factories.anchor(claim)
    review = checked(claim, bob, carol)
    row = FactCheck.objects.get()
    assert (row.origin, row.rating, row.rating_value, row.claimant) == ("own", "True", "5", "Ada Lind")
    assert (row.source.url, row.source.part) == (publications.address(review.publication.slug), "")
    assert str(row.source.outlet) == "The Desk"
    index = Job.objects.filter(kind=Job.Kind.INDEX, target=row.source_id)
    steps.perform(index.get().pk)

    def found() -> dict[int, list[int]]:
        found = library.search(claims_of)
        ours = set(row.source.passages.values_list("pk", flat=True))
        return {key: [each.passage for each in candidates if each.passage in ours] for key, candidates in found.items()}

    assert found() == {other.pk: [row.source.passages.get().pk]}  # and never for the claim that it checks
    suggestion = factories.suggestion(other, row.source.passages.get())
    corrected = checked(claim, bob, carol, rating=2, statement="The bridge cost about 12 million euros.")
    row.refresh_from_db()
    assert (row.rating, row.publication.number, FactCheck.objects.count()) == ("Mostly false", 2, 1)
    assert row.source.passages.get().text == "The bridge cost about 12 million euros."
    steps.perform(index.exclude(state=Job.State.DONE).get().pk)
    assert other.pk in found()
    publications.retract(corrected, by=carol, seen=corrected.version, reason="The minutes were forged.")
    assert found() == {}
    told = CheckedBefore.of(Suggestion.objects.with_fact_checks().get(pk=suggestion.pk), "en")
    assert told.fact_check.retraction == "The minutes were forged."
    assert factchecks.join_earlier() == 0


def test_what_was_published_before_publications_joined_is_fetched_in_once(bob, carol):
    review = factories.reviewed_until("approved", bob, carol)
    frozen = publications.canonical({"content": {}, "jsonld": node(url=publications.address("the-bridge"))})
    with transaction.atomic():
        factories.publication(review, carol, frozen=frozen).save()
        review.claim.reviews.update(status="published")
        Claim.objects.filter(pk=review.claim_id).update(status="reviewed")
    assert (factchecks.join_earlier(), factchecks.join_earlier()) == (1, 0)
    assert FactCheck.objects.get().publication == review.publication


# --- what a checker is told ------------------------------------------------------------------------------------------


def test_what_differs_is_told_of_the_same_language_only():
    imported(
        node(claimReviewed="The new bridge had cost 15 million euros in May 2024, not 9.", inLanguage="en-GB"), answer()
    )
    claim = factories.claim(
        statement="The new bridge had cost 12 million euros in May 2024, Ada Berg [the mayor] said."
    )
    english, arabic = (
        factories.suggestion(
            claim, Passage.objects.get(source__fact_check__language=language, position=1), features=said
        )
        for language, said in (("en-GB", {"strong": True}), ("ar", {}))
    )
    told = CheckedBefore.of(english, "en-US")
    assert told.strong
    assert [(each.how, each.ours, each.theirs) for each in told.differences] == [
        ("conflict", "12 million euros", "15 million euros"),
        ("ours", "Ada Berg", ""),
        ("theirs", "", "9"),
        ("agree", "May 2024", "May 2024"),
    ]
    other = CheckedBefore.of(arabic, "en-US")
    assert (other.strong, other.differences) == (False, None)
    assert CheckedBefore.of(factories.suggestion(claim), "en") is None


def test_the_claim_that_was_reviewed_is_no_evidence_and_what_was_found_is(bob):
    suggestion = factories.suggestion(passage=factories.fact_check().source.passages.get())
    with pytest.raises(BadInput, match="The exact words must not be empty"):
        evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="refutes")
    found = "The council paid three times that sum."
    assert evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="refutes", exact=found).exact == found
