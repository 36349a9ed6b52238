"""The library, the desk and its people: what their rows cannot be."""

import pytest
from django.core.exceptions import ValidationError

from factcheck.models import Desk, Outlet, Passage, Source, User
from tests import factories
from tests.models.asking import ask, refused_by, update

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def a_source(**fields):
    return Source.objects.create(**{"title": "Minutes", "kind": "primary", "seen": "page", **fields})


@pytest.mark.parametrize("published", ["", "2024", "2024-05", "2024-05-14"])
def test_a_date_is_given_as_far_as_it_is_known(published):
    a_source(published=published).full_clean()


@pytest.mark.parametrize(
    "published",
    [
        "24",
        "2024-5",
        "2024-05-1",
        "2024-",
        "2024-05-",
        "2024/05",
        "20240514",
        "2024\n",
        "\n2024",
        " 2024",
        "May 2024",
        "٢٠٢٤",
    ],
)
def test_what_is_no_part_of_a_date_is_refused(published):
    with refused_by("published_is_a_partial_date"):
        ask(*update(a_source(), published=published))


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"kind": "gossip"}, "source_kind_is_known"),
        ({"seen": "dreamt"}, "source_seen_is_known"),
    ],
)
def test_a_source_is_of_a_known_kind_and_seen_in_a_known_way(fields, rule):
    with refused_by(rule):
        ask(*update(a_source(), **fields))


def test_an_address_is_in_the_library_once():
    a_source(url="https://example.org/minutes")
    with refused_by("one_source_per_address"):
        a_source(url="https://example.org/minutes")


def test_sources_without_an_address_do_not_meet():
    a_source()
    a_source()


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"text": ""}, "passage_text_is_not_empty"),
        ({"wording": "rumour"}, "passage_wording_is_known"),
    ],
)
def test_a_passage_has_words_and_says_whose(fields, rule):
    with refused_by(rule):
        ask(*update(factories.source().passages.get(), **fields))


def test_a_source_has_one_passage_in_each_position():
    source = factories.source()
    with refused_by("one_passage_per_source_and_position"):
        Passage.objects.create(source=source, position=1, text="Again.", wording="original")


def test_a_suggestion_has_a_rank_from_one():
    with refused_by("suggestion_ranks_from_one"):
        factories.suggestion(rank=0)


def test_a_passage_is_suggested_once_per_claim():
    first = factories.suggestion()
    with refused_by("a_passage_is_suggested_once_per_claim"):
        factories.suggestion(first.claim, first.passage)


@pytest.mark.parametrize(("status", "person"), [("pending", True), ("accepted", False), ("dismissed", False)])
def test_only_a_person_decides_a_suggestion(status, person, alice):
    with refused_by("only_a_person_decides_a_suggestion"):
        ask(*update(factories.suggestion(), status=status, decided_by=alice if person else None))


# --- people and the desk ----------------------------------------------------------------------------------------------


def test_two_people_do_not_share_an_address_whatever_its_capitals():
    User.objects.create_user("alice@example.org", "Alice", "reporter")
    with refused_by("one_person_per_email"):
        User.objects.create(email="ALICE@example.org", name="Another", role="reporter")


def test_a_person_has_a_known_role(alice):
    with refused_by("role_is_known"):
        ask(*update(alice, role="oracle"))
    with pytest.raises(ValidationError):
        User.objects.create_user("eve@example.org", "Eve", "oracle")


@pytest.mark.parametrize("door", ["raw", "orm"])
def test_a_person_is_never_deleted(door, alice):
    with refused_by("people_stay"):
        if door == "raw":
            ask("DELETE FROM factcheck_user WHERE id = %s", alice.pk)
        else:
            alice.delete()


def test_there_is_one_desk():
    Desk.objects.create(name="The desk")
    with refused_by("one_desk"):
        Desk.objects.create(id=2, name="Another desk")


def test_an_outlet_has_one_name_whatever_its_capitals():
    Outlet.objects.create(name="The Courier")
    with refused_by("one_outlet_per_name"):
        Outlet.objects.create(name="the courier")
