"""How much of a source is quoted, in which language, in whose translation; and what is told of a claim's speaker."""

import hashlib
import json

import pytest

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, NotAllowed, Refused
from factcheck.models import AuditEntry, AuditText, Claim, Evidence, Snapshot
from factcheck.workflow import evidence, originals, publications, reviews
from tests import factories
from tests.workflow.test_reviews import SAID

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ARABIC = "كلف الجسر اثني عشر مليون يورو بحسب محضر المجلس."
PAGE = (
    f"{ARABIC} قال مجلس المدينة في محضر جلسته إن هذا المبلغ دفع على ثلاث سنوات من ميزانية الأشغال العامة،"
    " وإن الأعمال انتهت في شهر أيار، وإن السكان يستخدمون الجسر منذ ذلك الحين. وأضاف المجلس أن الصيانة السنوية"
    " ستكلف مئتي ألف يورو، وأنه سينشر الحسابات كاملة قبل نهاية العام. وسأل بعض الأعضاء عن سبب التأخير، فأجاب"
    " رئيس المجلس بأن الشركة طلبت وقتا إضافيا بسبب ارتفاع الماء في النهر خلال الشتاء، وبأن المدينة لم تدفع ثمنا"
    " أعلى مما اتفق عليه في العقد الأول الذي وقع قبل أربع سنوات."
)
TRANSLATION = {
    "language": "ar",
    "translation": "The bridge cost twelve million euros, the minutes say.",
    "translator": "Lina Haddad",
    "translated_by_machine": False,
}
ORIGINAL = {
    "speaker_kind": "organization",
    "speaker_same_as": "https://www.wikidata.org/wiki/Q1",
    "first_appearance": "https://example.org/speech",
    "quote_translation": "",
    "quote_translator": "",
    "quote_translated_by_machine": False,
}


@pytest.fixture
def draft(claim, bob):
    return reviews.begin(claim, by=bob, seen=claim.version)


def document(review, by, exact, url="https://example.org/minutes", **said):
    return evidence.add_document(
        review, by=by, seen=review.version, stance="supports", title="Minutes", url=url, exact=exact, **said
    )


def test_of_one_source_a_review_quotes_so_many_words_and_no_more(draft, bob):
    document(draft, bob, "One two. " * 100)
    with pytest.raises(BadInput) as refused:
        document(draft, bob, "three " * 57)
    said = "at most 250 words of one source, and 200 are quoted already. These are 57 words, 7 too many."
    assert said in str(refused.value)
    document(draft, bob, "three " * 50)
    document(draft, bob, "of another source " * 80, url="https://example.org/another")
    with pytest.raises(BadInput, match="6 too many"):  # where no spaces part words, each letter counts
        document(draft, bob, "橋は" * 128, url="https://example.org/third")
    assert draft.evidence.count() == 3


def test_a_suggested_passage_is_bound_by_the_same_limit(claim, bob):
    suggestion = factories.suggestion(claim, factories.source(passages=("word " * 251,)).passages.get())
    with pytest.raises(BadInput, match="1 too many"):
        evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports")
    suggestion.refresh_from_db()
    assert suggestion.status == "pending"
    assert evidence.accept(suggestion, by=bob, seen=suggestion.version, stance="supports", exact="word word").exact


def test_a_page_says_in_which_language_it_is_and_pasted_words_are_asked(claim, draft, bob):
    source = factories.source(passages=(ARABIC,))
    sha256 = hashlib.sha256(PAGE.encode()).hexdigest()
    page = Snapshot.objects.create(source=source, text=PAGE, sha256=sha256, origin="fetched")
    piece = evidence.take(draft, source.passages.get(), by=bob, seen=draft.version, stance="supports")
    assert (piece.snapshot, piece.language) == (page, "ar")
    draft.refresh_from_db()
    assert document(draft, bob, "Zwölf Millionen.").language == ""
    assert document(draft, bob, "Zwölf Millionen.", language="de_at").language == "de-AT"
    with pytest.raises(BadInput, match="written as a code"):
        document(draft, bob, "Zwölf Millionen.", language="German")


