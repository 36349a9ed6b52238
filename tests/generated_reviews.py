"""Reviews with everything that can be in them, as rows that no database holds, for what is pure about publishing."""

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from factcheck import claimreview
from factcheck.models import (
    Anchor,
    Article,
    ArticleVersion,
    Claim,
    ClaimReview,
    Desk,
    Evidence,
    Outlet,
    Snapshot,
    Source,
    User,
)

HOSTILE = [
    "</script><script>alert(1)</script>",
    '"}, "ratingValue": 5, {"',
    "{{ 7 * 7 }} {% include 'x' %}",
    "<!-- ]]> & &lt; ' \" \\",
    "\u202eThe bridge\u202c \u2028\u2029 \U0001f309",
    "הגשר עלה 12 מיליון",
    "كلف الجسر 12 مليون يورو.",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3,
]
ADDRESSES = ["https://example.org/a?b=%22%3E#c", "http://xn--bcher-kva.example/", "https://example.org/bridge"]
TAKEN = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)

# No control characters: what people type is kept with them, and a browser's parser leaves some of them out.
typed = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=60).filter(str.strip)
words = typed | st.sampled_from(HOSTILE)
maybe = st.just("") | words
address = st.sampled_from(["", *ADDRESSES])
translated = st.sampled_from(
    [("", "", False), ("It cost 12 million.", "Lina Haddad", False), ("12.", "Translatron", True)]
)
language = st.sampled_from(["", "en", "en-GB", "ar", "zh-Hant", "de-AT"])


@st.composite
def pieces(draw: st.DrawFn) -> Evidence:
    kind = draw(st.sampled_from(Evidence.Kind.values))
    said: dict[str, Any] = {"kind": kind, "stance": "context", "note": draw(maybe)}
    if kind != "search":
        said["stance"] = draw(st.sampled_from(Evidence.Stance.values))
    if kind == "document":
        source = Source(
            title=draw(words), kind=draw(st.sampled_from(["primary", "secondary"])), seen="page", url=draw(address),
            outlet=draw(st.none() | st.builds(Outlet, name=words)), published=draw(st.sampled_from(["", "2024-05"])),
        )  # fmt: skip
        origin = draw(st.sampled_from(Snapshot.Origin.values))
        said |= {"snapshot": Snapshot(source=source, origin=origin, sha256="5" * 64, taken_at=TAKEN)}
        said |= {"exact": draw(words), "language": draw(language)}
        said |= dict(zip(("translation", "translator", "translated_by_machine"), draw(translated), strict=True))
    elif kind == "person":
        said |= {"public_wording": draw(words)}
    else:
        said |= {"searched_for": draw(words), "searched_where": draw(words), "searched_on": date(2026, 11, 23)}
    return Evidence(**said)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """What claimreview.content() says of a review that could be published."""
    rating = draw(st.sampled_from([None, 1, 2, 3, 4, 5]))
    speaker = draw(maybe)
    review = ClaimReview(
        statement=draw(words),
        speaker=speaker,
        speaker_kind=draw(st.sampled_from(["", *ClaimReview.SpeakerKind.values])) if speaker else "",
        speaker_same_as=draw(st.sampled_from(["", "https://www.wikidata.org/wiki/Q7251"])) if speaker else "",
        first_appearance=draw(address),
        verdict="unverifiable" if rating is None else "verified" if rating > 3 else "disputed",
        rating=rating,
        rationale=draw(words),
        as_of=date(2026, 11, 24),
        approver=User(name=draw(words)),
    )
    said = draw(translated)
    review.quote_translation, review.quote_translator, review.quote_translated_by_machine = said
    article = Article(url=draw(address), note=draw(maybe), outlet=draw(st.none() | st.builds(Outlet, name=words)))
    version = ArticleVersion(
        article=article,
        title=draw(maybe),
        language=draw(language),
        published_at=draw(st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))),
        published_is_guessed=draw(st.booleans()),
    )
    return claimreview.mapped(
        review,
        desk=Desk(name=draw(words), logo_url=draw(st.sampled_from(["", "https://desk.example.org/logo.png"]))),
        writers=draw(st.lists(words, min_size=1, max_size=3)),
        published_at=datetime(2026, 11, 24, 3, 45, 13, tzinfo=UTC),
        claim=Claim(article=article),
        version=version,
        anchor=draw(st.none() | st.builds(Anchor, article_version=st.just(version), exact=words, prefix=maybe)),
        rests_on=draw(st.lists(pieces(), min_size=1, max_size=3)),
    )
