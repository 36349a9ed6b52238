"""Drills: somebody with every right in the database alters the record, and is found out by name.

Each ends by putting everything back, which must be found to be whole again: an alarm that stays on tells nothing.
"""

import hashlib
import json
from contextlib import contextmanager
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction

from factcheck import tasks
from factcheck.checks import roots_can_be_written
from factcheck.exceptions import BadInput
from factcheck.models import (
    GENESIS,
    AuditCheck,
    AuditEntry,
    AuditFinding,
    AuditHead,
    AuditText,
    ChecklistAnswer,
    Claim,
    ClaimReview,
    Desk,
    Evidence,
    Publication,
    Reply,
    Snapshot,
    netstring,
)
from factcheck.workflow import checklist, evidence, gate_answers, publications, reviews, roots
from factcheck.workflow.integrity import ONE_AT_A_TIME, Look, alteration, check_trail
from tests import factories
from tests.models.asking import as_superuser, ask, insertion, side_by_side

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

TABLES = {model: model._meta.db_table for model in (AuditEntry, AuditHead, AuditText, ClaimReview, Evidence, Snapshot)}
TABLES |= {model: model._meta.db_table for model in (Publication, Reply, ChecklistAnswer)}
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AUDIT_ROOTS_DIR = tmp_path / "roots"
    return settings.AUDIT_ROOTS_DIR


@pytest.fixture
def published(transactional_db, bob, carol):
    """A fact-check that walked the path by its verbs."""
    factories.desk(name="The Test Desk")
    claim = factories.claim()
    factories.anchor(claim)
    review = reviews.begin(claim, by=bob, seen=claim.version)
    evidence.add_document(
        review, by=bob, seen=review.version, stance="supports", title="Minutes", url="https://example.org/minutes",
        exact="The bridge cost 12 million euros.", published="2024",
    )  # fmt: skip
    factories.nobody_asked(review, bob)
    said = {"statement": "The bridge cost 12 million.", "speaker": "Ada Lind", "rationale": "The minutes say so."}
    reviews.save(review, by=bob, seen=review.version, verdict="verified", rating=5, as_of=date(2026, 11, 24), **said)
    reviews.submit(review, by=bob, seen=review.version)
    reviews.approve(review, by=carol, seen=review.version, compared=True)
    publication = publications.publish(review, by=carol, seen=review.version)
    assert seen() == []
    return publication


def seen() -> list[str]:
    """What one look at everything finds."""
    return [problem.sentence for problem in Look().problems()]


def chain_of(publication) -> str:
    return str(publication.review.claim.article.uuid)


@contextmanager
def put_back_afterwards():
    """Whatever the drill does to the rows of the record, undone, and found to be whole again."""
    before = {model: list(model.objects.all()) for model in TABLES}
    yield
    statements = []
    for model, rows in before.items():
        statements += [(f"DELETE FROM {TABLES[model]}",), *map(insertion, rows)]
    as_superuser(*statements)
    assert seen() == []


def entries(publication) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(chain=chain_of(publication)).order_by("seq"))


def rewritten(chain: str, change) -> None:
    """The whole chain anew, with correct hashes and its head: only a root can tell."""
    prev, statements = GENESIS, []
    for entry in AuditEntry.objects.filter(chain=chain).order_by("seq"):
        change(entry)
        entry.prev = prev
        prev = entry.hash = entry.expected_hash()
        fields = {"prev": entry.prev, "hash": entry.hash, "verb": entry.verb, "new": entry.new, "actor": entry.actor}
        marks = ", ".join(f"{name} = %s" for name in fields)
        statements.append((f"UPDATE factcheck_auditentry SET {marks} WHERE id = %s", *fields.values(), entry.pk))
    as_superuser(*statements, ("UPDATE factcheck_audithead SET hash = %s WHERE chain = %s", prev, chain))


# --- found by the rows and the chain -------------------------------------------------------------------------------