def test_words_are_translated_in_a_draft_by_a_named_writer_and_it_is_in_the_trail(draft, bob, carol):
    piece = document(draft, bob, ARABIC)
    draft.refresh_from_db()
    done = originals.translate(piece, by=carol, seen=draft.version, **TRANSLATION)
    assert (done.language, done.translation, done.writer) == ("ar", TRANSLATION["translation"], carol)
    draft.refresh_from_db()
    assert draft.written_by == [bob.pk, carol.pk]
    entry = AuditEntry.objects.get(verb="evidence.translated")
    assert json.loads(AuditText.objects.get(entry_id=entry.pk).text)["translator"] == ["", "Lina Haddad"]
    with pytest.raises(Conflict):
        originals.translate(piece, by=bob, seen=draft.version - 1, **TRANSLATION)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"translator": ""}, "Say who translated the words"),
        ({"translation": " "}, "there is no translation"),
        ({"language": "Arabisch"}, "written as a code"),
        ({"translator": "x" * 201}, "the most is 200"),
    ],
)
def test_a_translation_names_its_language_and_whose_it_is(draft, bob, said, why):
    piece = document(draft, bob, ARABIC)
    draft.refresh_from_db()
    with pytest.raises(BadInput, match=why):
        originals.translate(piece, by=bob, seen=draft.version, **{**TRANSLATION, **said})


def test_only_a_document_is_translated_and_only_by_who_may_write(draft, bob, alice):
    spoken = evidence.add_person(draft, by=bob, seen=draft.version, stance="context", public_wording=ARABIC)
    draft.refresh_from_db()
    with pytest.raises(BadInput, match="Only the exact words of a document"):
        originals.translate(spoken, by=bob, seen=draft.version, **TRANSLATION)
    with pytest.raises(NotAllowed):
        originals.describe(draft, by=alice, seen=draft.version, **ORIGINAL)


def test_of_a_speaker_is_told_what_people_know_until_it_is_another(draft, bob, carol):
    with pytest.raises(Refused, match="Say first who made the claim"):
        originals.describe(draft, by=bob, seen=draft.version, **ORIGINAL)
    reviews.save(draft, by=bob, seen=draft.version, **SAID)
    with pytest.raises(Refused, match="must begin with https"):
        originals.describe(draft, by=bob, seen=draft.version, **{**ORIGINAL, "speaker_same_as": "http://example.org/a"})
    told = originals.describe(draft, by=carol, seen=draft.version, **ORIGINAL)
    assert {name: getattr(told, name) for name in ORIGINAL} == ORIGINAL
    assert told.written_by == [bob.pk, carol.pk]
    same = reviews.save(told, by=bob, seen=told.version, **SAID)
    assert same.speaker_kind == "organization"
    another = reviews.save(same, by=bob, seen=same.version, **{**SAID, "speaker": "Eve Holm"})
    assert (another.speaker_kind, another.speaker_same_as) == ("", "")
    assert another.first_appearance == ORIGINAL["first_appearance"]


def test_what_is_published_has_them_and_a_correction_takes_them_over_with_their_writer(claim, bob, carol, db):
    factories.desk()
    Claim.objects.filter(pk=claim.pk).update(speaker=SAID["speaker"])
    claim.refresh_from_db()
    translator = factories.person("Frank", "editor")
    draft = reviews.begin(claim, by=bob, seen=claim.version)
    piece = document(draft, bob, ARABIC)
    draft.refresh_from_db()
    originals.translate(piece, by=bob, seen=draft.version, **{**TRANSLATION, "translated_by_machine": True})
    draft.refresh_from_db()
    quote = {"quote_translation": "The mayor did it.", "quote_translator": "Translatron"}
    originals.describe(
        draft, by=translator, seen=draft.version, **ORIGINAL | quote | {"quote_translated_by_machine": True}
    )
    reviews.save(draft, by=bob, seen=draft.version, **SAID)
    factories.nobody_asked(draft, bob)
    factories.answer_doubts(draft, bob)
    reviews.submit(draft, by=bob, seen=draft.version)
    with pytest.raises(InvalidTransition):
        originals.translate(Evidence.objects.get(), by=bob, seen=draft.version, **TRANSLATION)
    reviews.approve(draft, by=carol, seen=draft.version, compared=True)
    publication = publications.publish(draft, by=carol, seen=draft.version)
    printed = publication.content["evidence"][0]
    assert {name: printed[name] for name in TRANSLATION} == {**TRANSLATION, "translated_by_machine": True}
    assert publication.content["quote_translator"] == "Translatron"
    author = publication.jsonld["itemReviewed"]["author"]
    assert author == {"@type": "Organization", "name": "Ada Lind", "sameAs": ORIGINAL["speaker_same_as"]}

    claim.refresh_from_db()
    correction = reviews.begin(claim, by=bob, seen=claim.version)
    assert (correction.speaker_kind, correction.quote_translation) == ("organization", "The mayor did it.")
    assert translator.pk in correction.written_by
    reviews.abandon(correction, by=bob, seen=correction.version)
    Claim.objects.filter(pk=claim.pk).update(speaker="Eve Holm")
    claim.refresh_from_db()
    another = reviews.begin(claim, by=bob, seen=claim.version)  # it begins with what was published, speaker and all
    assert (another.speaker, another.speaker_kind) == (SAID["speaker"], "organization")
