"""The forms with which a person marks claims: what they read out of the words, and what they keep when refused."""

import pytest

from factcheck.models import Claim
from factcheck.workflow import lineage, marking
from tests import factories
from tests.web.conftest import ATTACK, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TEXT = "The bridge cost 12 million.\n\nThe tunnel cost 12 million, and the\nroad 3. The bridge cost 12 million."


@pytest.fixture
def article(db):
    return factories.article(TEXT)


@pytest.fixture
def claim(article):
    claim = factories.claim(article, statement="Tunnel and road cost 15 million.", speaker="Ada Lind")
    factories.anchor(claim, 29, 72)
    return claim


def test_words_that_stand_several_times_are_chosen_among_their_places(article, bob):
    client, typed = window(bob), {"words": "cost\r\n12 million", "statement": "My words.", "seen": article.version}
    refused = client.post(f"/articles/{article.pk}/add-claim", typed)
    assert refused.status_code == 422
    page = said(refused)
    assert "These words stand in the text 3 times" in page
    assert "My words.</textarea>" in page
    assert "cost 12 million. The tunnel “cost 12 million”, and the road 3. The bridge…" in page
    chosen = client.post(f"/articles/{article.pk}/add-claim", {**typed, "place": "2"})
    claim = Claim.objects.get()
    assert chosen.url == f"/articles/{article.pk}/?claim={claim.pk}#claim"
    assert (claim.anchors.get().start, claim.statement) == (TEXT.index("cost 12 million,"), "My words.")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"words": "cost 13 million"}, "These words do not stand in the newest text."),
        ({"words": "The tunnel " * 200}, "at most 2000 characters"),
        ({"words": " "}, "Say which words of the article"),
        ({"words": "cost 12 million", "place": "7"}, "7 is not one of the available choices"),
        ({"words": "The tunnel", "speaker": "x" * 501}, "at most 500 characters"),
    ],
)
def test_words_that_are_refused_are_kept(article, bob, typed, sentence):
    refused = window(bob).post(
        f"/articles/{article.pk}/add-claim", {"statement": "Long thought over.", "seen": article.version, **typed}
    )
    assert refused.status_code == 422
    assert sentence in said(refused)
    assert "Long thought over.</textarea>" in said(refused)
    assert not Claim.objects.exists()


def test_lines_are_the_parts_of_a_claim_anchored_where_their_words_stand(claim, bob):
    client = window(bob)
    assert "The tunnel cost 12 million, and the road 3.</textarea>" in said(client.get(f"/claims/{claim.pk}/"))
    typed = {"parts": "The tunnel cost 12 million,\r\n\r\nand the road 3.\r\nBoth were paid.", "seen": claim.version}
    response = client.post(f"/claims/{claim.pk}/split", {**typed, "beside": "True"})
    parts = list(claim.article.claims.exclude(pk=claim.pk).order_by("pk"))
    assert response.url == f"/articles/{claim.article_id}/?claim={parts[0].pk}#claim"
    assert [(part.anchors.get().exact, part.statement) for part in parts] == [
        ("The tunnel cost 12 million,", "The tunnel cost 12 million,"),
        ("and the\nroad 3.", "and the road 3."),
        ("The tunnel cost 12 million, and the\nroad 3.", "Both were paid."),
    ]
    page = said(client.get(f"/claims/{claim.pk}/"))
    assert "In its place:" in page
    assert all(f'href="/claims/{part.pk}/"' in page for part in parts)
    assert f'action="/claims/{claim.pk}/undo"' in page
    stale = client.post(f"/claims/{claim.pk}/split", typed)
    assert stale.status_code == 409
    assert "Both were paid." in said(stale)


def test_claims_nearby_are_offered_for_merging_in_the_version_that_was_shown(claim, bob, grace):
    other = factories.claim(claim.article, statement="The bridge cost 12 million.")
    factories.anchor(other, 0, 27)
    client, address = window(bob), f"/articles/{claim.article_id}/?claim={claim.pk}"
    assert f'value="{other.pk}-1"' in said(client.get(address))
    typed = {"others": f"{other.pk}-1", "statement": "All cost money.", "seen": claim.version, "beside": "True"}
    marking.attribute(other, by=grace, seen=1, speaker="Ada Lind", cue="", kind="event")
    stale = client.post(f"/claims/{claim.pk}/merge", typed)
    assert stale.status_code == 409
    assert "All cost money." in said(stale)
    missing = client.post(f"/claims/{claim.pk}/merge", {**typed, "others": "987654-1"})
    assert missing.status_code == 422
    assert "There is no claim 987654 in this article." in said(missing)
    assert "All cost money.</textarea>" in said(missing)
    assert "add-claim" in said(missing), "beside the text, where it was typed"
    client.post(f"/claims/{claim.pk}/merge", {**typed, "others": f"{other.pk}-2"})
    merged = Claim.objects.get(status="detected")
    assert (merged.statement, merged.anchors.get().exact) == ("All cost money.", TEXT[:72])
    assert "Merged by" in said(client.get(f"/claims/{merged.pk}/"))


def test_a_dismissed_claim_says_by_whom_and_why_and_runs_nothing(claim, bob, alice, article):
    client = window(bob)
    refused = client.post(f"/claims/{claim.pk}/dismiss", {"reason": " ", "seen": claim.version})
    assert (refused.status_code, "The reason must not be empty." in said(refused)) == (422, True)
    client.post(f"/claims/{claim.pk}/dismiss", {"reason": ATTACK, "seen": claim.version})
    for page in (f"/claims/{claim.pk}/", f"/articles/{article.pk}/?claim={claim.pk}"):
        answer = window(alice).get(page)
        assert "Dismissed by <bdi>Bob</bdi> on" in answer.content.decode()
        assert ATTACK in said(answer)
        assert "<script>alert" not in answer.content.decode()
    claim.refresh_from_db()
    client.post(f"/claims/{claim.pk}/restore", {"seen": claim.version})
    claim.refresh_from_db()
    assert claim.status == "detected"


def test_what_was_worked_on_is_not_undone_and_the_page_says_so(claim, bob):
    one, other = lineage.split(claim, by=bob, seen=1, parts=[lineage.Part("One."), lineage.Part("Other.")])
    marking.dismiss(other, by=bob, seen=1, reason="x")
    refused = window(bob).post(f"/claims/{one.pk}/undo", {"seen": 1})
    assert refused.status_code == 422
    assert f"Claim {other.pk} was worked on since" in said(refused)
