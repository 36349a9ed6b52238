"""Speed and memory, each against a baseline in the same run: `manage.py bench NAME`. One file per bench, each with a
`measure(…) -> Report` in the shape of `manage.py evaluate`.

Processor time of a machine that others use tells little; the ratio of two things measured side by side tells more.
"""
