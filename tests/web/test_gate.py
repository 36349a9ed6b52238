"""Before it is published: what the writer's and the second person's pages show and take, and what the public reads."""

import re

import pytest
from django.db import transaction

from factcheck.models import GateAnswer, LinkCheck, Publication
from factcheck.text import english
from factcheck.workflow import gate, publications, reviews
from tests import factories
from tests.web.conftest import queries, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

FIRST = "Carl Anna John Mary Peter Susan David Laura Robert Emily James Helen Mark Julia Simon Clara Oliver Alice Nina"
LAST = (
    "Nilsson Smith Johnson Miller Brown Taylor Anderson Wilson Clark Walker Harris Robinson Lewis Wright Turner Parker"
)


def post(client, review, address, **typed):
    review.refresh_from_db()
    return client.post(address, {"seen": review.version, **typed})


def key_of(review, doubt) -> str:
    return next(each.key for each in gate.findings(review) if each.doubt == doubt)


def test_a_writer_settles_what_is_open_on_the_page_of_the_claim(bob, claim, desk):
    review = factories.draft(bob, claim)
    factories.evidence(review, bob)
    statement = "It costs 12 million euros, as Carl Nilsson counted."
    type(review).objects.filter(pk=review.pk).update(
        statement=statement, speaker="Ada Lind", verdict="verified", rating=5
    )
    client, page, at = window(bob), f"/claims/{claim.pk}/", f"/reviews/{review.pk}"
    review.refresh_from_db()
    assert "No machine has read this" in said(client.get(page))
    factories.read_by_machine(review)
    shown = said(client.get(page))
    for words in ("4 things are still to be settled", "Readers may not know what “It” means", "Carl Nilsson may be"):
        assert words in shown
    named = client.get(f"{page}?initials=Carl Nilsson").context["save_form"]
    assert named.initial["statement"] == "It costs 12 million euros, as C. N. counted."

    asked = {"name": "Ada Lind", "role": "mayor", "channel": "email", "asked_on": "2026-11-16"}
    refused = post(client, review, f"{at}/ask-for-reply", **asked, deadline="2026-11-15")
    assert refused.status_code == 422
    assert "before the day" in said(refused)
    assert 'value="Ada Lind"' in refused.content.decode()
    assert post(client, review, f"{at}/ask-for-reply", **asked, deadline="2026-11-20").status_code == 302
    assert "<bdi>Ada Lind</bdi> had not answered by 20 November 2026." in said(client.get(page))
    reply = review.replies.get()
    answer = {"answer": "It was 12.", "answered_on": "2026-11-19"}
    assert post(client, review, f"/replies/{reply.pk}/answered", **answer).status_code == 302

    review.refresh_from_db()
    factories.read_by_machine(review)  # with the reply that came
    alone = {"key": key_of(review, "alone"), "choice": "stands"}
    refused = post(client, review, f"{at}/answer-doubt", **alone, reason=" ")
    assert refused.status_code == 422
    assert "reason" in said(refused)
    assert post(client, review, f"{at}/answer-doubt", **alone, reason="The headline says it.").status_code == 302
    person = {"keys": key_of(review, "person"), "choice": "noindex"}
    assert post(client, review, f"{at}/answer-persons", **person).status_code == 302
    assert post(client, review, f"{at}/look-again-on", day="2100-01-01").status_code == 302
    assert "Nothing stands against publishing it." in said(client.get(page))


