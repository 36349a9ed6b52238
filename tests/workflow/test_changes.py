"""Pages that change: looked at again by hand and on schedule, and where their claims stand then."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from factcheck.exceptions import BadInput, Conflict, InvalidTransition, NotAllowed
from factcheck.models import Anchor, Article, AuditEntry, Claim, Job
from factcheck.workflow import changes, jobs, marking, steps
from factcheck.workflow.articles import ingest, keep_confidential
from factcheck.workflow.transitions import change
from tests import factories
from tests.fetching.conftest import answer
from tests.models.asking import side_by_side

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PROSE = (
    "The council met for four hours on Monday and spoke about the bridge over the Nor, which has been closed since May."
    " Two members had asked for the meeting after the newspaper printed a letter of the engineer who had built it."
)
COST = "The bridge cost 12 million euros, the council wrote in its minutes."
PAID = "The county of Brack paid a third of the sum in two years."
SAID = "Nobody had asked the county before the contract was signed."


def page(*paragraphs: str) -> bytes:
    inside = "".join(f"<p>{text}</p>" for text in (PROSE, *paragraphs))
    return answer(
        200, f"<html lang=en><title>The bridge</title><body><article>{inside}</article></body></html>".encode()
    )


@pytest.fixture
def article(site, bob) -> Article:
    """Fetched and split: each of the three sentences at the end is a claim."""
    site.pages["/page"] = page(COST, PAID, SAID)
    article = ingest(None, by=bob, url=f"{site.url}/page")
    done(article)
    return article


def done(article: Article, until: tuple[str, ...] = ("fetch", "split")) -> None:
    """Let the machine take its steps."""
    for kind in until:
        for job in article.jobs.filter(kind=kind, state=Job.State.QUEUED):
            steps.perform(job.pk)


def look(article: Article, by) -> Job:
    changes.look_again(article, by=by)
    done(article)
    return article.jobs.filter(kind=Job.Kind.FETCH).latest("pk")


def claim(article: Article, words: str) -> Claim:
    return Claim.objects.get(article=article, anchors__exact=words, anchors__article_version__number=1)


def statuses(article: Article, words: str) -> list[str]:
    """Of a claim's anchors, in the order of the texts."""
    anchors = claim(article, words).anchors.order_by("article_version__number")
    return list(anchors.values_list("status", flat=True))


# --- looking again ---------------------------------------------------------------------------------------------------


def test_a_page_with_the_same_text_makes_no_new_one(site, article, bob):
    site.pages["/page"] = page(COST, PAID, SAID).replace(b"<title>The bridge", b"<title>A new headline")
    job = look(article, bob)
    assert (job.state, article.versions.count(), article.captures.count()) == ("done", 1, 1)
    assert not AuditEntry.objects.filter(verb="article.changed").exists()
    assert AuditEntry.objects.get(verb="article.looked_at").actor == bob.pk


def test_a_page_that_changed_is_a_new_text_and_the_old_one_stays(site, article, bob):
    first = article.current
    site.pages["/page"] = page(COST.replace("12", "13"), PAID, SAID)
    look(article, bob)
    second = article.current
    assert (second.number, COST.replace("12", "13") in second.text, second.text == first.text) == (2, True, False)
    entry = AuditEntry.objects.get(verb="article.changed")
    assert (entry.old, entry.new, entry.actor) == (first.sha256, second.sha256, None)
    assert article.jobs.filter(kind=Job.Kind.SPLIT, target=second.pk).exists()


@pytest.mark.parametrize("sent", [404, 500])
def test_a_page_that_cannot_be_read_any_more_changes_nothing(site, article, bob, settings, sent):
    settings.JOB_MAX_ATTEMPTS = 1
    site.pages["/page"] = answer(sent, b"Gone away")
    job = look(article, bob)
    assert (job.state, bool(job.last_error), article.versions.count()) == ("dead", True, 1)
    with pytest.raises(InvalidTransition, match="failed"):
        changes.look_again(article, by=bob)


def test_a_text_that_was_sent_in_has_no_page_to_look_at(bob):
    article = ingest(PROSE, by=bob, url="https://herald.example/bridge")
    with pytest.raises(InvalidTransition, match="sent in"):
        changes.look_again(article, by=bob)


def test_who_may_look_again(site, article, alice, bob, carol, dave):
    changes.look_again(article, by=carol)
    with pytest.raises(InvalidTransition, match="already"):
        changes.look_again(article, by=bob)
    for other in (alice, dave):  # a reporter, where somebody else sent it in; an auditor
        with pytest.raises(NotAllowed):
            changes.look_again(article, by=other)


