"""What the desk says about itself: written as versions, read by everybody, and needed before anything is published."""

import pytest

from factcheck.exceptions import Conflict
from factcheck.models import AuditEntry, DeskPage
from factcheck.workflow import desk_pages, people, publications
from tests.web.conftest import ATTACK, said, window

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_nothing_is_published_before_the_desk_has_said_what_it_is(approved, carol):
    people.set_up_desk(name="The New Desk", pages={"contact": "Ring us."})
    assert desk_pages.unfinished() == ["How we check", "About the desk", "Corrections policy", "Who pays for the desk"]
    page = window(carol).post(f"/reviews/{approved.pk}/publish", {"seen": approved.version})
    assert page.status_code == 422
    assert "How we check, About the desk, Corrections policy and Who pays for the desk" in said(page)
    assert "/desk/pages/" in said(page)
    assert "[[" not in said(window().get("/funding/"))
    assert "has not written this page yet" in said(window().get("/funding/"))
    for kind in DeskPage.PUBLIC[:-1]:
        desk_pages.write(kind, by=carol, seen=1, text=f"Of {kind}.")
    assert publications.publish(approved, by=carol, seen=approved.version).method_version == 2
    assert said(window().get("/funding/")).count("Of funding.") == 1


def test_a_page_is_previewed_saved_and_kept_by_versions(desk, carol, bob, published):
    client, write = window(carol), "/desk/pages/write"
    typed = {"kind": "method", "seen": 1, "text": f"## How\n\nWe *ask*. {ATTACK}"}
    preview = client.post(write, {**typed, "preview": "1"})
    assert "<em>ask</em>" in preview.content.decode()
    assert typed["text"] in said(preview)
    assert desk.method_version == 1
    assert client.post(write, typed).status_code == 302
    late = client.post(write, {**typed, "text": "We guess."})
    assert late.status_code == 409
    assert "We guess." in said(late)
    assert 'name="seen" value="2"' in said(late)
    assert client.post(write, {**typed, "seen": 2}).status_code == 422  # the same words again
    assert window(bob).post(write, typed).status_code == 403
    with pytest.raises(Conflict):
        desk_pages.write("method", by=carol, seen=0, text="Anew.")
    assert AuditEntry.objects.filter(verb="deskpage.written", actor=carol.pk).count() == 1

    newest, first = window().get("/method/"), window().get("/method/1/")
    assert '<h2 dir="auto">How</h2>' in newest.content.decode()
    assert ATTACK not in newest.content.decode()
    assert "We look it up." in said(first)
    assert "kept as it was" in said(first)
    assert window().get("/method/3/").status_code == 404
    assert window().cookies == {}
    assert '<a href="/method/1/">' in said(window().get(f"/fact-checks/{published.slug}/"))


def test_what_is_still_to_be_filled_in_stays_inside(desk, carol):
    desk_pages.write("funding", by=carol, seen=1, text="Paid by [[whom]].")
    assert "We look it up." in said(window().get("/funding/"))
    assert window().get("/funding/2/").status_code == 404
    assert "[[whom]]" in said(window(carol).get("/desk/pages/write?page=funding"))
    assert desk_pages.unfinished() == ["Who pays for the desk"]
