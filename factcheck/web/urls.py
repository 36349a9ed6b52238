"""The addresses of the pages."""

from datetime import date

from django.urls import path, register_converter

from factcheck.web import (
    adding_sources,
    articles,
    audit,
    audit_export,
    changes,
    claims,
    evidence,
    feedback,
    feeds,
    imports,
    jobs,
    marking,
    pairs,
    publications,
    reviews,
    sources,
    suggestions,
    unreadable,
)


class Day:
    """A day that exists, written 2026-11-24. Anything else is no such address."""

    regex = r"\d{4}-\d{2}-\d{2}"
    to_python = staticmethod(date.fromisoformat)
    to_url = staticmethod(date.isoformat)


register_converter(Day, "day")

urlpatterns = [
    path("", claims.home, name="home"),
    path("articles/", articles.index, name="articles"),
    path("articles/unread/", unreadable.index, name="unreadable"),
    path("unreadable/<int:pk>/again", unreadable.again, name="try_again"),
    path("unreadable/<int:pk>/aside", unreadable.put_aside, name="set_aside"),
    path("articles/<int:pk>/", articles.detail, name="article"),
    path("articles/<int:pk>/confidence", articles.confidence, name="confidence"),
    path("articles/<int:pk>/outside-search", articles.outside_search, name="outside_search"),
    path("articles/<int:pk>/lift", articles.lift, name="lift"),
    path("articles/<int:pk>/versions/", changes.versions, name="article_versions"),
    path("articles/<int:pk>/difference/", changes.difference, name="article_difference"),
    path("articles/<int:pk>/look-again", articles.look_again, name="look_again"),
    path("articles/<int:pk>/add-claim", marking.add, name="add_claim"),
    path("articles/<int:pk>/trail/", audit.of_article, name="article_trail"),
    path("feeds/", feeds.index, name="feeds"),
    path("feeds/<int:pk>/", feeds.detail, name="feed"),
    path("feeds/<int:pk>/edit", feeds.edit, name="edit_feed"),
    path("feeds/<int:pk>/switch", feeds.switch, name="switch_feed"),
    path("feeds/<int:pk>/poll", feeds.poll, name="poll_feed"),
    path("sources/", sources.index, name="sources"),
    path("sources/<int:pk>/", sources.detail, name="source"),
    path("sources/<int:pk>/words", sources.paste, name="paste_words"),
    path("sources/add/", adding_sources.index, name="add_source"),
    path("sources/add/address", adding_sources.address, name="add_address"),
    path("sources/add/file", adding_sources.file, name="add_file"),
    path("sources/add/words", adding_sources.words, name="add_words"),
    path("sources/add/list", adding_sources.take_list, name="import_sources"),
    path("sources/add/fact-checks", adding_sources.take_fact_checks, name="import_fact_checks"),
    path("sources/imports/", imports.index, name="imports"),
    path("sources/imports/<int:pk>/", imports.detail, name="import"),
    path("sources/feedback/", feedback.index, name="feedback"),
    path("jobs/<int:pk>/replay", jobs.replay, name="replay"),
    path("claims/<int:pk>/", claims.detail, name="claim"),
    path("claims/<int:pk>/statement", claims.statement, name="statement"),
    path("claims/<int:pk>/begin", claims.begin, name="begin"),
    path("claims/<int:pk>/conflict", claims.declare_conflict, name="declare_conflict"),
    path("claims/<int:pk>/dismiss", marking.dismiss, name="dismiss_claim"),
    path("claims/<int:pk>/restore", marking.restore, name="restore_claim"),
    path("claims/<int:pk>/attribute", marking.attribute, name="attribute"),
    path("claims/<int:pk>/split", marking.split, name="split_claim"),
    path("claims/<int:pk>/merge", marking.merge, name="merge_claims"),
    path("claims/<int:pk>/place-again", marking.place_again, name="place_again"),
    path("claims/<int:pk>/undo", marking.undo, name="undo_lineage"),
    path("conflicts/<int:pk>/withdraw", claims.withdraw_conflict, name="withdraw_conflict"),
    path("suggestions/<int:pk>/accept", suggestions.accept, name="accept"),
    path("suggestions/<int:pk>/dismiss", suggestions.dismiss, name="dismiss"),
    path("suggestions/<int:pk>/fetch", suggestions.fetch_page, name="fetch_page"),
    path("suggestions/<int:pk>/undo", suggestions.undo, name="undo"),
    path("pairs/<int:pk>/confirm", pairs.confirm, name="confirm_pair"),
    path("pairs/<int:pk>/refuse", pairs.refuse, name="refuse_pair"),
    path("pairs/<int:pk>/undo", pairs.undo, name="undo_pair"),
    path("evidence/<int:pk>/stance", evidence.stance, name="stance"),
    path("evidence/<int:pk>/remove", evidence.remove, name="remove"),
    path("evidence/<int:pk>/erase-confidence", evidence.erase_confidence, name="erase_confidence"),
    path("reviews/", reviews.index, name="reviews"),
    path("reviews/<int:pk>/", reviews.detail, name="review"),
    path("reviews/<int:pk>/save", reviews.save, name="save"),
    path("reviews/<int:pk>/document", evidence.document, name="document"),
    path("reviews/<int:pk>/person", evidence.person, name="person"),
    path("reviews/<int:pk>/search", evidence.search, name="search"),
    path("reviews/<int:pk>/take-over", reviews.take_over, name="take_over"),
    path("reviews/<int:pk>/submit", reviews.submit, name="submit"),
    path("reviews/<int:pk>/withdraw", reviews.withdraw, name="withdraw"),
    path("reviews/<int:pk>/abandon", reviews.abandon, name="abandon"),
    path("reviews/<int:pk>/approve", reviews.approve, name="approve"),
    path("reviews/<int:pk>/request-changes", reviews.request_changes, name="request_changes"),
    path("reviews/<int:pk>/publish", reviews.publish, name="publish"),
    path("reviews/<int:pk>/retract", reviews.retract, name="retract"),
    path("fact-checks/", publications.index, name="fact_checks"),
    path("fact-checks/<slug:slug>/", publications.detail, name="fact_check"),
    path("trail/", audit.index, name="trail"),
    path("trail/export", audit_export.export, name="export"),
    path("trail/roots/", audit.roots_index, name="roots"),
    path("trail/roots/<day:day>.json", audit.root, name="root"),
]