def test_a_fetch_that_runs_twice_keeps_a_change_once(site, article, bob):
    site.pages["/page"] = page(COST, PAID)
    look(article, bob)
    job = article.jobs.filter(kind=Job.Kind.FETCH).latest("pk")
    jobs.enqueue(Job.Kind.FETCH, article.pk, queue="fetch", article=article)
    done(article)
    assert job.state == "done"
    assert article.versions.count() == 2


# --- where the claims stand then -------------------------------------------------------------------------------------


def test_claims_are_found_again_or_orphaned_and_only_new_words_become_new_claims(site, article, bob):
    known = set(Claim.objects.values_list("pk", flat=True))
    changed = COST.replace("12", "13")
    site.pages["/page"] = page("A new paragraph stands here now, written by the county on Friday.", changed, PAID, SAID)
    look(article, bob)
    assert statuses(article, SAID) == ["exact", "exact"]
    assert statuses(article, COST) == ["exact", "orphaned"]
    lost = claim(article, COST).anchors.get(article_version=article.current)
    assert (lost.start, lost.end, lost.exact) == (None, None, COST)
    anchor = claim(article, SAID).anchors.get(article_version=article.current)
    assert article.current.text[anchor.start : anchor.end] == SAID
    fresh = Claim.objects.exclude(pk__in=known)
    assert changed in {each.anchors.get().exact for each in fresh}
    assert not {PAID, SAID, PROSE} & {each.anchors.get().exact for each in fresh}
    assert AuditEntry.objects.get(verb="article.orphaned").new.startswith("1 of")


def test_a_text_that_a_newer_one_has_taken_over_from_gets_no_claims_any_more(site, bob):
    site.pages["/page"] = page(COST, PAID)
    article = ingest(None, by=bob, url=f"{site.url}/page")
    done(article, ("fetch",))
    late = article.jobs.get(kind=Job.Kind.SPLIT)
    site.pages["/page"] = page(COST.replace("12", "13"), PAID)
    changes.look_again(article, by=bob)
    done(article, ("fetch",))
    steps.perform(article.jobs.get(kind=Job.Kind.SPLIT, target=article.current.pk).pk)
    found = article.claims.count()
    steps.perform(late.pk)
    late.refresh_from_db()
    assert (late.state, article.claims.count()) == ("done", found)
    assert found == Anchor.objects.filter(article_version=article.current).count() > 0


def test_what_a_person_did_is_carried_into_the_new_text(site, article, bob):
    version = article.current
    start = version.text.index("12 million")
    mine = marking.add(article, by=bob, seen=article.version, start=start, end=start + 10, exact="12 million")
    aside = claim(article, SAID)
    marking.dismiss(aside, by=bob, seen=aside.version, reason="Nobody doubts it.")
    count = Claim.objects.count()
    site.pages["/page"] = page(COST, PAID, SAID, "One more paragraph was put to the end of it by the editors.")
    look(article, bob)
    assert list(mine.anchors.order_by("pk").values_list("status", flat=True)) == ["exact", "exact"]
    aside.refresh_from_db()
    assert (aside.status, statuses(article, SAID)) == ("dismissed", ["exact", "exact"])
    assert Claim.objects.filter(anchors__article_version=article.current).distinct().count() == count + 1


def test_a_claim_that_lost_its_place_is_never_given_it_back_by_the_machine(site, article, bob):
    lost = claim(article, PAID)
    site.pages["/page"] = page(COST, SAID)
    look(article, bob)
    site.pages["/page"] = page(COST, PAID, SAID)
    look(article, bob)
    assert statuses(article, PAID) == ["exact", "orphaned", "orphaned"]
    assert Claim.objects.filter(anchors__exact=PAID).exclude(pk=lost.pk).count() == 1  # found anew, as another claim


# --- placing it again ------------------------------------------------------------------------------------------------


@pytest.fixture
def orphan(site, article, bob) -> Claim:
    site.pages["/page"] = page(COST.replace("12", "13"), PAID, SAID)
    look(article, bob)
    return claim(article, COST)


def placed(orphan: Claim, by, words: str = COST.replace("12", "13"), seen: int | None = None) -> Claim:
    start = orphan.article.current.text.find(words)
    seen = orphan.version if seen is None else seen
    return changes.place_again(orphan, by=by, seen=seen, start=start, end=start + len(words), exact=words)


