"""What must be settled before a review is published: each check passes, is open or blocks, and says what to do."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, NotAllowed, Refused
from factcheck.models import AuditEntry, Job, LinkCheck, Notice
from factcheck.text.plain import UnreadableText
from factcheck.workflow import (
    conflicts,
    evidence,
    gate,
    gate_answers,
    jobs,
    legal,
    links,
    publications,
    readings,
    replies,
    reviews,
    steps,
)
from tests import factories
from tests.fetching.conftest import answer as site_says
from tests.fetching.conftest import drip, reset

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LINK = "https://example.org/minutes"


@pytest.fixture(autouse=True)
def desk(db):
    return factories.desk()


def findings(review) -> list[gate.Finding]:
    """With the worker's reading of these words."""
    factories.read_by_machine(review)
    return gate.findings(review)


def found(review, check) -> list[tuple[str, str]]:
    return [(each.state, each.sentence) for each in findings(review) if each.check == check]


def one(review, check) -> tuple[str, str]:
    [finding] = found(review, check)
    return finding


def save(review, by, **fields):
    said = {"statement": review.statement, "speaker": "Ada Berg", "verdict": "verified", "rating": 5}
    said |= {"rationale": "The minutes give the sum.", "as_of": date(2026, 11, 24), **fields}
    return reviews.save(review, by=by, seen=review.version, **said)


def handed_over(review, bob, carol):
    reviews.submit(review, by=bob, seen=review.version)
    return reviews.approve(review, by=carol, seen=review.version)


def answer(review, by, choice, reason=""):
    """To the first doubt that is offered this choice."""
    key = next(each.key for each in findings(review) if choice in each.choices)
    return gate_answers.answer(review, by=by, seen=review.version, key=key, choice=choice, reason=reason)


def test_an_ordinary_review_passes_by_itself_once_somebody_thought_of_the_right_of_reply(claim, bob):
    review = factories.complete(bob, claim)
    assert {each.state for each in findings(review)} == {"passes"}
    empty = factories.draft(bob)
    blocked = {each.check: each.sentence for each in gate.findings(empty) if each.state == "blocks"}
    assert set(blocked) == {"evidence", "finding", "reply"}
    assert blocked["reply"].endswith("Write down who was asked and until when, or why nobody was.")


def test_pasted_words_are_compared_by_the_second_person_and_the_signature_says_so(claim, bob, carol):
    review = factories.draft(bob, claim)
    document = {"stance": "supports", "title": "Minutes", "url": LINK, "exact": "The bridge cost 12 million euros."}
    evidence.add_document(review, by=bob, seen=review.version, **document)
    factories.nobody_asked(review, bob)
    save(review, bob)
    assert one(review, "evidence")[0] == "open"
    with pytest.raises(NotAllowed):
        answer(review, bob, "compared")
    handed_over(review, bob, carol)
    with pytest.raises(Refused, match="“Minutes” were pasted, not fetched") as refused:
        publications.publish(review, by=carol, seen=review.version)
    assert refused.value.rule == "gate_evidence"
    answer(review, carol, "compared")
    assert one(review, "evidence")[1].startswith("Minutes: “I compared the pasted words with the source”, says Carol")
    reviews.withdraw(review, by=bob, seen=review.version)
    evidence.remove(review.evidence.get(), by=bob, seen=review.version)
    review.refresh_from_db()
    evidence.add_document(review, by=bob, seen=review.version, **{**document, "exact": "It cost 13 million euros."})
    assert one(review, "evidence")[0] == "open"  # other words, which nobody compared
    reviews.submit(review, by=bob, seen=review.version)
    reviews.approve(review, by=carol, seen=review.version, compared=True)
    assert "robots" not in publications.publish(review, by=carol, seen=review.version).content


