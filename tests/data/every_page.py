"""Every page of the public data is read or refused in a sentence. Not collected by itself: `make test-data`."""

import gzip
import os
from pathlib import Path

import pytest

from factcheck.text import extraction

pytestmark = pytest.mark.unit

DATA = Path(os.environ.get("DATA", "../shared/data"))
PAGES = sorted(DATA.glob("*/*/html/*.html.gz"))


def test_there_are_pages():
    assert PAGES, f"There is no page in {DATA}: give DATA, a folder with NAME/dev/html/*.html.gz."


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parts[-4]}/{path.name}")
def test_the_page_is_read_or_refused_in_a_sentence(path):
    try:
        reading = extraction.read(gzip.decompress(path.read_bytes()))
    except extraction.NoTextFound as error:
        pytest.skip(str(error))
    assert "\n\n".join(reading.text[block.start : block.end] for block in reading.blocks) == reading.text
    reading.text.encode("utf-8")