def test_a_changed_verdict_is_found(published):
    name = f"Publication {published.slug} (number 1)"
    with put_back_afterwards():
        as_superuser(("UPDATE factcheck_claimreview SET verdict = 'disputed', rating = 2",))
        assert seen() == [
            f"{name}: the verdict of review {published.review_id} was changed after it was published.",
            f"{name}: the rating of review {published.review_id} was changed after it was published.",
        ]


def test_what_decides_beside_the_finding_is_compared_too(published, bob, carol):
    factories.checklist(Desk.objects.get(), ["Were both sides asked?"])
    claim = Claim.objects.get()
    review = reviews.begin(claim, by=bob, seen=claim.version)
    checklist.answer(review, by=bob, seen=review.version, answers=[("Were both sides asked?", "done", "")])
    gate_answers.look_again_on(review, by=bob, seen=review.version, day=date(2100, 1, 1))
    said = {"statement": "The bridge cost 12 million.", "speaker": "Ada Lind", "rationale": "The bills say so."}
    said |= {"change_kind": "update", "change_note": "The bills came."}
    reviews.save(review, by=bob, seen=review.version, verdict="verified", rating=5, as_of=date(2026, 11, 24), **said)
    reviews.submit(review, by=bob, seen=review.version)
    reviews.approve(review, by=carol, seen=review.version, compared=True)
    second = publications.publish(review, by=carol, seen=review.version)
    name = f"Publication {second.slug} (number 2)"
    for part, change in (
        ("change", "UPDATE factcheck_claimreview SET change_kind = 'correction' WHERE id = %s"),
        ("change", "UPDATE factcheck_claimreview SET change_note = 'Nothing.' WHERE id = %s"),
        ("review again", "UPDATE factcheck_claimreview SET review_again = NULL WHERE id = %s"),
        ("replies", "UPDATE factcheck_reply SET not_asked = 'No need.' WHERE review_id = %s"),
        ("replies", "DELETE FROM factcheck_reply WHERE review_id = %s"),
        (
            "checklist",
            "UPDATE factcheck_checklistanswer SET answer = 'does_not_apply', reason = 'No.' WHERE review_id = %s",
        ),
    ):
        with put_back_afterwards():
            as_superuser((change, review.pk))
            assert seen() == [f"{name}: the {part} of review {review.pk} was changed after it was published."], change
    with put_back_afterwards():
        first = published.review_id
        as_superuser(("UPDATE factcheck_claimreview SET review_again = '2099-01-01' WHERE id = %s", first))
        assert seen() == [
            f"Publication {second.slug} (number 1): the review again of review {first} was changed after it was"
            " published."
        ]


def test_changed_evidence_is_found(published):
    piece = Evidence.objects.get()
    found = [f"Publication {published.slug} (number 1): evidence {piece.pk} was changed after it was published."]
    for change in (
        "UPDATE factcheck_evidence SET exact = 'The bridge cost 21 million euros.'",
        "UPDATE factcheck_evidence SET stance = 'refutes'",
        "UPDATE factcheck_snapshot SET text = 'The bridge cost 21 million euros.'",
    ):
        with put_back_afterwards():
            as_superuser((change,))
            assert seen() == found, change


def test_a_publication_that_was_changed_with_its_hash_is_found_against_the_trail(published):
    forged = published.frozen.replace("12 million", "21 million")
    sha256 = hashlib.sha256(forged.encode()).hexdigest()
    name = f"Publication {published.slug} (number 1)"
    with put_back_afterwards():
        as_superuser(("UPDATE factcheck_publication SET frozen = %s, sha256 = %s", forged, sha256))
        assert seen()[0] == f"{name} is not the one of which the trail says that it was published."
    with put_back_afterwards():
        as_superuser(("UPDATE factcheck_publication SET frozen = %s", forged))
        assert seen()[0] == f"{name}: its text was changed after it was published."
    with put_back_afterwards():
        as_superuser(("UPDATE factcheck_publication SET slug = 'elsewhere'",))
        assert seen() == ["Publication elsewhere (number 1): its address was changed after it was published."]
    with put_back_afterwards():  # and with the trail: then the chain tells
        entry = entries(published)[-3]
        assert entry.verb == "publication.published"
        as_superuser(
            ("UPDATE factcheck_publication SET frozen = %s, sha256 = %s", forged, sha256),
            ("UPDATE factcheck_auditentry SET new = %s WHERE id = %s", sha256, entry.pk),
        )
        about = f"(publication.published of publication {published.pk}) was changed."
        assert seen()[0] == f"Chain {chain_of(published)}, entry {entry.seq} {about}"


