"""Reading a page: from the HTML of an article to its text, its structure and what is known about it.

    bytes ─ decoding ─► tree ─┬─ markup ──► titles, authors, dates, identity ─┐
                              └─ blocks ──► body ─────────────────────────────┴─► reading

Nothing is fetched. The page is parsed once and every part reads the same tree; none changes it. No rule knows a site:
docs/reading.md says which standards are read, what was measured and what was tried.
"""

from factcheck.text.extraction.blocks import Kind
from factcheck.text.extraction.found import Source
from factcheck.text.extraction.reading import Block, NoTextFound, Reading, read

__all__ = ["Block", "Kind", "NoTextFound", "Reading", "Source", "read"]