def test_a_person_says_where_a_claim_stands_now(orphan, bob):
    version = orphan.version
    again = placed(orphan, bob)
    anchor = again.anchors.get(article_version=orphan.article.current)
    assert (anchor.status, anchor.exact) == ("exact", COST.replace("12", "13"))
    assert (again.statement, again.version) == (COST, version + 1)
    assert again.anchors.get(article_version__number=1).exact == COST
    entry = AuditEntry.objects.get(verb="anchor.exact")
    assert (entry.actor, entry.old, entry.new) == (bob.pk, "orphaned", "exact")
    with pytest.raises(InvalidTransition, match="already"):
        placed(again, bob)


def test_placing_asks_for_words_that_stand_there_and_for_who_may(orphan, alice, bob):
    with pytest.raises(BadInput, match="do not stand"):
        placed(orphan, bob, words="The bridge cost nothing.")
    with pytest.raises(NotAllowed):
        placed(orphan, alice)
    with pytest.raises(Conflict):
        placed(orphan, bob, seen=99)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_place_a_claim_at_once_one_wins(site, article, bob, grace):
    site.pages["/page"] = page(COST.replace("12", "13"), PAID, SAID)
    look(article, bob)
    lost = claim(article, COST)
    outcomes = side_by_side(*(lambda who=who: placed(lost, who) for who in (bob, grace)))
    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1
    assert Anchor.objects.filter(claim=lost, status="exact").count() == 2


# --- on schedule -----------------------------------------------------------------------------------------------------


def long_ago(article: Article, hours: int) -> None:
    article.jobs.filter(kind=Job.Kind.FETCH).update(finished_at=Now() - timedelta(hours=hours))


def waiting() -> int:
    return Job.objects.filter(kind=Job.Kind.FETCH, state=Job.State.QUEUED).count()


@pytest.mark.parametrize(("status", "hours"), [("draft", 24), ("published", 168)])
def test_pages_with_a_review_are_looked_at_again_when_it_is_time_and_once(site, article, bob, carol, status, hours):
    long_ago(article, 1000)
    assert changes.look_again_where_due() == 0  # nobody works on it
    factories.reviewed_until(status, bob, carol, of=claim(article, COST))
    long_ago(article, hours - 1)
    assert changes.look_again_where_due() == 0
    long_ago(article, hours + 1)
    assert (changes.look_again_where_due(), waiting()) == (1, 1)
    assert (changes.look_again_where_due(), waiting()) == (0, 1)
    assert article.jobs.get(kind=Job.Kind.FETCH, state=Job.State.QUEUED).queue == "bulk"


def test_confidential_pages_and_those_that_failed_are_left_to_people(site, article, bob):
    factories.draft(bob, of=claim(article, COST))
    long_ago(article, 1000)
    article.refresh_from_db()
    keep_confidential(article, by=bob, seen=article.version, readers=[bob])
    assert changes.look_again_where_due() == 0
    changes.look_again(article, by=bob)
    assert waiting() == 1


def test_who_says_so_is_found_beside_the_claim_again_when_everything_between_them_is_as_it_was(bob):
    said = "Ada Berg said on Monday that the dam is safe."
    article = factories.article(text=f"It rained.\n\n{said}")
    before = article.current
    start = before.text.index("the dam")
    anchor = factories.anchor(factories.claim(article, speaker="Ada Berg", cue="said"), start, len(before.text))
    Anchor.objects.filter(pk=anchor.pk).update(speaker_span=(12, 20), cue_span=(21, 25), version=2)

    def again(text: str) -> list[str | None]:
        with change(article.pk) as act:
            changes.find_again(before, after := factories.version(article, text=text), act=act)
        found = anchor.claim.anchors.get(article_version=after)
        assert found.exact == anchor.exact
        return [span and text[span.lower : span.upper] for span in (found.speaker_span, found.cue_span)]

    assert again(f"It snowed for days.\n\n{said}") == ["Ada Berg", "said"]
    assert again(said) == ["Ada Berg", "said"]
    assert again(f"It rained.\n\n{said.replace('Ada Berg', 'Eva Lind')}") == [None, None]
    assert again(said.removeprefix("Ada ")) == [None, None]
    # Said by somebody else after all, it is not marked any more.
    claim = anchor.claim
    claim = marking.attribute(claim, by=bob, seen=claim.version, speaker="Ada Berg", cue="said", kind="rule")
    assert claim.anchors.exclude(speaker_span=None).exists()
    marking.attribute(claim, by=bob, seen=claim.version, speaker="Eva Lind", cue="said", kind="rule")
    assert not claim.anchors.exclude(speaker_span=None, cue_span=None).exists()
