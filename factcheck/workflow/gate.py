"""What must be settled before a review is published: one list of checks, asked by publish() and so by every door.

A rule that is not met *blocks*. A doubt of the machine is *open* until a person answers it (workflow/gate_answers.py),
and the answer holds for exactly what was judged: of anything else the doubt is open again. What could not be found out
is *not known*, and never passes for a verdict: where a person can find it out, it waits for their answer like a doubt.
Nothing here says whether a claim is true.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from factcheck.exceptions import Refused
from factcheck.models import AuditEntry, ClaimReview, GateAnswer, Job, LinkCheck, MachineReading, Snapshot, User
from factcheck.text import doubts
from factcheck.workflow import desk_pages, links, readings
from factcheck.workflow.material import Material
from factcheck.workflow.transitions import chain_of

Doubt = GateAnswer.Doubt


class Check(TextChoices):
    EVIDENCE = "evidence", gettext_lazy("Evidence")
    FINDING = "finding", gettext_lazy("Finding")
    REPLY = "reply", gettext_lazy("Right of reply")
    LEGAL = "legal", gettext_lazy("Legal reading")
    READING = "reading", gettext_lazy("Reading by software")
    STATEMENT = "statement", gettext_lazy("Statement")
    PERSONS = "persons", gettext_lazy("Persons named")
    LINKS = "links", gettext_lazy("Addresses")
    AGES = "ages", gettext_lazy("Looking again")
    DESK = "desk", gettext_lazy("The desk’s own pages")


class State(TextChoices):
    PASSES = "passes", gettext_lazy("passes")
    UNKNOWN = "unknown", gettext_lazy("not known")
    OPEN = "open", gettext_lazy("open")
    BLOCKS = "blocks", gettext_lazy("blocks")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found about one thing. sentence: what is the matter, and what to do. doubt, key, subject, choices:
    of what a person can answer, and how; key names exactly what was judged, and is empty where nobody has to answer.
    """

    check: Check
    state: State
    sentence: str
    doubt: str = ""
    key: str = ""
    subject: str = ""
    answer: GateAnswer | None = None

    @property
    def stops(self) -> bool:
        return self.state is State.BLOCKS or (bool(self.doubt) and self.answer is None)

    @property
    def choices(self) -> tuple[str, ...]:
        return GateAnswer.CHOICES[self.doubt] if self.key else ()


def _doubted(
    m: Material,
    check: Check,
    doubt: str,
    judged: list[str],
    sentence: str,
    subject: str = "",
    state: State = State.OPEN,
) -> Finding:
    """As the state says, or passed by a person's answer to exactly this."""
    key = hashlib.sha256(json.dumps([doubt, *judged], ensure_ascii=False).encode()).hexdigest()
    answer = m.answers.get(key)
    if answer is None:
        return Finding(check, state, sentence, doubt, key, subject)
    said = f"{subject}: " if subject else ""
    said += _("“%(answer)s”, says %(who)s (%(day)s).") % {
        "answer": answer.get_choice_display(),
        "who": answer.by.name,
        "day": _day(timezone.localtime(answer.at)),
    }
    return Finding(check, State.PASSES, f"{said} {answer.reason}".strip(), doubt, key, subject, answer)


# --- the checks ----------------------------------------------------------------------------------------------------


def evidence(m: Material) -> Iterator[Finding]:
    """There is some, and each document was fetched by the desk, or pasted and compared by a second person."""
    if not m.evidence:
        yield Finding(Check.EVIDENCE, State.BLOCKS, _("Nothing is given as evidence. Add what the finding rests on."))
        return
    snapshots = [(piece, piece.snapshot) for piece in m.evidence if piece.snapshot]
    pasted = [(piece, words) for piece, words in snapshots if words.origin == Snapshot.Origin.PASTED]
    for piece, words in pasted:
        yield _doubted(
            m,
            Check.EVIDENCE,
            Doubt.PASTED,
            [words.source.url, words.sha256, piece.exact],
            _(
                "The words of “%(title)s” were pasted, not fetched. The second person compares them with the source,"
                " and says so with the approval or here."
            )
            % {"title": words.source.title},
            words.source.title,
        )
    if not pasted:
        yield Finding(Check.EVIDENCE, State.PASSES, _("Every document’s words were fetched by the desk itself."))


