"""When two addresses are of one page."""

import pytest

from factcheck.retrieval import own

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/piece",
        "https://www.example.org/piece/",
        "https://example.org/piece#part",
        "https://EXAMPLE.org/piece?utm_source=feed&utm_medium=rss&fbclid=1",
        "https://example.org:443/piece",
    ],
)
def test_links_to_one_page_are_the_same(link):
    assert own.address(link) == own.address("https://example.org/piece")


@pytest.mark.parametrize(
    "link", ["https://example.org/piece?id=2", "https://example.org/other", "https://example.org:8080/piece", "piece"]
)
def test_other_pages_are_other_addresses(link):
    assert own.address(link) != own.address("https://example.org/piece")


def test_an_address_that_cannot_be_read_is_only_itself():
    assert own.address("https://[broken") == "https://[broken"
