"""Reading the trail back: is every entry as it was written, and who is named in it?"""

import re
from collections.abc import Callable, Iterable, Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan

from factcheck.models import DESK_CHAIN, GENESIS, Article, AuditEntry, AuditHead, AuditText, User, text_hash
from factcheck.permissions import require
from factcheck.workflow.transitions import change

BATCH = 2_000  # entries that are in memory at once
NEAR = 1_000  # an entry with a wrong number is looked for so many places away from where it stands
PATIENCE = 100  # entries of one chain for which that is done: after so many the chain has long been found out


def batches(entries: QuerySet[AuditEntry]) -> Iterator[list[AuditEntry]]:
    """The entries by chain and number, each with its `words` (AuditText, or None). Two queries for each BATCH."""
    entries = entries.order_by("chain", "seq")
    rest = entries
    while batch := with_words(list(rest[:BATCH])):
        yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]
        rest = entries.filter(TupleGreaterThan(("chain", "seq"), (last.chain, last.seq)))


def with_words(entries: list[AuditEntry]) -> list[AuditEntry]:
    """The same entries with their `words`: AuditText, or None when there are none or they were erased. One query."""
    texts = AuditText.objects.in_bulk([entry.pk for entry in entries])
    for entry in entries:
        entry.words = texts.get(entry.pk)  # type: ignore[attr-defined]
    return entries


# Verbs whose `old` and `new` are keys of people.
OF_PEOPLE = frozenset(
    {
        "article.sees",
        "claim.assigned",
        "evidence.told_in_confidence",
        "claimreview.taken_over",
        "claimreview.released",
        "conflictofinterest.declared",
        "conflictofinterest.withdrawn",
    }
)


KEY = re.compile(r"[0-9]{1,18}")  # what fits into a bigint; \d would also take digits that no key is written with


def keys_of(value: str | None) -> list[int]:
    """The people whose keys stand in an `old` or `new` of OF_PEOPLE; [] when it says something else (“the desk”)."""
    parts = (value or "").split()
    return [int(part) for part in parts] if all(map(KEY.fullmatch, parts)) else []


def with_names(entries: list[AuditEntry]) -> list[AuditEntry]:
    """The same entries with the `name_of_actor`, "" for the machine, and the `names` of the people whose keys stand in
    `old` and `new`: one query, an entry has no key to join by.
    """
    people = {entry.actor for entry in entries if entry.actor is not None}
    for entry in entries:
        if entry.verb in OF_PEOPLE:
            people.update(keys_of(entry.old), keys_of(entry.new))
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    for entry in entries:
        entry.names = names  # type: ignore[attr-defined]
        entry.name_of_actor = "" if entry.actor is None else names.get(entry.actor, "")  # type: ignore[attr-defined]
    return entries


def record_export(*, by: User, form: str, chosen: str, chain: str = "") -> None:
    """That somebody took entries of the trail away. form: csv or ndjson; chosen: the filter in words. NotAllowed.

    chain: the only one that they were taken from, if so. An article's own chain is told of it, and not the desk, which
    may not know of the article; the desk is told where `by` sees no such article.
    """
    require(by, "read the trail")
    article = None
    if chain not in ("", DESK_CHAIN):
        article = Article.objects.visible_to(by).filter(uuid=chain).first()
    with change(article and article.pk) as act:
        told = str(article.uuid) if article else DESK_CHAIN
        AuditEntry.record(by, "audit.exported", by=by, act=act, chain=told, new=form, text=chosen)


def record_list_export(*, by: User, file: str, chosen: str, rows: int) -> None:
    """That somebody took a list of the desk away, before its first row goes. file: list and form, “claims.csv”; chosen:
    the filter; rows: how many there are now. NotAllowed."""
    require(by, "see the desk")
    with change() as act:
        text = f"{chosen or 'everything'}; rows: {rows}"
        AuditEntry.record(by, "desk.list_exported", by=by, act=act, new=file, text=text)


# --- verifying -----------------------------------------------------------------------------------------------------


def _batches_to_verify(entries: QuerySet[AuditEntry]) -> Iterator[list[AuditEntry]]:
    """batches(), each entry with `words_are_missing`: that it had words, and no later entry says that they were erased.

    Only the erasure of a person erases words. One more query for a batch in which some are gone: after the words were
    read, so that an erasure in between is known.
    """
    for batch in batches(entries):
        gone = {entry for entry in batch if entry.text_sha256 and entry.words is None}  # type: ignore[attr-defined]
        erased = _erasures() if gone else {}
        for entry in batch:
            entry.words_are_missing = entry in gone and not any(  # type: ignore[attr-defined]
                erased.get(person, 0) > entry.pk for person in _erased_with(entry)
            )
        yield batch


def _erasures() -> dict[int, int]:
    """Person -> the key of the last entry that says that the person was erased."""
    entries = AuditEntry.objects.filter(verb="person.erased", subject="user").order_by("pk")
    return dict(entries.values_list("subject_id", "pk"))


def _erased_with(entry: AuditEntry) -> list[int]:
    """The people of whom the entry's words speak, and with whom they are erased."""
    if entry.subject == "user":
        return [entry.subject_id]
    return [*keys_of(entry.old), *keys_of(entry.new)] if entry.verb in OF_PEOPLE else []


