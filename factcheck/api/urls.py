"""The addresses of the API, along the path. Views read the keys: a wrong one is a problem like any other."""

from django.urls import path, re_path

from factcheck.api import articles, claims, evidence, jobs, marking, publications, reviews, schema, suggestions

urlpatterns = [
    path("articles/", articles.Articles.as_view()),
    path("articles/batch/", articles.Batch.as_view()),
    path("articles/<str:id>/", articles.OneArticle.as_view()),
    path("articles/<str:id>/claims/", articles.ClaimsOfArticle.as_view()),
    path("claims/", claims.Claims.as_view()),
    path("claims/<str:id>/", claims.OneClaim.as_view()),
    path("claims/<str:id>/review/", claims.BeginReview.as_view()),
    path("claims/<str:id>/dismiss/", marking.Dismiss.as_view()),
    path("claims/<str:id>/restore/", marking.Restore.as_view()),
    path("claims/<str:id>/attribution/", marking.Attribution.as_view()),
    path("claims/<str:id>/split/", marking.Split.as_view()),
    path("claims/<str:id>/merge/", marking.Merge.as_view()),
    path("claims/<str:id>/undo/", marking.Undo.as_view()),
    path("suggestions/", suggestions.Suggestions.as_view()),
    path("suggestions/<str:id>/accept/", suggestions.Accept.as_view()),
    path("suggestions/<str:id>/dismiss/", suggestions.Dismiss.as_view()),
    path("suggestions/<str:id>/undo/", suggestions.Undo.as_view()),
    path("reviews/", reviews.Reviews.as_view()),
    path("reviews/<str:id>/", reviews.OneReview.as_view()),
    path("reviews/<str:id>/evidence/", evidence.AddEvidence.as_view()),
    path("reviews/<str:id>/take-over/", reviews.TakeOver.as_view()),
    path("reviews/<str:id>/submit/", reviews.Submit.as_view()),
    path("reviews/<str:id>/withdraw/", reviews.Withdraw.as_view()),
    path("reviews/<str:id>/abandon/", reviews.Abandon.as_view()),
    path("reviews/<str:id>/approve/", reviews.Approve.as_view()),
    path("reviews/<str:id>/request-changes/", reviews.RequestChanges.as_view()),
    path("reviews/<str:id>/publish/", reviews.Publish.as_view()),
    path("reviews/<str:id>/retract/", reviews.Retract.as_view()),
    path("evidence/<str:id>/", evidence.OneEvidence.as_view()),
    path("publications/", publications.Publications.as_view()),
    path("publications/<str:slug>/", publications.OnePublication.as_view()),
    path("jobs/<str:id>/", jobs.OneJob.as_view()),
    path("jobs/<str:id>/replay/", jobs.Replay.as_view()),
    path("schema/", schema.Schema.as_view(), name="api-schema"),
    path("docs/", schema.Docs.as_view(), name="api-docs"),
    re_path("", schema.Unknown.as_view()),
]
