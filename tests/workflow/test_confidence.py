"""Who sees an article, and what a person told in confidence: each verb works, and refuses who and what it must."""

import pytest

from factcheck.exceptions import BadInput, Conflict, NotAllowed, Refused
from factcheck.models import (
    Article,
    AuditEntry,
    AuditText,
    Claim,
    ClaimReview,
    ConfidentialPart,
    Job,
    Snapshot,
    Source,
    Suggestion,
)
from factcheck.retrieval.providers import library
from factcheck.workflow import evidence, publications, reviews, sources, steps
from factcheck.workflow.articles import ingest, keep_confidential, lift_confidence
from factcheck.workflow.audit import problems_of_chain
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DOCUMENT = {"stance": "supports", "title": "Minutes", "url": "https://example.org/minutes", "exact": "12 million"}


@pytest.fixture
def secret(bob):
    return ingest(factories.TEXT, by=bob, confidential=True)


@pytest.fixture
def draft(secret, bob):
    claim = factories.claim(secret)
    factories.anchor(claim)
    return reviews.begin(claim, by=bob, seen=claim.version)


def test_who_sends_it_in_and_whom_they_name_see_it(bob, carol, dave):
    article = ingest(factories.TEXT, by=bob, confidential=True, readers=[carol])
    assert article.outside_search == Article.OutsideSearch.NEVER
    assert [Article.objects.visible_to(who).count() for who in (bob, carol, dave)] == [1, 1, 0]


def test_what_an_operator_sends_in_needs_a_reader(db):
    with pytest.raises(BadInput, match="at least one person"):
        ingest(factories.TEXT, by=None, confidential=True)
    assert not Article.objects.exists()


def test_an_article_becomes_confidential_and_the_trail_says_who_sees_it(bob, carol, dave):
    article = ingest(factories.TEXT, by=bob, outside_search="allowed")
    keep_confidential(article, by=bob, seen=article.version, readers=[carol])
    assert (article.confidential, article.outside_search) == (True, "never")
    assert not Claim.objects.visible_to(dave).filter(article=article).exists()
    entry = AuditEntry.objects.get(verb="article.sees")
    assert (entry.old, entry.new) == ("the desk", f"{bob.pk} {carol.pk}")
    assert list(problems_of_chain(str(article.uuid))) == []


def test_readers_are_named_anew_and_whoever_names_them_stays_one(secret, bob, carol):
    keep_confidential(secret, by=bob, seen=secret.version, readers=[carol])
    keep_confidential(secret, by=carol, seen=secret.version, readers=[])
    assert set(secret.readers.all()) == {carol}
    assert not Article.objects.visible_to(bob).exists()


def test_an_article_that_is_hidden_is_answered_like_one_that_is_not_there(secret, carol):
    with pytest.raises(NotAllowed, match=rf"^There is no article {secret.pk}\.$"):
        keep_confidential(secret, by=carol, seen=secret.version, readers=[])


def test_who_has_no_log_in_any_more_is_not_named(secret, bob, carol):
    type(carol).objects.filter(pk=carol.pk).update(is_active=False)
    carol.refresh_from_db()
    with pytest.raises(BadInput, match="no log-in at the desk"):
        keep_confidential(secret, by=bob, seen=secret.version, readers=[carol])


def test_who_was_named_and_lost_the_log_in_sees_nothing(bob, carol):
    ingest(factories.TEXT, by=bob, confidential=True, readers=[carol])
    type(carol).objects.filter(pk=carol.pk).update(is_active=False)
    carol.refresh_from_db()
    assert not Article.objects.visible_to(carol).exists()


def test_a_stale_decision_loses(secret, bob):
    with pytest.raises(Conflict):
        lift_confidence(secret, by=bob, seen=secret.version + 1)
    secret.refresh_from_db()
    assert secret.confidential


def test_the_embargo_is_lifted_once(secret, bob, dave):
    lift_confidence(secret, by=bob, seen=secret.version)
    assert Article.objects.visible_to(dave).exists()
    with pytest.raises(BadInput, match="not confidential"):
        lift_confidence(secret, by=bob, seen=secret.version)


