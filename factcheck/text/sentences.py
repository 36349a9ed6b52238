"""A text's sentences, headings and list items, as exact spans.

Rules of our own for English, `sentencex` for every other language; both obey the same three rules of the desk: a line
end is a border (unless a line was only wrapped), what a quotation of several sentences holds stays linked as one, and
every character that is not white space lies in exactly one span.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import sentencex

from factcheck.text import quotations
from factcheck.text.abbreviations import NEVER_LAST, SELDOM_LAST, SPEECH, STARTERS, words
from factcheck.text.quotations import Quotation

Kind = Literal["sentence", "heading", "item"]

LONGEST = 4_000
"""Code points. Longer stretches without a border are cut at white space, so that what reads them needs bounded
memory."""

HEADING_WORDS = 14
"""A paragraph with more words than this is prose that lost its full stop; news headlines have 5 to 12 words."""

CHUNK = 5_000
"""Code points given to sentencex at once: its time grows with the square of the quotation marks in one paragraph."""


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    """One past the last code point; text[start:end] has no white space at either end."""
    kind: Kind
    quotation: tuple[int, int] | None = None
    """The quotation, its marks included, that this sentence shares with its neighbours; None for one that stands in
    a single sentence."""


def split(text: str, language: str = "en") -> list[Sentence]:
    """Spans in order, not overlapping. `language`: ISO 639-1, with or without a region. Raises on no str."""
    found: list[Sentence] = []
    lines = list(paragraphs(text))
    for start, end in lines:
        borders = _english(text, start, end) if is_english(language) else _other(text, start, end, language)
        spans = list(_cut(text, start, end, borders))
        for first, last in spans:
            found.append(Sentence(first, last, _kind(text, first, last, alone=len(spans) == 1)))
    return _linked(found, quotations.in_article(text, lines))


def _linked(found: list[Sentence], quoted: list[Quotation]) -> list[Sentence]:
    """Gives every sentence the quotation that it shares with another."""
    at = 0
    for quotation in quoted:
        while at < len(found) and found[at].end <= quotation.start:
            at += 1
        last = at
        while last + 1 < len(found) and found[last + 1].start < quotation.end:
            last += 1
        if last > at:
            for one in range(at, last + 1):
                if found[one].quotation is None:
                    found[one] = replace(found[one], quotation=(quotation.start, quotation.end))
    return found


def is_english(language: str) -> bool:
    """Also en-GB, en_US, EN."""
    return language.lower().replace("_", "-").partition("-")[0] == "en"


def content(text: str, sentence: Sentence) -> tuple[int, int]:
    """An item without its bullet or number; anything else as it is."""
    marker = _MARKER.match(text, sentence.start, sentence.end) if sentence.kind == "item" else None
    return (marker.end() if marker else sentence.start), sentence.end


# Paragraphs

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Stretches between line ends; lines that were only wrapped to a width are put together again."""
    for block in _blocks(text):
        widest = max(end - start for start, end in block)
        narrow = widest <= WIDEST and any(
            _runs_on(text, line, following) for line, following in itertools.pairwise(block)
        )
        first = 0
        for at, (start, end) in enumerate(block):
            full = narrow and end - start >= widest - RAGGED
            if at + 1 == len(block) or not (full and _may_join(text, (start, end), block[at + 1])):
                yield block[first][0], end
                first = at + 1


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Lines with no blank line between them."""
    block: list[tuple[int, int]] = []
    for found in _LINE.finditer(text):
        if found.group().isspace():
            continue
        between = text[block[-1][1] : found.start()] if block else ""
        if between.count("\n") > 1 or between.count("\r") > 1:
            yield block
            block = []
        block.append(found.span())
    if block:
        yield block


WIDEST, RAGGED = 100, 18
"""Plain-text mail and telegrams wrap at 60 to 80 columns, and no line but a paragraph's last ends a long word early."""


def _runs_on(text: str, line: tuple[int, int], following: tuple[int, int]) -> bool:
    """Stops in mid-sentence, and the next line begins in small letters: sure sign of a narrow column."""
    ends, begins = text[line[0] : line[1]].rstrip()[-1], text[following[0] : following[1]].lstrip()[0]
    return line[1] - line[0] >= WIDEST - 3 * RAGGED and begins.islower() and ends not in ".!?:;"


def _may_join(text: str, line: tuple[int, int], following: tuple[int, int]) -> bool:
    ends = text[line[0] : line[1]].rstrip()[-1]
    return ends not in ".!?:;" and not _MARKER.match(text, following[0], following[1])


