"""Whatever is written into the desk stays words: no script of it runs, with the pages' policy and without it."""

import pytest

from factcheck.models import DeskPage, FeedEntry, Outlet, SavedView, Source
from factcheck.workflow import comments, evidence, notices, publications, reviews
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CORPUS = (
    "<script>ran(1)</script>",
    "</textarea></title></style></script><script>ran(2)</script>",
    "<img src=x onerror=ran(3)>",
    "<svg/onload=ran(4)><animate onbegin=ran(5) attributeName=x dur=1s>",
    "<details open ontoggle=ran(6)>",
    '" autofocus onfocus=ran(7) x="',
    "' onmouseover=ran(8) x='",
    "<a href=javascript:ran(9)>here</a> [here](javascript:ran(10)) javascript:ran(11)",
    "<iframe srcdoc='<script>parent.ran(12)</script>'></iframe>",
    "{{ 7|add:'7' }}{% csrf_token %}${ran(13)}",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=ran(14)>",
    "<div hx-get=/ hx-trigger=load hx-on:load=ran(15)>",
    "--><!--><img src=x onerror=ran(16)>",
    '<noscript><p title="</noscript><img src=x onerror=ran(17)>">',
    "<base href=https://evil.example/><meta http-equiv=refresh content='0;url=javascript:ran(18)'>",
)
ALL = " ".join(CORPUS)
# What came of the words as part of the page, and not as its text.
LIVE = """() => [...document.querySelectorAll("*")].flatMap(element => [...element.attributes].filter(
    each => each.name.startsWith("on") || each.name.startsWith("hx-on") || /^\\s*javascript:/i.test(each.value)
).map(each => element.outerHTML.slice(0, 200))).concat(
    [...document.querySelectorAll(
        'script:not([src], [type="application/ld+json"]), iframe, base, math, meta[http-equiv]'
    )].map(each => each.outerHTML)
)"""


@pytest.fixture
def pages(transactional_db):
    """Who opens which pages of a desk in which every word is hostile."""
    factories.desk(ALL[:200])
    DeskPage.objects.create(kind="method", version=2, text=ALL)
    people = {role: factories.person("Mallory", role) for role in ("checker", "editor", "administrator")}
    for number, who in enumerate(people.values()):
        type(who).objects.filter(pk=who.pk).update(name=CORPUS[number * 3 + 2][:200])
        who.refresh_from_db()
    checker, editor = people["checker"], people["editor"]
    outlet = Outlet.objects.create(name=CORPUS[2])
    text = "\n\n".join(CORPUS)
    article = factories.article(text, outlet=outlet, url="https://example.org/<script>ran(19)</script>")
    claim = factories.claim(
        article, statement=ALL, speaker=CORPUS[3], cue=CORPUS[4], reasons=list(CORPUS), kind="event"
    )
    factories.anchor(claim, 0, len(text))
    source = factories.source(ALL, (text,))
    Source.objects.filter(pk=source.pk).update(outlet=outlet, licence=CORPUS[5])
    features = {"names": list(CORPUS), "words": list(CORPUS), "values": [], "sentence": [0, 20], "sentences": [[0, 20]]}
    factories.suggestion(claim, source.passages.get(), features=features)
    notices.follow(claim, by=editor, follows=True)
    review = reviews.begin(claim, by=checker, seen=claim.version)
    evidence.add_document(
        review, by=checker, seen=review.version, stance="supports", title=CORPUS[0], url="https://example.org/minutes",
        exact=ALL, note=ALL,
    )  # fmt: skip
    review = reviews.save(
        review, by=checker, seen=review.version, statement=ALL, speaker=CORPUS[3], verdict="disputed", rating=2,
        rationale=text, as_of=article.created_at.date(),
    )  # fmt: skip
    comments.write(claim, by=checker, text=text.replace("@", ""))
    comments.write(claim, by=checker, text=ALL, on=comments.On(review, "rationale"))
    factories.typed(checker, review, rationale=ALL)
    SavedView.objects.create(owner=checker, name=CORPUS[2], shared=True)
    feed = factories.feed()
    FeedEntry.objects.create(feed=feed, article=article, link=f"{1:064}")
    here = [
        f"/claims/{claim.pk}/", f"/articles/{article.pk}/?claim={claim.pk}", f"/reviews/{review.pk}/", "/",
        "/articles/", "/?words=" + CORPUS[2], f"/sources/{source.pk}/", "/sources/?words=bridge", f"/feeds/{feed.pk}/",
    ]  # fmt: skip
    factories.nobody_asked(review, checker)
    factories.answer_doubts(review, checker)
    review = reviews.submit(review, by=checker, seen=review.version)
    review = reviews.approve(review, by=editor, seen=review.version, compared=True)
    there = [f"/reviews/{review.pk}/", "/notices/", "/reviews/", "/trail/", "/desk/insights/"]
    public = ["/", f"/fact-checks/{publications.publish(review, by=editor, seen=review.version).slug}/"]
    return {checker: here, editor: there, None: public}


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without it"])
def test_nothing_that_was_written_runs(pages, window, policy):
    """A breach of the policy, and a script that runs, is an error of the window, which fails the test."""
    for who, addresses in pages.items():
        page = window(who, policy=policy)
        page.add_init_script("window.ran = which => console.error(`script ${which} ran`)")
        # The pages are the same: with the policy a few will do, to see that none breaks it.
        for address in addresses[:1] if policy else addresses:
            assert page.goto(address).status == 200
            assert page.evaluate(LIVE) == [], address
            assert "ran(" in page.content(), f"{address} shows none of it"
