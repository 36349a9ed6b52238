import json

import pytest

from factcheck.evaluation import splitting

pytestmark = pytest.mark.unit


def put(folder, text, *claims):
    """claims: (words, label)."""
    sentence = {"claims": [words for words, _ in claims], "claim_checkworthiness": [label for _, label in claims]}
    (folder / "factcheck_gpt_own/dev").mkdir(parents=True)
    row = {"response": text, "sentences": {"sentence1": sentence}}
    (folder / "factcheck_gpt_own/dev/benchmark.jsonl").write_text(json.dumps(row), "utf-8")
    return splitting.evaluate(folder).metrics


def test_each_statement_of_a_sentence_is_found_as_a_claim_of_its_own(tmp_path):
    claims = ("The council closed the mill.", "factual"), ("The council opened a dam in 2019.", "factual")
    metrics = put(tmp_path, "The council closed the mill and opened a dam in 2019.", *claims)
    assert (metrics["f1"], metrics["precision"], metrics["recall"]) == (1.0, 1.0, 1.0)


def test_a_claim_is_found_once_and_opinions_are_not_asked_for(tmp_path):
    claims = ("The council closed the old mill.", "factual"), ("The council closed the mill.", "factual")
    metrics = put(tmp_path, "The council closed the mill. It should open.", *claims, ("It should open.", "opinion"))
    assert (metrics["precision"], metrics["recall"]) == (1.0, 0.5)


def test_claims_are_alike_by_their_words_without_articles():
    one, other = splitting.words("A dam broke, a DAM."), splitting.words("The dam broke the mill.")
    assert splitting.alike(one, other) == pytest.approx(2 / 3)
