"""What is no source for an article's claims, because it is the article: its page, and exact copies of its text."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db import connection

TRACKERS = ("utm_", "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "ocid", "cmpid", "smid")
"""How the names of parameters begin that say where a reader came from, and not what she reads."""
SLACK = 0.95
"""Length of a source, as a share of the article's, from which it can be a copy once white space is made even."""

ARTICLES = """
SELECT article.id, article.url, version.canonical_url, version.text,
       CASE WHEN version.published_is_guessed THEN NULL ELSE version.published_at::date END
FROM factcheck_article article JOIN factcheck_articleversion version ON version.article_id = article.id
WHERE article.id = ANY(%s) ORDER BY article.id, version.number
"""

WHOLE = """
SELECT passage.source_id, string_agg(passage.text, ' ' ORDER BY passage.position)
FROM factcheck_passage passage WHERE passage.source_id = ANY(%(sources)s)
GROUP BY passage.source_id HAVING sum(length(passage.text)) >= %(shortest)s
"""


@dataclass(slots=True)
class Own:
    """An article's addresses, without what only tracks readers; its texts, with even white space; the day that its
    newest text was published, when that is known and not guessed."""

    addresses: set[str]
    texts: set[str]
    written: date | None = None


def articles(keys: Collection[int]) -> dict[int, Own]:
    """In one statement, all versions of each."""
    found: dict[int, Own] = defaultdict(lambda: Own(set(), set()))
    with connection.cursor() as cursor:
        cursor.execute(ARTICLES, [list(keys)])
        for article, url, canonical, text, written in cursor.fetchall():
            own = found[article]
            own.addresses |= {address(one) for one in (url, canonical) if one}
            own.texts.add(even(text))
            own.written = written
    return dict(found)


def copies(sources: Mapping[int, Collection[str]], own: Collection[Own]) -> set[int]:
    """Of the sources, given with the passages that were found of each, those that have a text of an article in whole.

    Bounded: a source is read in whole only when a passage that was found of it stands in an article's text word for
    word, or the other way round. One statement, or none when there is nothing to read.
    """
    texts = {text for one in own for text in one.texts if text}
    suspects = [
        source
        for source, passages in sources.items()
        if any(passage in text or text in passage for passage in map(even, passages) for text in texts)
    ]
    if not suspects:
        return set()
    shortest = SLACK * min(map(len, texts), default=0)
    with connection.cursor() as cursor:
        cursor.execute(WHOLE, {"sources": suspects, "shortest": int(shortest)})
        return {source for source, whole in cursor.fetchall() if any(text in even(whole) for text in texts)}


def address(url: str) -> str:
    """An address by which two links to one page are the same: no scheme, no www., no fragment, no tracking parameter,
    no slash at the end; the other parameters in the order of their names. Only ever compared with others."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return url
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(TRACKERS)
    )
    return f"{host}{port}{parts.path.rstrip('/')}{'?' if kept else ''}{urlencode(kept)}"


def even(text: str) -> str:
    return " ".join(text.split())
