"""Every door an article can come in by: one mangled input is sent through it, and the answer held to what is promised.

An input is taken, and kept byte for byte; or refused with a sentence, and nothing of it is stored. Whatever else
happens is an AssertionError that says what.
"""

import hashlib
import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from factcheck.models import Article, Job, User
from factcheck.workflow import steps
from factcheck.workflow.articles import ingest
from tests.fetching.conftest import Site, answer
from tests.mangled.files import HTML
from tests.mangled.inputs import Address, Answer, Body, Day, File, Json, Mangled, Rows, Words

TAKEN, REFUSED = "taken", "refused"
NOTE = "It came by mail, “as it is”."
GOOD = ["It rained in Norland on Monday.", "It snowed in Brack on Tuesday."]
NO_WORDS_FOR_PEOPLE = re.compile(r"Traceback|\b\w+(Error|Exception)\b|object at 0x|psycopg|django\.|^\s*\d+\s*$")
BOUNDARY = "----a line that nobody types"


@dataclass
class Desk:
    """What the doors are made of. api: posts bytes to an address of the API; the answer fits the schema."""

    sender: User
    folder: Path | None = None
    site: Site | None = None
    api: Callable[[str, bytes], Any] | None = None


def sent(desk: Desk, door: str, mangled: Mangled) -> str:
    """TAKEN or REFUSED; what it did is undone."""
    with transaction.atomic():
        try:
            return DOORS[door](desk, mangled)
        finally:
            transaction.set_rollback(True)


def in_plain_words(said: str) -> None:
    assert len(said.split()) >= 3, f"no sentence: {said!r}"
    assert said.rstrip("”\"'")[-1] in ".!?", f"the sentence does not end: {said[-80:]!r}"
    assert not NO_WORDS_FOR_PEOPLE.search(said), f"words of a program: {said[:200]!r}"


def kept(article: Article, raw: bytes | None = None, **fields: str) -> str:
    """It holds exactly what was sent. raw: the bytes of its text; fields: what the sender said of it."""
    if raw is not None:
        version = article.current
        assert bytes(version.raw) == raw, f"kept {bytes(version.raw)[:60]!r} of {raw[:60]!r}"
        assert version.raw_sha256 == hashlib.sha256(raw).hexdigest()
    for name, said in fields.items():
        held = getattr(article, name) if name != "title" else article.current.title
        if name == "note":
            held = held.split("\nAttached to the mail and not read: ")[0]
        # One line each, and the white space at both ends is nobody's word.
        expected = " ".join(said.split()) if name == "title" else said.strip() if name == "url" else said
        assert held == (expected if said.strip() else ""), f"{name}: kept {held[:60]!r} of {said[:60]!r}"
    return TAKEN


def nothing_stored() -> None:
    assert not Article.objects.exists(), "refused, and stored all the same"


# --- the web form ----------------------------------------------------------------------------------------------------


