"""The same claim elsewhere, on the page of a claim."""

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from factcheck.text.beside import differences
from tests import factories
from tests.web.conftest import said, window


@pytest.mark.unit
def test_figures_dates_and_names_are_set_beside_each_other_in_words():
    here = "The harbour bridge cost 12 million euros, Ada Berg said."
    there = "The harbour bridge cost 15 million euros in 2024, Ada Berg said."
    drawn = render_to_string("factcheck/includes/_compared.html", {"differences": differences(here, there, "en")})
    words = " ".join(strip_tags(drawn).replace("Only", " Only").replace("In both", " In both").split())
    assert words == "Not the same: 12 million euros here, 15 million euros there Only there: 2024 In both: Ada Berg"


@pytest.mark.database
@pytest.mark.django_db
def test_it_is_decided_by_plain_forms_on_the_page_of_either_claim(bob, dave, carol):
    here, there = factories.claim(statement="It cost 12 million euros."), factories.published(bob, carol).claim
    pair = factories.pair(here, there, score=0.81)
    here_page, there_page = f"/claims/{here.pk}/", f"/claims/{there.pk}/"
    page = said(window(bob).get(here_page))
    for words in (there.statement, "likeness 81 %", "the same words", "Verified", "It is the same claim", "Proposed"):
        assert words in page
    assert "It is the same claim" not in said(window(dave).get(here_page))
    typed = {"seen": pair.version, "claim": there.pk, "reason": "Another bridge."}
    answer = window(bob).post(f"/pairs/{pair.pk}/refuse", typed)
    assert answer["Location"] == f"{there_page}#pairs"
    for where in (here_page, there_page):
        page = said(window(bob).get(where))
        assert "1 that says something else" in page
        assert "Another bridge." in page
    late = window(carol).post(f"/pairs/{pair.pk}/refuse", typed)
    assert late.status_code == 409
    assert "Another bridge." in said(late)
    assert window(carol).post(f"/pairs/{pair.pk}/undo", {"seen": 2, "claim": "7"})["Location"] == f"{here_page}#pairs"
    assert "It is the same claim" in said(window(carol).get(there_page))
