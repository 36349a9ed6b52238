"""Mangled words, addresses, days, JSON and lists: what people type and programs write."""

import json
from random import Random

from tests.mangled.inputs import Address, Body, Day, Json, Rows, Words, named, some


def sprinkled(chance: Random, text: str, characters: str) -> str:
    """The text with some of the characters put in anywhere."""
    for _ in range(chance.randint(1, 6)):
        place = chance.randint(0, len(text))
        text = text[:place] + chance.choice(characters) * chance.randint(1, 3) + text[place:]
    return text


def anywhere(chance: Random, text: str) -> Words:
    return Words(text, chance.choice(["text", "text", "title", "note"]))


@named("NULs and control characters")
def _(chance: Random) -> Words:
    return anywhere(chance, sprinkled(chance, some(chance), "\0\x01\x07\x08\x0b\x0c\x1b\x1c\x7f\x85\x9b\u2028"))


@named("halves of characters")
def _(chance: Random) -> Words:
    return anywhere(chance, sprinkled(chance, some(chance), "\ud800\udbff\udc00\udfff"))


@named("turned directions, nothing visible between")
def _(chance: Random) -> Words:
    return anywhere(
        chance, sprinkled(chance, some(chance), "\u202e\u202d\u2066\u2067\u2069\u200b\u200e\u200f\ufeff\xad")
    )


@named("nothing to see")
def _(chance: Random) -> Words:
    return Words(
        "".join(chance.choice("  \t\n\r\xa0\u2003\u200b\u200d\ufeff\x0c") for _ in range(chance.randrange(60)))
    )


@named("one line without an end")
def _(chance: Random) -> Words:
    piece = chance.choice(["x", "word ", "ß", "👩‍👩‍👧 ", "ا", "."])
    return anywhere(chance, f"{chance.random()}{piece * chance.choice([990, 20_000, 190_000 // len(piece), 210_000])}")


@named("thousands of lines")
def _(chance: Random) -> Words:
    return anywhere(
        chance, some(chance) + chance.choice(["\n", "\r\n", "\r", "\n\n", "\n-"]) * chance.randint(2_000, 9_000) + "End"
    )


@named("mixed scripts and stacked marks")
def _(chance: Random) -> Words:
    scripts = "Аа Δδ Жж Ωω 漢字 かな 한글 हिन्दी ไทย العربية עברית 𝔄𝔅 🏳️‍🌈 \U000e0041\U0010ffff \ufdd0\uffff ﷽ ı İ ſ ß"
    words = scripts.split()
    chance.shuffle(words)
    return anywhere(
        chance, f"{chance.random()} " + " ".join(w + "\u0301\u0489\u20dd" * chance.randrange(40) for w in words)
    )


@named("markup and commands in words")
def _(chance: Random) -> Words:
    attacks = [
        "<script>alert(1)</script>", "'; DROP TABLE factcheck_article;--", "{{ 7*7 }}{% load x %}", "&#0;&lt;&quot",
        "%s%n%(x)d", "${jndi:ldap://x}", "</textarea><b>", "\\u0000\\x00", "=cmd|' /C calc'!A0", "../../etc/passwd",
    ]  # fmt: skip
    return anywhere(chance, some(chance) + " ".join(chance.sample(attacks, 3)))


# --- addresses and days ----------------------------------------------------------------------------------------------


@named("addresses that are none, or lead nowhere good")
def _(chance: Random) -> Address:
    number = chance.randrange(10**9)
    wrong = [
        "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://", "http:///x", "//example.org",
        "http://[::1", "http://[v1.x]/", "http://a:99999/", "http://a:b/", "http://u:p@127.0.0.1/",
        "http://exa mple.org/", "http://example.org\t/", "http://\u202eexample.org/", "http://ex\u0430mple.org/",
        "http://127.1/", "http://0x7f000001/", "http://169.254.169.254/", "http://localhost%00.example/",
        "http://" + "a" * 300 + ".org/", "http://example.org/" + "x" * 2_100, "http://a..b/", "http://-/",
        "http://%zz/", "http://example.org/%\ud800", "ftp://example.org/", "HTTP://EXAMPLE.ORG/ ",
        "http://example.org/\r\nHost: x", "http://١٢٧.0.0.1/", "http://xn--a/", "https://?",
        "http://example.org:0/", "http://*/", " ",
    ]  # fmt: skip
    url = chance.choice(wrong)
    return Address(url + (f"?{number}" if chance.random() < 0.5 else ""))


