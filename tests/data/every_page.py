"""Every page of the public data is read or refused in a sentence. Not collected by itself: `make test-data`."""

import gzip
import os
from pathlib import Path

import pytest

from factcheck.text import extraction

pytestmark = pytest.mark.unit

DATA = Path(os.environ.get("DATA", "../shared/data"))
PAGES = sorted(DATA.glob("*/*/html/*.html.gz"))

refused: dict[Path, str] = {}


def test_there_are_pages():
    assert PAGES, f"There is no page in {DATA}: give DATA, a folder with NAME/dev/html/*.html.gz."


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parts[-4]}/{path.name}")
def test_the_page_is_read_or_refused_in_a_sentence(path):
    try:
        reading = extraction.read(gzip.decompress(path.read_bytes()))
    except extraction.NoTextFound as error:
        refused[path] = str(error)
        return
    assert "\n\n".join(reading.text[block.start : block.end] for block in reading.blocks) == reading.text
    reading.text.encode("utf-8")


def test_hardly_any_page_is_refused():
    """Last: of the public pages fewer than one in a hundred has no text to read, and each refusal is a sentence."""
    assert len(refused) * 100 < len(PAGES), refused
    assert [said for said in refused.values() if not said.endswith(".")] == []
