"""The pages of the trail, what is taken away from them, and the roots that everybody may read."""

import csv
import hashlib
import io
import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from factcheck.models import GENESIS, AuditCheck, AuditEntry, AuditFinding, AuditText, User, netstring, text_hash
from factcheck.workflow import people, publications, roots
from factcheck.workflow.people import fingerprint
from tests import factories
from tests.web.conftest import said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AUDIT_ROOTS_DIR = tmp_path / "roots"
    return settings.AUDIT_ROOTS_DIR


def article_of(publication):
    return publication.review.claim.article


def test_the_trail_is_for_those_who_may_read_it(published, alice, bob, carol, dave, erin):
    addresses = ("/trail/", f"/articles/{article_of(published).pk}/trail/")
    for address in addresses:
        assert window().get(address).status_code == 302
        assert [window(who).get(address).status_code for who in (alice, bob, carol, dave, erin)] == [
            403, 403, 200, 200, 200,
        ]  # fmt: skip
    assert 'href="/trail/"' in said(window(dave).get("/"))
    assert 'href="/trail/"' not in said(window(bob).get("/"))
    assert addresses[1] in said(window(carol).get(f"/articles/{article_of(published).pk}/"))


def test_acts_are_told_in_plain_sentences_newest_first(published, carol):
    page = said(window(carol).get("/trail/"))
    told = [
        "<bdi>Carol</bdi> published the fact-check.",
        "<bdi>Carol</bdi> approved the review.",
        "<bdi>Bob</bdi> handed the review over for approval.",
        "<bdi>Bob</bdi> began the review.",
    ]
    places = [page.index(sentence) for sentence in told]
    assert places == sorted(places)
    assert "<bdi>Submitted</bdi> → <bdi>Approved</bdi>" in page
    assert f'<a href="/fact-checks/{published.slug}/">Publication {published.pk}</a>' in page
    assert f'<a href="/reviews/{published.review_id}/">Review {published.review_id}</a>' in page
    acts = page.split('<li class="act">')[1:]
    assert len(acts) == AuditEntry.objects.values("act").distinct().count()
    assert "approved the review." in (of_approval := next(act for act in acts if "signed what" in act))
    assert "handed the review over" not in of_approval
    assert "None" not in page
    assert '<dt>rationale</dt><dd dir="auto">The council\'s minutes give the sum.</dd>' in page


def test_what_is_gone_or_erased_or_unknown_is_said(carol, claim):
    person = User(pk=999_999_999, name="Mallory")
    missing = type(claim)(pk=12345)
    for verb, text in (("claim.dismissed", "<b>Nobody</b> can check this."), ("claim.sung_of", "")):
        AuditEntry.record(missing, verb, by=person, act="00000000-0000-4000-8000-000000000001", text=text)
    page = said(window(carol).get("/trail/"))
    assert "<bdi>Person 999999999</bdi> dismissed the claim." in page
    assert "<bdi>Person 999999999</bdi>: claim.sung_of" in page
    assert '<span class="muted">Claim 12345</span>' in page
    assert "&lt;b&gt;Nobody&lt;/b&gt;" in window(carol).get("/trail/").content.decode()
    AuditText.objects.all().delete()
    assert "Its words were erased." in said(window(carol).get("/trail/"))


def test_free_words_are_words_whatever_they_look_like(carol, claim):
    for number, (verb, text) in enumerate(
        {
            "suggestion.dismissed": '{"verdict": ["verified", "disputed"]}',
            "claimreview.saved": '{"rating": [' * 20_000,
            "source.edited": '{"title": ["Minutes", ' + "[" * 900 + "]" * 900 + "]}",
        }.items()
    ):
        AuditEntry.record(claim, verb, by=carol, act=f"00000000-0000-4000-8000-{number:012}", text=text)
        page = said(window(carol).get("/trail/"))
        assert text in page
    assert "<del>" not in page
    AuditEntry.record(
        claim, "claimreview.saved", by=carol, act="00000000-0000-4000-8000-100000000000", text='{"rating": ["4", "5"]}'
    )
    assert '<dt>rating</dt><dd dir="auto"><del>4</del> → 5</dd>' in said(window(carol).get("/trail/"))


@pytest.mark.parametrize("old", ["²", "9" * 5_000, "the desk", "٣"])
def test_what_is_no_key_is_shown_as_it_is(carol, claim, old):
    AuditEntry.record(
        claim, "article.sees", by=carol, act="00000000-0000-4000-8000-000000000001", old=old, new="770000001"
    )
    assert f"<bdi>{old}</bdi> → <bdi>Person 770000001</bdi>" in said(window(carol).get("/trail/"))
    assert window(carol).get("/admin/factcheck/auditentry/").status_code == 200