@named("days that are none, or at the end of all days")
def _(chance: Random) -> Day:
    days = [
        "2024-02-30", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2024-13-01", "yesterday",
        "2024-5-1", "٢٠٢٤-٠١-٠١", "-2024-01-01", "20240501", "2024-05-01T00:00:00", "2024-05-01T00:00:00+99:00",
        "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "2024-W01-1", "\0", "2024-05-01\n", "1e9",
        " 2024-05-01 ",
    ]  # fmt: skip
    return Day(chance.choice(days))


# --- JSON and lists --------------------------------------------------------------------------------------------------


@named("JSON of another shape")
def _(chance: Random) -> Json:
    odd = [None, True, 0, -1.5, "", [], {}, [[]], {"text": "x"}, "\ud800", ["x"] * 50, {"a": {"b": {"c": [None] * 9}}}]
    if chance.random() < 0.3:
        return Json(chance.choice(odd))
    article = {"text": some(chance), chance.choice([
        "text", "title", "url", "note", "language", "published", "confidential", "readers", "html", "unknown", "",
        "__proto__", "id", "queue",
    ]): chance.choice(odd)}  # fmt: skip
    return Json(article)


@named("JSON that breaks off, or is none")
def _(chance: Random) -> Body:
    good = json.dumps({"text": some(chance), "title": "The bridge"})
    wrong = [
        good[: chance.randrange(len(good))], good[:-1] + ",}", good.replace('"', "'"), good + good, "[" * 100_000,
        '{"text":' * 30_000, good.replace("{", "{/**/"), "\ufeff" + good, good.replace("The", "\\u12"),
        good.replace("The", "\x01"),
    ]  # fmt: skip
    return Body(
        chance.choice([*(text.encode() for text in wrong), good.encode("utf-16"), b"\xff" + good.encode(), b""])
    )


@named("JSON with a key twice")
def _(chance: Random) -> Body:
    key = chance.choice(["text", "title", "note"])
    first, second = json.dumps(some(chance)), json.dumps(some(chance))
    return Body(f'{{"text": {first}, "title": "x", "note": "y", "{key}": {second}}}'.encode())


@named("numbers without an end")
def _(chance: Random) -> Body:
    number = chance.choice([
        "1e999", "-1e999", "9" * 400, "9" * 5_000, "NaN", "Infinity", "-0", "1e-999", "0." + "1" * 999, str(2**63),
        str(-(2**63) - 1),
    ])  # fmt: skip
    key, value = chance.choice(
        [("readers", f"[{number}]"), ("readers", number), ("published", number), ("title", number)]
    )
    return Body(f'{{"text": {json.dumps(some(chance))}, "{key}": {value}}}'.encode())


@named("lists with broken rows")
def _(chance: Random) -> Rows:
    rows = [f"https://example.org/{chance.randrange(10**9)},One" for _ in range(3)]
    wrong = chance.choice([
        '"https://example.org/a', "a,b,c,d,e", ",,,", "\0,\0", '"' + "x" * 140_000 + '",x',
        "https://example.org/\ud800", 'a"b"c,"d', "\r\r\r", "=1+1,x", "   ", "\x1a",
    ])  # fmt: skip
    rows.insert(chance.randrange(4), wrong)
    head = chance.choice([
        "url,title", "url,title", "\ufeffurl,title", "url,url", "url;title", "URL,title", "", '"url', "url\0,title",
    ])  # fmt: skip
    data = chance.choice(["\n", "\r\n", "\r"]).join([head, *rows]).encode("utf-8", "surrogatepass")
    return Rows(
        chance.choice(
            [data, data, data[: chance.randrange(len(data))], data.decode(errors="replace").encode("utf-16")]
        ),
        ".csv",
    )
