"""Mangled files, and mangled answers of somebody's web server."""

import gzip
import io
import zipfile
from collections.abc import Callable
from functools import cache
from random import Random

from tests.mangled.inputs import Answer, File, named, some
from tests.text.test_documents import BRIDGE, COST, PAGE, PROSE, mail, pdf, word

HTML, PDF, MAIL, MARKDOWN = "text/html", "application/pdf", "message/rfc822", "text/markdown"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@cache
def whole_word() -> bytes:
    """Made once: python-docx takes its time."""
    return word(("Title", "The bridge"), ("Heading 1", "What it cost"), ("Normal", BRIDGE), ("List Bullet", COST))


def whole(chance: Random) -> File:
    """One that can be read, of any kind."""
    note = some(chance)
    return chance.choice(
        [
            File(page(f"<p>{note}</p>"), "bridge.html", HTML),
            File(pdf(BRIDGE, note, COST), "bridge.pdf", PDF),
            File(whole_word(), "bridge.docx", DOCX),
            File(mail(f"{note}\n\n{COST}", f"<p>{note}", attached=b"%PDF-"), "bridge.eml", MAIL),
            File(
                f"# The bridge\n\n{note}\n\n- {COST}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".encode(),
                "bridge.md",
                MARKDOWN,
            ),
            File(f"{note} Café. 漢字.".encode(), "bridge.txt", "text/plain"),
        ]
    )


def page(more: str, head: str = "") -> bytes:
    return PAGE.replace("<body>", f"{head}<body>").replace("</article>", f"{more}</article>").encode()


@named("files that are cut off")
def _(chance: Random) -> File:
    file = whole(chance)
    return File(file.data[: chance.randrange(len(file.data))], file.name, file.media_type)


