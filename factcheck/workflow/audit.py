"""Reading the trail back: is every entry as it was written?"""

from collections.abc import Iterator

from factcheck.models import GENESIS, AuditEntry, AuditHead, AuditText, text_hash


def problems_of_chain(chain: str) -> Iterator[str]:
    """A sentence for each entry of the chain that was changed, is missing, or does not follow the one before it.

    Also for words that do not match their entry, and for a head that is not the last entry's. An erased text is no
    problem: its entry still holds the hash. What a chain cannot show is said in docs/adr/0004-audit-chain.md.
    """
    seq, link, head = 0, GENESIS, None
    while head is None or head.seq > seq:
        read = seq
        for entry in AuditEntry.objects.filter(chain=chain, seq__gt=seq if seq else -1).order_by("seq").iterator():
            yield from _problems_of_entry(entry, seq, link)
            seq, link = entry.seq, entry.hash
        head = AuditHead.objects.filter(chain=chain).first()
        if head is None:
            yield f"Chain {chain} has entries and no head."
            return
        if seq == read:
            break  # nothing was added while it was read: what the head counts beyond is missing
    if head.seq > seq:
        yield f"Chain {chain}: {_missing(seq + 1, head.seq)} at its end."
    elif (head.seq, head.hash) != (seq, link):
        yield f"Chain {chain}: its head names entry {head.seq}, and not the last one, {seq}."


def _problems_of_entry(entry: AuditEntry, seq: int, link: str) -> Iterator[str]:
    """What is wrong with an entry that should follow entry `seq`, whose hash is `link`."""
    place = f"Chain {entry.chain}, entry {entry.seq}"
    if entry.seq < 1:
        yield f"{place} stands before the first: it was put there later."
    elif entry.seq > seq + 1:
        yield f"Chain {entry.chain}: {_missing(seq + 1, entry.seq - 1)}."
    elif entry.prev != link:
        yield f"{place} does not follow entry {seq}: one of the two was put there later."
    if entry.hash != entry.expected_hash():
        yield f"{place} ({entry.verb} of {entry.subject} {entry.subject_id}) was changed."
    text = AuditText.objects.filter(entry_id=entry.pk).first()
    if text is not None and text_hash(text.salt, text.text) != entry.text_sha256:
        yield f"{place}: its words were changed."


def _missing(first: int, last: int) -> str:
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"