class Chain:
    """How far one chain was read: the number and hash of its last entry, and what it takes to name the next one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seq, self.link = 0, GENESIS
        self.before = GENESIS  # the hash of the entry before the last
        self.shift = 0  # by how much the last entry's number differs from the one it was written with
        self.patience = PATIENCE

    def follow(self, entry: AuditEntry) -> Iterator[str]:
        """A sentence for each thing that is wrong with the next entry."""
        place, about = f"Chain {self.name}, entry {entry.seq}", f"({entry.verb} of {entry.subject} {entry.subject_id})"
        written = self._written_as(entry)
        fits = entry.prev == self.link
        shift = written - entry.seq if written is not None else 0
        if entry.seq < 1:
            yield f"{place} stands before the first: it was put there later."
        elif entry.seq > self.seq + 1:
            yield f"Chain {self.name}: {_missing(self.seq + 1, entry.seq - 1)}."
        elif not fits and shift == -1 and entry.prev == self.before:
            yield (
                f"Chain {self.name}, entry {self.seq} was put there later: entry {entry.seq} {about} was written"
                f" as entry {written} and follows entry {self.seq - 1}."
            )
            self.shift = shift
        elif not fits and shift == self.shift:
            yield f"{place} does not follow entry {self.seq}: one of the two was put there later."
        if written is None:
            yield f"{place} {about} was changed."
        elif shift and shift != self.shift:
            yield f"{place} {about} was written as entry {written}: it was moved."
        words = entry.words  # type: ignore[attr-defined]
        if words is not None and text_hash(words.salt, words.text) != entry.text_sha256:
            yield f"{place}: its words were changed."
        if entry.words_are_missing:  # type: ignore[attr-defined]
            yield f"{place}: its words are missing, and no entry says that they were erased."
        self.shift = shift
        self.before, self.seq, self.link = self.link, entry.seq, entry.hash

    def end(self, head: AuditHead | None) -> Iterator[str]:
        """After the last entry: what the head says. It may have moved on while the chain was read; then so do we."""
        while head is not None and head.seq > self.seq:
            read = self.seq
            for batch in _batches_to_verify(AuditEntry.objects.filter(chain=self.name, seq__gt=self.seq)):
                for entry in batch:
                    yield from self.follow(entry)
            if self.seq == read:
                break  # nothing was added meanwhile: what the head counts beyond is missing
            head = AuditHead.objects.filter(chain=self.name).first()
        if head is None:
            yield f"Chain {self.name} has entries and no head."
        elif head.seq > self.seq:
            yield f"Chain {self.name}: {_missing(self.seq + 1, head.seq)} at its end."
        elif (head.seq, head.hash) != (self.seq, self.link):
            yield f"Chain {self.name}: its head names entry {head.seq}, and not the last one, {self.seq}."

    def _written_as(self, entry: AuditEntry) -> int | None:
        """The number with which the entry was hashed; None when no number near its own explains its hash."""
        if entry.hash == entry.expected_hash():
            return entry.seq
        if self.patience <= 0:
            return None
        self.patience -= 1
        near = sorted(range(max(1, entry.seq - NEAR), entry.seq + NEAR), key=lambda seq: abs(seq - entry.seq))
        guesses = [entry.seq + self.shift, *near]
        found = next((seq for seq in guesses if entry.hash == entry.expected_hash(seq)), None)
        if found is not None and found - entry.seq == self.shift:
            self.patience += 1  # what moved along with the one before it costs one guess
        return found


def problems_of_chain(name: str) -> Iterator[str]:
    """A sentence for each entry of the chain that was changed, moved, put in or is missing.

    Also for words that do not match their entry or are missing, and for a head that is not the last entry's. Words that
    were erased with a person are no problem: their entry still holds the hash. What a chain cannot show is said in
    docs/security.md.
    """
    chain = Chain(name)
    for batch in _batches_to_verify(AuditEntry.objects.filter(chain=name)):
        for entry in batch:
            yield from chain.follow(entry)
    yield from chain.end(AuditHead.objects.filter(chain=name).first())


class Trail:
    """One pass over all chains, in constant memory; `entries` and `chains` count what was read so far."""

    def __init__(self) -> None:
        self.entries = self.chains = 0

    def problems(self, tell: Callable[[int], object] = lambda entries: None) -> Iterator[tuple[str, str]]:
        """(chain, sentence) of each problem, chain by chain. tell: is called with the entries read so far."""
        chain: Chain | None = None
        for batch in _batches_to_verify(AuditEntry.objects.all()):
            # Read after the entries: a head that is behind them would look like tampering.
            ending = {entry.chain for entry in batch} | ({chain.name} if chain else set())
            heads = AuditHead.objects.in_bulk(ending)
            for entry in batch:
                if chain is None or entry.chain != chain.name:
                    if chain is not None:
                        yield from _of(chain.name, chain.end(heads.get(chain.name)))
                    chain = Chain(entry.chain)
                    self.chains += 1
                yield from _of(chain.name, chain.follow(entry))
            self.entries += len(batch)
            tell(self.entries)
        if chain is not None:
            yield from _of(chain.name, chain.end(AuditHead.objects.filter(chain=chain.name).first()))
        empty = AuditHead.objects.filter(~Exists(AuditEntry.objects.filter(chain=OuterRef("chain"))), seq__gt=0)
        for head in empty.order_by("chain").iterator():
            self.chains += 1
            yield head.chain, f"Chain {head.chain}: {_missing(1, head.seq)} at its end."


def _of(chain: str, sentences: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((chain, sentence) for sentence in sentences)


def _missing(first: int, last: int) -> str:
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"
