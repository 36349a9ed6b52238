import pytest

from factcheck.text.plain import MAX_CHARACTERS, UnreadableText, checked, decoded

pytestmark = pytest.mark.unit

DAMAGE = "Rain fell.\r\nThe river\u00a0rose, e\u0301tude and \u00e9tude.\n"


def test_text_comes_back_exactly_as_it_was_sent():
    assert checked(DAMAGE) == DAMAGE


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b\u200d\ufeff", "\x01\x02", "\u00a0\u2003"])
def test_text_with_nothing_to_see_is_called_empty(text):
    with pytest.raises(UnreadableText, match="empty"):
        checked(text)


def test_a_nul_character_is_refused_with_its_position():
    with pytest.raises(UnreadableText, match="NUL character at position 6"):
        checked("River\0 rose")


def test_a_lone_surrogate_is_refused_with_its_position():
    with pytest.raises(UnreadableText, match=r"U\+D83D\) at position 7"):
        checked("River \ud83d rose")


def test_a_text_of_the_greatest_length_is_taken():
    text = "a" * MAX_CHARACTERS
    assert checked(text) is text


def test_five_megabytes_are_refused_with_both_numbers():
    with pytest.raises(UnreadableText, match=r"5,000,000 characters.*200,000"):
        checked("a" * 5_000_000)


def test_text_right_to_left_and_emoji_are_text():
    assert checked("ارتفع النهر ثلاثة أمتار. 🌊") == "ارتفع النهر ثلاثة أمتار. 🌊"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_bytes_of_each_known_encoding_give_the_same_text(encoding):
    assert decoded(DAMAGE.encode(encoding)) == DAMAGE


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"caf\xe9 au lait", r"byte 4 \(0xE9\)"),
        (b"\xef\xbb\xbfcaf\xe9 au lait", r"byte 7 \(0xE9\)"),
        (b"\xff\xfea\x00\x00\xd8", r"UTF-16 text: byte 5 "),
    ],
)
def test_bytes_of_no_known_encoding_are_refused_at_the_first_bad_one(data, place):
    with pytest.raises(UnreadableText, match=place):
        decoded(data)


def test_messages_are_sentences_for_people():
    for text in ("", "a\0", "a\udc00", "a" * 1_000_001):
        with pytest.raises(UnreadableText) as refused:
            checked(text)
        assert str(refused.value).startswith("The text ")
        assert str(refused.value).endswith(".")
