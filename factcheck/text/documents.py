"""Files as they are sent in: from bytes, a name and a media type to a reading, whatever wrote them.

    bytes ─ kind_of ─► html · markdown · pdf · docx · mail · plain text ─► Document

What a file is, its first bytes say where they can; only between kinds of plain text do its media type and name decide.
Nothing inside a file is run, fetched or followed, and each kind has a limit of its own before anything is unpacked.
"""

import codecs
import email.policy
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import PurePath
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTTextBox
from pdfminer.pdfdocument import PDFDocument, PDFNoValidXRef, PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import decode_text

from factcheck.text import extraction
from factcheck.text.extraction import Block, Kind, Reading, Source, identity
from factcheck.text.extraction.reading import BETWEEN
from factcheck.text.plain import MAX_CHARACTERS, UnreadableText, checked, decoded

LARGEST = 15_000_000
"""Bytes of one file, a little less than the web server takes of a request; a newspaper page as a PDF has some 5 MB."""
LARGEST_UNPACKED = 100_000_000
"""Bytes of a Word file's parts together, when unpacked."""
LARGEST_PART = 50_000_000
"""Bytes of its main part alone: the tree that it makes in memory is ten times as large."""
MOST_PAGES = 100
"""Of a PDF. One page takes about a tenth of a second."""
MOST_ATTACHMENTS = 50
"""Parts of a mail that are named as left out."""

HTML, PLAIN, MARKDOWN = "text/html", "text/plain", "text/markdown"
PDF, MAIL = "application/pdf", "message/rfc822"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BY_ENDING = {
    ".html": HTML, ".htm": HTML, ".xhtml": HTML, ".txt": PLAIN, ".text": PLAIN, ".md": MARKDOWN, ".markdown": MARKDOWN,
    ".pdf": PDF, ".docx": DOCX, ".eml": MAIL,
}  # fmt: skip
READABLE = ", ".join(sorted(BY_ENDING))
SAID = {PDF: "a PDF", DOCX: "a Word document (.docx)"}
# First bytes of what people send by mistake, and what to do instead.
STRANGERS = (
    (
        b"\xd0\xcf\x11\xe0",
        "This is a file of an old Word, Excel or Outlook. Save it as .docx or PDF and send it again.",
    ),
    (b"{\\rtf", "This is a rich text file (.rtf). Save it as .docx or PDF and send it again."),
    (b"\x89PNG", "This is a picture. The desk does not read words off pictures; send the text itself."),
    (b"\xff\xd8\xff", "This is a picture. The desk does not read words off pictures; send the text itself."),
    (b"GIF8", "This is a picture. The desk does not read words off pictures; send the text itself."),
    (b"\x1f\x8b", "This is a packed file. Unpack it and send what is in it."),
)


@dataclass(frozen=True, slots=True)
class Document:
    """`media_type`: what it turned out to be. `left_out`: names of attachments, which were not read."""

    reading: Reading
    media_type: str
    left_out: tuple[str, ...] = ()


def read(data: bytes, *, name: str = "", media_type: str = "", url: str = "", charset: str | None = None) -> Document:
    """`name`, `media_type`: as the sender says, either may be "" or wrong. `url`, `charset`: of a fetched page.

    Raises UnreadableText with a sentence for the sender: too large, empty, encrypted, or not what it says it is.
    """
    if len(data) > LARGEST:
        raise UnreadableText(f"The file has {len(data):,} bytes; the most that can be taken in is {LARGEST:,}.")
    if not data.strip():
        raise UnreadableText("The file is empty: there is nothing in it to read.")
    kind = kind_of(data, name, media_type)
    if kind == HTML:
        return Document(_within(extraction.read(data, url=url, charset=charset)), HTML)
    if kind == MAIL:
        return _mail(data)
    return Document(_within(_with_language(READERS[kind](data))), kind)


def typed(text: str, *, language: str = "") -> Document:
    """Plain text that somebody pasted. `language`: when it is known, none is guessed. Raises UnreadableText."""
    reading = _reading(checked(text))
    return Document(reading if language else _with_language(reading), PLAIN)


def kind_of(data: bytes, name: str = "", media_type: str = "") -> str:
    """What it is. Raises UnreadableText when nothing here reads it, or when it is not what it says."""
    for start, sentence in STRANGERS:
        if data.startswith(start):
            raise UnreadableText(sentence)
    said = BY_ENDING.get(PurePath(name).suffix.lower(), "")
    if media_type in BY_ENDING.values() and (not said or media_type != PLAIN):
        said = media_type if said in ("", PLAIN, HTML) else said
    found = _sniffed(data)
    if found is None and said in SAID:
        raise UnreadableText(f"The file is called {SAID[said]} and is none: it may have been damaged on the way.")
    return found or said or PLAIN