def test_the_right_of_reply_waits_for_its_deadline_or_an_answer(claim, bob, carol):
    review = factories.draft(bob, claim)
    factories.evidence(review, bob)
    review.refresh_from_db()
    save(review, bob)
    today = timezone.localdate()
    said = {"name": "Ada Lind", "role": "spokesperson", "channel": "email"}
    early = {"asked_on": today, "deadline": today - timedelta(1)}
    with pytest.raises(BadInput, match="before the day"):
        replies.ask(review, by=bob, seen=review.version, **said, **early)
    asked = replies.ask(review, by=bob, seen=review.version, **said, asked_on=today, deadline=today)
    assert one(review, "reply")[0] == "blocks"
    assert one(review, "reply")[1].startswith("Ada Lind may still answer until")
    with pytest.raises(BadInput, match="already"):
        replies.none_asked(review, by=bob, seen=review.version, reason="The sum is public.")
    reviews.submit(review, by=bob, seen=review.version)
    asked.refresh_from_db()
    with pytest.raises(InvalidTransition, match="take the review back into a draft"):
        replies.answered(asked, by=bob, seen=review.version, answer="No.", answered_on=today)
    reviews.withdraw(review, by=bob, seen=review.version)
    asked.refresh_from_db()
    replies.answered(asked, by=carol, seen=review.version, answer="It was 12, not 13.", answered_on=today)
    review.refresh_from_db()
    assert carol.pk in review.written_by
    assert one(review, "reply") == ("passes", "Ada Lind answered.")
    [printed] = publications.printed(review)["replies"]
    assert (printed["name"], printed["channel"], printed["answer"]) == ("Ada Lind", "by e-mail", "It was 12, not 13.")
    replies.remove(asked, by=bob, seen=review.version)
    review.refresh_from_db()
    old = {**said, "asked_on": date(2026, 11, 1), "deadline": date(2026, 11, 8)}
    replies.ask(review, by=bob, seen=review.version, **old)
    assert one(review, "reply") == ("passes", "Ada Lind had not answered by 8 November 2026.")
    verbs = AuditEntry.objects.filter(subject="reply").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["reply.asked", "reply.answered", "reply.removed", "reply.asked"]


def test_an_answer_to_a_doubt_falls_with_what_it_answered(claim, bob, carol):
    review = factories.complete(bob, claim)
    save(review, bob, statement="It costs 12 million euros.", rationale="Carl Nilsson counted.")
    states = {each.check: each.state for each in findings(review) if each.stops}
    assert states == {"statement": "open", "persons": "open", "ages": "open"}
    handed_over(review, bob, carol)
    with pytest.raises(Refused, match="“It” means"):
        publications.publish(review, by=carol, seen=review.version)
    with pytest.raises(InvalidTransition):
        answer(review, bob, "public")
    reviews.withdraw(review, by=bob, seen=review.version)
    with pytest.raises(BadInput, match="reason"):
        answer(review, bob, "stands")
    key = next(each.key for each in findings(review) if each.check == "statement")
    with pytest.raises(BadInput, match="offered"):
        gate_answers.answer(review, by=bob, seen=review.version, key=key, choice="public")
    with pytest.raises(Conflict):
        gate_answers.answer(review, by=bob, seen=review.version - 1, key=key, choice="stands", reason="Plain.")
    answer(review, bob, "stands", "The headline names the bridge.")
    answer(review, carol, "lasting", "A price that was paid.")
    assert carol.pk in review.written_by
    answer(review, bob, "noindex")
    assert not [each for each in findings(review) if each.stops]
    assert publications.printed(review)["robots"] == "noindex"
    assert AuditEntry.objects.filter(verb="gateanswer.given").count() == 3
    answer(review, bob, "public")
    assert "robots" not in publications.printed(review)
    save(review, bob, statement="They cost 12 million euros.", rationale="Carl Nilsson counted.")
    assert [each.check for each in findings(review) if each.stops] == ["statement"]
    with pytest.raises(BadInput, match="not doubted any more"):
        gate_answers.answer(review, by=bob, seen=review.version, key=key, choice="stands", reason="Plain.")


def test_a_day_to_look_again_settles_that_a_statement_ages_and_nobody_is_told_before_it(claim, bob, carol):
    review = factories.complete(bob, claim)
    save(review, bob, statement="Unemployment is 5 percent.")
    assert one(review, "ages")[0] == "open"
    today = timezone.localdate()
    with pytest.raises(BadInput, match="future"):
        gate_answers.look_again_on(review, by=bob, seen=review.version, day=today)
    gate_answers.look_again_on(review, by=bob, seen=review.version, day=today + timedelta(1))
    assert one(review, "ages")[0] == "passes"
    handed_over(review, bob, carol)
    content = publications.publish(review, by=carol, seen=review.version).content
    assert content["review_again"] == (today + timedelta(1)).isoformat()
    assert reviews.tell_of_due() == 0


def test_a_fact_check_whose_day_has_come_is_told_of_once(bob, carol):
    review = factories.complete(bob)
    type(review).objects.filter(pk=review.pk).update(review_again=timezone.localdate())
    for step in ("submitted", "approved", "published"):
        factories.walk(review, step, carol)
    assert [reviews.tell_of_due(), reviews.tell_of_due()] == [1, 0]
    assert Notice.objects.get(kind="review_again").person == carol


