"""What is read as a value, and as which."""

import datetime as dt
import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text import values
from factcheck.text.values import Date, Value

pytestmark = pytest.mark.unit

YEAR = 31556952


def only(text: str, language: str = "en", **known) -> Value:
    (value,) = [value for value in values.find(text, language, **known) if value.kind != "name"]
    return value


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("1,234.5 people came", "en", 1234.5),
        ("1.234,5 Menschen kamen", "de", 1234.5),
        ("1.234,5 people came", "en", 1234.5),
        ("1.234 Menschen kamen", "de", 1234),
        ("1.234 litres", "en", 0.001234),
        ("1 234 567 people came", "en", 1234567),
        ("1 234 personnes", "fr", 1234),
        ("1\u202f234 personnes", "fr", 1234),
        ("1'234.50 Personen", "de", 1234.5),
        ("1,234,567 people came", "en", 1234567),
        ("٣ people came", "en", 3),
        ("١٬٢٣٤٫٥ people", "ar", 1234.5),
        ("3½ million people", "en", 3.5e6),
        ("two and a half million people", "en", 2.5e6),
        ("a three-and-a-half-fold", "en", 3.5),
        ("half a million people", "en", 5e5),
        ("a hundred and five people", "en", 105),
        ("twenty-one people", "en", 21),
        ("three hundred thousand people", "en", 3e5),
        ("two dozen people", "en", 24),
        ("3 lakh people", "en", 3e5),
        ("45k people", "en", 45000),
        ("1.2bn people", "en", 1.2e9),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(text, language, number):
    assert only(text, language).low == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("43% of voters", "%", 43, 43),
        ("43 per cent of voters", "%", 43, 43),
        ("half of the voters", "%", 50, 50),
        ("two-thirds of the voters", "%", 200 / 3, 200 / 3),
        ("a third of the voters", "%", 100 / 3, 100 / 3),
        ("1.5 percentage points", "points", 1.5, 1.5),
        ("$3.5bn", "USD", 3.5e9, 3.5e9),
        ("US$ 20", "USD", 20, 20),
        ("EUR 5 million", "EUR", 5e6, 5e6),
        ("5 million euros", "EUR", 5e6, 5e6),
        ("£4.5m", "GBP", 4.5e6, 4.5e6),
        ("80 cents", "USD", 0.8, 0.8),
        ("2–4 metres", "length", 2, 4),
        ("between 2 and 4 metres", "length", 2, 4),
        ("six or seven feet", "length", 6 * 0.3048, 7 * 0.3048),
        ("40–50 million euros", "EUR", 4e7, 5e7),
        ("5 square miles", "area", 5 * 1609.344**2, 5 * 1609.344**2),
        ("3 mm per year", "length/time", 0.003 / YEAR, 0.003 / YEAR),
        ("26 gigatonnes of carbon per year", "mass/time", 26e12 / YEAR, 26e12 / YEAR),
        ("it is 68 °F outside", "temperature", 20, 20),
        ("it was −40 °F outside", "temperature", -40, -40),
        ("a rise of 1.8 °F", "temperature change", 1, 1),
        ("two weeks", "time", 1209600, 1209600),
        ("a 34-year-old teacher", "time", 34 * YEAR, 34 * YEAR),
        ("she died at the age of 78", "time", 78 * YEAR, 78 * YEAR),
        ("twice as many", "times", 2, 2),
        ("a five-fold rise", "times", 5, 5),
        ("400,000 ± 100,000 tonnes", "mass", 3e8, 5e8),
        ("tens of thousands of people", "", 2e4, 1e5),
    ],
)
def test_a_measure_is_in_base_units(text, unit, low, high):
    value = only(text)
    assert (value.kind, value.unit) == ("quantity", unit)
    assert (value.low, value.high) == (pytest.approx(low, rel=1e-6), pytest.approx(high, rel=1e-6))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("about 40 people", "about"),
        ("an estimated 40 people", "about"),
        ("nearly 40 people", "nearly"),
        ("more than 40 people", "over"),
        ("at least 40 people", "over"),
        ("40 or more people", "over"),
        ("fewer than 40 people", "under"),
        ("up to 40 people", "under"),
        ("40 people", ""),
    ],
)
def test_what_opens_a_number_is_kept(text, bound):
    value = only(text)
    assert (value.bound, value.counted) == (bound, only("40 people").counted)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("on 12 December 2013", Date((2013, 2013), 12, 12)),
        ("on December 12th, 2013", Date((2013, 2013), 12, 12)),
        ("on Dec. 12", Date(None, 12, 12)),
        ("in December 2013", Date((2013, 2013), 12)),
        ("on 2013-12-12", Date((2013, 2013), 12, 12)),
        ("on 12/31/2013", Date((2013, 2013), 12, 31)),
        ("in 2013", Date((2013, 2013))),
        ("the 2013 election", Date((2013, 2013))),
        ("in the 1980s", Date((1980, 1989))),
        ("in the 20th century", Date((1901, 2000))),
        ("in 300 BC", Date((-300, -300))),
    ],
)
def test_a_date_has_the_precision_it_was_written_in(text, date):
    value = only(text)
    assert (value.kind, value.date) == ("date", date)


