import pytest

from factcheck.text.quotations import MAX_LENGTH, find

pytestmark = pytest.mark.unit


def quoted(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “a b” and “c d”.", ["“a b”", "“c d”"]),
        ('He said "a b" and "c d".', ['"a b"', '"c d"']),
        ("He said ''a b'' once.", ["''a b''"]),
        ("He said «a b» once.", ["«a b»"]),
        ("Er sagte »a b« einmal.", ["»a b«"]),
        ("Er sagte „a b“ einmal.", ["„a b“"]),
        ("“He said ‘a b’ to me.”", ["“He said ‘a b’ to me.”"]),
        ("It’s the workers’ day.", []),
        ("“never closed", []),
        ("never opened”", []),
        ('a 6" pipe and a 9" pipe', []),
    ],
)
def test_quotations_are_found_by_their_marks(text, found):
    assert quoted(text) == found


def test_a_stretch_too_long_for_a_quotation_is_two_lost_marks():
    assert quoted("“" + "a " * MAX_LENGTH + "”") == []


def test_only_the_given_paragraph_is_read():
    text = "“one\ntwo” “three”"
    assert [(one.start, one.end) for one in find(text, 5, len(text))] == [(10, 17)]