def test_a_legal_mark_stands_until_exactly_this_version_is_cleared(claim, bob, carol):
    review = factories.complete(bob, claim)
    legal.mark(review, by=bob, seen=review.version, reason="It names a company")
    with pytest.raises(InvalidTransition, match="already"):
        legal.mark(review, by=carol, seen=review.version, reason="Twice.")
    with pytest.raises(InvalidTransition, match="draft"):
        legal.clear(review, by=carol, seen=review.version, note="No risk.")
    handed_over(review, bob, carol)
    with pytest.raises(Refused, match="waits for its legal reading: It names a company") as refused:
        publications.publish(review, by=carol, seen=review.version)
    assert refused.value.rule == "gate_legal"
    with pytest.raises(Conflict):
        legal.clear(review, by=carol, seen=review.version - 1, note="No risk.")
    legal.clear(review, by=carol, seen=review.version, note="No risk.")
    assert one(review, "legal") == ("passes", "Read and cleared by Carol: No risk.")
    reviews.withdraw(review, by=bob, seen=review.version)
    assert one(review, "legal")[0] == "blocks"
    handed_over(review, bob, carol)
    legal.clear(review, by=carol, seen=review.version, note="Read again.")
    assert publications.publish(review, by=carol, seen=review.version).number == 1


def test_the_legal_mark_is_carried_to_a_correction(claim, bob, carol):
    review = factories.complete(bob, claim)
    legal.mark(review, by=bob, seen=review.version, reason="It names a company.")
    handed_over(review, bob, carol)
    legal.clear(review, by=carol, seen=review.version, note="No risk.")
    publications.publish(review, by=carol, seen=review.version)
    claim.refresh_from_db()
    again = reviews.begin(claim, by=carol, seen=claim.version)
    assert again.legal_reading.reason == "It names a company."
    assert one(again, "legal")[0] == "blocks"


def test_what_no_machine_read_is_not_known_until_a_person_says_so_and_publishing_waits_for_no_worker(claim, bob, carol):
    review = factories.complete(bob, claim)
    save(review, bob, rationale="Carl Nilsson counted.")
    [unread] = [each for each in gate.findings(review) if each.stops]
    assert (unread.check, unread.state) == ("reading", "unknown")
    assert unread.sentence.startswith("A machine is reading this")
    assert (unread.key, unread.choices) == ("", ())  # nobody has to do what is being done
    job = readings.step(review)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - 2 * readings.LATE)
    assert "no worker has come to it" in found_unread(review).sentence
    handed_over(review, bob, carol)
    with pytest.raises(Refused, match="Carl Nilsson may be a private person"):
        publications.publish(review, by=carol, seen=review.version)
    reviews.withdraw(review, by=bob, seen=review.version)
    answer_unread(review, bob)
    left = {each.check: each.state for each in gate.findings(review) if each.stops}
    assert left == {"statement": "unknown", "ages": "unknown"}  # that no private person is named says nothing of these
    save(review, bob, rationale="Carl Nilsson counted twice.")
    steps.perform(readings.step(review).pk)
    assert [each.subject for each in gate.findings(review) if each.stops] == ["Carl Nilsson"]


def test_what_a_worker_failed_to_read_is_not_tried_in_the_act_of_publishing(claim, bob, carol):
    review = factories.complete(bob, claim)
    save(review, bob, statement="It costs 12 million euros.", rationale="Carl Nilsson counted.")
    job = readings.step(review)
    jobs.give_back(jobs.take(job.pk), MemoryError("out of memory"))
    assert "the step failed and is tried again" in found_unread(review).sentence
    handed_over(review, bob, carol)
    with pytest.raises(Refused, match="the step failed and is tried again") as refused:
        publications.publish(review, by=carol, seen=review.version)
    assert refused.value.rule == "gate_reading"
    reviews.withdraw(review, by=bob, seen=review.version)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    jobs.give_back(jobs.take(job.pk), UnreadableText("Nothing can be read."))
    assert "(the step failed)" in found_unread(review).sentence
    answer_unread(review, bob)
    left = {each.check: each.state for each in gate.findings(review) if each.stops}
    assert left == {"statement": "unknown", "ages": "unknown"}  # that no private person is named says nothing of these
    save(review, bob, rationale="Carl Nilsson counted.")
    assert readings.step(review).state == "queued"  # a draft that is saved has it tried again
    steps.perform(readings.step(review).pk)
    assert [each.check for each in gate.findings(review) if each.stops] == ["statement", "persons", "ages"]