def finding(m: Material) -> Iterator[Finding]:
    """A verdict, with the rating that goes with it: the database keeps the two together."""
    if m.review.verdict:
        yield Finding(Check.FINDING, State.PASSES, _("Verdict and rating agree."))
    else:
        yield Finding(Check.FINDING, State.BLOCKS, _("Nothing is decided yet. Choose a finding."))


def reply(m: Material) -> Iterator[Finding]:
    """Somebody was asked, and answered or had their time; or it is said why nobody was."""
    if not m.replies:
        said = _("Nobody was asked for a reply. Write down who was asked and until when, or why nobody was.")
        yield Finding(Check.REPLY, State.BLOCKS, said)
    for row in m.replies:
        name = {"name": row.name, "day": _day(row.deadline) if row.deadline else ""}
        if row.not_asked:
            yield Finding(Check.REPLY, State.PASSES, _("Nobody was asked, and the public reads why."))
        elif row.answer:
            yield Finding(Check.REPLY, State.PASSES, _("%(name)s answered.") % name)
        elif row.waits:
            said = _("%(name)s may still answer until %(day)s. Wait until that day is over, or write the answer down.")
            yield Finding(Check.REPLY, State.BLOCKS, said % name)
        else:
            yield Finding(Check.REPLY, State.PASSES, _("%(name)s had not answered by %(day)s.") % name)


def legal(m: Material) -> Iterator[Finding]:
    """Nobody marked it as needing a legal reading, or it was cleared since."""
    reading = m.legal
    if reading is None:
        yield Finding(Check.LEGAL, State.PASSES, _("Nobody asked for a legal reading."))
    elif reading.cleared_by is None:
        said = _(
            "It waits for its legal reading: %(reason)s An editor who wrote no part of it reads and clears it, once it"
            " is handed over."
        )
        yield Finding(Check.LEGAL, State.BLOCKS, said % {"reason": reading.reason.rstrip(".") + "."})
    else:
        said = _("Read and cleared by %(who)s: %(note)s") % {"who": reading.cleared_by.name, "note": reading.note}
        yield Finding(Check.LEGAL, State.PASSES, said)


def reading(m: Material) -> Iterator[Finding]:
    """A machine has read these words, or a person has in its place: which is asked for only where no machine is at it
    that could be waited for.
    """
    if m.reading is not None:
        return
    job = readings.step(m.review)
    why = _("no worker has come to it")
    if job is not None and readings.failed(job):
        why = _("the step failed") if job.state == Job.State.DEAD else _("the step failed and is tried again")
    if underway := readings.is_underway(job):
        said = _("A machine is reading this for names and for what may go out of date. Look again in a moment.")
    else:
        said = _("No machine has read this for names and for what may go out of date (%(why)s).") % {"why": why}
        if m.review.status == ClaimReview.Status.DRAFT:
            said += " " + _("Save the draft, and it is tried again; or read it yourself.")
        elif readings.waits_for_worker(m, job):
            said += " " + _("Look again in a moment; or request changes, and its writers read it themselves.")
        else:
            said += " " + _("It is read when it is published, at the latest.")
    found = _doubted(m, Check.READING, Doubt.UNREAD, [m.sha256], said, state=State.UNKNOWN)
    yield replace(found, key="") if underway and found.stops else found


def statement(m: Material) -> Iterator[Finding]:
    """It can be understood without the article, as far as a machine sees."""
    judged = (m, Check.STATEMENT, Doubt.ALONE, [m.review.statement])
    if read := _of_statement(m):
        if read.leaning:
            sentence = _("Readers may not know what “%(words)s” means. Put it into words, or say why it is plain.")
            yield _doubted(*judged, sentence % {"words": _("”, “").join(read.leaning)})
        else:
            yield Finding(Check.STATEMENT, State.PASSES, _("No word of the statement leans on the article."))
    elif unread := _unread(m):
        yield _doubted(*judged, _("%(unread)s Say why it is plain.") % {"unread": unread}, state=State.UNKNOWN)


