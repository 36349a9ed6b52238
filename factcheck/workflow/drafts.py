"""What somebody types into a review, kept before it is saved. Only its writer ever sees it: it stands in no trail,
answer, export or log, and no verb of a review reads it.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict
from factcheck.models import ClaimReview, Draft, User
from factcheck.permissions import require
from factcheck.workflow.words import words


def keep(review: ClaimReview, *, by: User, known: int, base: Mapping[str, str], typed: Mapping[str, str]) -> Draft:
    """Keep what this person has typed so far, in the place of what was kept for them before.

    known: the version of their draft that the window has; 0 when it has none. Two windows of one person do not write
    over each other. Whatever became of the review meanwhile, the words are kept. Raises BadInput, NotAllowed, Refused,
    Conflict.
    """
    require(by, "write a review", review)
    if set(base) != set(Draft.FIELDS) or set(typed) != set(Draft.FIELDS):
        raise BadInput("The form did not come whole. Load the page again.")
    kept = {
        "base": {name: words(name, base[name]) for name in Draft.FIELDS},
        "typed": {name: words(name, typed[name]) for name in Draft.FIELDS},
    }
    with transaction.atomic():
        if known:
            found = Draft.objects.filter(review=review, person=by, version=known)
            made = bool(found.update(version=F("version") + 1, updated_at=Now(), **kept))
        else:
            made = Draft.objects.get_or_create(review=review, person=by, defaults=kept)[1]
        if not made:
            raise Conflict("You have typed into this review in another window too. Only that is kept for you.")
    return Draft.objects.get(review=review, person=by)


def discard(review: ClaimReview, *, by: User) -> None:
    """Forget what this person has typed: they do not want it any more."""
    require(by, "see the desk")
    Draft.objects.filter(review=review, person=by).delete()


def saved(review: ClaimReview, *, by: User, known: int) -> None:
    """Forget what this person has typed, for it is in the review now. known: as for keep(); what they have typed in
    another window since, or before, nobody has saved, and it stays.
    """
    require(by, "see the desk")
    Draft.objects.filter(review=review, person=by, version=known).delete()
