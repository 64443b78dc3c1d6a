"""Every address of the house. Pages live under their language; the API and the permanent names do not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from kb import views

urlpatterns = [
    path("api/", include("kb.api")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("method/", views.method, name="method"),
        path("", include("claims.urls")),
        path("studies/<slug:key>/", views.study_detail, name="study"),
        path("", include("studies.urls")),
    ),
]

handler400 = "kb.views.bad_request"
handler403 = "kb.views.forbidden"
handler404 = "kb.views.not_found"
handler500 = "kb.views.server_error"