# English

_CLOSERS = "\"'”’»)]}›"
_CANDIDATE = re.compile(
    r"(?<![.!?…。！？‽])(?P<stop>(?:\.[ \u00a0]){2,}\.++|[.!?…。！？‽]++)(?P<closers>[\"'”’»)\]}›]*)"
    r"(?P<note>(?:\s?\[(?:\d{1,3}|[a-z]|citation needed)\])*(?:\s[:;=]['’]?-?[()DPpO3/|*]+(?=\s|$))?)"
    r"(?P<gap>\s+|$|(?<=[”\"a-z!?.])(?=[A-Z“]))"
    # What separates without a stop: a smiley, a ruled line, an address, words left out, and what letters begin and end
    # with: the time that they were sent, "Dear Ms Lind,", "Best regards,".
    r"|(?P<rule>(?<!\S)(?:[:;=]['’]?-?[()DP]+(?=\s+[A-Z])|[*_=~#]{3,}|-{5,}|http[^\s,;]+(?=\s+(?:[A-Z]|https?:))"
    r"|\[(?:\.\.\.|…)\](?=\s+[A-Z])|\d\d?/\d\d?/\d{2,4},? \d\d?:\d\d(?::\d\d)?(?: [AP]M(?=\s)|(?! ?[AP]M)(?=\s+[A-Z]))"
    r"|(?:Dear(?: [A-Z][\w.]*){1,4}|[Rr]egards|Sincerely|Yours truly|Cheers),(?=\s+[A-Z]))|(?=\s[*_=~]{5,}))\s+"
)
_WORD_BEFORE = re.compile(r"[^\s“”\"‘’«»()\[\]{}/—–]+$")
_NEXT = re.compile(r"[\"'“”‘’«»(\[{*_¿¡•–—-]*\s?([^\W_]+(?:['’.][^\W_]+)*)?")
_MARKER = re.compile(
    r"\s*(?:[•⁃▪●◦‣·∙*+–—-]+(?:\s*\d{1,3}[.)]+)?|(?:\d{1,2}\.){1,3}\d{0,2}|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})(?:\.\)|[.)]))\s++(?=\S)"
    r"|\s*[•⁃▪●◦‣](?=\w)"
)
_GLUED_HEADING = re.compile(
    r"(?:[^\s.!?:;”\"]+[ \u00a0]){2,12}?(?=(?:(?:In|On|At|The|It|He|She|We|They|This|These|There|When|If|After|As|For)"
    r" (?:[a-z]{2,}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b[, ]))"
    r"|(?:[^\s.!?:;”\"]+[ \u00a0]){1,12}?(?=(?:Image|Photo|Photograph|Picture|Video|Source|Credit): [A-Z])"
)
"""A heading, date or picture's caption and the first sentence after it, in one line: an article copied without its
layout."""
_CREDIT = re.compile(r"(?:Image|Photo|Photograph|Picture|Video|Source|Credit): ")
_DATE = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}),? \d{4}"
_DATED = re.compile(rf"{_DATE}\s+(?=[A-Z“\"])")
_DATE_LAST = re.compile(rf"(?<=[\w”\"'’?!])\s{_DATE}\s*$")
"""A date with its day of the week that begins or ends a line of its own: a dateline."""
_INFORMAL = re.compile(r"(?<=[.!?] )(?:i|im|u)\b|\bi(?:'m|'ve|’m|’ve)?\s[a-z]")
"""Somebody writes without capitals: then a small letter may begin a sentence."""
_CAPTION = re.compile(r"(?:Figure|Fig\.?|Table|Listing|Box|Chapter|Section|Part|Step|Photo) \d{1,3}$")
_SIGNED = re.compile(r"[-–—―]+\s?(?:[^\s.!?]+\s?){1,8}\.?$")
"""After a closed quotation, to the end of the line: — Ada Berg."""
_CONTINUES = words("and or but in of to as at by on for with from than is was are were ’s 's")
"""In small letters after a question or exclamation mark these carry a name or a title on: Yahoo! and others."""