@named("files with bytes that changed")
def _(chance: Random) -> File:
    file = whole(chance)
    data = bytearray(file.data)
    for _ in range(chance.choice([1, 3, 10, 100])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return File(bytes(data), file.name, file.media_type)


@named("charsets that are not what they say")
def _(chance: Random) -> File:
    truth, said = chance.sample(["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1251", "shift_jis", "koi8-r", "utf-7"], 2)
    said = chance.choice([said, "rot13", "x-unknown", "\0", "utf-8; charset=utf-16", "base64", "idna"])
    text = f"{some(chance)} Мост стоил 12 миллионов евро. "
    if chance.random() < 0.5:
        return File(text.encode(truth, "replace"), "bridge.txt", f"text/plain; charset={said}".replace("\0", "%00"))
    return File(page(f"<p>{text}", f'<meta charset="{said}">').decode().encode(truth, "replace"), "bridge.html", HTML)


@named("elements in elements in elements")
def _(chance: Random) -> File:
    deep, tag = (
        chance.choice([100, 1_000, 30_000]),
        chance.choice(["div", "b", "table", "ul><li", "blockquote", "svg", "a"]),
    )
    more = f"<{tag}>" * deep + some(chance) + (f"</{tag.split('>')[0]}>" * deep if chance.random() < 0.5 else "")
    return File(page(more), "bridge.html", HTML)


@named("elements that never end")
def _(chance: Random) -> File:
    pieces = [
        "<p", "<!--", "<script>", "<a href='", "<![CDATA[", "</p></p>", "<style>", "<title>", "<textarea>", "&",
        "&#xd800;", "&#99999999;", "<p a=1 a=2>", "</html>", "<?php", "<base href=//x>", "<table><p>",
    ]  # fmt: skip
    middle = "".join(chance.choice(pieces) + some(chance) for _ in range(chance.randint(1, 12)))
    data = page(middle) if chance.random() < 0.7 else f"<html>{middle}".encode()
    return File(data, "bridge.html", HTML)


ENTITIES = '<!DOCTYPE x [<!ENTITY a0 "ha">{}<!ENTITY file SYSTEM "file:///etc/passwd">]>'.format(
    "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
)


@named("entities that grow")
def _(chance: Random) -> File:
    bomb = chance.choice(["&a9;", "&a2;", "&file;", "&unknown;"])
    if chance.random() < 0.4:
        html = f"<?xml version='1.0'?>{ENTITIES}<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{bomb} {PROSE} "
        return File((html + some(chance)).encode(), "bridge.xhtml", HTML)
    part = chance.choice(["word/document.xml", "docProps/core.xml", "[Content_Types].xml", "word/styles.xml"])
    return File(
        repacked({part: lambda xml: ENTITIES.encode() + xml.replace(BRIDGE.encode(), bomb.encode())}), "a.docx", DOCX
    )


def repacked(changes: dict[str, Callable[[bytes], bytes | None]], more: dict[str, bytes] | None = None) -> bytes:
    """The Word file with some of its parts changed; None: left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole_word())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = changes.get(name, bytes)(old.read(name))
            if data is not None:
                new.writestr(name, data.split(b"?>", 1)[-1] if data.startswith(b"<!DOCTYPE") else data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


@cache
def bomb(part: str, millions: int) -> bytes:
    """Once for each size: it takes a second to pack."""
    if part == "word/document.xml":
        return repacked({part: lambda xml: xml + b" " * millions * 1_000_000})
    return repacked({}, {part: b"\0" * millions * 1_000_000})


@named("packed files that burst")
def _(chance: Random) -> File:
    part, millions = chance.choice([("word/document.xml", 51), ("word/media/a.bin", 105), ("word/media/a.bin", 20)])
    data = bytearray(bomb(part, millions))
    if chance.random() < 0.4:  # a part that says it is small: its size in the table of contents
        place = data.rfind(b"PK\x01\x02")
        data[place + 24 : place + 28] = (1).to_bytes(4, "little")
    return File(bytes(data), "bridge.docx", DOCX)


@named("Word files without their parts")
def _(chance: Random) -> File:
    with zipfile.ZipFile(io.BytesIO(whole_word())) as packed:
        part = chance.choice(packed.namelist())
    change = chance.choice([
        lambda _: None, lambda _: b"", lambda _: b"<x/>", lambda xml: xml[: len(xml) // 2],
        lambda xml: xml.replace(b"w:p>", b"w:q>"), lambda xml: xml.replace(b'w:val="', b'w:val="9999999999x'),
    ])  # fmt: skip
    return File(repacked({part: change}), "bridge.docx", DOCX)


@named("PDFs whose parts are not where they say")
def _(chance: Random) -> File:
    good = pdf(BRIDGE, some(chance), COST).decode("latin-1")
    change = chance.choice(
        [
            lambda text: text.replace("startxref\n", "startxref\n9"),
            lambda text: text[: text.rindex("xref\n0")],
            lambda text: text.replace(f"{chance.randint(1, 9)} 0 obj", "99 0 obj"),
            lambda text: text.replace("/Kids [", "/Kids [2 0 R "),  # a page list that holds itself
            lambda text: text.replace("/Count 3", f"/Count {chance.choice([-1, 0, 10**12])}"),
            lambda text: text.replace("/Length ", "/Length 9999999"),
            lambda text: text.replace("0000000", chance.choice(["9999999", "000000x", ""]), chance.randint(1, 3)),
            lambda text: text.replace("<</Type /Page ", "<<" * 2_000),
            lambda text: text.replace("612 792", "1e999 (x)"),
            lambda text: text.replace("Tf", "Tf " + "q " * 20_000),
            lambda text: text.replace("/Root 1 0 R", "/Root 4 0 R /Encrypt 5 0 R"),
            lambda text: text.replace("/Helvetica", "/" + "#00" * 20),
        ]
    )
    return File(change(good).encode("latin-1"), "bridge.pdf", PDF)


@named("mails of mails in encodings that are none")
def _(chance: Random) -> File:
    subject = chance.choice(["The bridge", "=?utf-8?B?////?=", "=?rot13?Q?a?=", "x" * 2_000, ""])
    sender = chance.choice(["Ada <a@example.org>", "<<<>>>@@", "=?x?q?" * 50, "a," * 500])
    dates = ["Tue, 14 May 2024 10:00:00 +0200", "Tue, 99 Foo 0000", "31 Dec 9999 23:59:59 -1200", "1 Jan 1 00:00 +1200"]
    date = chance.choice([*dates, "-"])
    encoding = chance.choice(["base64", "quoted-printable", "uuencode", "x-none", "8bit", ""])
    charset = chance.choice(["utf-8", "rot13", "x-none", "utf-16", "\0", "us-ascii", ""])
    kind = chance.choice(["text/plain", "text/html", "text/x/y"])
    head = f"Content-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n"
    part = f"{head}\n{some(chance)} =E9=ZZ ///\n"
    for level in range(chance.choice([0, 1, 3, 60])):
        kind = chance.choice(["multipart/mixed", "multipart/alternative", "multipart/related", "message/rfc822"])
        if kind == "message/rfc822":
            part = f"Content-Type: {kind}\n\n{part}"
        else:
            end = chance.choice([f"\n--b{level}--\n", ""])
            part = f'Content-Type: {kind}; boundary="b{level}"\n\n--b{level}\n{part}{end}'
    return File(f"Subject: {subject}\nFrom: {sender}\nDate: {date}\n{part}".encode(), "bridge.eml", MAIL)


@named("files that are something else")
def _(chance: Random) -> File:
    starts = [
        b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"\xd0\xcf\x11\xe0", b"{\\rtf1", b"\x1f\x8b\x08",
        b"MZ", b"\x7fELF", b"PK\x03\x04", b"%PDF-", b"RIFF", b"SQLite format 3\0", b"",
    ]  # fmt: skip
    rest = chance.choice([chance.randbytes(400), whole(chance).data, some(chance).encode()])
    like = whole(chance)
    return File(
        chance.choice(starts) + rest, like.name, chance.choice([like.media_type, "", "image/png", "x" * 300, "a/b/c;;"])
    )


@named("half of a packed page")
def _(chance: Random) -> File:
    file = whole(chance)
    packed = gzip.compress(file.data, mtime=0)
    return File(
        packed[: chance.randrange(1, len(packed))], chance.choice([file.name, f"{file.name}.gz"]), file.media_type
    )


@named("names of files that lead elsewhere")
def _(chance: Random) -> File:
    names = [
        "../../etc/passwd", "..\\..\\x.txt", "/etc/shadow.md", "C:\\x\\a.html", "a\rb\n.txt", "x" * 300 + ".txt",
        ".", "..", ".txt", "\u202etxt.exe", "con.txt", "a;b.txt", 'a"b.txt', "%2e%2e%2fa.txt", "漢字.md", "a.pdf.txt",
        "-rf.txt", "😀.markdown",
    ]  # fmt: skip
    return File(some(chance).encode(), chance.choice(names), "text/plain")


# --- answers of a web server -----------------------------------------------------------------------------------------


@named("answers that break off, lie or never end")
def _(chance: Random) -> Answer:
    body = page(f"<p>{some(chance)}</p>")
    packed = gzip.compress(body, mtime=0)
    html = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (body[:300], body[300:]))
    half, size = packed[: len(packed) // 2], len(body)
    status = chance.choice([100, 204, 206, 300, 304, 401, 418, 500, 999])
    leads_to = chance.choice(["", "::", "/loop", "http://[", "file:///etc/passwd"])
    kind = chance.choice(["", "image/png", "x", "text/html; charset=rot13", "text/" + "x" * 500])
    sent: list[tuple[str, bytes, bytes | None]] = [
        (f"{html}Content-Length: {size + 50}\r\n\r\n", body, None),
        (f"{html}Content-Length: {size - 50}\r\n\r\n", body, body[:-50]),
        (f"{html}Content-Length: -5\r\n\r\n", body, None),
        (f"{html}Content-Length: {'9' * 300}\r\n\r\n", body, None),
        (f"{html}Transfer-Encoding: chunked\r\n\r\n", chunks + b"0\r\n\r\n", body),
        (f"{html}Transfer-Encoding: chunked\r\n\r\n", chunks, None),
        (f"{html}Transfer-Encoding: chunked\r\n\r\n", b"zz\r\n" + body, None),
        (f"{html}Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n", packed, body),
        (f"{html}Content-Encoding: gzip\r\nContent-Length: {len(half)}\r\n\r\n", half, None),
        (f"{html}Content-Encoding: gzip\r\nContent-Length: {size}\r\n\r\n", body, None),
        (f"{html}Content-Encoding: br, x-none\r\nContent-Length: {size}\r\n\r\n", body, None),
        (f"{html}X: {'x' * 70_000}\r\nContent-Length: {size}\r\n\r\n", body, None),
        (html + "X: y\r\n" * 300 + f"Content-Length: {size}\r\n\r\n", body, None),
        ("HTTP/9.9 abc\r\n\r\n", body, None),
        ("\0" * 200, b"", None),
        ("", b"", None),
        (f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n", b"", None),
        (f"HTTP/1.1 302 X\r\nLocation: {leads_to}\r\nContent-Length: 0\r\n\r\n", b"", None),
        (f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n", body, body),
    ]
    head, rest, arrives = chance.choice(sent)
    return Answer(head.encode() + rest, arrives)