def test_nothing_of_it_is_published_before_the_embargo_is_lifted(draft, secret, bob, carol):
    factories.desk()
    keep_confidential(secret, by=bob, seen=secret.version, readers=[carol])
    evidence.add_document(draft, by=bob, seen=draft.version, **DOCUMENT)
    said = {"statement": "x", "speaker": "", "verdict": "verified", "rating": 5, "rationale": "It is so."}
    reviews.save(draft, by=bob, seen=draft.version, as_of=secret.created_at.date(), **said)
    factories.nobody_asked(draft, bob)
    reviews.submit(draft, by=bob, seen=draft.version)
    reviews.approve(draft, by=carol, seen=draft.version, compared=True)
    with pytest.raises(Refused, match="embargo is lifted first"):
        publications.publish(draft, by=carol, seen=draft.version)
    secret.refresh_from_db()
    lift_confidence(secret, by=carol, seen=secret.version)
    draft.refresh_from_db()
    assert publications.publish(draft, by=carol, seen=draft.version).number == 1
    secret.refresh_from_db()
    with pytest.raises(Refused, match="what is public cannot be made confidential"):
        keep_confidential(secret, by=carol, seen=secret.version, readers=[bob])


# --- what it rests on gives nothing away ---------------------------------------------------------------------------


def test_what_is_found_for_it_joins_the_library_when_the_embargo_is_lifted(draft, secret, bob, dave):
    evidence.add_document(draft, by=bob, seen=draft.version, **DOCUMENT)
    assert not Source.objects.visible_to(dave).exists()
    assert not AuditEntry.objects.visible_to(dave).filter(verb="source.added").exists()
    lift_confidence(secret, by=bob, seen=secret.version)
    assert Source.objects.visible_to(dave).exists()


def test_adding_the_same_address_tells_nobody_that_it_is_relied_on(draft, bob, carol):
    evidence.add_document(draft, by=bob, seen=draft.version, **DOCUMENT)
    other = sources.add_source(
        by=carol, title="Minutes", kind="primary", seen="page", url=DOCUMENT["url"], passages=[("It cost.", "original")]
    )
    assert Source.objects.visible_to(carol).get() == other
    piece = evidence.add_document(draft, by=bob, seen=draft.version, **DOCUMENT)
    assert piece.snapshot.source == other  # the library's comes first from now on


def test_it_is_suggested_to_no_other_claim(draft, secret, bob):
    document = DOCUMENT | {"exact": "The mayor opened the bridge, the council noted."}
    piece = evidence.add_document(draft, by=bob, seen=draft.version, **document)
    job = Job.objects.get(kind=Job.Kind.INDEX)
    assert job.article == secret  # seen by its readers only
    steps.perform(job.pk)
    own, other = factories.claim(secret), factories.claim()
    vector = piece.snapshot.source.passages.get().embedding
    Claim.objects.filter(pk__in=[own.pk, other.pk]).update(embedding=vector)
    found = library.search([own, other])
    assert list(found) == [own.pk]
    secret.refresh_from_db()
    lift_confidence(secret, by=bob, seen=secret.version)
    assert set(library.search(list(Claim.objects.filter(pk__in=[own.pk, other.pk])))) == {own.pk, other.pk}


# --- what a person told in confidence --------------------------------------------------------------------------------


@pytest.fixture
def told(draft, secret, bob, carol):
    secret.readers.add(carol)
    return evidence.add_person(
        draft, by=bob, seen=draft.version, stance="supports", public_wording="An engineer of the builder",
        identity="Ada Lind, 0170 12345", in_confidence="The bearings were cracked.", readers=[carol],
    )  # fmt: skip


def test_whom_it_names_and_who_wrote_it_read_it_and_no_administrator(told, secret, bob, carol, dave):
    erin = factories.person("Erin", "administrator")
    lift_confidence(secret, by=bob, seen=secret.version)
    seen = [ConfidentialPart.objects.visible_to(who).exists() for who in (bob, carol, dave, erin)]
    assert seen == [True, True, False, False]


def test_no_word_of_it_is_in_the_trail(told):
    assert not AuditText.objects.filter(text__icontains="Lind").exists()
    assert not AuditText.objects.filter(text__icontains="bearings").exists()
    assert AuditText.objects.filter(text__icontains="engineer of the builder").exists()


