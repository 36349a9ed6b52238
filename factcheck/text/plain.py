"""Is this text that we can work on? Kept exactly as received: no normalisation, no change of line ends."""

import codecs
import unicodedata

MAX_CHARACTERS = 200_000
"""Code points. The longest newspaper features have about as many; more is a book or a mistake. One worker reads prose
of this size in about half a minute.
"""
MAX_LINES = 5_000
"""Lines with anything in them: each is read as a sentence of its own, at least."""


class UnreadableText(ValueError):
    """Its message is a plain sentence for the person who sent the text."""


def checked(text: str) -> str:
    """The same text, or UnreadableText. Positions in messages count characters from 1, as people do."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableText(
            f"The text has {len(text):,} characters; the most that can be taken in is {MAX_CHARACTERS:,}."
        )
    lines = sum(1 for line in text.splitlines() if line.strip())
    if lines > MAX_LINES:
        raise UnreadableText(f"The text has {lines:,} lines; the most that can be taken in is {MAX_LINES:,}.")
    nul = text.find("\0")
    if nul >= 0:
        raise UnreadableText(
            f"The text has a NUL character at position {nul + 1:,}: it is not plain text, or it was damaged on the way."
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        # A lone surrogate cannot be stored as UTF-8, so the database would refuse it much later and less kindly.
        raise UnreadableText(
            f"The text has half of a character (a lone surrogate, U+{ord(text[error.start]):04X}) "
            f"at position {error.start + 1:,}: it was damaged on the way."
        ) from None
    if not any(_visible(character) for character in text):
        raise UnreadableText("The text is empty: there is nothing in it to read.")
    return text


def decoded(data: bytes) -> str:
    """Bytes of a file as text: UTF-8 with or without byte order mark, UTF-16 with one. The mark is not part of the
    text.

    Raises UnreadableText naming the first bad byte, counted from 1. It never guesses an encoding: a wrong guess would
    change an article's words without anyone seeing it.
    """
    encoding, name = "utf-8", "UTF-8"
    if data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, name = "utf-16", "UTF-16"
    try:
        return checked(data.decode(encoding))
    except UnicodeDecodeError as error:
        # These two codecs report positions after the mark that they swallowed.
        start = error.start + (3 if encoding == "utf-8-sig" else 0)
        raise UnreadableText(
            f"The file is not {name} text: byte {start + 1:,} (0x{data[start]:02X}) does not fit. "
            "Save it as UTF-8 and send it again."
        ) from None


def _visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Zs", "Zl", "Zp"}
