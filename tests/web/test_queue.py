"""The page of the queue: choosing, filtering, acting on several, going on; and the plan on the page of a claim."""

import re

import pytest

from factcheck.models import Claim, SavedView
from factcheck.workflow import leases
from tests import factories
from tests.web.conftest import queries, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_several_claims_are_assigned_from_the_page_which_tells_what_was_skipped_and_offers_to_undo_it(bob, carol):
    claims = [factories.claim(statement=f"Claim {number}.", kind="rule") for number in range(3)]
    Claim.objects.filter(pk=claims[2].pk).update(statement="Claim 2, changed.")
    client = window(bob)
    chosen = {"chosen": [f"{claim.pk}-1" for claim in claims], "back": "kind=rule&order=due"}
    refused = client.post("/queue/bulk", {**chosen, "do": "dismiss", "reason": " "})
    assert refused.status_code == 422
    assert "Say why these claims are not checked." in said(refused)
    assert len(re.findall(r'name="chosen"[^>]* checked', said(refused))) == 2  # what was chosen and is still so
    page = client.post("/queue/bulk", {**chosen, "do": "assign", "to": carol.pk}, follow=True)
    assert page.redirect_chain == [("/?kind=rule&order=due", 302)]
    assert "2 claims were changed." in said(page)
    assert "Claim 2, changed.</a> — Claim" in said(page)
    assert "changed by somebody else in the meantime" in said(page)
    act = re.search(r'name="act" value="([0-9a-f-]+)"', said(page))[1]
    assert "2 claims were changed." not in said(client.get("/"))  # told once
    back = said(client.post("/queue/undo", {"act": act}, follow=True))
    assert "2 claims are as they were before." in back
    assert not Claim.objects.filter(assignee__isnull=False).exists()


def test_dates_are_typed_and_shown_in_the_time_zone_of_who_looks(claim, bob, carol):
    client = window(bob)
    client.post("/accounts/time-zone", {"zone": "Asia/Tokyo"})
    for year in ("0001", "9999"):  # which other time zones cannot show
        refused = client.post(f"/claims/{claim.pk}/due", {"due": f"{year}-01-02T00:00", "seen": 1})
        assert "in one of the years 1000 to 9998" in said(refused)
    client.post(f"/claims/{claim.pk}/due", {"due": "2036-11-25T09:00", "seen": 1})
    claim.refresh_from_db()
    assert claim.due_at.isoformat() == "2036-11-25T00:00:00+00:00"
    assert "Due 25 November 2036, 09:00 JST" in re.sub("<[^>]+>", "", said(client.get("/")))
    assert 'value="2036-11-25T09:00"' in said(client.get(f"/claims/{claim.pk}/"))
    assert "25 November 2036, 00:00 UTC" in said(window(carol).get("/"))
    assert "There is no time zone of this name." in said(
        client.post("/accounts/time-zone", {"zone": "Asia/Edo"}, follow=True)
    )


def test_next_leads_to_a_claim_that_is_kept_while_its_page_is_open_and_colleagues_see_who_is_at_it(claim, bob, carol):
    client, colleague = window(bob), window(carol)
    assert client.post("/queue/next", {"back": "kind=event"}).url == f"/claims/{claim.pk}/"
    assert "You are working on this" in said(client.get(f"/claims/{claim.pk}/"))
    for path in ("/", f"/claims/{claim.pk}/"):
        assert "Bob is working on this" in re.sub("<[^>]+>", "", said(colleague.get(path)))
    nothing = said(colleague.post("/queue/next", {"back": ""}, follow=True))
    assert "No claim of this view is free" in nothing
    assert client.post(f"/claims/{claim.pk}/keep").status_code == 204
    assert colleague.post(f"/claims/{claim.pk}/keep").status_code == 409
    client.post(f"/claims/{claim.pk}/let-go", {"seen": 1})
    colleague.post(f"/claims/{claim.pk}/work-on", {"seen": 1})
    assert leases.keep(claim, by=carol)


def test_a_view_is_saved_counted_and_removed_and_what_no_filter_means_is_not_there(bob, grace):
    factories.claim(kind="rule")
    client = window(bob)
    saved = client.post("/queue/views", {"back": "kind=rule&after=1", "name": "Rules", "shared": "on"}, follow=True)
    assert saved.redirect_chain == [("/?kind=rule", 302)]
    view = SavedView.objects.get()
    for who in (client, window(grace)):
        assert re.search(r'href="/\?kind=rule"[^>]*>.*?Rules.*?queue__count">1<', said(who.get("/")))
    SavedView.objects.filter(pk=view.pk).update(query="kind=gossip")
    assert "Rules" not in said(client.get("/"))
    client.post(f"/views/{view.pk}/remove", {"back": ""})
    assert not SavedView.objects.exists()
    for wrong in ("kind=gossip", "assignee=5x", "status=done", "due=soon", "after=x", "order=size"):
        assert client.get(f"/?{wrong}").status_code == 404


def test_a_page_of_the_queue_costs_few_queries_and_little_weight(bob, carol):
    article = factories.article(" ".join(["Word."] * 100))
    for number in range(50):
        claim = factories.claim(article, statement="It cost twelve million euros, she said. " * 6, speaker="Ada" * 9)
        factories.suggestion(claim, factories.source(f"S{number}").passages.get(), features={"names": [], "words": []})
    client = window(bob)
    assert queries(client, "/") <= 12
    assert len(client.get("/").content) < 150_000
