"""Keys of partners: what is told of those that open nothing, how often they may ask, and where they never stand."""

import io
import logging
import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.logs import formatter
from factcheck.api import limits
from factcheck.exceptions import BadInput, NotAllowed, Refused
from factcheck.models import ApiKey, AuditEntry
from factcheck.workflow import keys, people
from tests import factories

pytestmark = [pytest.mark.api, pytest.mark.django_db]


@pytest.fixture
def northwind(db):
    return factories.partner()


def test_a_key_says_who_comes_and_every_other_one_why_it_opens_nothing(northwind, with_key, erin):
    whole = factories.api_key(northwind, "articles:read")
    key = northwind.api_keys.get()
    me = with_key(whole).get("me/").json()
    assert (me["name"], me["role"], me["key"]["scopes"]) == ("Northwind", "partner", ["articles:read"])
    assert whole.startswith(me["key"]["prefix"].removesuffix("…"))
    key.refresh_from_db()
    assert timezone.now() - key.last_used_at < timedelta(minutes=1)
    with CaptureQueriesContext(connection) as asked:
        assert with_key(whole).get("me/").status_code == 200
    assert len(asked) == 1, "the key with its partner; that it was used is written once a minute"

    def refused(sent: str) -> str:
        answer = with_key(sent).get("me/")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="desk"')
        return answer.json()["detail"]

    wrong = ["", "x", f"fck_{key.prefix}_{'0' * 64}", f"fck_{'0' * 12}_{'0' * 64}", f"{whole} {whole}"]
    assert {refused(each) for each in wrong} == {keys.UNKNOWN}, "nobody learns whether there is a key of this prefix"
    expired = f"fck_{'a' * 12}_{'b' * 64}"
    fields = {"partner": northwind, "created_by": northwind, "name": "Old", "scopes": ["articles:read"]}
    of_old = {"prefix": "a" * 12, "sha256": keys.sha256("b" * 64), "expires_at": timezone.now() - timedelta(days=1)}
    ApiKey.objects.create(**fields, **of_old, per_minute=9)
    assert "expired on" in refused(expired)
    keys.revoke_key(key, by=erin)
    assert "was revoked on" in refused(whole)
    another = factories.api_key(northwind)
    assert with_key(another).get("me/").status_code == 200
    people.take_login_away(northwind, by=erin, seen=people.fingerprint(northwind))
    assert "may not log in any more" in refused(another)


def test_a_key_goes_with_no_cookie_and_needs_no_csrf_token(northwind, with_key, bob):
    client = with_key(factories.api_key(northwind, "articles:write"))
    client.force_login(bob)  # a browser's cookie beside the key is not looked at
    assert client.post("articles/", {"text": factories.TEXT}).status_code == 202
    assert northwind.submitted_articles.count() == 1


def test_two_keys_at_most_each_act_in_the_trail_and_a_limit_that_no_new_key_lifts(northwind, erin, bob):
    said = {"scopes": ["articles:read"], "days": 90}
    first, _ = keys.create_key(northwind, by=northwind, name="One", **said)
    assert first.per_minute == keys.PER_MINUTE
    keys.set_limit(first, by=erin, seen=keys.PER_MINUTE, per_minute=7)
    second, _ = keys.create_key(northwind, by=erin, name="Two", **said)
    assert second.per_minute == 7
    with pytest.raises(Refused) as refusal:
        keys.create_key(northwind, by=northwind, name="Three", **said)
    assert refusal.value.rule == "two_live_keys_at_most"
    keys.revoke_key(first, by=northwind)
    with pytest.raises(Refused):
        keys.revoke_key(first, by=northwind)
    third, _ = keys.create_key(northwind, by=northwind, name="Three", **said)
    for wrong in ({"scopes": []}, {"scopes": ["everything"]}, {"days": 0}, {"name": " "}):
        with pytest.raises(BadInput):
            keys.create_key(factories.partner(), by=erin, **{"name": "Four", **said, **wrong})
    for who in (bob, factories.partner("Contoso")):
        with pytest.raises(NotAllowed):
            keys.revoke_key(third, by=who)
    with pytest.raises(NotAllowed):
        keys.set_limit(third, by=northwind, seen=7, per_minute=100_000)
    with pytest.raises(Refused):
        keys.create_key(bob, by=erin, name="For Bob", **said)
    with pytest.raises(Refused):
        people.set_role(northwind, by=erin, seen=people.fingerprint(northwind), role="editor")
    acts = AuditEntry.objects.filter(subject="apikey").order_by("pk").values_list("verb", "subject_id", "actor")
    assert list(acts) == [
        ("apikey.created", first.pk, northwind.pk),
        ("apikey.limited", first.pk, erin.pk),
        ("apikey.created", second.pk, erin.pk),
        ("apikey.revoked", first.pk, northwind.pk),
        ("apikey.created", third.pk, northwind.pk),
    ]


