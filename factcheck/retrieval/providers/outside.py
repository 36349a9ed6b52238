"""The services outside the desk that may be asked for sources, each in a file of its own with one interface."""

from typing import Protocol

from django.conf import settings

from factcheck.retrieval.providers import google_factcheck, searxng, wikipedia
from factcheck.retrieval.providers.found import Found


class Outside(Protocol):
    """NAME: in settings.PROVIDERS and in every row. TITLE: for people. MODEL_VERSION: whose answers these are.
    FACT_CHECKS: what it finds are fact-checks of others.
    """

    NAME: str
    TITLE: str
    MODEL_VERSION: str
    FACT_CHECKS: bool

    def query(self, statement: str, language: str) -> str:
        """The words to send for a statement that stands alone; "" when nothing in it can be searched for."""

    def receiver(self, language: str) -> str:
        """The host that they are sent to."""

    def search(self, words: str, language: str) -> list[Found]:
        """Best first. [] only when the service says that it found nothing; anything else that is no answer raises
        FetchError. language: of the article, a BCP 47 tag."""


ALL: dict[str, Outside] = {provider.NAME: provider for provider in (google_factcheck, wikipedia, searxng)}


def configured() -> dict[str, Outside]:
    """Those that the operator has switched on, in the order in which pages name them."""
    return {name: provider for name, provider in ALL.items() if name in settings.PROVIDERS}