def test_a_retraction_that_was_taken_back_or_reworded_is_found_and_told_wherever_it_is_listed(published, carol, client):
    review = published.review
    review.refresh_from_db()
    publications.retract(review, by=carol, seen=review.version, reason="The minutes were forged.")
    found = f"Publication {published.slug} (number 1): its retraction is not the one of which the trail speaks."
    for change in (
        "retraction_reason = 'A comma.'",
        "retraction_reason = '', retracted_by_id = NULL, retracted_at = NULL",
    ):
        with put_back_afterwards():
            as_superuser((f"UPDATE factcheck_publication SET {change}",))
            assert seen() == [found]
            assert listed_as_altered(published, client)
    assert not listed_as_altered(published, client)


def listed_as_altered(publication, client) -> bool:
    """What the front, the index and the API say, which must agree."""
    client.logout()
    pages = [client.get(address).content.decode() for address in ("/", "/fact-checks/")]
    client.force_login(publication.published_by)
    answer = client.get(f"/api/v1/publications/{publication.slug}/").json()
    assert answer["altered"] == (answer["content"] == {}) == (answer["jsonld"] == {})
    said = {"A fact-check that was altered outside the desk’s rules" in page for page in pages}
    assert said == {answer["altered"]}
    return answer["altered"]


def test_a_takedown_that_nobody_did_or_that_was_reworded_or_undone_is_found(published, carol, client):
    name, frozen = f"Publication {published.slug} (number 1)", published.frozen
    found = [f"{name}: its takedown is not the one of which the trail speaks."]
    gone = "UPDATE factcheck_publication SET frozen = '', takedown_reason = 'The law.', taken_down_by_id = %s"
    with put_back_afterwards():
        as_superuser((f"{gone}, taken_down_at = now()", carol.pk))
        assert seen() == found
        answer = client.get(f"/fact-checks/{published.slug}/")
        assert (answer.status_code, ALTERED in answer.content.decode()) == (200, True)
    factories.takedown(published.review, carol)
    assert seen() == []
    assert client.get(f"/fact-checks/{published.slug}/").status_code == 410
    undone = "takedown_reason = '', takedown_ground = '', taken_down_by_id = NULL, taken_down_at = NULL"
    for changed, said in (("takedown_ground = 'Another law'", ""), (f"{undone}, frozen = %s", frozen)):
        with put_back_afterwards():
            as_superuser((f"UPDATE factcheck_publication SET {changed}", *filter(None, [said])))
            assert seen() == found


def test_a_deleted_publication_is_found(published):
    entry = entries(published)[-3]
    with put_back_afterwards():
        as_superuser(("DELETE FROM factcheck_publication",))
        assert seen() == [
            f"Publication {published.pk}, which chain {chain_of(published)}, entry {entry.seq} speaks of, is gone."
        ]