@pytest.mark.django_db(transaction=True)
def test_of_four_keys_that_are_made_at_once_two_are(northwind):
    start, made = threading.Barrier(4), []

    def make(name: str) -> None:
        start.wait()
        try:
            made.append(keys.create_key(northwind, by=northwind, name=name, scopes=["articles:read"], days=1))
        except Refused:
            made.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=(name,)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in made if each]) == northwind.api_keys.count() == 2


def test_a_key_that_asks_too_often_waits_and_hears_for_how_long(northwind, with_key, settings):
    client = with_key(factories.api_key(northwind, "articles:read", per_minute=2))
    for left in (1, 0):
        answer = client.get("articles/")
        assert answer.status_code == 200
        assert answer["RateLimit-Policy"] == '"key";q=2;w=60'
        assert re.fullmatch(rf'"key";r={left};t=([1-9]|[1-5]\d|60)', answer["RateLimit"])
    answer = client.get("claims/1/")
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-often")
    assert answer["RateLimit"].startswith('"key";r=0;t=')
    assert 1 <= int(answer["Retry-After"]) <= 60
    ApiKey.objects.update(per_minute=9)
    assert client.get("claims/1/")["RateLimit"].startswith('"key";r=5;'), "a new limit holds at once, for refusals too"
    other = with_key(factories.api_key(factories.partner("Contoso"), "articles:read", per_minute=2))
    assert other.get("articles/")["RateLimit"].startswith('"key";r=1;')
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limits.store.cache_clear()
    try:
        answers = [other.get("articles/") for _ in range(3)]
    finally:
        limits.store.cache_clear()
    assert [each.status_code for each in answers] == [200] * 3, "nothing counts, and nobody is refused for that"
    assert "RateLimit" not in answers[0].headers


def test_no_key_stands_in_a_log_an_answer_a_page_or_the_database(northwind, with_key, erin):
    whole = factories.api_key(northwind)
    secret = whole.rpartition("_")[2]
    log = logging.StreamHandler(io.StringIO())
    log.setFormatter(formatter())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        said = [with_key(sent).get(path) for sent in (whole, f"{whole}0") for path in ("me/", "claims/0/", "pairs/")]
        said.append(with_key(whole).post("articles/", {"text": factories.TEXT}))
        logging.getLogger("factcheck").error("came with %s", whole)
    finally:
        root.removeHandler(log)
        root.setLevel(level)
    written = log.stream.getvalue()
    assert "/api/v1/me/" in written
    assert f"came with {whole.removesuffix(secret)}…" in written
    assert secret not in written
    assert not [answer for answer in said if secret in answer.content.decode()]
    browser = Client()
    browser.force_login(erin)
    pages = ["/trail/", f"/admin/factcheck/user/{northwind.pk}/change/"]
    assert not [page for page in pages if secret in browser.get(page).content.decode()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS each WHERE each::text LIKE %s', [f"%{secret}%"])
            assert cursor.fetchone() == (0,), table