def persons(m: Material) -> Iterator[Finding]:
    """Nobody is named who may be private. Who made the claim is known to the public for it."""
    if m.reading is None:
        return
    names = doubts.private(m.reading.persons, [m.review.speaker, *(reply.name for reply in m.replies)])
    for name in names:
        sentence = _(
            "%(name)s may be a private person. Say that this is a public figure, write initials, or keep the name on a"
            " page that search engines are asked not to list."
        )
        yield _doubted(m, Check.PERSONS, Doubt.PERSON, [name], sentence % {"name": name}, name)
    if gap := _gap(m):
        yield _doubted(m, Check.PERSONS, Doubt.UNREAD, [m.sha256], gap, state=State.UNKNOWN)
    elif not names:
        yield Finding(Check.PERSONS, State.PASSES, _("Nobody but the speaker is named, as far as a machine sees."))


def _gap(m: Material) -> str:
    """What of the words was not read, and why; "" when all of them were."""
    said = []
    if m.reading and m.reading.languages:
        named = get_text_list([_language(code) for code in m.reading.languages], _("and"))
        said.append(
            _("A machine reads English only, and some of this is in another language (%(named)s).") % {"named": named}
        )
    if m.reading and m.reading.beyond:
        most = {"most": f"{doubts.LONGEST:,}", "beyond": f"{m.reading.beyond:,}"}
        said.append(_("Of one text it reads %(most)s characters; %(beyond)s more it did not read.") % most)
    if said:
        said.append(_("Whether a private person is named there is not known. Read it yourself, and say so."))
    return " ".join(said)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code.partition("-")[0])["name_translated"])
    except KeyError:
        return code


def _of_statement(m: Material) -> MachineReading | None:
    """The reading, when a machine has read the statement."""
    return m.reading if m.reading and m.reading.of_statement else None


def _unread(m: Material) -> str:
    """Why the statement was not read, for a person who judges it instead; "" while that may still come."""
    if m.reading is not None:
        return _("The statement was not read: it is not in English, or too long.")
    return "" if any(each.stops for each in reading(m)) else _("No machine has read the statement.")


def addresses(m: Material) -> Iterator[Finding]:
    """Each printed address was reached lately. One that could not be reached is not known to be dead. An archived text
    stands for one only where there is one.
    """
    urls = links.printed(m.review, m.evidence)
    looks, archived = links.last_looks(urls)
    archived |= {m.review.claim.article.url}
    unknown = []
    for url in urls:
        look = looks.get(url)
        if look is not None and look[1].outcome == LinkCheck.Outcome.GONE:
            said = {"url": url, "said": look[1].said}
            if url in archived:
                sentence = _("%(url)s: %(said)s Give another address, or say that the archived text stands for it.")
                yield _doubted(m, Check.LINKS, Doubt.LINK, [url], sentence % said, url)
            else:
                sentence = _(
                    "%(url)s: %(said)s The desk has no archived text of it. Give another address, or take it out."
                )
                yield Finding(Check.LINKS, State.BLOCKS, sentence % said, subject=url)
        elif not links.is_alive(look):
            unknown.append(url)
    if unknown:
        sentence = _("Not reached in the last %(days)s days, so not known: %(urls)s. Open them yourself.")
        since = {"days": links.REACHED_WITHIN.days, "urls": ", ".join(unknown)}
        yield Finding(Check.LINKS, State.UNKNOWN, sentence % since)
    elif all(links.is_alive(looks.get(url)) for url in urls):
        yield Finding(Check.LINKS, State.PASSES, _("Every printed address was reached lately."))


