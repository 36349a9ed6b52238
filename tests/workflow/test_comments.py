"""Talking about a claim: whom a comment mentions and who cannot be, and that it is no part of the review."""

import pytest

from factcheck.exceptions import BadInput, NotAllowed, Refused
from factcheck.models import AuditEntry, AuditText, Comment, Notice, Sighting
from factcheck.web.sightings import since
from factcheck.workflow import comments, evidence, notices, reviews, sightings
from factcheck.workflow.comments import On
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def told(person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_whom_a_comment_mentions(claim, bob, carol, dave):
    text = (
        f"@{bob.handle.upper()}, look. (@{carol.email}) write@{dave.handle} or “@{dave.handle}”, see"
        f" https://social.example/@{dave.handle} and @{bob.handle}."
    )
    assert comments.mentioned(text, claim) == [bob, carol]
    assert comments.mentioned("No one @ all.", claim) == []


def test_who_cannot_be_mentioned_is_said_in_a_sentence(claim, bob, grace):
    with pytest.raises(BadInput, match="Nobody at the desk is called @president"):
        comments.write(claim, by=bob, text="As @president said.")
    factories.conflict(claim, grace)
    with pytest.raises(BadInput, match="Grace has a conflict of interest and keeps away"):
        comments.write(claim, by=bob, text=f"@{grace.handle}?")
    type(grace).objects.create_user(f"{bob.handle}@example.com", "Another Bob", "checker")
    with pytest.raises(BadInput, match="Several people are called"):
        comments.write(claim, by=bob, text=f"@{bob.handle}?")
    assert not Comment.objects.exists()


def test_of_a_confidential_article_nobody_else_is_mentioned_or_told(claim, bob, carol, grace):
    notices.follow(claim, by=grace, follows=True)
    claim.article.readers.set([bob, carol])
    type(claim.article).objects.filter(pk=claim.article_id).update(confidential=True, outside_search="never")
    claim.refresh_from_db()
    with pytest.raises(BadInput, match="Grace may not read this article"):
        comments.write(claim, by=bob, text=f"@{grace.handle} @{carol.handle}")
    with pytest.raises(NotAllowed, match="There is no claim"):
        comments.write(claim, by=grace, text="What is it?")
    comments.write(claim, by=bob, text=f"@{carol.handle}")
    assert (told(carol), told(grace), told(bob)) == (["mentioned"], [], [])
    claim.article.readers.set([bob])  # and who may see it no more does not see what they were told of it
    assert not Notice.objects.visible_to(carol).exists()
    assert notices.seeing(claim).get() == bob


def test_who_comments_follows_and_is_told_of_the_next_once(claim, bob, carol):
    first = comments.write(claim, by=bob, text="Which minutes?")
    comments.write(claim, by=carol, text=f"Those of May, @{bob.handle}.")
    assert told(bob) == ["mentioned"]  # and not once more as a follower
    assert told(carol) == []
    notices.follow(claim, by=bob, follows=False)
    comments.resolve(first, by=carol, seen=first.version)
    comments.write(claim, by=carol, text="Done.")
    assert told(bob) == ["mentioned"]


def test_its_words_are_in_the_trail_and_leave_the_page_when_withdrawn(claim, bob, carol):
    comment = comments.write(claim, by=bob, text="She lied.")
    with pytest.raises(NotAllowed):
        comments.withdraw(comment, by=carol, seen=comment.version)
    comments.withdraw(comment, by=bob, seen=comment.version)
    assert (comment.status, comment.text) == ("withdrawn", "")
    entries = AuditEntry.objects.filter(subject="comment").order_by("pk")
    assert [entry.verb for entry in entries] == ["comment.written", "comment.withdrawn"]
    assert AuditText.objects.get(entry_id=entries[0].pk).text == "She lied."


def test_who_keeps_away_from_the_claim_does_not_comment_on_it(claim, bob):
    factories.conflict(claim, bob)
    with pytest.raises(Refused, match="conflict of interest"):
        comments.write(claim, by=bob, text="It is so.")


def test_an_approver_who_comments_on_parts_stays_an_approver_and_sees_what_changed(claim, bob, carol, grace):
    review = factories.complete(bob, of=claim)
    piece = review.evidence.get()
    reviews.submit(review, by=bob, seen=review.version)
    said = [(On(review, "rationale"), "Which minutes?"), (On(review, "evidence", piece.pk), "Page?")]
    reviews.request_changes(review, by=carol, seen=review.version, reason="See there.", on_parts=said)
    assert list(review.comments.order_by("pk").values_list("part", "piece")) == [
        ("rationale", None),
        ("evidence", piece.pk),
    ]
    assert told(bob) == ["changes_requested"]
    assert since(Sighting.objects.get(person=carol)) is None
    review.refresh_from_db()
    evidence.add_search(
        review, by=bob, seen=review.version, searched_for="ferry", searched_where="archive",
        searched_on=claim.created_at.date(), note="",
    )  # fmt: skip
    review.refresh_from_db()
    saved = {"statement": review.statement, "speaker": "", "verdict": "verified", "rating": 4, "as_of": review.as_of}
    reviews.save(review, by=bob, seen=review.version, rationale="The minutes of May give the sum.", **saved)
    reviews.submit(review, by=bob, seen=review.version)
    for _ in "twice":  # opening the page again does not take the difference away
        changed = dict(since(sightings.see(review, by=carol)).parts)
        assert list(changed) == ["Finding", "Rationale", "Evidence"]
        [pieces] = changed["Rationale"]
        assert [each.text for each in pieces if each.op == "added"] == [" of May"]
    assert sightings.see(review, by=bob) is None
    reviews.approve(review, by=carol, seen=review.version)
    assert carol.pk not in review.written_by


def test_a_piece_that_is_gone_is_not_commented_on(claim, bob, carol):
    review = factories.reviewed_until("submitted", bob, carol, of=claim)
    with pytest.raises(BadInput, match="not in the review any more"):
        reviews.request_changes(
            review, by=carol, seen=review.version, reason="x", on_parts=[(On(review, "evidence", 1), "Page?")]
        )
    review.refresh_from_db()
    assert (review.status, Notice.objects.count(), Comment.objects.count()) == ("submitted", 0, 0)