def test_three_hundred_names_are_one_form_of_thirty_boxes_and_one_for_the_others(bob, claim, desk):
    review = factories.draft(bob, claim)
    names = [f"{first} {last}" for first in FIRST.split() for last in LAST.split()]
    type(review).objects.filter(pk=review.pk).update(
        rationale="\n\n".join(f"{name} signed the minutes of the council on that day." for name in names),
        speaker="Ada Lind",
    )
    review.refresh_from_db()
    factories.read_by_machine(review)
    persons = [each for each in gate.findings(review) if each.check == "persons"]
    assert len(persons) > 280
    client, page, at = window(bob), f"/claims/{claim.pk}/", f"/reviews/{review.pk}"
    shown = client.get(page).content.decode()
    assert shown.count("/answer-persons") == 1
    assert shown.count('name="keys"') == 30
    assert f"All {len(persons) - 30} others, named below" in shown
    assert shown.count("<form") < 40
    refused = post(client, review, f"{at}/answer-persons", keys=persons[2].key, choice="")
    assert refused.status_code == 422
    ticked = re.findall(r'name="keys" value="(\w+)"[^>]* checked', refused.content.decode())
    assert ticked == [persons[2].key]
    initials = post(client, review, f"{at}/answer-persons", keys=persons[2].key, choice="initials")
    typed = client.get(initials.url).context["save_form"].initial["rationale"]
    assert persons[2].subject not in typed
    assert persons[3].subject in typed
    keys = [each.key for each in persons[:30]]
    assert post(client, review, f"{at}/answer-persons", keys=keys, others="on", choice="public").status_code == 302
    assert GateAnswer.objects.count() == len(persons)
    assert "persons" not in {each.check for each in gate.findings(review) if each.stops}


def test_a_drafts_page_asks_few_statements_and_reads_nothing(bob, claim, desk, monkeypatch):
    review = factories.complete(bob, claim)
    factories.read_by_machine(review)
    monkeypatch.setattr(english, "_model", None)
    assert queries(window(bob), f"/claims/{claim.pk}/") <= 28
    assert english._model is None


def test_the_second_person_reads_all_of_it_and_no_door_publishes_before(approved, bob, carol, desk):
    client, at = window(carol), f"/reviews/{approved.pk}"
    factories.read_by_machine(approved)
    LinkCheck.objects.create(
        url="https://example.org/minutes", article=approved.claim.article, outcome="gone",
        checked_at=approved.created_at, said="Nothing is there.",
    )  # fmt: skip
    assert post(window(bob), approved, f"{at}/mark-legal", reason="It names a company.").status_code == 302
    page = said(client.get(f"{at}/"))
    for words in (
        "2 things are still",
        "It names a company.",
        "Nothing is there.",
        "Its writers answer this in a draft",
    ):
        assert words in page
    refused = post(client, approved, f"{at}/publish")
    assert refused.status_code == 422
    assert "This is not ready to be published. Legal reading: It waits for its legal reading" in said(refused)
    typed = {"action": "publish", "_selected_action": approved.pk, f"seen-{approved.pk}": approved.version, "read": "1"}
    assert "not ready to be published" in said(client.post("/admin/factcheck/claimreview/", typed, follow=True))
    assert post(client, approved, f"{at}/clear-legal", note="No risk.").status_code == 302
    assert not Publication.objects.exists()


def test_the_public_reads_who_was_asked_and_older_pages_stay_as_they_went_out(bob, carol, desk):
    review = factories.complete(bob)
    factories.anchor(review.claim)
    review.replies.all().delete()
    factories.reply(review, bob, **factories.ASKED)
    reviews.submit(review, by=bob, seen=review.version)
    reviews.approve(review, by=carol, seen=review.version)
    publication = publications.publish(review, by=carol, seen=review.version)
    page = said(window().get(f"/fact-checks/{publication.slug}/"))
    assert "<bdi>spokesperson of the council</bdi>, by e-mail on 16 November 2026" in page
    assert "<bdi>Ada Lind</bdi> had not answered by 20 November 2026." in page
    before = {name: part for name, part in publication.content.items() if name != "replies"}
    old = factories.reviewed_until("approved", bob, carol)
    frozen = publications.canonical({"content": before, "jsonld": publication.jsonld})
    with transaction.atomic():  # some rules speak at commit
        row = factories.publication(old, carol, frozen=frozen)
        row.save()
        factories.enter(row, "publication.published", carol, row.sha256)
        type(old).objects.filter(pk=old.pk).update(status="published")
        type(old.claim).objects.filter(pk=old.claim_id).update(status="reviewed")
    page = said(window().get(f"/fact-checks/{row.slug}/"))
    assert "The minutes give the sum." in page
    assert "Right of reply" not in page
