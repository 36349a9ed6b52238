"""What a person does to claims: each verb, who may, in which state, against whom; and that no machine touches it."""

import json
from collections import Counter

import pytest

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, NotAllowed, Refused
from factcheck.models import AuditEntry, AuditText, Claim, Job
from factcheck.workflow import claims, conflicts, evidence, jobs, lineage, marking, reviews, steps
from factcheck.workflow.lineage import Part
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TEXT = factories.TEXT  # The mayor opened the bridge on Monday. It cost 12 million euros, she said.
WORDS = "It cost 12 million euros"
START = TEXT.index(WORDS)


@pytest.fixture
def article(db):
    return factories.article()


@pytest.fixture
def opened(article):
    """The first sentence."""
    claim = factories.claim(article, speaker="Ada Lind", cue="said", checkworthiness=0.6, reasons=["a date"])
    factories.anchor(claim)
    return claim


@pytest.fixture
def cost(article):
    """The second."""
    claim = factories.claim(article, statement="It cost 12 million euros.", checkworthiness=0.8)
    factories.anchor(claim, 39, len(TEXT))
    return claim


def add(article, by, seen=1, **said):
    return marking.add(article, by=by, seen=seen, **{"start": START, "end": START + 24, "exact": WORDS, **said})


def in_half(claim, by, seen=1):
    halves = [Part(start=0, end=16, exact=TEXT[:16]), Part("The bridge was opened on Monday.")]
    return lineage.split(claim, by=by, seen=seen, parts=halves)


VERBS = {
    "add": lambda claim, by, seen: add(claim.article, by, seen),
    "dismiss": lambda claim, by, seen: marking.dismiss(claim, by=by, seen=seen, reason="Nobody can check this."),
    "restore": lambda claim, by, seen: marking.restore(claim, by=by, seen=seen),
    "attribute": lambda claim, by, seen: marking.attribute(claim, by=by, seen=seen, speaker="B", cue="", kind="event"),
    "split": lambda claim, by, seen: lineage.split(claim, by=by, seen=seen, parts=[Part("One."), Part("Other.")]),
    "merge": lambda claim, by, seen: lineage.merge(claim, by=by, seen=seen, others=[(beside(claim), 1)]),
    "undo": lambda claim, by, seen: lineage.undo(claim, by=by, seen=seen),
}


def beside(claim):
    return Claim.objects.exclude(pk=claim.pk).get(article=claim.article_id, added_by=None)


def standing(name, claim, by):
    """The claim in the state that the verb asks for."""
    if name == "restore":
        marking.dismiss(claim, by=by, seen=claim.version, reason="x")
    if name == "undo":
        in_half(claim, by)
    claim.refresh_from_db()
    return claim


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_for_those_who_check_and_for_whoever_read_the_newest(name, opened, cost, bob, alice):
    claim, verb = standing(name, opened, bob), VERBS[name]
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowed, match="may not mark claims"):
        verb(claim, alice, claim.version)
    with pytest.raises(Conflict, match="somebody else"):
        verb(claim, bob, claim.version - 1)
    assert AuditEntry.objects.count() == before
    verb(claim, bob, claim.article.version if name == "add" else claim.version)
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert {entry.actor for entry in entries} == {bob.pk}
    assert len({entry.act for entry in entries}) == 1, "one act"
    assert {entry.chain for entry in entries} == {str(claim.article.uuid)}


@pytest.mark.parametrize("name", [name for name in VERBS if name != "add"])
def test_a_claim_in_review_is_left_alone_and_so_is_one_that_somebody_keeps_away_from(name, opened, cost, bob, grace):
    conflicts.declare(standing(name, opened, grace), by=bob, person=bob, reason="My brother built it.")
    opened.refresh_from_db()
    with pytest.raises(Refused) as refused:
        VERBS[name](opened, bob, opened.version)
    assert refused.value.rule == "conflict_of_interest"
    reviews.begin(cost, by=grace, seen=cost.version)
    with pytest.raises(InvalidTransition):
        VERBS[name](cost, grace, cost.version)


