import pytest

from factcheck.evaluation.metrics import Counts, at_threshold, average_precision, best_threshold, calibration_error

pytestmark = pytest.mark.unit


def test_spans_count_only_when_both_ends_are_right():
    counts = Counts()
    counts.add({(0, 5), (6, 9)}, {(0, 5), (6, 10), (11, 12)})
    assert counts.metrics() == pytest.approx({"f1": 0.4, "precision": 0.5, "recall": 1 / 3})


def test_nothing_given_and_nothing_wanted_is_zero_and_no_error():
    assert Counts().metrics() == {"f1": 0.0, "precision": 0.0, "recall": 0.0}
    assert average_precision([], []) == 0.0
    assert calibration_error([], []) == 0.0


def test_average_precision_by_hand():
    # Hits at ranks 1 and 3: (1/1 + 2/3) / 2.
    assert average_precision([0.9, 0.8, 0.7, 0.1], [1, 0, 1, 0]) == pytest.approx(5 / 6)


def test_average_precision_does_not_depend_on_the_order_of_equal_values():
    assert average_precision([0.5, 0.5], [1, 0]) == average_precision([0.5, 0.5], [0, 1]) == 0.5


def test_average_precision_agrees_with_scikit_learn():
    from sklearn.metrics import average_precision_score

    values, labels = [0.1, 0.4, 0.35, 0.8, 0.4, 0.7], [0, 0, 1, 1, 1, 0]
    assert average_precision(values, labels) == pytest.approx(average_precision_score(labels, values))


def test_the_best_threshold_is_where_f1_is_highest():
    values, labels = [0.9, 0.8, 0.7, 0.1], [1, 0, 1, 0]
    assert best_threshold(values, labels) == 0.7
    assert at_threshold(values, labels, 0.7)["f1"] == pytest.approx(0.8)


def test_values_that_keep_their_word_have_no_calibration_error():
    assert calibration_error([0.25] * 4 + [1.0], [1, 0, 0, 0, 1]) == pytest.approx(0.0)


def test_values_that_promise_too_much_have_one():
    assert calibration_error([0.9] * 10, [1] * 5 + [0] * 5) == pytest.approx(0.4)
