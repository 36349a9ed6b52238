"""Google Fact Check Tools: fact-checks of others, by the claim that they checked.

https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims/search
The rating is text of the publisher's own; there is no scale behind it, and none is made up here.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from factcheck.exceptions import AnswerRefused
from factcheck.retrieval.providers import client
from factcheck.retrieval.providers.found import (
    LONGEST_LINE,
    MOST,
    Found,
    address,
    clipped,
    day,
    listed,
    not_understood,
    plain,
)

NAME = "google_factcheck"
TITLE = "Google Fact Check Tools"
MODEL_VERSION = "google_factcheck v1alpha1"
FACT_CHECKS = True


def query(statement: str, language: str) -> str:
    """The statement itself: the service compares it with the claims of fact-checks."""
    return clipped(statement)


def receiver(language: str) -> str:
    return client.host(settings.PROVIDERS[NAME]["url"])


def search(words: str, language: str) -> list[Found]:
    """Raises FetchError."""
    service = settings.PROVIDERS[NAME]
    asked = {"query": words, "pageSize": str(MOST)}
    if language:
        asked["languageCode"] = language
    # In a header: https://cloud.google.com/docs/authentication/api-keys-use#using-with-rest
    said = client.ask(f"{service['url']}/v1alpha1/claims:search", asked, headers={"X-Goog-Api-Key": service["key"]})
    if "error" in said:
        raise not_understood()
    claims = listed(said, "claims", may_lack=True)  # without a find there is no field
    found = [one for claim in claims for one in _reviews(claim)]
    if claims and not found:
        raise not_understood()
    return found[:MOST]


def _reviews(claim: Any) -> Iterator[Found]:
    """Each review of the claim, as a page of its own."""
    if not isinstance(claim, dict):
        return
    reviewed, claimant = plain(claim.get("text")), plain(claim.get("claimant"), LONGEST_LINE)
    try:
        reviews = listed(claim, "claimReview", may_lack=True)
    except AnswerRefused:
        return
    for review in reviews:
        if not isinstance(review, dict) or not (url := address(review.get("url"))):
            continue
        rating = plain(review.get("textualRating"), LONGEST_LINE)
        publisher = review.get("publisher")
        named = publisher if isinstance(publisher, dict) else {}
        title = plain(review.get("title"), LONGEST_LINE) or reviewed or url
        by = f" ({claimant})" if claimant else ""
        said = [f"Claim reviewed: “{reviewed}”{by}." if reviewed else "", f"Rating: “{rating}”." if rating else ""]
        yield Found(
            url=url,
            title=title,
            text=" ".join(filter(None, said)) or title,
            publisher=plain(named.get("name"), LONGEST_LINE) or plain(named.get("site"), LONGEST_LINE),
            published=day(review.get("reviewDate")),
            rating=rating,
            claim_reviewed=reviewed,
            claimant=claimant,
        )
