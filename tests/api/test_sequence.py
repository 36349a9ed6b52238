"""updated_since: who asks again and again misses nothing that is committed, in whatever order it is, and sees nothing
that is not. `make soak` has eight writers for a minute (SOAK=60).
"""

import os
import random
import threading
import time
from importlib import import_module

import pytest
from django.db import connection, transaction

from factcheck.models import Article, Claim, Event, Publication
from factcheck.workflow import articles, events, publications, takedowns
from tests import factories
from tests.api.addresses import dead_job, published
from tests.models.asking import as_superuser

pytestmark = [pytest.mark.api, pytest.mark.django_db]

SECONDS = float(os.environ.get("SOAK", "3"))
WRITERS = 8


def changed(client, stem, since, **query):
    """Every row that changed since, from all pages; and the number to ask from next."""
    address, rows = f"{stem}/?updated_since={since}" + "".join(f"&{key}={said}" for key, said in query.items()), []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        rows, address, since = rows + page["results"], page["next"], page["latest"]
    return rows, since


def keys(client, stem, since, **query):
    rows, latest = changed(client, stem, since, **query)
    return [row["id"] for row in rows], latest


def test_everything_comes_from_0_and_then_each_row_once_as_it_is_now(by_bob, bob, carol):
    factories.desk()
    one, two = factories.claim(), factories.claim()
    found, latest = keys(by_bob, "claims", 0, limit=1)
    assert found == [one.pk, two.pk]
    assert keys(by_bob, "claims", latest) == ([], latest)

    Claim.objects.filter(pk=one.pk).update(embedding=[0.0] * 384)  # which is shown to nobody
    assert keys(by_bob, "claims", latest)[0] == []
    for priority in (1, 3, 4):
        Claim.objects.filter(pk=one.pk).update(priority=priority)
    third = factories.claim(one.article)
    rows, later = changed(by_bob, "claims", latest)
    assert [(row["id"], row["priority"]) for row in rows] == [(one.pk, 4), (third.pk, 2)]
    assert later > latest
    assert keys(by_bob, "claims", latest)[0] == [one.pk, third.pk]  # as often as one likes
    assert Event.objects.filter(subject="claim").count() == 3  # older events of a row are not kept

    factories.anchor(two)  # what is shown with a claim changes it
    assert keys(by_bob, "claims", later)[0] == [two.pk]
    factories.version(one.article, "Another text.")
    assert keys(by_bob, "articles", later)[0] == [one.article_id]

    answer = by_bob.get(f"claims/?updated_since={later + 1000}")
    assert (answer.status_code, answer.json()["errors"].keys()) == (422, {"updated_since"})
    assert by_bob.get("claims/?updated_since=0&cursor=YWZ0ZXIgMQ").status_code == 422
    assert "latest" not in by_bob.get("claims/").json()


def test_what_is_published_corrected_retracted_and_taken_down_is_told(by_bob, bob, carol):
    factories.desk()
    first = published(bob, carol)
    rows, latest = changed(by_bob, "publications", 0)
    assert [(row["slug"], row["status"]) for row in rows] == [(first.slug, "published")]
    publications.retract(first.review, by=carol, seen=first.review.version, reason="The minutes were of 2023.")
    [row], latest = changed(by_bob, "publications", latest)
    assert (row["status"], row["retraction"]["reason"]) == ("retracted", "The minutes were of 2023.")
    second = published(bob, carol)
    takedowns.take_down(second.review, by=carol, seen=second.review.version, reason="A court demands it.")
    rows, _ = changed(by_bob, "publications", latest)
    assert [(row["slug"], row["takedown"] is not None) for row in rows] == [(second.slug, True)]
    told = {event.kind for event in Event.objects.filter(subject="publication")}
    assert told == {Event.Kind.RETRACTED, Event.Kind.TAKEN_DOWN}