def _sniffed(data: bytes) -> str | None:
    """PDF or DOCX where the bytes say so; a page where they begin like one. None: some text."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                if "word/document.xml" in packed.namelist():
                    return DOCX
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise UnreadableText("The file is damaged: it cannot be unpacked.") from None
        raise UnreadableText("This is a packed file, and no Word document. Unpack it and send what is in it.")
    start = data[:512].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return HTML if start.startswith((b"<!doctype html", b"<html")) else None


# --- what the readers have in common ---------------------------------------------------------------------------------

Piece = tuple[Kind, int, str]


def _reading(text: str, blocks: tuple[Block, ...] = (), headline: str = "", **found: Any) -> Reading:
    """`headline`: the title as it stands above the text. `found`: what the file says of itself, by field; what is empty
    was not said."""
    known = {field: value for field, value in found.items() if value}
    values: dict[str, Any] = {
        "title": "", "authors": (), "byline": "", "outlet": "", "published": None, "day": None, "modified": None,
        "language": "", "canonical": "",
    }  # fmt: skip
    sources = dict.fromkeys(known, Source.FILE)
    if headline:
        known["title"], sources["title"] = headline, Source.VISIBLE
    if "published" in known:
        values["day"] = known["published"].date() if isinstance(known["published"], datetime) else known["published"]
    return Reading(text=text, blocks=blocks, sources={"text": Source.VISIBLE, **sources}, **{**values, **known})


def _of_pieces(pieces: list[Piece], nothing: str, headline: str = "", **found: Any) -> Reading:
    """Blocks joined by blank lines. `nothing`: the sentence when there is no word in them."""
    pieces = [(kind, level, text.strip()) for kind, level, text in pieces if text.strip()]
    if not pieces:
        raise UnreadableText(nothing)
    placed, at = [], 0
    for kind, level, text in pieces:
        placed.append(Block(kind, level, at, at + len(text)))
        at += len(text) + len(BETWEEN)
    return _reading(BETWEEN.join(text for _, _, text in pieces), tuple(placed), headline, **found)


def _with_language(reading: Reading) -> Reading:
    """The language that the text is surely in, said to be guessed."""
    if reading.language or not (code := identity.spoken(reading.text)):
        return reading
    return replace(reading, language=code, sources={**reading.sources, "language": Source.GUESSED})


def _within(reading: Reading) -> Reading:
    """A text that a version can hold."""
    checked(reading.text)
    return reading


# --- plain text and Markdown -----------------------------------------------------------------------------------------


def _plain(data: bytes) -> Reading:
    return _reading(decoded(data))


def _markdown(data: bytes) -> Reading:
    """CommonMark without its signs. The first heading of level 1 is the title, and not part of the text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(decoded(data))
    pieces = list(_markdown_pieces(tokens))
    title = ""
    if pieces and pieces[0][:2] == (Kind.HEADING, 1):
        title = pieces.pop(0)[2]
    return _of_pieces(pieces, "The file has no text but its title." if title else "The file has no text.", title)


def _markdown_pieces(tokens: list[Token]) -> Iterator[Piece]:
    lists, quotes, heading = 0, 0, 0
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists += 1
            case "bullet_list_close" | "ordered_list_close":
                lists -= 1
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "tr_open":
                row = []
            case "tr_close":
                yield Kind.ROW, 0, " | ".join(row or ())
                row = None
            case "fence" | "code_block":
                yield Kind.PARAGRAPH, 0, token.content
            case "inline" if row is not None:
                row.append(_words_of(token))
            case "inline" if heading:
                yield Kind.HEADING, heading, _words_of(token)
            case "inline" if lists:
                yield Kind.LIST_ITEM, lists, _words_of(token)
            case "inline":
                yield Kind.QUOTE if quotes else Kind.PARAGRAPH, 0, _words_of(token)


def _words_of(token: Token) -> str:
    """Text and code of a line; a picture's description; no marks, no addresses, no HTML."""
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(
        breaks.get(child.type, child.content if child.type in ("text", "code_inline", "image") else "")
        for child in token.children or ()
    )


# --- PDF -------------------------------------------------------------------------------------------------------------


def _pdf(data: bytes) -> Reading:
    """Its text boxes in the order in which they lie on the pages. Scanned pages have none."""
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
        if sum(1 for _ in zip(PDFPage.create_pages(document), range(MOST_PAGES + 1), strict=False)) > MOST_PAGES:
            raise UnreadableText(f"The PDF has more than {MOST_PAGES} pages; send the pages that matter.")
        pieces: list[Piece] = []
        size = 0
        for page in extract_pages(io.BytesIO(data), laparams=LAParams()):
            boxes = [" ".join(box.get_text().split()) for box in page if isinstance(box, LTTextBox)]
            size += sum(map(len, boxes))
            if size > MAX_CHARACTERS:
                raise UnreadableText(
                    f"The PDF has more than {MAX_CHARACTERS:,} characters; send the pages that matter."
                )
            pieces += [(Kind.PARAGRAPH, 0, box) for box in boxes]
        details = document.info[0] if document.info else {}
        title, author = _detail(details, "Title"), _detail(details, "Author")
    except UnreadableText:
        raise
    except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed):
        raise UnreadableText("The PDF is locked with a password. Save it without one and send it again.") from None
    except Exception as error:  # a broken PDF breaks its reader in every way there is
        wrong = "has no table of contents of its own" if isinstance(error, PDFNoValidXRef) else "cannot be read"
        raise UnreadableText(f"The PDF is damaged: it {wrong}.") from error
    scanned = "No text was found in the PDF: its pages may be pictures. The desk does not read words off pictures."
    return _of_pieces(pieces, scanned, title=title, authors=(author,) if author else ())