def test_in_a_chain_a_deleted_a_swapped_and_a_forged_entry_are_each_found(published):
    chain = chain_of(published)
    second, third, fourth = entries(published)[1:4]
    with put_back_afterwards():
        as_superuser(("DELETE FROM factcheck_auditentry WHERE id = %s", third.pk))
        assert seen() == [f"Chain {chain}: entry 3 is missing."]
    with put_back_afterwards():
        place = "UPDATE factcheck_auditentry SET seq = %s WHERE id = %s"
        as_superuser((place, 99, second.pk), (place, 2, fourth.pk), (place, 4, second.pk))
        moved = "Chain {}, entry {} ({} of {} {}) was written as entry {}: it was moved."
        assert seen() == [
            moved.format(chain, 2, fourth.verb, fourth.subject, fourth.subject_id, 4),
            moved.format(chain, 4, second.verb, second.subject, second.subject_id, 2),
        ]
    with put_back_afterwards():
        third.actor = 99
        forge = "UPDATE factcheck_auditentry SET actor = 99, hash = %s WHERE id = %s"
        as_superuser((forge, third.expected_hash(), third.pk))
        assert seen() == [f"Chain {chain}, entry 4 does not follow entry 3: one of the two was put there later."]


# --- found against the last root only ------------------------------------------------------------------------------


def test_a_chain_that_was_rewritten_cut_or_deleted_is_found_against_the_root(published, bob):
    chain, last = chain_of(published), entries(published)[-1]
    root = roots.publish_root(MONDAY)
    assert root is not None
    assert (root.chains, root.entries) == (
        AuditHead.objects.count(),
        AuditEntry.objects.count(),
    )
    with put_back_afterwards():
        rewritten(chain, lambda entry: setattr(entry, "actor", bob.pk))
        assert seen() == [
            f"Chain {chain}, entry {last.seq} is not the one that the root of 2026-11-23 holds: it was rewritten."
        ]
    with put_back_afterwards():
        before = entries(published)[-2]
        as_superuser(
            ("DELETE FROM factcheck_auditentry WHERE id = %s", last.pk),
            ("UPDATE factcheck_audithead SET seq = %s, hash = %s WHERE chain = %s", before.seq, before.hash, chain),
        )
        assert seen() == [f"Chain {chain}, entry {last.seq}, which the root of 2026-11-23 holds, is missing."]
    with put_back_afterwards():
        as_superuser(
            ("DELETE FROM factcheck_auditentry WHERE chain = %s", chain),
            ("DELETE FROM factcheck_audithead WHERE chain = %s", chain),
        )
        assert seen()[0] == f"Chain {chain}, of which the root of 2026-11-23 holds {last.seq} entries, is gone."


def test_what_an_older_root_holds_is_found_too_and_each_head_is_looked_up_once(published, django_assert_num_queries):
    chain, older = chain_of(published), entries(published)[-1]
    roots.publish_root(MONDAY)
    factories.enter(published.review, "claimreview.noted", published.published_by, "now")
    roots.publish_root(TUESDAY)
    roots.publish_root(WEDNESDAY)
    with django_assert_num_queries(2):  # nothing has happened between Tuesday and Wednesday
        assert list(roots.problems_of_roots()) == []
    with put_back_afterwards():
        rewritten(chain, lambda entry: setattr(entry, "actor", 99))
        newest = entries(published)[-1].seq
        assert seen() == [
            f"Chain {chain}, entry {older.seq} is not the one that the root of 2026-11-23 holds: it was rewritten.",
            f"Chain {chain}, entry {newest} is not the one that the root of 2026-11-24 holds: it was rewritten.",
        ]


def test_a_stranger_computes_the_root_from_the_two_files(published, folder):
    assert roots.publish_root(MONDAY) is not None
    said = json.loads((folder / "2026-11-23.json").read_text())
    heads = [json.loads(line) for line in (folder / "2026-11-23.heads.jsonl").read_text().splitlines()]
    assert heads == sorted(heads)
    parts = [said["previous"], said["date"], said["made_at"], said["chains"], said["entries"]]
    leaves = [hashlib.sha256(b"".join(map(netstring, head))).hexdigest() for head in heads]
    assert said["root"] == hashlib.sha256(b"".join(map(netstring, [*parts, *leaves]))).hexdigest()
    assert said["previous"] == GENESIS
    assert chain_of(published) not in (folder / "2026-11-23.json").read_text()
    modes = [(folder / name).stat().st_mode & 0o777 for name in ("2026-11-23.heads.jsonl", "2026-11-23.json")]
    assert modes == [0o600, 0o644]


