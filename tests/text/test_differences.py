"""What changed between two texts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factcheck.text.differences import Piece, Stretch, between

pytestmark = pytest.mark.unit

FIRST, LAST = "The council met on Monday.", "Nobody asked why."


def one(old: str, new: str) -> str:
    """The only touched stretch, as [-removed-] and {+added+}, paragraphs parted by |."""
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    [touched] = [stretch for stretch in between(old, new) if stretch.changed]
    return "|".join("".join(signs[piece.op].format(piece.text) for piece in line) for line in touched.paragraphs)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("It cost 12 million euros.", "It cost 13 million euros.", "It cost [-12-]{+13+} million euros."),
        ("It cost 1.200 euros.", "It cost 1.300 euros.", "It cost [-1.200-]{+1.300+} euros."),
        ("It cost a lot.", "", "[-It cost a lot.-]"),
        ("", "It cost a lot.", "{+It cost a lot.+}"),
        ("She didn't say.", "She did say.", "She [-didn't-]{+did+} say."),
        ("One. Two.", "One.\n\nTwo.", "One.|Two."),
        ("One.\n\nTwo.", "One. Two.", "One.| Two."),
        ("桥花了一千二百万欧元。", "桥花了一千三百万欧元。", "桥花了一千[-二-]{+三+}百万欧元。"),
        ("كلف الجسر 12 مليون يورو.", "كلف الجسر 13 مليون يورو.", "كلف الجسر [-12-]{+13+} مليون يورو."),
        ("पुल की लागत", "पुल का लागत", "पुल [-की-]{+का+} लागत"),
        ("e\u0301te\u0301 et", "hiver et", "[-e\u0301te\u0301-]{+hiver+} et"),
    ],
)
def test_a_change_is_shown_by_the_word(old, new, shown):
    assert one(f"{FIRST}\n\n{old}\n\n{LAST}", f"{FIRST}\n\n{new}\n\n{LAST}") == shown


def test_what_stayed_and_what_changed_come_in_the_order_of_the_text():
    kept = Stretch(False, ((Piece("same", FIRST),),))
    added = Stretch(True, ((Piece("added", LAST),),))
    assert between(FIRST, f"{FIRST}\n\n{LAST}") == [kept, added]
    assert between(FIRST, FIRST + "\n\n") == [kept]
    assert between("", " \n ") == []


PARAGRAPHS = st.lists(st.sampled_from(["One two.", "Two one.", "三四", "One  two", "a\u0301 b", "½, 3.5!", "x" * 40]))


@given(PARAGRAPHS, PARAGRAPHS)
@example(["One two."], ["One two.", "One two."])
def test_both_texts_can_be_read_out_of_it(old, new):
    stretches = between("\n".join(old), "\n\n".join(new))
    pieces = [piece for stretch in stretches for line in stretch.paragraphs for piece in line]
    for text, left_out in ((old, "added"), (new, "removed")):
        assert "".join("".join(p.text for p in pieces if p.op != left_out).split()) == "".join("".join(text).split())


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_it(old, new):
    stretches = between(old, new)
    assert any(stretch.changed for stretch in stretches) or [
        line.strip() for line in old.split("\n") if line.strip()
    ] == [line.strip() for line in new.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 50_000, "b c " * 50_000),
        ("\n".join("xy"[n % 2] for n in range(5_000)), "\n".join("yxx"[n % 3] for n in range(5_000))),
    ],
)
def test_too_much_that_is_alike_is_shown_whole(old, new):
    [touched] = [stretch for stretch in between(old, new) if stretch.changed]
    assert {piece.op for line in touched.paragraphs for piece in line} >= {"removed", "added"}