def _english(text: str, start: int, end: int) -> Iterator[int]:
    """Positions where a sentence begins, the paragraph's first excepted."""
    quoted = quotations.find(text, start, end)
    items = _items(text, start, end)
    marker = _MARKER.match(text, start, end)
    at = marker.end() if marker else start
    heading = _GLUED_HEADING.match(text, start, end)
    if dated := _DATED.match(text, start, end):
        yield dated.end()
        at = dated.end()
    elif heading and not marker and text[heading.end() - 2] not in ",-–—―":
        # "Ada Berg In …" is more likely a name than a heading; before a picture's credit it may well be one.
        named = text[start : heading.end()].istitle() and not _CREDIT.match(text, heading.end())
        if not named:
            yield heading.end()
    informal = bool(_INFORMAL.search(text, start, end))
    which = 0
    listed = 0
    while candidate := _CANDIDATE.search(text, at, end):
        while listed < len(items) and items[listed].start() <= candidate.start():
            yield items[listed].start()
            listed += 1
        at = candidate.end()
        if at >= end:
            break
        while which < len(quoted) and quoted[which].end <= candidate.start():
            which += 1
        # A quotation's last stop stands inside it, its closing mark among the closers: nothing is divided there.
        spoken_to = candidate.end("closers") if candidate["stop"] else candidate.start()
        inside = which < len(quoted) and quoted[which].start < candidate.start() and spoken_to < quoted[which].end
        if inside and not _divides(text, quoted[which], candidate):
            continue
        if listed and candidate.start() < items[listed - 1].end():  # the full stop of "2."
            continue
        if candidate["stop"] is None or _is_border(text, start, end, candidate, informal):
            yield at
    if dateline := _DATE_LAST.search(text, max(start, end - 40), end):
        yield dateline.start()
    for item in items[listed:]:
        yield item.start()


def _divides(text: str, quoted: Quotation, candidate: re.Match[str]) -> bool:
    """May a sentence end here within a quotation? Not after one shouted word, nor where words were left out."""
    before, after = text[quoted.start : candidate.start()], text[candidate.end() : quoted.end]
    omitted = candidate["stop"] in {"…", "..."} and before[-1:].isspace()
    return not omitted and len(before.split()) >= 2 and len(after.split()) >= 2