# --- adding ----------------------------------------------------------------------------------------------------------


def test_a_claim_is_added_where_its_words_stand_without_the_white_space_around_them(article, bob):
    claim = add(article, bob, start=START - 1, end=START + 24, exact=" " + WORDS, statement="", speaker="Ada  Lind")
    anchor = claim.anchors.get()
    assert (anchor.exact, anchor.start, anchor.suffix) == (WORDS, START, ", she said.")
    assert (claim.statement, claim.speaker, claim.added_by, claim.checkworthiness) == (WORDS, "Ada Lind", bob, None)
    job = Job.objects.get(kind=Job.Kind.SUGGEST, target=article.current.pk)
    assert job.queue == "interactive"
    entry = AuditEntry.objects.get(verb="claim.added")
    assert AuditText.objects.get(pk=entry.pk).text == WORDS
    steps.perform(job.pk)
    claim.refresh_from_db()
    assert claim.embedding is not None, "sources were looked for by its statement"
    assert claim.version == 1, "which changes nothing for somebody who has the claim before them"
    with pytest.raises(BadInput, match=f"are claim {claim.pk} already"):
        add(article, bob)
    assert add(article, bob, statement="The price was 12 million.").pk != claim.pk


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"exact": "It cost 13 million euros"}, "do not stand at this place"),
        ({"start": START + 1, "end": START + 25}, "do not stand at this place"),
        ({"start": -5, "end": 10**6}, "do not stand at this place"),
        ({"start": START - 1, "end": START, "exact": " "}, "must not be empty"),
        ({"statement": "half a letter: \ud83d"}, "half of a character"),
        ({"cue": "x" * 101}, "too long"),
    ],
)
def test_words_that_cannot_be_a_claim_are_refused_with_a_sentence(article, bob, said, sentence):
    with pytest.raises(BadInput, match=sentence):
        add(article, bob, **said)
    assert not Claim.objects.exists()


def test_who_added_corrected_or_split_a_claim_has_written_a_part_of_its_review(article, bob, carol, grace):
    claim = add(article, carol)
    marking.attribute(claim, by=grace, seen=claim.version, speaker="Ada Lind", cue="said", kind="quantity")
    assert (claim.speaker, claim.kind) == ("Ada Lind", "quantity")
    entry = AuditEntry.objects.get(verb="claim.attributed")
    assert json.loads(AuditText.objects.get(pk=entry.pk).text)["kind"] == ["other", "quantity"]
    with pytest.raises(BadInput, match="no kind of claim 'rumour'"):
        marking.attribute(claim, by=grace, seen=claim.version, speaker="", cue="", kind="rumour")
    assert set(reviews.begin(claim, by=bob, seen=claim.version).written_by) == {bob.pk, carol.pk, grace.pk}


# --- putting aside ---------------------------------------------------------------------------------------------------


def test_a_claim_is_dismissed_with_a_reason_and_restored(opened, bob, carol):
    with pytest.raises(BadInput, match="reason must not be empty"):
        marking.dismiss(opened, by=bob, seen=1, reason=" ")
    marking.dismiss(opened, by=bob, seen=1, reason="Nobody can check this.")
    with pytest.raises(InvalidTransition):
        marking.dismiss(opened, by=bob, seen=2, reason="Again.")
    marking.restore(opened, by=carol, seen=2)
    assert opened.status == "detected"
    with pytest.raises(InvalidTransition, match="only a dismissed claim"):
        marking.restore(opened, by=bob, seen=3)


# --- splitting, merging, undoing -------------------------------------------------------------------------------------