def _detail(details: Mapping[str, Any], name: str) -> str:
    value = details.get(name)
    text = decode_text(value) if isinstance(value, bytes) else ""
    return " ".join(text.replace("\0", "").split())


# --- Word ------------------------------------------------------------------------------------------------------------


def _docx(data: bytes) -> Reading:
    """Paragraphs and tables in their order, headings by their style. Headers, footnotes and comments are left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sizes = {part.filename: part.file_size for part in packed.infolist()}
    if sum(sizes.values()) > LARGEST_UNPACKED or sizes["word/document.xml"] > LARGEST_PART:
        raise UnreadableText("The Word document is too large when unpacked.")
    try:
        document = docx.Document(io.BytesIO(data))
        pieces, details = list(_docx_pieces(document)), document.core_properties
        title, author = details.title.strip(), details.author.strip()
    except Exception as error:  # XML that is none, parts that are missing, numbers that are words
        raise UnreadableText("The Word document is damaged: it cannot be read.") from error
    headline = pieces.pop(0)[2].strip() if pieces and pieces[0][:2] == (Kind.HEADING, 0) else ""
    authors = (author,) if author else ()
    return _of_pieces(pieces, "The Word document has no text.", headline, title=title, authors=authors)


def _docx_pieces(document: WordDocument) -> Iterator[Piece]:
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from ((Kind.ROW, 0, " | ".join(cell.text.strip() for cell in row.cells)) for row in part.rows)
        elif isinstance(part, Paragraph):
            style = (part.style.name if part.style else None) or ""
            level = style.removeprefix("Heading ")
            if style == "Title":
                yield Kind.HEADING, 0, part.text
            elif style.startswith("Heading ") and level.isdigit():
                yield Kind.HEADING, min(int(level), 6), part.text
            elif style.startswith("List"):
                yield Kind.LIST_ITEM, 1, part.text
            else:
                yield Kind.QUOTE if "Quote" in style else Kind.PARAGRAPH, 0, part.text


# --- mail ------------------------------------------------------------------------------------------------------------


def _mail(data: bytes) -> Document:
    """The plain text of a message, else its HTML. Attachments are named, not read."""
    message = message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnreadableText("The file is called a mail and is none: it has no header lines.")
    try:
        body = message.get_body(("plain", "html"))
        content = body.get_content() if body is not None else ""
        left_out = tuple(part.get_filename() or part.get_content_type() for part in message.iter_attachments())
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        raise UnreadableText("The mail is damaged: its parts cannot be told apart.") from error
    if not isinstance(content, str) or not content.strip():
        raise UnreadableText("The mail has no text of its own: what is attached must be sent in by itself.")
    if body is not None and body.get_content_type() == HTML:
        reading = extraction.read(content)
    else:
        text = content.replace("\r\n", "\n").strip()
        reading = _of_pieces([(Kind.PARAGRAPH, 0, part) for part in text.split("\n\n")], "The mail has no text.")
    said = _reading("", title=_header(message, "subject"), authors=_senders(message), published=_sent(message))
    own = {name: getattr(said, name) for name in ("title", "authors", "published", "day")}
    sources = {**reading.sources, **{name: Source.FILE for name in said.sources if name != "text"}}
    kept = replace(reading, **{name: value for name, value in own.items() if value}, sources=sources)
    return Document(_within(_with_language(kept)), MAIL, left_out[:MOST_ATTACHMENTS])


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).replace("\0", "").split())


def _senders(message: EmailMessage) -> tuple[str, ...]:
    """Names without their addresses: who wrote is said, where they can be reached is not the desk's to show."""
    return tuple(name for name, _ in getaddresses([_header(message, "from")]) if name)


def _sent(message: EmailMessage) -> datetime | date | None:
    try:
        sent = message["date"].datetime
        return sent.astimezone(UTC) if sent is not None and sent.tzinfo else sent
    except (AttributeError, ValueError, TypeError, OverflowError):  # the last: its offset leads past the calendar's end
        return None


READERS: dict[str, Callable[[bytes], Reading]] = {PLAIN: _plain, MARKDOWN: _markdown, PDF: _pdf, DOCX: _docx}
