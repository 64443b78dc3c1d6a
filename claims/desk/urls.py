from django.urls import path

from claims.desk import claim, comments, drafts, marks, queue, results, second, texts, versions

app_name = "desk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("claims/new/", claim.start_claim, name="start"),
    path("claims/<int:pk>/", claim.claim_page, name="claim"),
    path("claims/<int:pk>/topics/", claim.choose_topics, name="topics"),
    path("claims/<int:pk>/do/<slug:name>/", claim.claim_deed, name="claim-deed"),
    path("versions/<int:pk>/", versions.read, name="version"),
    path("versions/<int:pk>/edit/", drafts.edit, name="edit"),
    path("versions/<int:pk>/preview/", drafts.preview, name="preview"),
    path("versions/<int:pk>/autosave/", drafts.autosave, name="autosave"),
    path("versions/<int:pk>/comments/", versions.comment, name="comment"),
    path("versions/<int:pk>/do/<slug:name>/", versions.deed, name="version-deed"),
    path("versions/<int:pk>/second-rating/", second.second_rating, name="second-rating"),
    path("studies/<slug:key>/result/", results.add_result, name="add-result"),
    path("publications/<slug:key>/text/", texts.source_text, name="source-text"),
    path("comments/<int:pk>/settle/", comments.settle, name="settle-comment"),
    path("marks/<int:pk>/", marks.mark, name="mark"),
    path("flags/<int:pk>/", marks.flag, name="flag"),
    path("interests/", marks.interests, name="interests"),
]
