"""Comments on the pages of a claim and of its review, and the way from a notice to what it tells of."""

import re

import pytest

from factcheck.models import Comment, Notice
from factcheck.workflow import comments, notices
from tests import factories
from tests.web.conftest import ATTACK, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ATTACKS = (
    ATTACK,
    "javascript:alert(1) JaVaScRiPt:alert(1) data:text/html,<script>alert(1)</script>",
    'https://example.org/"onmouseover="alert(1) https://example.org/<img src=x onerror=alert(1)>',
    "<a href=javascript:alert(1)>here</a> &lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1))",
)


def test_what_is_said_is_shown_as_it_was_typed_and_runs_nothing(submitted, bob, carol):
    for text in ATTACKS:
        comments.write(submitted.claim, by=bob, text=text)
        comments.write(submitted.claim, by=bob, text=text, on=comments.On(submitted, "rationale"))
    for path in (f"/claims/{submitted.claim_id}/", f"/reviews/{submitted.pk}/"):
        page = window(carol).get(path).content.decode()
        words = "".join(re.findall(r'<div class="comment__words">.*?</div>', page, re.S))
        tags = re.findall(r"<[^>]*>", words)
        assert len(tags) > 20
        assert {
            tag for tag in tags if not re.fullmatch(r'</?(div|p|a)( class="comment__words"| dir="auto")?>', tag)
        } == {tag for tag in tags if re.fullmatch(r'<a href="https://example\.org/[^"<>]*" rel="nofollow">', tag)}


def test_a_comment_that_is_refused_keeps_its_words(claim, bob):
    answer = window(bob).post(f"/claims/{claim.pk}/comment", {"text": "Long thought over, @nobody."})
    assert answer.status_code == 422
    assert "Nobody at the desk is called @nobody." in said(answer)
    assert "Long thought over, @nobody.</textarea>" in said(answer)


def test_an_approver_comments_on_parts_which_stand_beside_them(submitted, bob, carol):
    piece, client = submitted.evidence.get(), window(carol)
    page = said(client.get(f"/reviews/{submitted.pk}/"))
    assert "Evidence 1: Minutes" in page
    on = f"on-{submitted.pk}"
    typed = {
        "seen": submitted.version,
        "reason": " ",
        f"{on}-rationale": "Which minutes?",
        f"{on}-evidence-{piece.pk}": "Which page?",
    }
    refused = client.post(f"/reviews/{submitted.pk}/request-changes", typed)
    assert refused.status_code == 422
    assert "Which page?</textarea>" in said(refused)
    gone = client.post(
        f"/reviews/{submitted.pk}/request-changes", {**typed, f"{on}-evidence-0": "Lost?", "reason": "x"}
    )
    assert gone.status_code == 422
    assert "Lost?</textarea>" in said(gone)
    assert client.post(f"/reviews/{submitted.pk}/request-changes", {**typed, "reason": "See there."}).status_code == 302
    on_rationale, on_piece = Comment.objects.order_by("pk")
    page = said(window(bob).get(f"/reviews/{submitted.pk}/"))
    rationale, evidence = page.index('id="rationale"'), page.index(f'id="evidence-{piece.pk}"')
    assert (
        rationale < page.index(f'id="comment-{on_rationale.pk}"') < evidence < page.index(f'id="comment-{on_piece.pk}"')
    )
    page = said(window(bob).get(f"/claims/{submitted.claim_id}/"))
    assert page.count(f'id="comment-{on_piece.pk}"') == page.count(f'id="comment-{on_rationale.pk}"') == 1


def test_from_the_bell_to_what_happened(claim, bob, carol):
    client, path = window(bob), f"/claims/{claim.pk}/"
    assert "bell__count" not in said(client.get(path))
    comment = comments.write(claim, by=carol, text=f"@{bob.handle}, look.")
    assert re.search(r'bell__count">1<span class="hidden"> unread', said(client.get(path)))
    page = said(client.get("/notices/"))
    assert "Carol mentions you in a comment." in page
    notice = Notice.objects.get()
    there = f"/notices/open?notice={notice.pk}"
    assert there in page
    assert window(carol).get(there).url == "/notices/"
    notice.refresh_from_db()
    assert notice.read_at is None
    assert client.get(there).url == f"{path}#comment-{comment.pk}"
    assert "bell__count" not in said(client.get(path))


def test_the_bell_counts_to_99_and_all_are_read_up_to_what_was_shown(claim, bob):
    for _ in range(101):
        last = factories.notice(bob, claim)
    client = window(bob)
    page = said(client.get("/notices/"))
    assert 'bell__count">99+<' in page
    assert f'name="until" value="{last.pk}"' in page
    later = factories.notice(bob, claim)
    client.post("/notices/read", {"until": last.pk})
    assert list(Notice.objects.unread()) == [later]
    assert len(client.get(f"/notices/?before={last.pk}").context["notices"]) == 50


def test_how_one_wants_to_be_told(bob):
    client, ways = window(bob), dict.fromkeys(Notice.Kind.values, "page")
    assert client.post("/notices/settings/", {**ways, "mentioned": "daily", "hour": "17"}).status_code == 302
    page = said(client.get("/notices/settings/"))
    assert page.count('<option value="page" selected>') == len(ways) - 1
    assert '<option value="17" selected>17:00' in page
    assert notices.due("approved", bob.notice_settings) is None
    assert client.post("/notices/settings/", {**ways, "hour": "24"}).status_code == 422
