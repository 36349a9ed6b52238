"""A fact-checking desk. The path, in order, one stem per stage; the same stem names its file in every layer:

    article ──► claims ──► suggestions ──► reviews ──► publications

Who may import whom (tests/test_imports.py holds the code to it):

    web · api · admin · management/commands   doors: parse, call one verb, show; they never import each other
                 │
             workflow  ──enqueues──► tasks ──calls back by the one allowed deferred import
                 │
    models · permissions · text · retrieval · claimreview
                 │
        fetching · exceptions

`text` imports nothing of ours and no Django. `retrieval` imports models, text, fetching. `models` imports only
exceptions. `evaluation` imports text, retrieval, models, and only its commands import it.
"""