def test_who_may_see_an_article_from_now_on_is_told_of_it_and_of_its_claims(by_bob, bob, carol):
    claim = factories.claim()
    article = articles.keep_confidential(claim.article, by=carol, seen=claim.article.version, readers=[])
    assert keys(by_bob, "articles", 0)[0] == keys(by_bob, "claims", 0)[0] == []
    _, latest = keys(by_bob, "claims", 0)
    named = articles.keep_confidential(article, by=carol, seen=article.version, readers=[bob])
    assert (keys(by_bob, "articles", latest)[0], keys(by_bob, "claims", latest)[0]) == ([article.pk], [claim.pk])
    named = articles.keep_confidential(named, by=carol, seen=named.version, readers=[])
    _, latest = keys(by_bob, "claims", 0)
    articles.lift_confidence(named, by=carol, seen=named.version)
    assert (keys(by_bob, "articles", latest)[0], keys(by_bob, "claims", latest)[0]) == ([article.pk], [claim.pk])


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_comes_late_and_an_article_is_processed_once(by_bob):
    """And rows from before the migration have their place."""
    early = factories.claim()
    events.number()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE factcheck_claim SET priority = 4 WHERE id = %s", [early.pk])
        late = factories.claim()
        seen, latest = keys(by_bob, "claims", 0)
        assert seen == [early.pk, late.pk]
        other.commit()
    finally:
        other.close()
    assert keys(by_bob, "claims", latest)[0] == [early.pk]

    job = dead_job()
    events.number()
    assert Event.objects.get(subject="article", subject_id=job.article_id).kind == Event.Kind.ARTICLE_PROCESSED

    before = list(Event.objects.values_list("subject", "subject_id"))
    so_far = import_module("factcheck.migrations.0032_events").EVERYTHING_SO_FAR
    as_superuser(("DELETE FROM factcheck_event",), (so_far,))
    assert sorted(Event.objects.values_list("subject", "subject_id")) == sorted(before)
    assert keys(by_bob, "claims", 0)[0] == [early.pk, late.pk]
    assert (Article.objects.count(), Publication.objects.count()) == (3, 0)


@pytest.mark.django_db(transaction=True)
def test_a_reader_beside_eight_writers_misses_nothing_and_sees_nothing_rolled_back(by_bob, capsys):
    article = factories.article()
    for _ in range(2 * WRITERS):
        factories.claim(article, statement="Not written yet.")
    everything, stop = list(Claim.objects.values_list("pk", flat=True)), threading.Event()
    undone: set[str] = set()
    committed = [0] * WRITERS

    def write(place):
        dice, mark = random.Random(place), 0  # noqa: S311 - not for secrets
        while not stop.is_set():
            mark += 1
            statement = f"Writer {place} wrote {mark}."
            with transaction.atomic():
                if dice.random() < 0.3:
                    Claim.objects.bulk_create(
                        [Claim(article=article, kind="event", statement=statement, model_version="test")]
                    )
                else:
                    Claim.objects.filter(pk=dice.choice(everything[place::WRITERS])).update(statement=statement)
                time.sleep(dice.random() * 0.05)  # so that they commit in another order than they began
                if dice.random() < 0.2:
                    undone.add(statement)
                    transaction.set_rollback(True)
                else:
                    committed[place] += 1

    copy, asked, seen, latest = {}, 0, set(), 0

    def read():
        nonlocal asked, latest
        rows, latest = changed(by_bob, "claims", latest, limit=20)
        asked += 1
        seen.update(row["statement"] for row in rows)
        copy.update({row["id"]: row["statement"] for row in rows})

    def writing(place):
        try:
            write(place)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failed.append(error)
        finally:
            connection.close()

    failed, writers = [], [threading.Thread(target=writing, args=(place,)) for place in range(WRITERS)]
    end = time.monotonic() + SECONDS
    try:
        for writer in writers:
            writer.start()
        while time.monotonic() < end:
            read()
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert failed == []
    read()
    assert copy == dict(Claim.objects.values_list("pk", "statement"))
    assert undone
    assert not seen & undone
    assert min(committed) > 0
    assert asked > 5
    if "SOAK" in os.environ:
        told = f"{sum(committed)} committed, {len(undone)} rolled back, {asked} readings, {len(copy)} rows"
        with capsys.disabled():
            print(f"\n{told}")  # noqa: T201 - asked for
