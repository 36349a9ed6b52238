"""What differs between a review as an approver saw it last and as it is now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from factcheck.models import ChecklistAnswer, ClaimReview, Evidence, Sighting, Snapshot
from factcheck.templatetags.desk import finding_in_words
from factcheck.text import differences
from factcheck.web import evidence


@dataclass(frozen=True)
class Since:
    """parts: (heading, paragraphs of pieces) of each part that differs. None does where only details of a source
    changed that the parts do not show, such as the time at which a page was fetched.
    """

    version: int
    at: datetime
    parts: list[tuple[str, list[tuple[differences.Piece, ...]]]]


def since(sighting: Sighting | None) -> Since | None:
    """None for who sees the review for the first time, or has never seen it otherwise."""
    if sighting is None or sighting.before is None:
        return None
    now, parts = in_words(sighting.printed), []
    for heading, before in in_words(sighting.before).items():
        if before != now[heading]:
            stretches = differences.between(before, now[heading])
            parts.append((heading, [line for stretch in stretches if stretch.changed for line in stretch.paragraphs]))
    return Since(sighting.before_version, sighting.before_at, parts)


def in_words(printed: dict[str, Any]) -> dict[str, str]:
    """What a review prints (workflow.publications), part by part, each as text in paragraphs."""
    article, labels = printed["article"], {str(printed["rating"]): printed["rating_label"]}
    return {
        _("Statement"): printed["statement"],
        _("Said by"): " · ".join(filter(None, map(printed.get, ("speaker", "speaker_kind", "speaker_same_as")))),
        _("Finding"): finding_in_words(printed["verdict"], printed["rating"], labels),
        _("As of"): printed["as_of"] or "",
        _("Rationale"): printed["rationale"],
        _("What changed"): _change(printed.get("change")),
        _("Evidence"): "\n".join(map(_piece, printed["evidence"])),
        _("Right of reply"): "\n".join(map(_reply, printed.get("replies", []))),
        _("To be looked at again on"): printed.get("review_again", ""),
        _("Method checklist"): "\n".join(map(_step, printed.get("checklist", ()))),  # older sightings have none
        _("Words in the article"): "\n".join(filter(None, (printed["quote"]["exact"], _translated(printed, "quote_")))),
        _("First made at"): printed.get("first_appearance", ""),
        _("Article"): "\n".join(filter(None, (article["title"], article["outlet"], article["url"], article["note"]))),
    }


def _translated(part: dict[str, Any], prefix: str = "") -> str:
    """The translation and whose it is; "" without one, as in what was seen before there were any."""
    if not part.get(f"{prefix}translation"):
        return ""
    whose = part[f"{prefix}translator"]
    if part[f"{prefix}translated_by_machine"]:
        whose = _("%(name)s, a machine") % {"name": whose}
    return f"“{part[f'{prefix}translation']}” ({whose})"


def _reply(reply: dict[str, Any]) -> str:
    """One reply as one paragraph."""
    return " · ".join(" ".join(each.split()) for each in reply.values() if each)


def _step(step: dict[str, str]) -> str:
    """One answer of the checklist as one paragraph."""
    answer = str(ChecklistAnswer.Answer(step["answer"]).label)
    return f"{step['item']}: {' – '.join(filter(None, (answer, step['reason'])))}"


def _change(change: dict[str, Any] | None) -> str:
    if not change:
        return ""
    kind = ClaimReview.Change(change["kind"]).label if change["kind"] else ""
    return "\n".join(filter(None, (str(kind), change["note"])))


def _piece(piece: dict[str, Any]) -> str:
    """One piece of evidence as one paragraph."""
    said = [
        piece["title"],
        piece["publisher"],
        piece["published"],
        piece["url"],
        f"“{piece['exact']}”" if piece["exact"] else "",
        piece.get("language"),
        _translated(piece),
        str(Snapshot.Origin(piece["origin"]).label) if piece["origin"] else "",
        piece["seen"],
        piece["public_wording"],
        piece["searched_for"],
        piece["searched_where"],
        piece["searched_on"],
        piece["note"],
    ]
    kind = Evidence.Kind(piece["kind"]).label
    return f"{evidence.STANCES[piece['stance']]} ({kind}): " + " · ".join(
        " ".join(each.split()) for each in said if each
    )