def test_filters_find_what_is_meant(published, bob, carol, desk):
    article, pk = article_of(published), published.review_id
    people.set_role(bob, by=factories.person("Erin", "administrator"), seen=fingerprint(bob), role="editor")
    today = timezone.now().date()
    everything = AuditEntry.objects.count()
    of_bob = AuditEntry.objects.filter(actor=bob.pk).count()
    for query, count in {
        "verb=claimreview.approved": 1,
        f"person={bob.pk}": of_bob,
        "person=machine": 0,
        "kind=user": 1,
        f"since={today}": everything,
        f"since={today + timedelta(days=1)}": 0,
        f"until={today - timedelta(days=1)}": 0,
        f"since={today}&until={today}": everything,
        "since=0001-01-01&until=9999-12-31": everything,
        f"article={article.pk}": AuditEntry.objects.filter(chain=str(article.uuid)).count(),
        f"article={article.uuid}": AuditEntry.objects.filter(chain=str(article.uuid)).count(),
        "article=desk": AuditEntry.objects.filter(chain="desk").count(),
        "article=00000000-0000-4000-8000-000000000001": 0,
        f"kind=claimreview&person={carol.pk}&verb=claimreview.signed": 1,
    }.items():
        response = window(carol).get(f"/trail/?{query}")
        assert response.status_code == 200, query
        assert said(response).count("act__place") == count, query
    assert said(window(carol).get(f"/articles/{article.pk}/trail/?verb=person.role")).count("act__place") == 0
    assert f"Review {pk}" in said(window(carol).get(f"/articles/{article.pk}/trail/"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("article=99999", "There is no article 99999."),
        ("article=every", "Give an article’s number, the name of its chain, or “desk”."),
        ("since=yesterday", "Enter a valid date."),
        ("verb=claim.%00", "is not one of the available choices."),
        ("person=0", "is not one of the available choices."),
    ],
)
def test_a_filter_that_means_nothing_is_said_and_kept(carol, query, sentence):
    response = window(carol).get(f"/trail/?{query}")
    assert response.status_code == 422
    assert sentence in said(response)
    if query.startswith(("article", "since")):
        assert f'value="{query.partition("=")[2]}"' in said(response)


def test_pages_follow_each_other_without_a_gap_and_keep_the_filter(carol):
    for number in range(120):
        AuditEntry.record(carol, "person.added", by=carol, act=f"00000000-0000-4000-8000-{number:012}", new=str(number))
    AuditEntry.record(carol, "person.role", by=carol, act="00000000-0000-4000-8000-100000000000")
    seen, address = [], "/trail/?verb=person.added"
    while address:
        response = window(carol).get(address)
        seen += [each.new for act in response.context["acts"] for each in act]
        last = response.context["last"]
        assert not last or f"verb=person.added&before={last.pk}" in said(response)
        address = f"/trail/?verb=person.added&before={last.pk}" if last else None
    assert seen == [str(number) for number in reversed(range(120))]
    assert window(carol).get("/trail/?before=x").status_code == 404


def test_findings_stand_on_top(published, carol):
    AuditFinding.objects.create(sentence="Chain desk, entry 3 was changed.", chain="desk")
    old = AuditFinding.objects.create(sentence="Chain desk, entry 4 was changed.", chain="desk")
    AuditFinding.objects.filter(pk=old.pk).update(resolved_at=timezone.now())
    page = said(window(carol).get("/trail/"))
    assert page.index("Chain desk, entry 3 was changed.") < page.index('class="act"')
    assert "entry 4 was changed" not in page
    assert "entry 3 was changed" not in said(window(carol).get(f"/articles/{article_of(published).pk}/trail/"))


def test_all_is_well_is_said_only_when_it_is_and_for_everybody(carol, dave, claim):
    def says(who):
        page = said(window(who).get("/trail/"))
        return "All as it was written." in page, "The record was altered" in page, "not shown to you" in page

    AuditCheck.objects.create(entries=9, chains=3, roots=0, publications=0, problems=1)
    assert says(dave) == (False, False, False)  # found, and closed by hand
    AuditCheck.objects.create(entries=9, chains=3, roots=0, publications=0, problems=0)
    assert says(dave) == (True, False, False)
    assert "3 chains" not in said(window(dave).get("/trail/"))  # of articles that dave may not know of
    hidden = factories.article(confidential=True, outside_search="never")
    hidden.readers.add(carol)
    AuditFinding.objects.create(sentence="Chain x, entry 1 was changed.", chain=str(hidden.uuid))
    assert (says(carol), says(dave)) == ((False, True, False), (False, True, True))
    assert "entry 1 was changed" not in said(window(dave).get("/trail/"))


# --- taken away ----------------------------------------------------------------------------------------------------


def exported(who, form, **chosen) -> str:
    response = window(who).post("/trail/export", {"form": form, **chosen})
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="trail-')
    return response.getvalue().decode("utf-8-sig")


