"""The path from a text to suggestions, step by step in one process; tests/faults does it with real workers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck.exceptions import BadInput, NotAllowed, Refused
from factcheck.models import Anchor, AuditEntry, Claim, Job, Lexeme, Passage, Source, Suggestion
from factcheck.retrieval import embedding
from factcheck.retrieval.providers import library
from factcheck.workflow import steps
from factcheck.workflow.articles import ingest
from factcheck.workflow.sources import add_source

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TEXT = (
    "The council approved 12 million euros for the harbour bridge on Monday.\n"
    "“We will open it in May 🎉. Nobody will pay a toll,” said Mayor Ada Lind.\n"
    "Unemployment in Norland fell to 4.2 percent in March, the statistics office said."
)


def perform_all():
    """Everything that is due, in the order in which it was queued."""
    while job := Job.objects.filter(state=Job.State.QUEUED).order_by("pk").first():
        steps.perform(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.last_error


def add(title, text, **fields):
    values = {"kind": "primary", "seen": "page", "passages": [(text, "original")], **fields}
    return add_source(by=None, title=title, **values)


@pytest.fixture
def books(db):
    add("Council minutes of 4 May", "The council granted 12 million euros for the new bridge in the harbour.")
    add("Labour force survey, March", "The unemployment rate in Norland was 4.2 percent in March.")
    add("Recipes of the coast", "Boil the potatoes with dill for twenty minutes and serve them with butter.")
    perform_all()


def test_claims_stand_where_their_anchors_say(books):
    article = ingest(TEXT, by=None)
    perform_all()
    anchors = Anchor.objects.filter(claim__article=article).order_by("start")
    assert len(anchors) >= 2
    for anchor in anchors:
        assert TEXT[anchor.start : anchor.end] == anchor.exact
        assert TEXT[: anchor.start].endswith(anchor.prefix)
        assert TEXT[anchor.end :].startswith(anchor.suffix)
    assert all(claim.embedding is not None for claim in article.claims.all())


def test_the_source_that_settles_a_claim_comes_first_and_says_why(books):
    article = ingest(TEXT, by=None)
    perform_all()
    claim = article.claims.get(statement__contains="Unemployment")
    best = claim.suggestions.order_by("rank")[0]
    assert best.passage.source.title == "Labour force survey, March"
    figure = next(value for value in best.features["values"] if value["kind"] == "percent")
    assert (figure["claim"], figure["relation"]) == ("4.2 percent", "agree")
    assert best.passage.text[slice(*best.features["sentence"])] == best.passage.text
    assert best.features["primary"]
    assert not best.features["echo"]
    assert "Norland" in best.features["names"]
    assert {"Unemployment", "percent"} <= set(best.features["words"])
    assert 0 < best.features["cosine"] <= 1
    assert best.status == Suggestion.Status.PENDING
    assert best.model_version == library.MODEL_VERSION


def test_what_is_about_something_else_is_not_suggested(books):
    article = ingest(TEXT, by=None)
    perform_all()
    assert not Suggestion.objects.filter(claim__article=article, passage__source__title__startswith="Recipes").exists()


def test_an_article_is_no_source_for_its_own_claims_nor_are_its_copies(books):
    said = "Unemployment in Norland fell to 4.2 percent in March."
    add("The same piece", said, url="https://www.example.org/piece/?utm_source=feed#top")
    pieces = [(line, "original") for line in TEXT.split("\n")]
    add("A copy elsewhere", "", kind="secondary", passages=pieces)
    add("A report of it", said, kind="secondary")
    perform_all()
    article = ingest(TEXT, by=None, url="https://example.org/piece")
    perform_all()
    titles = set(Suggestion.objects.filter(claim__article=article).values_list("passage__source__title", flat=True))
    assert "A report of it" in titles
    assert titles.isdisjoint({"The same piece", "A copy elsewhere"})


def test_an_earlier_fact_check_is_found_by_its_claim_and_title_and_suggested_once(books):
    checked = add("Did unemployment fall?", "", kind="fact_check", passages=[
        ("Unemployment in Norland fell to 4.2 percent in March.", "original"),
        ("Did unemployment in Norland fall to 4.2 percent?", "original"),
    ])  # fmt: skip
    Passage.objects.filter(source=checked).update(heading="")
    perform_all()
    article = ingest(TEXT, by=None)
    perform_all()
    claim = article.claims.get(statement__contains="Unemployment")
    suggestion = claim.suggestions.get(passage__source=checked)
    assert (suggestion.rank, suggestion.passage.position) == (1, 1)
    assert suggestion.features["strong"]
    assert not suggestion.features["echo"]
    assert claim.suggestions.exclude(pk=suggestion.pk).filter(features__strong=True).count() == 0


def test_a_report_that_repeats_the_claims_wording_stands_below_the_document(books):
    add("A post", "Unemployment in Norland fell to 4.2 percent in March, the office said.", kind="secondary")
    perform_all()
    article = ingest(TEXT, by=None)
    perform_all()
    claim = article.claims.get(statement__contains="Unemployment")
    first, second = claim.suggestions.order_by("rank").select_related("passage__source")[:2]
    assert (first.passage.source.title, first.features["echo"]) == ("Labour force survey, March", False)
    assert (second.passage.source.title, second.features["echo"]) == ("A post", True)


def test_the_number_of_statements_does_not_grow_with_the_claims(books):
    counts = []
    for text in (TEXT, "\n".join(f"The council paid {n} million euros for bridge number {n}." for n in range(40))):
        article = ingest(text, by=None)
        steps.perform(article.jobs.get().pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            steps.perform(article.jobs.get(kind=Job.Kind.SUGGEST).pk)
        assert article.jobs.get(kind=Job.Kind.SUGGEST).state == Job.State.DONE
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_search_that_runs_again_keeps_what_a_person_decided(books, bob):
    article = ingest(TEXT, by=None)
    perform_all()
    suggestion = Suggestion.objects.filter(claim__article=article)[0]
    Suggestion.objects.filter(pk=suggestion.pk).update(status="dismissed", decided_by=bob)
    before = Suggestion.objects.count()
    again = Job.objects.create(kind=Job.Kind.SUGGEST, target=article.current.pk, queue="find", article=article)
    steps.perform(again.pk)
    suggestion.refresh_from_db()
    assert (suggestion.status, Suggestion.objects.count()) == ("dismissed", before)


def test_a_text_without_claims_ends_done_and_says_so():
    article = ingest("A quiet day", by=None)
    perform_all()
    assert article.claims.count() == 0
    assert AuditEntry.objects.get(chain=str(article.uuid), verb="article.split").new == "0 claims"


def test_a_text_in_a_language_that_is_not_scored_has_claims_without_a_score():
    article = ingest(
        "Der Rat bewilligte am Montag 12 Millionen Euro. Die Brücke wird im Mai eröffnet.", by=None, language="de"
    )
    perform_all()
    assert article.claims.count() == 2
    assert set(article.claims.values_list("checkworthiness", flat=True)) == {None}


def test_lexemes_are_counted_once_per_passage_also_when_indexed_again(books):
    assert Lexeme.objects.get(word="council").passages == 1
    assert Lexeme.objects.get(word="").passages == 3
    source = Source.objects.get(title__startswith="Council")
    again = Job.objects.create(kind=Job.Kind.INDEX, target=source.pk, queue="bulk")
    steps.perform(again.pk)
    assert Lexeme.objects.get(word="council").passages == 1
    assert Lexeme.objects.get(word="").passages == 3


def test_a_new_source_is_embedded_by_its_job():
    source = add("Minutes", "The bridge cost 12 million euros.")
    assert Passage.objects.get(source=source).embedding is None
    perform_all()
    passage = Passage.objects.get(source=source)
    assert passage.embedding is not None
    assert passage.model_version == embedding.MODEL


def test_a_source_without_a_passage_is_refused_in_words():
    with pytest.raises(BadInput, match="at least one passage"):
        add_source(by=None, title="Empty", kind="primary", seen="page", passages=[])


def test_the_same_address_is_not_added_twice():
    add("One", "The bridge cost 12 million euros.", url="https://example.org/minutes")
    with pytest.raises(Refused) as refused:
        add("Two", "The bridge cost 13 million euros.", url="https://example.org/minutes")
    assert str(refused.value) == "A source with this address is already in the library."


def test_a_reporter_may_not_add_a_source(alice):
    with pytest.raises(NotAllowed):
        add_source(by=alice, title="Minutes", kind="primary", seen="page", passages=[("Some words.", "original")])


def test_words_that_mean_something_to_a_query_are_only_words(books):
    """Quotes, backslashes and operators of tsquery in a claim must neither break nor widen the search."""
    article = ingest(
        "The council's \\ 'budget' & (12 | 13) <-> million:* euros were approved for O'Neil's bridge!", by=None
    )
    perform_all()
    assert article.jobs.filter(state=Job.State.DONE).count() == 3  # split, searched, paired
    assert Claim.objects.filter(article=article).count() == 1


def test_a_text_that_was_split_already_keeps_the_claims_it_has(books):
    article = ingest(TEXT, by=None)
    perform_all()
    before = list(article.claims.values_list("pk", flat=True))
    again = Job.objects.create(kind=Job.Kind.SPLIT, target=article.current.pk, queue="read", article=article)
    steps.perform(again.pk)
    assert list(article.claims.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": "t" * 1001}, "The title has 1,001"),
        ({"title": " "}, "The title must not be empty"),
        ({"url": "javascript:alert(1)"}, "must be a web address"),
        ({"published": "2024-13"}, "is written 2024"),
        ({"kind": "rumour"}, "no kind of source"),
        ({"seen": "maybe"}, "does not say how it was seen"),
        ({"passages": [("x" * 20_001, "original")]}, "A passage has 20,001"),
        ({"passages": [("Some words.", "guess")]}, "no wording"),
        ({"passages": [("a\x00b", "original")]}, "NUL"),
    ],
)
def test_a_source_that_does_not_fit_is_refused_in_words(fields, said):
    values = {"title": "Minutes", "kind": "primary", "seen": "page", "passages": [("Some words.", "original")]}
    with pytest.raises(BadInput, match=said):
        add_source(by=None, **{**values, **fields})
    assert not Source.objects.exists()


def test_a_publisher_is_one_outlet_however_it_is_written():
    add("One", "The bridge cost 12 million euros.", publisher="The Daily")
    add("Two", "The bridge cost 13 million euros.", publisher="THE DAILY")
    assert [source.outlet.name for source in Source.objects.order_by("pk")] == ["The Daily", "The Daily"]
    assert AuditEntry.objects.filter(verb="outlet.added").count() == 1
