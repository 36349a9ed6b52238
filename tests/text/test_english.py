import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from factcheck.text import english

pytestmark = pytest.mark.unit


def test_threads_get_one_and_the_same_model():
    with ThreadPoolExecutor(4) as threads:
        models = list(threads.map(lambda _: english.model(), range(8)))
    assert len({id(model) for model in models}) == 1


def test_each_sentence_is_parsed_alone_and_in_order():
    assert [doc.text for doc in english.read(["The river rose.", "", "It fell."])] == [
        "The river rose.",
        "",
        "It fell.",
    ]


def test_the_text_package_loads_without_django_and_without_warnings():
    code = (
        "import sys; from factcheck.text import checkworthiness, claims;"
        "name = checkworthiness.model().combination.encoder;"
        "encoder = claims.Encoder(name, lambda texts: [[0.05] * 384] * len(texts));"
        "assert claims.find('The river rose by 3 metres.', encoder)[0].checkworthiness is not None;"
        "assert not any(name.split('.')[0] in ('django', 'sklearn') for name in sys.modules), 'too much loaded'"
    )
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
