"""Which class of mangled inputs comes in by which doors, and what a run of them gave."""

from collections import Counter
from dataclasses import dataclass, field

from tests.mangled import files, words  # noqa: F401 - each registers its classes
from tests.mangled.doors import DOORS, Desk, sent
from tests.mangled.inputs import CLASSES, inputs

WORDS = "form API batch command page"
FILES = "form command page"  # the API takes text and HTML only
PAGES = "form API batch command page"
LISTED = "API batch command"  # whatever takes JSON: the command takes it line by line

TABLE: dict[str, list[str]] = {
    name: doors.split()
    for name, doors in {
        "NULs and control characters": WORDS,
        "halves of characters": WORDS,
        "turned directions, nothing visible between": WORDS,
        "nothing to see": WORDS,
        "one line without an end": WORDS,
        "thousands of lines": WORDS,
        "mixed scripts and stacked marks": WORDS,
        "markup and commands in words": WORDS,
        "elements in elements in elements": PAGES,
        "elements that never end": PAGES,
        "charsets that are not what they say": FILES,
        "entities that grow": FILES,
        "files that are cut off": FILES,
        "files with bytes that changed": FILES,
        "packed files that burst": FILES,
        "Word files without their parts": FILES,
        "PDFs whose parts are not where they say": FILES,
        "mails of mails in encodings that are none": "form command",  # no site sends a mail as a page
        "files that are something else": FILES,
        "half of a packed page": FILES,
        "names of files that lead elsewhere": "form page",  # at a shell the system says which names there are
        "addresses that are none, or lead nowhere good": "form API batch command",
        "days that are none, or at the end of all days": "form API batch command",
        "JSON of another shape": LISTED,
        "JSON that breaks off, or is none": LISTED,
        "JSON with a key twice": LISTED,
        "numbers without an end": LISTED,
        "lists with broken rows": "command",
        "answers that break off, lie or never end": "page",
    }.items()
}
assert set(TABLE) == set(CLASSES)


@dataclass
class Run:
    """counts: (class, door) -> what became of how many. failures: what must not be, with the input that did it."""

    counts: dict[tuple[str, str], Counter] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def send(self, desk: Desk, doors: list[str], many: int, seed: int) -> None:
        """`many` inputs of each class through each of these doors that it comes in by."""
        for name in TABLE:
            for door in [door for door in TABLE[name] if door in doors]:
                counted = self.counts[name, door] = Counter()
                for number, mangled in enumerate(inputs(name, many, seed)):
                    try:
                        counted[sent(desk, door, mangled)] += 1
                    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                        counted["failed"] += 1
                        said = f"{type(error).__name__}: {error}"
                        self.failures.append(
                            f"{name} × {door}, number {number}: {said[:500]}\n    {str(mangled)[:300]!r}"
                        )

    def __str__(self) -> str:
        lines = [f"{'class':48}" + "".join(f"{door:>16}" for door in DOORS)]
        for name in TABLE:
            cells = [self.counts.get((name, door)) for door in DOORS]
            told = [f"{c['taken']}/{c['refused']}/{c['failed']}" if c is not None else "–" for c in cells]
            lines.append(f"{name:48}" + "".join(f"{cell:>16}" for cell in told))
        total = sum(self.counts.values(), Counter())
        lines.append(
            f"{total.total():,} inputs, taken/refused/failed: {total['taken']}/{total['refused']}/{total['failed']}"
        )
        return "\n".join(lines)
