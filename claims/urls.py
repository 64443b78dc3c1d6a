from django.urls import path, re_path

from claims import (
    downloads,
    feeds,
    figures,
    history,
    pictures,
    social,
    strips,
    summaries,
    typeahead,
    views,
    what_if,
)

app_name = "claims"

ACCESSION = "(?P<accession>KB[0-9]{6,12})"

urlpatterns = [
    path("claims/", views.claim_list, name="list"),
    path("claims/suggestions/", typeahead.suggestions, name="suggestions"),
    path("claims/on-one-study/", what_if.on_one_study, name="on-one-study"),
    re_path(rf"^claims/{ACCESSION}/$", views.claim_detail, name="detail"),
    re_path(
        rf"^claims/{ACCESSION}\.(?P<number>[1-9][0-9]{{0,5}})/$",
        views.version_detail,
        name="version",
    ),
    re_path(
        rf"^claims/{ACCESSION}\.(?P<number>[1-9][0-9]{{0,5}})/picture\.png$", social.picture, name="picture"
    ),
    re_path(rf"^claims/{ACCESSION}/history/$", history.claim_history, name="history"),
    re_path(rf"^claims/{ACCESSION}/rating\.(?P<suffix>svg|png)$", history.rating_drawing, name="rating"),
    re_path(rf"^claims/{ACCESSION}/rating\.csv$", history.rating_data, name="rating-data"),
    re_path(rf"^claims/{ACCESSION}/compare/$", history.compare_versions, name="compare"),
    re_path(rf"^claims/{ACCESSION}/flag/$", history.flag_claim, name="flag"),
    path("map/", pictures.evidence_map, name="map"),
    path("map/evidence-map.csv", pictures.evidence_map_csv, name="map-csv"),
    re_path(r"^map/evidence-map\.(?P<suffix>svg|png)$", pictures.evidence_map_drawing, name="map-drawing"),
    path("embed/map/", pictures.embedded_map, name="embedded-map"),
    re_path(rf"^embed/claims/{ACCESSION}/$", pictures.embedded_claim, name="embedded-claim"),
    path("chains/", pictures.chain_list, name="chains"),
    path("chains/<slug:slug>/", pictures.chain_detail, name="chain"),
    re_path(rf"^claims/{ACCESSION}/what-if/$", what_if.what_if, name="what-if"),
    re_path(rf"^claims/{ACCESSION}/forest\.(?P<suffix>svg|png)$", what_if.forest_drawing, name="forest"),
    re_path(rf"^claims/{ACCESSION}/forest\.csv$", what_if.forest_data, name="forest-data"),
    re_path(rf"^claims/{ACCESSION}/risk-of-bias\.(?P<suffix>svg|png)$", strips.bias_drawing, name="bias"),
    re_path(rf"^claims/{ACCESSION}/risk-of-bias\.csv$", strips.bias_data, name="bias-data"),
    re_path(rf"^embed/claims/{ACCESSION}/risk-of-bias/$", strips.embedded_bias, name="embedded-bias"),
    re_path(
        rf"^claims/{ACCESSION}/(?P<name>directions|looked-at)\.(?P<suffix>svg|png)$",
        figures.figure_drawing,
        name="figure",
    ),
    re_path(
        rf"^claims/{ACCESSION}/(?P<name>directions|looked-at)\.csv$", figures.figure_data, name="figure-data"
    ),
    re_path(
        rf"^embed/claims/{ACCESSION}/(?P<name>directions|looked-at|forest|rating)/$",
        figures.embedded_figure,
        name="embedded-figure",
    ),
    path("topics/", views.topic_list, name="topics"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic"),
    path("topics/<slug:slug>/summary/", summaries.topic_summary, name="summary"),
    path("topics/<slug:slug>/summary.csv", summaries.topic_summary_csv, name="summary-csv"),
    path("outcomes/<slug:slug>/compare/", summaries.outcome_compared, name="outcome"),
    path("changes/", feeds.change_list, name="changes"),
    path("changes/feed.atom", feeds.change_feed, name="change-feed"),
    path("topics/<slug:slug>/feed.atom", feeds.change_feed, name="topic-feed"),
    path("downloads/", downloads.release_list, name="downloads"),
    path("articles/", views.article_list, name="articles"),
    path("articles/<slug:slug>/", views.article_detail, name="article"),
]