def form(desk: Desk, mangled: Mangled) -> str:
    typed = {"url": "", "text": "", "title": "", "note": NOTE, "language": "", "published": ""}
    file = None
    match mangled:
        case Words(text, field):
            typed |= {"text": GOOD[0], field: as_a_browser_sends(text)}
        case File():
            file = mangled
        case Address(url):
            typed["url"] = as_a_browser_sends(url)
        case Day(text):
            typed |= {"text": GOOD[0], "published": as_a_browser_sends(text)}
    client = Client(SERVER_NAME="localhost")
    client.force_login(desk.sender)
    content_type = f"multipart/form-data; boundary={BOUNDARY}"
    response = client.generic("POST", "/articles/", multipart(typed, file), content_type)
    if response.status_code == 302:
        article = Article.objects.get()
        said = {"note": typed["note"].replace("\r\n", "\n"), "url": typed["url"]}
        if file is not None:
            return kept(article, file.data, **said)
        if isinstance(mangled, Address):
            return kept(article, **said)
        return kept(article, typed["text"].replace("\r\n", "\n").encode(), title=typed["title"], **said)
    assert response.status_code == 422, f"answered {response.status_code}"
    nothing_stored()
    page = html.unescape(response.content.decode())
    for name, words in typed.items():
        assert words in page, f"the typed {name} is not shown again"
    alert = re.search(r'role="alert"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert alert, "no alert says why"
    in_plain_words(" ".join(re.sub(r"<[^>]+>", " ", alert[1]).split()))
    return REFUSED


def as_a_browser_sends(text: str) -> str:
    """Ends of lines as CRLF; what is no character as U+FFFD."""
    lines = re.sub(r"\r\n|\r|\n", "\r\n", text)
    return lines.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def multipart(fields: dict[str, str], file: File | None) -> bytes:
    """Written here: Django's test client tidies the names of files up."""
    out = io.BytesIO()
    for name, value in fields.items():
        out.write(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    if file is not None:
        name = file.name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        out.write(f"{head}Content-Type: {file.media_type}\r\n\r\n".encode() + file.data + b"\r\n")
    out.write(f"--{BOUNDARY}--\r\n".encode())
    return out.getvalue()


# --- the API ---------------------------------------------------------------------------------------------------------


def item(mangled: Mangled) -> Any:
    """The article as a value of JSON."""
    match mangled:
        case Words(text, field):
            return {"text": GOOD[1], "note": NOTE, field: text}
        case File(data, _, media_type):
            field = "html" if media_type == HTML else "text"
            return {field: data.decode(errors="replace"), "note": NOTE}
        case Address(url):
            return {"url": url, "note": NOTE}
        case Day(text):
            return {"text": GOOD[1], "published": text}
        case Json(value):
            return value
    raise TypeError(mangled)


def held(article: Article, value: dict) -> str:
    raw = value.get("text") or value.get("html") or None
    said = {name: value[name] for name in ("note", "url") if value.get(name)}
    title = {"title": value["title"]} if value.get("title") else {}
    return kept(article, raw.encode() if raw else None, **said, **title)


def one_by_api(desk: Desk, mangled: Mangled) -> str:
    data = mangled.data if isinstance(mangled, Body) else json.dumps(item(mangled)).encode()
    response = desk.api("articles/", data)
    if response.status_code == 202:
        return held(Article.objects.get(), json.loads(data))
    nothing_stored()
    return refused(response.json())


def refused(problem: dict[str, Any]) -> str:
    assert 400 <= problem["status"] < 500, f"answered {problem['status']}"
    in_plain_words(problem["detail"])
    for sentences in problem.get("errors", {}).values():
        for said in sentences:
            in_plain_words(said)
    return REFUSED


def batch(desk: Desk, mangled: Mangled) -> str:
    """Between two good ones, which must not go down with it."""
    if isinstance(mangled, Body):
        good = [json.dumps({"text": text}).encode() for text in GOOD]
        data, value = b'{"articles": [' + b", ".join([good[0], mangled.data, good[1]]) + b"]}", None
    else:
        value = item(mangled)
        data = json.dumps({"articles": [{"text": GOOD[0]}, value, {"text": "It hailed."}]}).encode()
    response = desk.api("articles/batch/", data)
    if response.status_code != 200:  # nobody can tell three articles apart in what came
        nothing_stored()
        assert isinstance(mangled, Body) or not isinstance(value, dict), "one article keeps two others out"
        return refused(response.json())
    first, result, last = response.json()["results"]
    assert (first["status"], last["status"]) == (202, 202), "one article keeps two others out"
    if result["status"] not in (200, 202):
        assert Article.objects.count() == 2, "refused, and stored all the same"
        return refused(result["problem"])
    return held(Article.objects.get(pk=result["article"]["id"]), json.loads(data)["articles"][1])


# --- the command -----------------------------------------------------------------------------------------------------


def command(desk: Desk, mangled: Mangled) -> str:
    name, data = "list.jsonl", b""
    match mangled:
        case File(data, name):
            name = Path(name).name
        case Rows(data, ending):
            name = f"list{ending}"
        case Body(data):
            data = data.replace(b"\n", b" ")
        case _:
            data = in_one_line(item(mangled))
    path = desk.folder / name
    path.write_bytes(data)
    try:
        call_command("ingest", str(path), "--by", desk.sender.email, stdout=io.StringIO())
    except CommandError as error:
        lines = [line for line in str(error).splitlines() if line != "Not taken in:"]
        for line in lines:
            assert line.startswith(str(path)), f"nobody can tell what was refused: {line[:200]!r}"
            in_plain_words(line.removeprefix(str(path)))
        assert isinstance(mangled, Rows) or not Article.objects.exists(), "refused, and stored all the same"
        return REFUSED
    finally:
        path.unlink()
    match mangled:
        case File(data):
            return kept(Article.objects.get(), data)
        case Rows():
            assert set(re.findall(rb"https://example\.org/\d+", data)) <= {
                url.encode() for url in Article.objects.values_list("url", flat=True)
            }, "a row is neither taken nor refused"
            return TAKEN
        case _ if not data.strip():
            nothing_stored()  # an empty line of a list is no article
            return TAKEN
    return held(Article.objects.get(), json.loads(data))


def in_one_line(value: Any) -> bytes:
    """Characters as themselves, as most programs write them, unless half of one is among them."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


# --- a page that is fetched ------------------------------------------------------------------------------------------


def page(desk: Desk, mangled: Mangled) -> str:
    path, body = "/bridge", None
    match mangled:
        case Words(text):
            body = text.encode("utf-8", "surrogatepass")
            sends = answer(200, body, kind="text/plain; charset=utf-8")
        case File(body, name, media_type):
            path = f"/{quote(name, errors='replace')}"
            sends = answer(200, body, kind=media_type)
        case Answer(sends, body):
            pass
    desk.site.pages[""] = sends
    article = ingest(None, by=desk.sender, url=desk.site.url + path, note=NOTE)
    job = article.jobs.get()
    steps.perform(job.pk)
    job.refresh_from_db()
    article.refresh_from_db()
    kept(article, url=desk.site.url + path, note=NOTE)
    if job.state == Job.State.DONE:
        assert body is not None, "there was no whole page, and one was kept"
        return kept(article, body)
    assert article.newest is None, "the step failed, and a text was kept"
    in_plain_words(job.last_error)
    return REFUSED


DOORS = {"form": form, "API": one_by_api, "batch": batch, "command": command, "page": page}