def test_so_many_words_that_publishing_would_stand_still_are_left_to_the_worker(claim, bob, carol):
    review = factories.complete(bob, claim)
    save(review, bob, rationale="The minutes give the sum. " * 800)
    for _ in range(readings.IN_THE_ACT // 20_000):
        factories.evidence(review, bob, note="The minutes give the sum. " * 800)
    review.refresh_from_db()
    handed_over(review, bob, carol)
    with pytest.raises(Refused, match="A machine is reading this"):
        publications.publish(review, by=carol, seen=review.version)


def answer_unread(review, by):
    unread = found_unread(review)
    gate_answers.answer(review, by=by, seen=review.version, key=unread.key, choice="read")


def found_unread(review) -> gate.Finding:
    return next(each for each in gate.findings(review) if each.doubt == "unread")


@pytest.mark.parametrize(
    ("rationale", "why"),
    [
        ("Das Protokoll der Sitzung nennt die Summe, und Anna hat alles gezählt.", r"another language \(German\)"),
        ("The minutes give the sum. " * 800, "reads 20,000 characters; 799 more"),
    ],
)
def test_words_in_another_language_or_beyond_what_was_read_wait_for_a_person(claim, bob, rationale, why):
    review = factories.complete(bob, claim)
    save(review, bob, rationale=rationale)
    findings(review)
    gap = found_unread(review)
    assert (gap.check, gap.state, gap.stops) == ("persons", "unknown", True)
    assert re.search(why, gap.sentence)
    answer(review, bob, "read")
    assert [state for state, _ in found(review, "persons") if state != "passes"] == []


def test_a_comparison_by_who_declares_a_conflict_of_interest_does_not_count(claim, bob, carol):
    review = factories.draft(bob, claim)
    document = {"stance": "supports", "title": "Minutes", "url": LINK, "exact": "The bridge cost 12 million euros."}
    evidence.add_document(review, by=bob, seen=review.version, **document)
    save(review, bob)
    reviews.submit(review, by=bob, seen=review.version)
    answer(review, carol, "compared")
    assert one(review, "evidence")[0] == "passes"
    conflicts.declare(claim, by=carol, person=carol, reason="Her brother built it.")
    assert one(review, "evidence")[0] == "open"


def test_a_link_is_dead_only_when_its_site_says_so(claim, bob, carol):
    review = factories.complete(bob, claim)
    save(review, bob, rationale=f"The [minutes]({LINK}) give the sum.")
    assert one(review, "links")[0] == "unknown"  # which keeps nothing back
    reviews.submit(review, by=bob, seen=review.version)
    job = Job.objects.get(kind="link")
    steps.perform(job.pk)  # the tests' networks are closed: an error is not known, and no failure of the step
    job.refresh_from_db()
    look = LinkCheck.objects.get()
    assert (job.state, look.outcome, bool(look.said)) == ("done", "unknown", True)
    assert one(review, "links")[0] == "unknown"
    LinkCheck.objects.create(url=LINK, article=claim.article, outcome="gone", checked_at=timezone.now(), said="Gone.")
    assert one(review, "links")[0] == "blocks"  # there is no archived text that could stand for it
    assert "take it out" in one(review, "links")[1]
    source = factories.source()
    type(source).objects.filter(pk=source.pk).update(url=LINK)
    factories.page_of(source, "The bridge cost 12 million euros.", origin="pasted")
    assert one(review, "links")[0] == "open"
    reviews.withdraw(review, by=bob, seen=review.version)
    answer(review, bob, "archived")
    assert one(review, "links")[0] == "passes"
    LinkCheck.objects.create(url=LINK, article=claim.article, outcome="reached", checked_at=timezone.now())
    assert one(review, "links") == ("passes", "Every printed address was reached lately.")
    with pytest.raises(InvalidTransition, match="reached lately"):
        links.look_again(review, by=bob, seen=review.version)


@pytest.mark.parametrize(
    ("page", "outcome", "said"),
    [
        (site_says(200, b"<p>The minutes.</p>"), "reached", ""),
        (site_says(301, b"", "Location: /moved"), "reached", ""),
        (site_says(301, b"", "Location: /nowhere"), "gone", "404"),
        (site_says(404), "gone", "404"),
        (site_says(410), "gone", "410"),
        (site_says(500), "unknown", "500"),
        (site_says(200, b"\x89PNG", kind="image/png"), "reached", "image/png"),
        (site_says(200, b"x" * 2_000), "reached", "large"),
        (drip(b"x", every=0.3), "unknown", "within 1 seconds"),
        (reset(b"HTTP/1.1 200 OK\r\nContent-Le"), "unknown", "answer"),
    ],
)
def test_what_an_address_answers_is_what_is_kept_of_it(claim, site, settings, page, outcome, said):
    settings.FETCH_DEADLINE, settings.FETCH_WIRE_LIMIT = 1, 1_000
    site.pages |= {"/minutes": page, "/moved": site_says(200, b"<p>The minutes.</p>"), "/robots.txt": site_says(404)}
    look = LinkCheck.objects.create(url=f"{site.url}/minutes", article=claim.article)
    job = jobs.enqueue(Job.Kind.LINK, look.pk, queue="fetch", article=claim.article)
    steps.perform(job.pk)
    look.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, look.outcome) == ("done", outcome), look.said
    assert said in look.said