def test_a_stranger_verifies_a_chain_from_the_ndjson(published, carol):
    chain = str(article_of(published).uuid)
    rows = [json.loads(line) for line in exported(carol, "ndjson", article=chain).splitlines()]
    assert len(rows) == AuditEntry.objects.filter(chain=chain).count()
    hashed = [
        "prev",
        "chain",
        "seq",
        "verb",
        "subject",
        "subject_id",
        "old",
        "new",
        "actor",
        "act",
        "at",
        "text_sha256",
    ]
    prev = GENESIS
    for place, row in enumerate(rows, start=1):
        assert (row["seq"], row["prev"]) == (place, prev)
        prev = hashlib.sha256(b"".join(netstring(row[name]) for name in hashed)).hexdigest()
        assert row["hash"] == prev
        if row["text"] is not None:
            assert text_hash(row["salt"], row["text"]) == row["text_sha256"]
    assert any(row["text"] for row in rows)


def test_a_csv_runs_nothing_in_a_spreadsheet(carol, claim):
    attacks = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "plain", 'a "quoted", word\nand a line']
    for number, text in enumerate(attacks):
        AuditEntry.record(claim, "claim.statement", by=carol, act=f"00000000-0000-4000-8000-{number:012}", text=text)
    rows = list(csv.DictReader(io.StringIO(exported(carol, "csv", kind="claim"), newline="")))
    assert [row["text"] for row in rows] == [f"'{text}" for text in attacks[:5]] + attacks[5:]
    assert set(rows[0]) >= {"chain", "seq", "prev", "hash", "text_sha256"}


def test_taking_away_leaves_an_entry_that_says_what_was_chosen(published, carol, bob):
    exported(carol, "csv", verb="claimreview.approved", since="2026-01-01")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.chain, entry.verb, entry.actor, entry.new) == ("desk", "audit.exported", carol.pk, "csv")
    words = AuditText.objects.get(entry_id=entry.pk).text
    assert words == "What was done: claimreview.approved; From: 2026-01-01"
    with_last_day = exported(carol, "csv", kind="claimreview", until="9999-12-31").splitlines()
    assert len(with_last_day) == 1 + AuditEntry.objects.filter(subject="claimreview").count()
    entry = AuditEntry.objects.latest("pk")
    assert window(bob).post("/trail/export", {"form": "csv"}).status_code == 403
    assert window(carol).post("/trail/export", {"form": "xls"}).status_code == 422
    assert window(carol).post("/trail/export", {"form": "csv", "article": "0"}).status_code == 422
    assert window().post("/trail/export", {"form": "csv"}).status_code == 401
    assert AuditEntry.objects.latest("pk") == entry


def test_that_one_article_was_taken_away_is_told_in_its_own_chain_and_to_nobody_else(carol, dave):
    hidden = factories.article(confidential=True, outside_search="never")
    hidden.readers.add(carol)
    for named in (str(hidden.pk), str(hidden.uuid)):
        exported(carol, "ndjson", article=named)
    assert AuditEntry.objects.filter(chain=str(hidden.uuid), verb="audit.exported").count() == 2
    assert "took entries of the trail away" in said(window(carol).get(f"/articles/{hidden.pk}/trail/"))
    assert str(hidden.uuid) not in exported(dave, "ndjson")
    exported(dave, "ndjson", article=str(hidden.uuid))  # of whose chain dave may know nothing
    assert AuditEntry.objects.latest("pk").chain == "desk"


# --- roots, for everybody ------------------------------------------------------------------------------------------


def test_everybody_reads_the_roots_from_their_files(published, client, folder):
    assert "No root was published yet." in said(client.get("/trail/roots/"))
    root = roots.publish_root(date(2026, 11, 24))
    assert root.root in said(client.get("/trail/roots/"))
    response = client.get("/trail/roots/2026-11-24.json")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response.content == (folder / "2026-11-24.json").read_bytes()
    assert response.json() == vars(root)
    for name in ("2026-11-23.json", "2026-13-01.json", "2026-11-24.heads.jsonl", "..%2F2026-11-24.json", "2026-11-24"):
        assert client.get(f"/trail/roots/{name}").status_code == 404, name
    (folder / "2026-11-25.json").write_text("{}")
    assert "This file cannot be read as a root." in said(client.get("/trail/roots/"))


def test_a_fact_check_says_nothing_of_the_trail_while_all_is_well(published, client, carol):
    assert "altered" not in said(client.get(f"/fact-checks/{published.slug}/"))
    review = published.review
    review.refresh_from_db()
    publications.retract(review, by=carol, seen=review.version, reason="The minutes were forged.")
    assert "altered" not in said(client.get(f"/fact-checks/{published.slug}/"))