def test_the_second_year_of_a_span_may_be_short():
    assert [value.date for value in values.find("the 2018–19 year")] == [Date((2018, 2018)), Date((2019, 2019))]


def test_which_number_is_the_month_depends_on_the_language_only_when_it_must():
    assert only("on 3/4/2013", "en").date == Date((2013, 2013), 3, 4)
    assert only("le 3/4/2013", "fr").date == Date((2013, 2013), 4, 3)
    assert only("am 3.4.2013", "de").date == Date((2013, 2013), 4, 3)


def test_relative_dates_need_the_day_on_which_they_were_said():
    assert values.find("it rose yesterday") == []
    assert only("it rose yesterday", reference=dt.date(2024, 3, 1)).date == Date((2024, 2024), 2, 29)
    assert only("it rose last year", reference=dt.date(2024, 3, 1)).date == Date((2023, 2023))
    assert only("it rose last month", reference=dt.date(2024, 1, 9)).date == Date((2023, 2023), 12)


@pytest.mark.parametrize(
    ("text", "kind", "low"),
    [
        ("the fifth season", "ordinal", 5),
        ("season 5", "ordinal", 5),
        ("its 32nd year", "ordinal", 32),
        ("they won 2–1", "score", 2),
        ("a 50/50 venture", "score", 50),
    ],
)
def test_places_and_scores_are_no_quantities(text, kind, low):
    value = only(text)
    assert (value.kind, value.low) == (kind, low)


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 spread",
        "an F-16 flew",
        "no one came",
        "at 11:43 it began",
        "the second half",
        "CO 2 rose",
        "the half-life",
    ],
)
def test_digits_and_words_that_count_nothing_are_no_values(text):
    assert [value for value in values.find(text) if value.kind in ("quantity", "date")] == []


def test_names_are_runs_of_capitals_or_those_that_are_known():
    found = values.find("On Monday the mayor Ada Berg met Maria von Lind in Oslo.")
    assert [value.text for value in found] == ["Ada Berg", "Maria von Lind", "Oslo"]
    assert [value.text for value in values.find("ada berg met Lind.", known_names=["ada berg"])] == ["ada berg"]


def test_the_same_measure_in_brackets_counts_the_same_thing():
    first, second = values.find("a wall more than 16 ft (4.9 m) high")
    assert (second.bound, second.unit) == ("over", "length")
    assert second.low == pytest.approx(first.low, rel=0.01)


WORDS = "century half about to of people BC tens thousands one Ada aged between and per year a 20th 1.234,5 $3.5bn"
SCRAPS = st.sampled_from([*"()–%/:'±½٣", "12 December 2013", "−4 °C", "two and a half", "1 234", *WORDS.split()])


@given(st.lists(SCRAPS, max_size=25).map(" ".join) | st.text(max_size=200), st.sampled_from(["en", "de", "fr", "ar"]))
def test_spans_are_exact_ordered_and_apart(text, language):
    found = values.find(text, language, reference=dt.date(2024, 2, 29))
    assert all(text[value.start : value.end] == value.text and value.text for value in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(value.low <= value.high for value in found if value.kind == "quantity")


@given(st.integers(0, 10**12), st.sampled_from(["en", "de", "fr"]))
def test_a_number_is_read_back_as_it_was_written(number, language):
    group = {"en": ",", "de": ".", "fr": "\u202f"}[language]
    assert only(f"{number:,} %".replace(",", group), language).low == number


@pytest.mark.parametrize(
    "text",
    ["1" * 200_000, "1,1" * 60_000, "1 " * 100_000, "a" * 200_000, "half a " * 40_000, "tens of " * 40_000,
     "A b " * 50_000, "12 December 2013 " * 12_000, "(" * 100_000, "1–" * 80_000, "½" * 100_000,
     "between 1 and " * 20_000],
)  # fmt: skip
def test_hostile_text_takes_bounded_time(text):
    began = time.perf_counter()
    values.find(text)
    assert time.perf_counter() - began < 2