def test_changed_and_missing_files_are_found_by_the_roots_own_chain(published, folder, tmp_path):
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        assert roots.publish_root(day) is not None
    assert roots.publish_root(WEDNESDAY) is None  # harmless twice
    assert roots.publish_root(MONDAY) is None
    files = {file: file.read_text() for file in folder.iterdir()}
    copy = tmp_path / "2026-11-24.json"
    copy.write_text(files[folder / "2026-11-24.json"])
    assert list(roots.problems_of_copies(copy)) == []

    def after(day, name, change):
        file = folder / f"{day}{name}"
        change(file)
        found = [sentence for _, sentence in roots.problems_of_roots()]
        copies = list(roots.problems_of_copies(copy))
        file.write_text(files[file])
        return found, copies

    heads = "Root 2026-11-24 is not the root of its heads: one of the two files was changed."
    chained = "Root 2026-11-25 does not follow the one before it, {}: a file was changed, or one is missing."
    replaced = "Root 2026-11-24 of the desk is not the one of which a copy was kept: it was replaced."
    lost = "Root 2026-11-24: the desk has none that can be read, and a copy of it was kept."

    def rehashed(file):
        """As one who knows how: other heads, and the root that they make."""
        said = roots.read(file)
        other = [("desk", 1, "0" * 64)]
        (folder / "2026-11-24.heads.jsonl").write_text(json.dumps(other[0]) + "\n")
        file.write_text(json.dumps({**vars(said), "root": said.computed(other)}))

    assert after(TUESDAY, ".heads.jsonl", lambda file: file.write_text(files[file].replace("1", "2"))) == ([heads], [])
    assert after(TUESDAY, ".heads.jsonl", lambda file: file.unlink()) == (
        ["Root 2026-11-24: the file of its heads is missing."],
        [],
    )
    made_later = lambda file: file.write_text(files[file].replace("T", " ", 1))  # noqa: E731
    assert after(TUESDAY, ".json", made_later) == ([heads], [replaced])
    assert after(TUESDAY, ".json", lambda file: file.unlink()) == ([chained.format("2026-11-23")], [lost])
    found, copies = after(TUESDAY, ".json", rehashed)
    (folder / "2026-11-24.heads.jsonl").write_text(files[folder / "2026-11-24.heads.jsonl"])
    assert chained.format("2026-11-24") in found
    assert copies == [replaced]
    found, _ = after(TUESDAY, ".json", lambda file: file.write_text("[]"))
    assert found[0].startswith("Root 2026-11-24: 2026-11-24.json cannot be read as a root: ")
    with pytest.raises(BadInput, match="cannot be read as a root"):
        after(WEDNESDAY, ".json", lambda file: (file.write_text("{"), roots.publish_root(date(2026, 11, 26))))


def test_roots_that_are_gone_altogether_are_counted(published, folder):
    roots.publish_root(MONDAY)
    roots.publish_root(TUESDAY)
    check_trail()
    for file in folder.glob("2026-11-24*"):
        file.unlink()
    assert seen() == ["1 of the 2 roots that were published are gone."]


def test_a_folder_that_cannot_be_written_is_a_sentence(transactional_db, folder):
    folder.write_text("a file where the folder should be")
    assert [error.id for error in roots_can_be_written(None)] == ["factcheck.E003"]
    with pytest.raises(BadInput, match=r"The root of 2026-11-23 cannot be written to .*: "):
        roots.publish_root(MONDAY)


# --- through the daily task to the page that everybody reads -------------------------------------------------------

ALTERED = "This record was altered outside the desk’s rules"