def _items(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The second and later markers of a list that runs on in one paragraph: "1. Wash 2. Peel", "a) this b) that"."""
    first = re.compile(r"\s*([•⁃▪●◦‣]?\s?)(\d{1,2}|[a-h])(\.\)|[.)])\s").match(text, start, end)
    if not first:
        return []
    found: list[re.Match[str]] = []
    label, at = first[2], first.end()
    while True:
        label = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
        pattern = rf"(?<=\s){re.escape(first[1])}{label}{re.escape(first[3])}\s(?=\S)"
        following = re.compile(pattern).search(text, at, min(end, at + 2_000))
        if not following:
            return found
        found.append(following)
        at = following.end()


def _is_border(text: str, start: int, end: int, candidate: re.Match[str], informal: bool) -> bool:
    stop, closers, gap = candidate["stop"], candidate["closers"], candidate["gap"]
    before = _WORD_BEFORE.search(text, max(start, candidate.start() - 40), candidate.start())
    word = before.group() if before else ""
    following = _NEXT.match(text, candidate.end(), min(end, candidate.end() + 60))
    opening = text[candidate.end()]
    upcoming = (following.group(1) or "") if following else ""
    if opening in ")]":
        return False
    if not gap:
        return _glued(text, end, candidate, word)
    lower = upcoming[:1].islower()
    if closers and closers[-1] in "\"'”’»›" and _goes_on(text, end, candidate.end(), stop, lower):
        return False
    if opening in ("-–—―" if closers else "—―") and _SIGNED.match(text, candidate.end(), end):
        return False
    if lower and opening not in '“"‘':
        return _informal(word, stop, upcoming, closers, informal)
    if "…" in stop or (len(stop) > 1 and set(stop) <= set(". \u00a0")):
        # Three dots may be a pause; four are a pause and a full stop.
        bracketed = "]" in closers and candidate.start() > start and text[candidate.start() - 1] == "["
        paused = stop.count(".") == 3 and (upcoming.split("’")[0].split("'")[0] == "I" or " " in stop)
        return not lower and not (bracketed and opening == "(") and not paused
    if stop == "." and not closers:
        return _full_stop(text, start, candidate, word, upcoming)
    if set(stop) <= set("?!") and (opening == "(" or not (upcoming or opening in '“"‘')):
        return not upcoming[:1].isdigit() and opening != ":"
    return True


def _goes_on(text: str, end: int, at: int, stop: str, lower: bool) -> bool:
    """After a closing quotation mark: does the sentence go on with who said it?"""
    if lower:
        return True
    upcoming = text[at : min(end, at + 70)].split()[1:4]
    if "." in stop:
        # “It is over.” Smith said. — only when the clause is short and then ends.
        return any(word.endswith(".") and word.rstrip(".") in SPEECH for word in upcoming)
    return any(word.strip(".,:;") in SPEECH for word in upcoming)


def _informal(word: str, stop: str, upcoming: str, closers: str, informal: bool) -> bool:
    """A small letter after a stop: a border only where people plainly write without capitals."""
    if closers or "…" in stop or (len(stop) > 1 and "." in stop):
        return False
    if upcoming.startswith("http"):
        return True
    if stop[0] in "!?":
        return informal or upcoming not in _CONTINUES or (stop[0] == "?" and word.islower())
    longest = 1 if informal or upcoming in STARTERS else 2
    plain = len(word) > longest and word.isalpha() and word.islower() and word not in NEVER_LAST | SELDOM_LAST
    return plain and upcoming not in _CONTINUES


def _full_stop(text: str, start: int, candidate: re.Match[str], word: str, upcoming: str) -> bool:
    """One plain full stop before a capital, a figure or a mark."""
    bare = word.lower().lstrip("$£€#@*")
    starter = {upcoming.lower(), upcoming.split("’")[0].split("'")[0].lower()} & STARTERS
    if bare in NEVER_LAST or bare.rpartition("-")[2] in NEVER_LAST:
        return False
    if upcoming[:1].isdigit() and (bare in SELDOM_LAST or bare in {"no", "art", "div"}):
        return False
    if bare == "no":
        return True
    if len(word) == 1 and word.isalpha():
        if word.islower():
            return False
        # An initial, unless a sentence plainly ends with a letter: "Plan B. The", "you and I. Did".
        previous = text[max(start, candidate.start() - 14) : candidate.start() - 1].split()
        named = bool(previous) and previous[-1][:1].isupper() and previous[-1] not in {"Plan", "Group", "Vitamin"}
        return bool(starter) and (not named or word != "I")
    if bare in SELDOM_LAST or re.fullmatch(r"(?:[a-z]\.)+[a-z]", bare):
        return bool(starter)
    return not _CAPTION.match(text, max(start, candidate.start() - 20), candidate.start()) or (
        candidate.start() - start > 20
    )


def _glued(text: str, end: int, candidate: re.Match[str], word: str) -> bool:
    """No white space after the stop ("expected.The"): a border between two plain words only, never in an address."""
    rest = re.match(r"“?([A-Z][a-z]+|[AI])(?=[\s,’'])", text[candidate.end() : min(end, candidate.end() + 30)])
    plain = word.isalpha() and word.islower() and len(word) > 1
    paused = "…" in candidate["stop"] or candidate["stop"].startswith("...")
    return bool(rest) and plain and (paused or len(candidate["stop"]) == 1) and not candidate["note"]


# Other languages


def _other(text: str, start: int, end: int, language: str) -> Iterator[int]:
    quoted = quotations.find(text, start, end)
    which, at = 0, start
    while at < end:
        stop = min(end, at + CHUNK)
        if stop < end:
            space = max(text.rfind(" ", at, stop), text.rfind(". ", at, stop))
            stop = space + 1 if space > at else stop
        for boundary in sentencex.get_sentence_boundaries(language, text[at:stop]):
            border = at + int(boundary["end_index"])
            while which < len(quoted) and quoted[which].end <= border:
                which += 1
            torn = which < len(quoted) and quoted[which].start < border
            ended = stop == end or border < stop
            if border < end and not torn and ended:
                yield border
        at = stop


# What both share


def _cut(text: str, start: int, end: int, borders: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Spans between borders, white space trimmed, none longer than LONGEST."""
    first = start
    for border in [*borders, end]:
        while border - first > LONGEST:
            at = max(text.rfind(mark, first + LONGEST // 2, first + LONGEST) for mark in " \t\u00a0") + 1
            at = at or first + LONGEST
            while at < border and (unicodedata.combining(text[at]) or text[at] in "\u200d\ufe0f"):
                at += 1
            yield from _trimmed(text, first, at)
            first = at
        yield from _trimmed(text, first, border)
        first = border


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _kind(text: str, start: int, end: int, *, alone: bool) -> Kind:
    if _MARKER.match(text, start, end):
        return "item"
    if not alone:
        return "sentence"
    length = len(text[start:end].split())
    ending = text[start:end].rstrip(_CLOSERS)[-1:]
    if length <= HEADING_WORDS and ending not in ".!?…;,。！？؟।" and text[end - 1] not in '”"»':
        return "heading"
    return "sentence"
