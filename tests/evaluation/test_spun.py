"""Made garbled articles, and how marks are held against listed phrases."""

import json

import numpy as np
import pytest

from factcheck.evaluation import spinning, spun
from factcheck.evaluation.readers import UnreadableData
from factcheck.text import pairings
from factcheck.text.spun import Mark

pytestmark = pytest.mark.unit

TEXT = "The Harbour was closed, and the harbour master said the harbour would stay closed."


def test_a_share_of_the_words_is_replaced_and_known_by_place():
    made = spinning.spin(TEXT, {"harbour": ["haven"], "closed": ["shut"]}, 0.4, 1)
    assert made == spinning.spin(TEXT, {"harbour": ["haven"], "closed": ["shut"]}, 0.4, 1)
    assert len(made.originals) == 4
    back = made.text
    for at, original in sorted(made.originals.items(), reverse=True):
        new = next(word for word in ("Haven", "haven", "shut") if back.startswith(word, at))
        back = back[:at] + original + back[at + len(new) :]
    assert back == TEXT
    assert spinning.spin(TEXT, {}, 0.4, 1) == spinning.Spun(TEXT, {})


def test_figures_of_telling_apart():
    figures = spun.told_apart([0.1, 0.2, 0.3, 0.6], [0.2, 0.7, 0.8, 0.9])
    assert figures["auc"] == pytest.approx((1.5 + 4 + 4 + 4) / 16)
    assert figures["called_suspicious"] == 0.75


@pytest.mark.parametrize(
    ("likely", "right"),
    [(("gas",), True), (("natural gas",), True), (("pure",), False), (("a", "b", "c", "gas"), False), (("",), False)],
)
def test_an_original_counts_when_one_of_the_first_three_restores_it(likely, right):
    assert spun.restores(Mark(5, 9, likely, (), 0.9), "pure fuel", "natural gas") is right


def test_listed_phrases_are_read_by_place_or_by_words(tmp_path):
    phrases = [{"phrase": "haven", "original": "harbour"}, {"start": 0, "end": 3, "original": "A"}]
    folder = tmp_path / "spun_article" / "dev"
    folder.mkdir(parents=True)
    path = folder / "docs.jsonl"
    path.write_text(json.dumps({"text": "The haven", "phrases": phrases}))
    assert spun.substituted(tmp_path)[0].phrases == ((4, 9, "harbour"), (0, 3, "A"))
    path.write_text(json.dumps({"text": "The haven", "phrases": [{"phrase": "port", "original": "harbour"}]}))
    with pytest.raises(UnreadableData, match="does not stand in its text"):
        spun.substituted(tmp_path)


def test_pairs_come_back_from_the_gaps_between_them():
    ordered = pairings.numbers(np.array([0, 0, 29_999]), np.array([0, 7, 30_002]))
    assert pairings.unpacked(pairings.packed(ordered)).tolist() == [0, 7, (29_999 << 15) + 30_002]
    assert pairings.unpacked(pairings.packed(ordered[:0])).tolist() == []


def test_a_steady_machine_puts_the_same_word_each_time():
    others = {"harbour": ["haven", "port", "dock", "quay"], "would": ["should"]}
    made = spinning.spin(TEXT, others, 0.4, 3, steady=True)
    put = {made.text[at:].split()[0].strip(",.").lower() for at, was in made.originals.items() if was != "would"}
    assert len(put) == 1
