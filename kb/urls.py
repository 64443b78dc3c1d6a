"""Every address of the house. Pages live under their language; the API and the permanent names do not."""

from datetime import date

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path, register_converter
from django.views.generic import RedirectView

from claims.downloads import release_file
from kb import accounts, glossary, sitemaps, tokens, views
from studies import assessing, choosing, duplicates, joining, sources


class Day:
    """A date in an address, such as 2026-01-31."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    to_python = staticmethod(date.fromisoformat)
    to_url = staticmethod(str)


register_converter(Day, "day")
admin.site.login = secure_admin_login(admin.site.login)

account_urls = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", accounts.forgotten, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("tokens/", tokens.token_list, name="account_tokens"),
    path("tokens/<slug:token_key>/revoke/", tokens.revoke_token, name="account_revoke_token"),
    path("second-factor/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("api/", include("kb.api")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("downloads/onderbouwd-<day:day>.zip", release_file, name="release-file"),
    path("llms.txt", views.llms, name="llms"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>-<int:number>.xml", sitemaps.sitemap_part, name="sitemap-part"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("method/", views.method, name="method"),
        path("glossary/", glossary.glossary, name="glossary"),
        path("account/", include(account_urls)),
        path("desk/sources/", sources.bring_in, name="sources"),
        path("desk/sources/<int:pk>/", sources.brought_in, name="source-import"),
        path("desk/sources/<int:pk>/columns/", choosing.columns, name="source-columns"),
        path("desk/duplicates/", duplicates.duplicate_list, name="duplicates"),
        path("desk/merge/<slug:kept>/<slug:gone>/", joining.merge_two, name="merge-studies"),
        path(
            "desk/merge-publications/<slug:kept>/<slug:gone>/",
            joining.merge_two_publications,
            name="merge-publications",
        ),
        path("desk/studies/<slug:key>/reports/", joining.choose_two, name="merge-reports"),
        path("desk/studies/<slug:key>/risk-of-bias/", assessing.assess, name="assess-study"),
        path("desk/", include("claims.desk.urls")),
        path("", include("claims.urls")),
        path("studies/<slug:key>/", views.study_detail, name="study"),
        path("", include("studies.urls")),
    ),
]

handler400 = "kb.views.bad_request"
handler403 = "kb.views.forbidden"
handler404 = "kb.views.not_found"
handler500 = "kb.views.server_error"