def test_the_public_page_says_so_after_the_daily_look_and_no_more_when_it_is_put_back(published, client):
    address = f"/fact-checks/{published.slug}/"
    tasks.publish_root()
    tasks.check_trail()
    assert AuditFinding.objects.count() == 0
    assert ALTERED not in client.get(address).content.decode()
    with put_back_afterwards():
        as_superuser(("UPDATE factcheck_claimreview SET verdict = 'disputed', rating = 2",))
        tasks.check_trail()
        assert AuditFinding.objects.count() == 0  # today was looked at
        as_superuser(("UPDATE factcheck_auditcheck SET finished_at = finished_at - interval '1 day'",))
        tasks.check_trail()
        tasks.check_trail()
        assert AuditFinding.objects.filter(resolved_at=None, publication=published.pk).count() == 2
        page = client.get(address).content.decode()
        assert page.index(ALTERED) < page.index("<h1")
        assert "application/ld+json" not in page
        assert client.get("/healthz/ready").status_code == 200
        told = client.get("/healthz/ready").json()["checks"]["trail"]
        assert told["says"] == "2 findings say that the record was altered: see /trail/."
    as_superuser(("UPDATE factcheck_auditcheck SET finished_at = finished_at - interval '1 day'",))
    tasks.check_trail()
    assert AuditFinding.objects.filter(resolved_at=None).count() == 0
    assert AuditFinding.objects.count() == 2
    assert ALTERED not in client.get(address).content.decode()
    assert [check.problems for check in AuditCheck.objects.order_by("pk")] == [0, 2, 0]


@pytest.mark.parametrize("frozen", ["{}", "no JSON", '{"content": {"evidence": 5}, "jsonld": []}'])
def test_the_public_page_says_so_at_once_when_its_own_text_was_changed(published, client, frozen):
    as_superuser(("UPDATE factcheck_publication SET frozen = %s", frozen))
    response = client.get(f"/fact-checks/{published.slug}/")
    assert response.status_code == 200
    assert ALTERED in response.content.decode()
    assert listed_as_altered(published, client)


def test_a_look_that_is_under_way_is_not_begun_again_beside_it(transactional_db):
    ask("SELECT pg_advisory_lock(%s)", ONE_AT_A_TIME)
    assert side_by_side(tasks.check_trail) == [None]
    assert AuditCheck.objects.count() == 0
    ask("SELECT pg_advisory_unlock(%s)", ONE_AT_A_TIME)
    tasks.check_trail()
    assert AuditCheck.objects.count() == 1
    assert ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)]


def test_a_finding_about_the_chain_concerns_each_fact_check_of_the_article_and_one_about_another_none(
    published, client
):
    first = entries(published)[0]
    other = factories.published(published.review.writer, published.published_by)
    with put_back_afterwards():
        as_superuser(("UPDATE factcheck_auditentry SET old = 'x' WHERE id = %s", first.pk))
        check_trail()
        assert ALTERED in client.get(f"/fact-checks/{published.slug}/").content.decode()
        assert alteration(other.publication) is None


def test_publications_from_before_the_trail_held_them_are_taken_up_once(published, carol):
    review = factories.reviewed_until("approved", published.review.writer, carol)
    with transaction.atomic():
        factories.publication(review, carol).save()
        ClaimReview.objects.filter(pk=review.pk).update(status="published")
        Claim.objects.filter(pk=review.claim_id).update(status="reviewed")
    assert seen() == [
        f"Publication the-bridge-{review.claim_id} (number 1): the trail does not know that it was published."
    ]
    migration = import_module("factcheck.migrations.0005_publications_in_the_trail")
    migration.take_up(apps, None)
    migration.take_up(apps, None)
    assert seen() == []
    taken_up = AuditEntry.objects.get(subject="publication", subject_id=review.publication.pk)
    assert (taken_up.verb, taken_up.new, taken_up.actor) == ("publication.published", review.publication.sha256, None)
    assert AuditText.objects.get(entry_id=taken_up.pk).text == migration.TAKEN_UP
