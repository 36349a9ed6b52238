"""Files of every kind that a desk is sent, made here by what makes them, and what is no such file."""

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage

import docx
import pytest

from factcheck.text import documents
from factcheck.text.documents import DOCX, HTML, MAIL, MARKDOWN, PDF, PLAIN
from factcheck.text.extraction import Source
from factcheck.text.plain import UnreadableText

pytestmark = pytest.mark.unit

BRIDGE, COST = "The mayor opened the harbour bridge on Monday.", "It cost 12 million euros, the council said."
PROSE = " ".join([BRIDGE, COST, "Nobody has to pay a toll for the crossing, and the ferry stops in May."] * 5)


def pdf(*pages: str, more: str = "", trailer: str = "") -> bytes:
    """A PDF of one line a page, its parts numbered as written. `more`: further objects."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    parts = [
        "1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj",
        f"2 0 obj <</Type /Pages /Kids [{kids}] /Count {len(pages)}>> endobj",
        "3 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj",
    ]
    for number, line in enumerate(pages):
        drawn = f"BT /F1 12 Tf 20 700 Td ({line}) Tj ET"
        parts += [
            f"{4 + 2 * number} 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
            " /Resources <</Font <</F1 3 0 R>>>>>> endobj",
            f"{5 + 2 * number} 0 obj <</Length {len(drawn)}>> stream\n{drawn}\nendstream endobj",
        ]
    body, places = "%PDF-1.4\n", []
    for part in [*parts, *filter(None, [more])]:
        places.append(len(body))
        body += part + "\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(places) + 1
    return (
        f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}trailer <</Root 1 0 R /Size {size} {trailer}>>\n"
        f"startxref\n{len(body)}\n%%EOF"
    ).encode("latin-1")


def word(*paragraphs: tuple[str, str]) -> bytes:
    document = docx.Document()
    document.core_properties.author = "Ada Lind"
    document.core_properties.title = "draft7-final"
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Cost", "12 million"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def mail(text: str = "", html: str = "", attached: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ada Lind <ada@example.org>", "The bridge"
    message["Date"] = "Tue, 14 May 2024 10:00:00 +0200"
    if text:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    if attached:
        message.add_attachment(attached, maintype="application", subtype="pdf", filename="minutes.pdf")
    return message.as_bytes()


MARKDOWN_FILE = (
    f"# The bridge\n\n{BRIDGE}\n\n## Who paid\n\n- the **council**\n- [nobody](http://x.example/) else\n\n> {COST}\n"
)
PAGE = f"<!doctype html><html lang='en'><title>The bridge</title><body><article><p>{PROSE}</p></article></html>"
LOCKED = "4 0 obj <</Filter /Standard /V 1 /R 2 /P -44 /O (" + "o" * 32 + ") /U (" + "u" * 32 + ")>> endobj"


def told(document: documents.Document) -> list[tuple[str, int, str]]:
    """Each block by the words that stand at its place."""
    text = document.reading.text
    return [(block.kind.value, block.level, text[block.start : block.end]) for block in document.reading.blocks]


def test_markdown_is_read_without_its_signs_and_its_headings_are_blocks():
    document = documents.read(MARKDOWN_FILE.encode(), name="bridge.md")
    assert (document.media_type, document.reading.title) == (MARKDOWN, "The bridge")
    assert document.reading.sources["title"] is Source.VISIBLE
    assert told(document) == [
        ("paragraph", 0, BRIDGE), ("heading", 2, "Who paid"), ("list item", 1, "the council"),
        ("list item", 1, "nobody else"), ("quote", 0, COST),
    ]  # fmt: skip


def test_a_word_document_is_read_with_its_headings_and_tables():
    document = documents.read(word(("Title", "The bridge"), ("Heading 2", "Who paid"), ("Normal", COST)), name="x.docx")
    reading = document.reading
    assert (document.media_type, reading.title, reading.authors) == (DOCX, "The bridge", ("Ada Lind",))
    assert (reading.sources["title"], reading.sources["authors"]) == (Source.VISIBLE, Source.FILE)
    assert told(document) == [("heading", 2, "Who paid"), ("paragraph", 0, COST), ("table row", 0, "Cost | 12 million")]


def test_a_pdf_is_read_page_after_page():
    details = "8 0 obj <</Title (The bridge) /Author (Ada Lind)>> endobj"
    document = documents.read(pdf(BRIDGE, COST, more=details, trailer="/Info 8 0 R"), name="bridge.pdf")
    assert document.media_type == PDF
    assert document.reading.text == f"{BRIDGE}\n\n{COST}"
    assert (document.reading.title, document.reading.authors) == ("The bridge", ("Ada Lind",))
    assert document.reading.sources["title"] is Source.FILE


def test_a_mail_is_read_by_its_plain_text_and_its_attachments_are_named():
    document = documents.read(mail(f"{BRIDGE}\n\n{COST}\n", f"<p>{PROSE}</p>", b"%PDF-"), name="bridge.eml")
    reading = document.reading
    assert (document.media_type, document.left_out) == (MAIL, ("minutes.pdf",))
    assert reading.text == f"{BRIDGE}\n\n{COST}"
    assert (reading.title, reading.authors) == ("The bridge", ("Ada Lind",))
    assert reading.published == datetime(2024, 5, 14, 8, tzinfo=UTC)
    assert "ada@example.org" not in repr(reading)


def test_a_mail_without_plain_text_is_read_by_its_html():
    assert documents.read(mail(html=PAGE), name="bridge.eml").reading.text == PROSE


def test_a_page_and_a_plain_text_are_known_without_a_name():
    assert documents.read(PAGE.encode()).media_type == HTML
    plain = documents.read(f"{BRIDGE}\r\n".encode("utf-16"))
    assert (plain.media_type, plain.reading.text, plain.reading.blocks) == (PLAIN, f"{BRIDGE}\r\n", ())


def test_the_language_of_a_longer_text_is_guessed_and_said_to_be():
    german = "Der Bürgermeister hat am Montag die neue Brücke im Hafen eröffnet, die zwölf Millionen Euro kostete. " * 6
    reading = documents.read(german.encode()).reading
    assert (reading.language, reading.guessed("language")) == ("de", True)
    assert documents.read(b"It rained.").reading.language == ""


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (pdf(BRIDGE), "bridge.txt", PDF),
        (word(("Normal", COST)), "bridge.pdf", DOCX),
        (PAGE.encode(), "bridge.txt", HTML),
        (b"plain", "bridge.doc", PLAIN),
    ],
)
def test_the_first_bytes_are_believed_before_the_name(data, name, kind):
    assert documents.kind_of(data, name) == kind


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * (documents.LARGEST_PART + 1))
    return file.getvalue()


def packed(name: str, content: bytes = b"x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.txt", "The file is empty"),
        (b"x" * (documents.LARGEST + 1), "a.txt", "15,000,001 bytes"),
        (b"word " * 50_000, "a.txt", "250,000 characters"),
        (b"# Only a title\n", "a.md", "no text but its title"),
        (b"Brandn\xfcr", "a.md", "not UTF-8"),
        (pdf(BRIDGE, trailer="/Encrypt 6 0 R /ID [(a)(a)]", more=LOCKED.replace("4 0", "6 0")), "a.pdf", "password"),
        (pdf(""), "a.pdf", "its pages may be pictures"),
        (pdf(*["x"] * (documents.MOST_PAGES + 1)), "a.pdf", "more than 100 pages"),
        (b"%PDF-1.7 and then nothing", "a.pdf", "The PDF is damaged"),
        (b"Only text.", "a.pdf", "is called a PDF and is none"),
        (b"Only text.", "a.docx", "is called a Word document (.docx) and is none"),
        (b"PK\x03\x04 and then nothing", "a.docx", "cannot be unpacked"),
        (packed("photos/1.png"), "a.docx", "no Word document"),
        (packed("word/document.xml", b"<not xml"), "a.docx", "The Word document is damaged"),
        (bomb(), "a.docx", "too large when unpacked"),
        (b"No header lines at all.", "a.eml", "is called a mail and is none"),
        (mail(attached=b"%PDF-"), "a.eml", "what is attached must be sent in by itself"),
        (b"<html><body><nav><a href=/>Home</a></nav></body></html>", "a.html", "No text of an article"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "old Word"),
        (b"{\\rtf1 Hello}", "a.rtf", "rich text"),
        (b"\x89PNG\r\n", "a.png", "a picture"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(data, name, sentence):
    with pytest.raises(UnreadableText) as refused:
        documents.read(data, name=name)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("date", ["31 Dec 9999 23:59:59 -1200", "Tue, 99 Foo 0000"])
def test_a_mail_with_a_date_outside_of_the_calendar_has_none(date):
    received = mail(BRIDGE).replace(b"Tue, 14 May 2024 10:00:00 +0200", date.encode())
    reading = documents.read(received, name="bridge.eml").reading
    assert (reading.text, reading.published) == (BRIDGE, None)
