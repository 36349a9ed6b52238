"""Names whose words look substituted: how many made ones are told with the real one, and how many real ones accused."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from factcheck.evaluation import spinning
from factcheck.text import spun
from factcheck.text.realnames import Known, runs

SHORTEST, MOST = 3, 2_000
"""Words of a name that is asked for; names, the most often printed first."""


def evaluate(texts: Sequence[str], others: spinning.Replacements) -> dict[str, Any]:
    """Names of SHORTEST words and more in `texts`, half of their words garbled with `others`: how many are told with
    the right name, and with a wrong one. Then each as it is, itself struck from the list: how many are accused. Both
    as in a garbled article, where least is asked for."""
    counted = Counter(" ".join(match.group() for match in run) for text in texts for run in runs(text))
    names = [name for name, _ in counted.most_common() if len(name.split()) >= SHORTEST][:MOST]
    synonyms = spun.model().synonyms_of
    known = Known(names, synonyms)
    made = [(name, spinning.spin(name, others, 0.5, at)) for at, name in enumerate(names)]
    garbled = [
        (name, [one.likely for one in known.find(one.text, garbled=True)]) for name, one in made if one.originals
    ]
    halves = [Known(names[start::2], synonyms) for start in (1, 0)]
    accused = sum(bool(halves[at % 2].find(name, garbled=True)) for at, name in enumerate(names))
    right = sum(told == [name] for name, told in garbled)
    wrong = sum(bool(set(told) - {name}) for name, told in garbled)
    return {
        "told": right / len(garbled) if garbled else 0.0,
        "told wrongly": wrong / len(garbled) if garbled else 0.0,
        "real ones accused": accused / len(names) if names else 0.0,
        "n": len(garbled),
    }