def test_a_claim_is_split_at_its_words_and_into_statements(opened, bob, grace):
    conflicts.declare(opened, by=grace, person=grace, reason="I own shares.")
    one, other = in_half(opened, bob)
    opened.refresh_from_db()
    assert opened.status == "superseded"
    assert (one.statement, one.anchors.get().exact) == ("The mayor opened", "The mayor opened")
    assert (other.statement, other.anchors.get().exact) == ("The bridge was opened on Monday.", TEXT[:38])
    for part in (one, other):
        assert (part.speaker, part.kind, part.checkworthiness, part.added_by) == ("Ada Lind", "event", 0.6, bob)
        assert part.reasons == [f"split from claim {opened.pk}", "a date"]
        with pytest.raises(Refused, match="conflict of interest"):
            reviews.begin(part, by=grace, seen=part.version)
    with pytest.raises(InvalidTransition, match="cannot become superseded"):
        in_half(opened, bob, seen=opened.version)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([Part("One.")], "2 to 20 parts; here are 1"),
        ([Part("One.")] * 21, "2 to 20 parts; here are 21"),
        ([Part("One."), Part("One.")], "Two of the parts are the same"),
        ([Part("One."), Part(" ")], "statement must not be empty"),
        ([Part("One."), Part(start=START, end=START + 24, exact=WORDS)], "within the claim's own words"),
        ([Part("One."), Part(start=0, end=3, exact="the")], "do not stand at this place"),
    ],
)
def test_what_is_no_split_changes_nothing(opened, bob, parts, sentence):
    with pytest.raises(BadInput, match=sentence):
        lineage.split(opened, by=bob, seen=1, parts=parts)
    assert Claim.objects.get().status == "detected"


def test_claims_are_merged_in_the_order_of_the_text(opened, cost, bob):
    merged = lineage.merge(cost, by=bob, seen=1, others=[(opened, 1)])
    assert merged.anchors.get().exact == TEXT
    assert merged.statement == "The mayor opened the bridge. It cost 12 million euros."
    assert (merged.speaker, merged.checkworthiness) == ("Ada Lind", 0.8)
    assert set(Claim.objects.filter(status="superseded")) == {opened, cost}


def test_claims_that_stand_too_far_apart_or_elsewhere_are_not_merged(bob, opened):
    text = TEXT + " " * marking.LONGEST + TEXT
    far = factories.article(text)
    ends = [factories.claim(far), factories.claim(far, statement="It cost 12 million euros.")]
    factories.anchor(ends[0])
    factories.anchor(ends[1], len(text) - 35, len(text))
    with pytest.raises(BadInput, match="too far apart"):
        lineage.merge(ends[0], by=bob, seen=1, others=[(ends[1], 1)])
    with pytest.raises(BadInput, match="claims of one article"):
        lineage.merge(ends[0], by=bob, seen=1, others=[(opened, 1)])
    with pytest.raises(BadInput, match="at least one other claim"):
        lineage.merge(ends[0], by=bob, seen=1, others=[(ends[0], 1)])
    factories.version(far, "Another text.")
    with pytest.raises(BadInput, match="do not stand in the newest text"):
        lineage.merge(ends[0], by=bob, seen=1, others=[(ends[1], 1)])


def test_a_split_is_undone_from_either_side_and_a_merge_too(opened, cost, bob):
    one, _other = in_half(opened, bob)
    assert lineage.undo(one, by=bob, seen=one.version) == [opened]
    assert Counter(Claim.objects.values_list("status", flat=True)) == {"detected": 2, "superseded": 2}
    opened.refresh_from_db()
    with pytest.raises(InvalidTransition, match="nothing to undo"):
        lineage.undo(opened, by=bob, seen=opened.version)
    lineage.merge(opened, by=bob, seen=opened.version, others=[(cost, cost.version)])
    opened.refresh_from_db()
    assert set(lineage.undo(opened, by=bob, seen=opened.version)) == {opened, cost}
    assert set(Claim.objects.filter(status="detected")) == {opened, cost}


