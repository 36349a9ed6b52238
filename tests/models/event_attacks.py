"""Changes that should leave no event, and events that should be told otherwise: attacks on the guards by which partners
learn what is new.
"""

from django.utils import timezone

from factcheck.models import Event, Job
from tests import factories
from tests.models.asking import insertion, update
from tests.models.attacks import attack, backwards, moved, rekeyed, retracting
from tests.models.machines import MACHINES

# Named in full: a decoy may stand in its place.
WHETHER = "SELECT EXISTS (SELECT FROM public.factcheck_event WHERE kind = %s AND subject_id = %s)"


def told_of(kind: str, row, *changes) -> list:
    """The changes, and whether they left an event of that kind."""
    return [("DELETE FROM factcheck_event",), *changes, (WHETHER, kind, row.pk)]


def event() -> Event:
    return Event.objects.filter(subject="claim", subject_id=factories.claim().pk).first()


backwards("a_webhook_endpoint_version_rises", lambda: factories.endpoint(factories.partner()))
rekeyed("events_stay_as_made", event)
rekeyed("endpoints_stay_their_partners", lambda: factories.endpoint(factories.partner()))


@attack("articles_tell", corrected=True)
def an_article_is_taken_in_behind_everybodys_back(alice, bob):
    article = factories.article()
    return told_of("article.changed", article, update(article, note="By post."))


@attack("articles_tell", corrected=True)
def an_article_is_opened_and_its_claims_are_not_told(alice, bob):
    claim = factories.claim(factories.article(confidential=True, outside_search="never"))
    return told_of("claim.changed", claim, update(claim.article, confidential=False))


@attack("article_texts_tell", corrected=True, otherwise="one_text_per_article_and_number")
def a_text_is_added_in_silence(alice, bob):
    article = factories.article()
    version = article.current
    version.pk, version.number = None, 2
    return told_of("article.changed", article, insertion(version))


@attack("claims_tell", corrected=True)
def a_claim_is_changed_in_silence(alice, bob):
    claim = factories.claim()
    return told_of("claim.changed", claim, update(claim, speaker="Ada Lind"))


@attack("anchors_tell", corrected=True)
def a_claim_is_placed_in_silence(alice, bob):
    anchor = MACHINES["anchor"].start()
    return told_of("claim.changed", anchor.claim, update(anchor, prefix="Elsewhere: "))


@attack("suggestions_tell", corrected=True)
def a_suggestion_is_dismissed_in_silence(alice, bob):
    suggestion = factories.suggestion()
    return told_of("claim.changed", suggestion.claim, update(suggestion, status="dismissed", decided_by=alice))


@attack("reviews_tell", corrected=True)
def a_draft_is_handed_over_in_silence(alice, bob):
    review = factories.reviewed_until("submitted", alice, bob)
    return told_of("claim.changed", review.claim, update(review, status="draft"))


@attack("publications_tell", corrected=True, otherwise="publication_is_retracted_once")
def a_fact_check_is_retracted_in_silence(alice, bob):
    review = factories.published(alice, bob)
    beside = (update(review, status="retracted"), moved(review.claim, "detected"))
    return told_of("review.retracted", review.publication, retracting(review, bob), *beside)


@attack("jobs_tell", corrected=True, otherwise="job_arrows")
def the_last_step_ends_in_silence(alice, bob):
    article = factories.article()
    job = Job.objects.create(kind="split", target=article.current.pk, queue="read", article=article)
    take = update(job, state="running", attempts=1, lease_until=timezone.now())
    done = update(job, state="done", lease_until=None, finished_at=timezone.now())
    return told_of("article.processed", article, take, done, ("SET CONSTRAINTS ALL IMMEDIATE",))


@attack("event_is_numbered_once")
def an_event_is_born_with_a_number(alice, bob):
    claim = factories.claim()
    return [insertion(Event(kind="claim.changed", subject="claim", subject_id=claim.pk, article=claim.article, seq=1))]


@attack("event_is_numbered_once")
def a_number_is_given_again(alice, bob):
    told = event()
    return [update(told, seq=1), update(told, seq=2)]
