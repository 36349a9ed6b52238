"""The science of reading: from an article's characters to statements that can be checked.

In the order of the path: documents (files of every kind) → extraction (a page's HTML to its text) → plain (is it text
at all) → quotations → sentences → english (the parse) → cues, by the verbs of speech → contents → speakers →
attribution → clauses, by lists (coordination), in parts → references, relative_dates → statements → kinds →
checkworthiness → claims; anchors finds a quote again, sameclaim tells whether two sentences claim the same. Beside the
path, claimreviews reads what others have checked, and spun finds wording that a machine has garbled (leftovers,
pairings, terms). Pure Python: no Django, nothing of ours from outside this package.
Every position is a code point of the text exactly as received, end-exclusive.
"""
