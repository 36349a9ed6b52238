"""What an approver saw of a review when they last looked, and what it says now."""

from django.db.models.functions import Now

from factcheck.models import ClaimReview, Sighting, User
from factcheck.permissions import may
from factcheck.workflow import publications
from factcheck.workflow.transitions import change


def see(review: ClaimReview, *, by: User) -> Sighting | None:
    """Keep what the review says now as seen by this person, who may be asked to approve it; None for anybody else.

    What they had seen before that said something else stands in `before`. Seen twice, nothing changes.
    """
    if review.status not in ClaimReview.OPEN or not may(by, "approve a review", review):
        return None
    with change():
        printed = publications.printed(review)
        sha256 = publications.fingerprint(printed)
        now = {"version": review.version, "printed": printed, "sha256": sha256}
        sighting, is_new = Sighting.objects.select_for_update().get_or_create(review=review, person=by, defaults=now)
        if not is_new and sighting.sha256 != sha256:
            Sighting.objects.filter(pk=sighting.pk).update(
                before=sighting.printed,
                before_version=sighting.version,
                before_at=sighting.seen_at,
                seen_at=Now(),
                **now,
            )
            sighting.refresh_from_db()
    return sighting