def test_a_merge_that_was_undone_does_not_keep_the_split_before_it(opened, bob):
    one, other = in_half(opened, bob)
    merged = lineage.merge(one, by=bob, seen=1, others=[(other, 1)])
    opened.refresh_from_db()
    with pytest.raises(InvalidTransition, match=f"Claim {one.pk} was worked on since"):
        lineage.undo(opened, by=bob, seen=opened.version)
    lineage.undo(merged, by=bob, seen=merged.version)
    opened.refresh_from_db()
    assert lineage.undo(opened, by=bob, seen=opened.version) == [opened]
    assert opened.article.claims.get(status="detected") == opened


def dismissed_suggestion(claim, by):
    suggestion = factories.suggestion(claim)
    evidence.dismiss(suggestion, by=by, seen=suggestion.version, reason="Another bridge.")


WORKED_ON = {
    "it was dismissed": lambda claim, by: marking.dismiss(claim, by=by, seen=1, reason="x"),
    "it is in review": lambda claim, by: reviews.begin(claim, by=by, seen=1),
    "its statement was edited": lambda claim, by: claims.edit_statement(claim, by=by, seen=1, statement="x"),
    "its suggestion was decided": dismissed_suggestion,
}


@pytest.mark.parametrize("what", WORKED_ON)
def test_what_was_done_to_a_successor_is_not_thrown_away(what, opened, bob):
    one, other = in_half(opened, bob)
    WORKED_ON[what](other, bob)
    with pytest.raises(InvalidTransition, match=f"Claim {other.pk} was worked on since"):
        lineage.undo(one, by=bob, seen=1)
    assert Claim.objects.get(pk=opened.pk).status == "superseded"


def test_who_came_to_keep_away_from_a_successor_keeps_away_from_the_old_claim(opened, bob, grace):
    one, _other = in_half(opened, bob)
    conflicts.declare(one, by=grace, person=grace, reason="I own shares.")
    lineage.undo(one, by=bob, seen=one.version)
    opened.refresh_from_db()
    with pytest.raises(Refused, match="conflict of interest"):
        reviews.begin(opened, by=grace, seen=opened.version)


# --- the machine ---------------------------------------------------------------------------------------------------


def split_again(article):
    job = Job.objects.filter(kind=Job.Kind.SPLIT).first() or jobs.enqueue(
        Job.Kind.SPLIT, article.current.pk, queue="read", article=article
    )
    if job.state == Job.State.DONE:
        job = jobs.enqueue(Job.Kind.SPLIT, article.current.pk, queue="read", article=article)
    steps.perform(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.last_error


def as_they_are():
    return [list(model.objects.order_by("pk").values()) for model in (Claim, Claim.anchors.rel.related_model)]


def test_a_new_run_of_the_splitter_touches_nothing_that_a_person_did(article, bob):
    split_again(article)
    first, second = Claim.objects.order_by("pk")
    one, _other = in_half(first, bob)
    marking.dismiss(second, by=bob, seen=second.version, reason="x")
    claims.edit_statement(one, by=bob, seen=1, statement="Somebody opened it.")
    add(article, bob)
    before = as_they_are()
    split_again(article)
    assert as_they_are() == before


def test_words_that_a_person_had_marked_before_the_splitter_came_are_claimed_once(article, bob):
    """The run that was still to come reads the same sentence, and leaves it to the person."""
    mine = marking.add(article, by=bob, seen=1, start=0, end=38, exact=TEXT[:38], statement="Mine.")
    marking.dismiss(mine, by=bob, seen=1, reason="Not now.")
    before = Claim.objects.filter(pk=mine.pk).values().get()
    split_again(article)
    assert Claim.objects.filter(pk=mine.pk).values().get() == before
    assert list(Claim.objects.filter(anchors__start=0)) == [mine]
    assert Claim.objects.filter(added_by=None).count() == 1, "the other sentence is the machine's"