def ages(m: Material) -> Iterator[Finding]:
    """A statement whose truth passes has a day on which it is looked at again."""
    judged = (m, Check.AGES, Doubt.AGES, [m.review.statement])
    if m.review.review_again:
        said = _("It will be looked at again on %(day)s.") % {"day": _day(m.review.review_again)}
        yield Finding(Check.AGES, State.PASSES, said)
    elif read := _of_statement(m):
        if read.ageing:
            sentence = _("“%(words)s” may not stay true. Set a day to look at it again, or say why it lasts.")
            yield _doubted(*judged, sentence % {"words": read.ageing})
        else:
            yield Finding(Check.AGES, State.PASSES, _("Nothing in the statement seems to go out of date."))
    elif unread := _unread(m):
        sentence = _("%(unread)s Set a day to look at it again, or say why it lasts.") % {"unread": unread}
        yield _doubted(*judged, sentence, state=State.UNKNOWN)


def desk(m: Material) -> Iterator[Finding]:
    """Readers can look up who speaks to them, who pays for it and how it is made."""
    if pages := desk_pages.unfinished():
        sentence = _(
            "These pages are missing or still hold [[…]] to be filled in: %(pages)s. An editor or an administrator"
            " writes them at %(place)s."
        )
        said = {"pages": get_text_list(pages, _("and")), "place": settings.PUBLIC_URL + reverse("desk_pages")}
        yield Finding(Check.DESK, State.BLOCKS, sentence % said)
    else:
        yield Finding(Check.DESK, State.PASSES, _("Readers can look up how the desk works and who pays for it."))


CHECKS: tuple[Callable[[Material], Iterator[Finding]], ...] = (
    evidence,
    finding,
    reply,
    legal,
    reading,
    statement,
    persons,
    addresses,
    ages,
    desk,
)


def findings(review: ClaimReview) -> list[Finding]:
    """What every check finds about the review as it is now."""
    return findings_in(Material(review))


def findings_in(material: Material) -> list[Finding]:
    return [each for check in CHECKS for each in check(material)]


def require_open(review: ClaimReview) -> None:
    """In the caller's transaction. What no machine and no person has read is read now, so that publishing waits for no
    worker, but for what may break or hold up the process. Raises Refused with every sentence that stands against
    publishing; its rule names the first check.
    """
    material = Material(review)
    unread = any(each.stops for each in reading(material))
    if unread and not readings.waits_for_worker(material, readings.step(review)):
        material.reading = readings.read(material)
    stops = [each for each in findings_in(material) if each.stops]
    if stops:
        said = " ".join(f"{each.check.label}: {each.sentence}" for each in stops)
        raise Refused(_("This is not ready to be published. %(said)s") % {"said": said}, f"gate_{stops[0].check}")


def robots(review: ClaimReview) -> str:
    """What search engines are told: "noindex" while a name is printed that a person kept only so; else "".

    A plain look for the name, and no machine's reading: what a publication holds must not hang on a model's version.
    """
    material = Material(review)
    kept = [row for row in material.answers.values() if row.doubt == Doubt.PERSON]
    noindex = [row.subject.casefold() for row in kept if row.choice == GateAnswer.Choice.NOINDEX]
    flat = [" ".join(text.split()).casefold() for text in material.printed] if noindex else []
    return "noindex" if any(name in text for name in noindex for text in flat) else ""


def compared(review: ClaimReview, *, by: User, act: uuid.UUID) -> None:
    """The second person compared all pasted words with their sources. In the caller's transaction and act."""
    for each in evidence(Material(review)):
        if each.doubt and each.answer is None:
            record(review, each, by=by, act=act, choice=GateAnswer.Choice.COMPARED)


def record(review: ClaimReview, of: Finding, *, by: User, act: uuid.UUID, choice: str, reason: str = "") -> GateAnswer:
    """A person's answer, and its entry in the trail. In the caller's transaction."""
    answer = GateAnswer.objects.create(
        review=review, doubt=of.doubt, subject=of.subject, sha256=of.key, choice=choice, reason=reason, by=by
    )
    said = f"{of.subject or answer.get_doubt_display()}. {reason}".strip()
    chain = chain_of(review.article_key)
    AuditEntry.record(answer, "gateanswer.given", by=by, act=act, chain=chain, new=choice, text=said)
    return answer


def _day(day: Any) -> str:
    return date_format(day, "j F Y")
