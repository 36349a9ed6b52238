"""Actions: one verb per row, on the version that was seen, and a sentence for each refusal."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.messages import get_messages
from django.test import override_settings
from django.urls import reverse

from factcheck.models import AuditEntry, ClaimReview, Job, Suggestion, User
from factcheck.workflow import reviews
from tests import factories
from tests.admin.conftest import dead_job

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def act(client, model, action, *rows, **more):
    """Choose rows in the list as it is now, read them, and run the action. Returns the sentences that were said."""
    seen = {f"seen-{row.pk}": getattr(row, "version", None) or getattr(row, "attempts", None) for row in rows}
    seen = {name: version for name, version in seen.items() if version is not None}  # people have none
    path = reverse(f"admin:factcheck_{model}_changelist")
    body = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows], "read": "1", **seen, **more}
    answer = client.post(path, body)
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    client.get(path)  # a browser follows, and reads them once
    return said, answer


def test_the_list_carries_the_version_that_it_shows(browser, carol, bob):
    review = factories.draft(bob)
    page = browser(carol).get(reverse("admin:factcheck_claimreview_changelist")).content.decode()
    assert f'name="seen-{review.pk}" value="{review.version}"' in page


def test_an_editor_approves_and_the_author_cannot(browser, bob, carol):
    own = factories.reviewed_until("submitted", carol, carol)
    others = factories.reviewed_until("submitted", bob, carol)
    said, _ = act(browser(carol), "claimreview", "approve", own, others)
    assert said == [
        f"Review {own.pk}: Who wrote any part of a review cannot approve it.",
        f"Review {others.pk}: Approved.",
    ]
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.status, others.status, others.approver) == ("submitted", "approved", carol)
    assert AuditEntry.objects.filter(verb="claimreview.approved", actor=carol.pk).count() == 1


@pytest.mark.parametrize("action", ["approve", "publish"])
def test_who_signs_is_shown_all_that_it_says_first(browser, bob, carol, desk, action):
    review = factories.reviewed_until({"approve": "submitted", "publish": "approved"}[action], bob, carol)
    factories.anchor(review.claim)
    seen = {f"seen-{review.pk}": review.version}
    answer = browser(carol).post(
        "/admin/factcheck/claimreview/", {"action": action, "_selected_action": [review.pk], **seen}
    )
    page = answer.content.decode()
    for said in (
        "The minutes give the sum.",
        "Verified · 5 True",
        "“12 million euros”",
        "Minutes of the council",
        "Bob",
    ):
        assert said in page
    before = review.status
    review.refresh_from_db()
    assert review.status == before
    assert f'name="seen-{review.pk}" value="{review.version}"' in page


def test_mixed_rows_each_say_why(browser, bob, carol):
    rows = [factories.reviewed_until(status, bob, carol) for status in ("draft", "submitted", "approved", "abandoned")]
    said, _ = act(browser(carol), "claimreview", "withdraw", *rows)
    assert [sentence.split(": ", 1)[1] for sentence in said] == [
        f"Review {rows[0].pk} is draft; it cannot become draft.",
        "Withdrawn.",
        "Withdrawn.",
        f"Review {rows[3].pk} is abandoned; it cannot become draft.",
    ]


def test_a_row_that_changed_since_the_list_was_shown_is_left_alone(browser, bob, carol):
    review = factories.reviewed_until("submitted", bob, carol)
    stale = ClaimReview.objects.get(pk=review.pk)
    reviews.withdraw(review, by=bob, seen=review.version)
    reviews.submit(review, by=bob, seen=review.version)
    said, _ = act(browser(carol), "claimreview", "approve", stale)
    assert "changed by somebody else" in said[0]
    said, _ = act(browser(carol), "claimreview", "approve", stale, **{f"seen-{stale.pk}": ""})
    assert "not on the page that you looked at" in said[0]
    review.refresh_from_db()
    assert review.status == "submitted"


def test_publish_and_retract_with_its_reason(browser, bob, carol, desk):
    claim = factories.claim()
    factories.anchor(claim)
    review = factories.complete(bob, claim)
    client = browser(carol)
    for action, word in (("submit", "Submitted."), ("approve", "Approved."), ("publish", "Published.")):
        review.refresh_from_db()
        said, _ = act(client, "claimreview", action, review)
        assert said == [f"Review {review.pk}: {word}"]
    review.refresh_from_db()
    _, page = act(client, "claimreview", "retract", review)
    assert page.status_code == 200
    assert f'name="seen-{review.pk}" value="{review.version}"' in page.content.decode()
    assert ClaimReview.objects.get().status == "published"
    said, _ = act(client, "claimreview", "retract", review, reason=" ")
    assert said == [f"Review {review.pk}: The reason must not be empty."]
    said, _ = act(client, "claimreview", "retract", review, reason="The minutes were of 2023.")
    assert said == [f"Review {review.pk}: Retracted."]
    assert ClaimReview.objects.get().publication.retraction_reason == "The minutes were of 2023."


def test_a_suggestion_is_dismissed_with_a_reason(browser, carol):
    suggestion = factories.suggestion()
    _, page = act(browser(carol), "suggestion", "dismiss", suggestion)
    assert "Minutes of the council" in page.content.decode()
    said, _ = act(browser(carol), "suggestion", "dismiss", suggestion, reason="Another bridge.")
    assert said == [f"Suggestion {suggestion.pk}: Dismissed."]
    assert Suggestion.objects.get().decided_by == carol


def test_dead_jobs_are_replayed_and_others_say_why_not(browser, erin):
    dead = dead_job(factories.article())
    article = factories.article()
    waiting = Job.objects.create(kind="split", target=article.current.pk, queue="read", article=article)
    said, _ = act(browser(erin), "job", "replay", dead, waiting, **{f"seen-{waiting.pk}": "0"})
    assert said == [
        f"Job {dead.pk}: Replayed.",
        f"Job {waiting.pk}: Job {waiting.pk} is queued; only a dead job can be replayed.",
    ]
    assert AuditEntry.objects.filter(verb="job.replayed", actor=erin.pk).count() == 1


@pytest.mark.parametrize("who", ["dave", "erin"])
def test_who_may_not_does_not_see_the_action_and_cannot_send_it(who, browser, bob, carol, request):
    person = request.getfixturevalue(who)
    review = factories.reviewed_until("submitted", bob, carol)
    client = browser(person)
    assert 'value="approve"' not in client.get(reverse("admin:factcheck_claimreview_changelist")).content.decode()
    act(client, "claimreview", "approve", review)
    review.refresh_from_db()
    assert review.status == "submitted"


def test_words_from_rows_are_only_words(browser, carol):
    claim = factories.claim(statement="<script>alert(1)</script>")
    source = factories.source(title="<img src=x onerror=alert(1)>")
    suggestion = factories.suggestion(claim, source.passages.get())
    _, page = act(browser(carol), "suggestion", "dismiss", suggestion)
    assert "<img src=x" not in page.content.decode()
    page = browser(carol).get(reverse("admin:factcheck_claim_changelist")).content.decode()
    assert "<script>alert" not in page


def test_who_was_invited_is_invited_again_and_others_say_why_not(
    browser, erin, mailoutbox, django_capture_on_commit_callbacks
):
    invited, here = factories.person("Frank"), factories.person("Grace")
    here.set_password("a ferry for nine hundred")
    here.save()
    with django_capture_on_commit_callbacks(execute=True):
        said, _ = act(browser(erin), "user", "invite_again", invited, here)
    assert said == [
        f"Person {invited.pk}: Invited again.",
        f"Person {here.pk}: Grace has set a password already, and can ask for a new one.",
    ]
    assert [message.to for message in mailoutbox] == [[invited.email]]


def test_a_lost_second_factor_is_removed(browser, erin):
    carol = factories.person("Carol", "editor")
    TOTP.activate(carol, generate_totp_secret())
    said, _ = act(browser(erin), "user", "remove_second_factor", carol, erin)
    assert [sentence.split(": ", 1)[1] for sentence in said] == [
        "Nobody changes their own role or log-in: ask another administrator.",
        "Second factor removed, logged out everywhere.",
    ]
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)
@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1)
def test_a_person_whose_invitation_could_not_be_sent_is_there_and_the_page_says_so(browser, erin):
    typed = {"email": "frank@example.org", "name": "Frank", "role": "checker", "as_read": ""}
    page = browser(erin).post(reverse("admin:factcheck_user_add"), typed, follow=True).content.decode()
    assert "Frank is here, but the invitation could not be sent." in page
    assert User.objects.filter(email="frank@example.org").exists()


def test_an_administrator_erases_somebody_after_saying_why(browser, bob, people):
    erin = people["administrator"]
    page = browser(erin).post("/admin/factcheck/user/", {"action": "erase", "_selected_action": [bob.pk]})
    assert bob.email in page.content.decode()
    bob.refresh_from_db()
    assert bob.erased_at is None
    browser(erin).post(
        "/admin/factcheck/user/", {"action": "erase", "_selected_action": [bob.pk], "reason": "He asked for it."}
    )
    bob.refresh_from_db()
    assert bob.name == f"Former colleague {bob.pk}"
