"""What the services outside answer, in the form that their documentation gives, with words of our own."""

# https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims/search
# https://developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims
GOOGLE = {
    "claims": [
        {
            "text": "The new bridge of Lindau cost 40 million euros.",
            "claimant": "Ada Berg",
            "claimDate": "2024-04-30T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Lake Check", "site": "lakecheck.example"},
                    "url": "https://lakecheck.example/bridge",
                    "title": "No, the bridge did not cost 40 million",
                    "reviewDate": "2024-05-14T09:30:00.123456789Z",
                    "textualRating": "Pants on fire, and then some",
                    "languageCode": "en",
                },
                {
                    "publisher": {"site": "faktum.example"},
                    "url": "https://faktum.example/40",
                    "languageCode": "de",
                },
            ],
        },
        {"text": "A claim that nobody has reviewed."},
    ],
    "nextPageToken": "CAo",
}
# Without a find the answer has no fields: an empty list is left out of JSON.
# https://protobuf.dev/programming-guides/json/
GOOGLE_EMPTY: dict = {}
# https://cloud.google.com/apis/design/errors#http_mapping
GOOGLE_TOO_OFTEN = {"error": {"code": 429, "message": "Quota exceeded.", "status": "RESOURCE_EXHAUSTED"}}

# https://www.mediawiki.org/wiki/API:Search
WIKIPEDIA = {
    "batchcomplete": True,
    "continue": {"sroffset": 5, "continue": "-||"},
    "query": {
        "search": [
            {
                "ns": 0,
                "title": "Lindau Bridge (2024)",
                "pageid": 18291,
                "snippet": 'The <span class="searchmatch">bridge</span> was opened on 6&nbsp;May and cost &lt;13',
            },
            {"ns": 0, "title": "Ada Berg", "pageid": 18292, "snippet": "mayor of Lindau"},
        ]
    },
}
WIKIPEDIA_EMPTY = {"batchcomplete": True, "query": {"search": []}}
# https://www.mediawiki.org/wiki/Manual:Maxlag_parameter
WIKIPEDIA_BEHIND = {"error": {"code": "maxlag", "info": "Waiting for a server: 7 seconds lagged.", "lag": 7}}

# https://docs.searxng.org/dev/search_api.html, https://docs.searxng.org/dev/result_types/
SEARXNG = {
    "query": "bridge of Lindau",
    "number_of_results": 0,
    "results": [
        {
            "url": "https://paper.example/bridge",
            "title": "The bridge is open",
            "content": "It cost 12.4 million euros, the council says.",
            "publishedDate": "2024-05-07T00:00:00",
            "engine": "one",
            "engines": ["one", "two"],
            "positions": [1],
            "score": 2.0,
            "category": "general",
        },
        {"url": "magnet:?xt=urn", "title": "No page of the web", "content": ""},
    ],
    "answers": [],
    "corrections": [],
    "infoboxes": [],
    "suggestions": [],
    "unresponsive_engines": [],
}
SEARXNG_EMPTY = {**SEARXNG, "results": []}
SEARXNG_SILENT = {**SEARXNG_EMPTY, "unresponsive_engines": [["one", "timeout"], ["two", "CAPTCHA"]]}