@pytest.mark.parametrize("typed", [{"in_confidence": "The bearings"}, {"readers": True}])
def test_what_was_told_in_confidence_was_told_by_somebody(draft, bob, carol, typed):
    typed = {name: [carol] if name == "readers" else value for name, value in typed.items()}
    with pytest.raises(BadInput, match="Say who it is"):
        evidence.add_person(draft, by=bob, seen=draft.version, stance="supports", public_wording="x", **typed)


def test_it_is_taken_out_of_a_draft_with_its_evidence(told, draft, bob):
    draft.refresh_from_db()
    evidence.remove(told, by=bob, seen=draft.version)
    assert not ConfidentialPart.objects.exists()


def test_it_is_erased_at_any_time_and_the_review_stays_as_it_was(told, secret, draft, bob, carol):
    lift_confidence(secret, by=bob, seen=secret.version)
    ClaimReview.objects.filter(pk=draft.pk).update(verdict="verified", rating=5, rationale="So.", as_of="2026-11-24")
    draft.refresh_from_db()
    reviews.submit(draft, by=bob, seen=draft.version)
    evidence.erase_confidence(told, by=carol, reason="She asked for it.")
    part = ConfidentialPart.objects.get(pk=told.pk)
    assert (part.identity, part.words, part.readers.count()) == ("", "", 0)
    assert part.erased_at
    draft.refresh_from_db()
    assert draft.status == "submitted"
    assert AuditText.objects.filter(text="She asked for it.").exists()
    with pytest.raises(BadInput, match="erased already"):
        evidence.erase_confidence(told, by=carol, reason="Again.")


def test_a_checker_does_not_erase_it(told, bob):
    with pytest.raises(NotAllowed):
        evidence.erase_confidence(told, by=bob, reason="It is embarrassing.")


def test_who_could_not_see_the_article_is_not_told(draft, bob, carol):
    with pytest.raises(BadInput, match="does not see this article"):
        evidence.add_person(
            draft, by=bob, seen=draft.version, stance="supports", public_wording="x", identity="Ada", readers=[carol]
        )
    assert not ConfidentialPart.objects.exists()


def test_who_may_read_it_is_in_the_trail(told, secret, bob, carol):
    entry = AuditEntry.objects.get(verb="evidence.told_in_confidence")
    assert (entry.subject_id, entry.new) == (told.pk, f"{bob.pk} {carol.pk}")
    assert AuditEntry.objects.get(verb="article.sees", chain=str(secret.uuid)).new == str(bob.pk)


def test_readers_without_the_word_confidential_are_asked_about(bob, carol):
    with pytest.raises(BadInput, match="not marked confidential"):
        ingest(factories.TEXT, by=bob, readers=[carol])
    assert not Article.objects.exists()


def test_words_pasted_from_a_source_of_the_library_do_not_tell_what_is_checked(draft, bob, carol, dave):
    document = {"title": "Minutes", "kind": "primary", "seen": "page", "url": DOCUMENT["url"]}
    sources.add_source(by=carol, passages=[("It cost.", "original")], **document)
    evidence.add_document(draft, by=bob, seen=draft.version, **DOCUMENT)
    assert Snapshot.objects.visible_to(bob).count() == 1
    assert not Snapshot.objects.visible_to(dave).exists()


def test_an_article_that_is_confidential_again_takes_its_sources_along(draft, secret, bob, dave):
    piece = evidence.add_document(draft, by=bob, seen=draft.version, **DOCUMENT)
    lift_confidence(secret, by=bob, seen=secret.version)
    elsewhere = factories.suggestion(factories.claim(), piece.snapshot.source.passages.get())
    assert Suggestion.objects.visible_to(dave).filter(pk=elsewhere.pk).exists()
    keep_confidential(secret, by=bob, seen=secret.version, readers=[])
    assert not Suggestion.objects.visible_to(dave).filter(pk=elsewhere.pk).exists()


def test_who_sees_the_article_no_more_lets_go_of_its_draft(draft, secret, bob, carol):
    secret.readers.add(carol)
    keep_confidential(secret, by=carol, seen=secret.version, readers=[])
    draft.refresh_from_db()
    assert draft.assignee is None
    assert not ClaimReview.objects.visible_to(bob).exists()


def test_suggestions_of_a_hidden_article_are_hidden(secret, dave):
    factories.suggestion(factories.claim(secret))
    assert not Suggestion.objects.visible_to(dave).exists()
