"""What `make run` loads the first time."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)

pytestmark = pytest.mark.unit

SEEDS = Path(__file__).parents[2] / "seeds"
SOURCES: list[dict[str, Any]] = [json.loads(line) for line in (SEEDS / "sources.jsonl").read_text("utf-8").splitlines()]
ARTICLE: dict[str, Any] = json.loads((SEEDS / "article.json").read_text("utf-8"))
NEWSROOM: dict[str, Any] = json.loads((SEEDS / "newsroom.json").read_text("utf-8"))
README = (SEEDS / "README.md").read_text("utf-8")

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["id"])


def test_the_article_is_byte_for_byte_the_one_that_was_handed_over() -> None:
    data = (SEEDS / "article.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == "694f2dd1f8cc62291feb5421083fa2f6c0a797428871d3805423693f105eceda"


def test_the_articles_note_says_that_a_machine_reworded_it_quotes_included() -> None:
    assert "reworded by a machine" in ARTICLE["note"]
    assert "not what was said" in ARTICLE["note"]


def test_what_we_added_to_the_article_is_marked_as_ours() -> None:
    assert ARTICLE["title"]
    assert ARTICLE["title_is_ours"] is True
    assert ARTICLE["published"] == "2024-05-15"
    assert ARTICLE["published_is_guessed"] is True
    assert ARTICLE["published_guessed_from"]
    assert ARTICLE["language"] == "en"
    assert ARTICLE["outlet"] == ARTICLE["byline"] == ARTICLE["url"] == ""


def test_there_are_54_sources_each_with_its_own_id_and_address() -> None:
    assert len(SOURCES) == 54
    assert len({source["id"] for source in SOURCES}) == 54
    assert len({source["url"] for source in SOURCES}) == 54


@each_source
def test_a_source_has_every_field_and_no_other(source: dict[str, Any]) -> None:
    texts = {"id", "title", "publisher", "url", "url_status", "published", "licence", "kind"}
    assert set(source) == texts | {"passages"}
    assert all(isinstance(source[name], str) for name in texts)
    assert all(source[name] == source[name].strip() != "" for name in texts - {"published"})
    assert source["kind"] in {"primary", "secondary"}
    assert source["url_status"] in {"seen", "seen-mirror", "seen-cited", "memory-unsure"}


@each_source
def test_a_sources_address_is_on_the_web(source: dict[str, Any]) -> None:
    address = urlsplit(source["url"])
    assert address.scheme in {"http", "https"}
    assert "." in (address.hostname or "")


@each_source
def test_a_sources_date_says_no_more_than_is_known(source: dict[str, Any]) -> None:
    assert re.fullmatch(r"(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?", source["published"])


@each_source
def test_a_sources_passages_are_marked_as_summaries(source: dict[str, Any]) -> None:
    assert source["passages"]
    for passage in source["passages"]:
        assert set(passage) == {"text", "wording"}
        assert passage["wording"] == "summary"
        assert passage["text"] == passage["text"].strip() != ""


def test_the_readme_counts_the_sources_whose_page_was_not_seen() -> None:
    table = dict(re.findall(r"^\| `(seen|seen-mirror|seen-cited|memory-unsure)` \| (\d+) \|", README, re.MULTILINE))
    assert {name: int(count) for name, count in table.items()} == Counter(s["url_status"] for s in SOURCES)


def test_the_readme_speaks_of_every_file() -> None:
    spoken_of = set(re.findall(r"^\| `(\w+\.\w+|\w+(?=/))", README, re.M))
    assert {path.name for path in SEEDS.iterdir()} - {"README.md"} == spoken_of


def test_the_desk_has_a_label_for_each_rating_and_says_how_it_checks() -> None:
    desk = NEWSROOM["desk"]
    assert list(desk["rating_labels"]) == ["1", "2", "3", "4", "5"]
    assert desk["rating_labels"]["1"] == "False"
    assert desk["rating_labels"]["5"] == "True"
    assert desk["name"]


def test_the_desk_says_what_it_is_on_every_page() -> None:
    pages = {page.stem: page.read_text() for page in (SEEDS / "pages").glob("*.md")}
    assert set(pages) == {"method", "about", "corrections-policy", "funding", "contact"}
    assert all(text.count(".") >= 3 and "[[" not in text for text in pages.values())


def test_every_role_has_somebody_and_four_eyes_can_be_tried() -> None:
    roles = Counter(person["role"] for person in NEWSROOM["people"])
    assert set(roles) == {"reporter", "checker", "editor", "administrator", "auditor", "partner"}
    assert roles["checker"] >= 2


def test_no_address_of_the_newsroom_can_reach_anybody() -> None:
    addresses = [person["email"] for person in NEWSROOM["people"]]
    assert len(set(addresses)) == len(addresses)
    for address in [*addresses, NEWSROOM["desk"]["contact"]]:
        assert address.endswith("@example.org")  # reserved by RFC 2606


@pytest.mark.parametrize("person", NEWSROOM["people"], ids=lambda person: person["name"])
def test_the_sample_password_is_one_that_django_would_take(person: dict[str, str]) -> None:
    for validator in (
        MinimumLengthValidator(12),
        CommonPasswordValidator(),
        NumericPasswordValidator(),
        UserAttributeSimilarityValidator(["name", "email"]),
    ):
        validator.validate(NEWSROOM["password"], SimpleNamespace(**person))
