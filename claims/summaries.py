"""Findings in tables: all there is about a topic, and everything that was tried for one outcome."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from claims.choices import TopicKind
from claims.findings import findings_of, rated_about, tried_for
from claims.models import Topic
from kb.lib.pages import BadPage, page_of
from kb.lib.sheets import csv_response

ROWS, MOST = 50, 500  # on a page, and in a file
HEAD = (
    "claim", "kind", "intervention", "outcome", "plain_sentence", "studies_counted", "people", "people_is_least",
    "effects", "strength", "under_review", "reasons",
)  # fmt: skip


def public_topic(slug, **words):
    return get_object_or_404(Topic.objects.once_published(), slug=slug, **words)


@require_safe
def topic_summary(request, slug):
    topic = public_topic(slug)
    return table_page(request, "pictures/summary.html", topic, rated_about(topic))


@require_safe
def topic_summary_csv(request, slug):
    topic = public_topic(slug)
    found = findings_of(rated_about(topic)[:MOST])
    return csv_response(f"summary-{topic.slug}", HEAD, [csv_row(finding) for finding in found])


@require_safe
def outcome_compared(request, slug):
    """Everything that was tried for one outcome, side by side."""
    outcome = public_topic(slug, kind__in=(TopicKind.OUTCOME, TopicKind.CONDITION))
    return table_page(request, "pictures/compare.html", outcome, tried_for(outcome))


def table_page(request, template, topic, versions):
    try:
        page = page_of(versions, request.GET, size=ROWS)
    except BadPage as error:
        context = {"topic": topic, "problems": {error.name: str(error)}}
        return render(request, template, context, status=400)
    context = {"topic": topic, "page": page, "findings": findings_of(page.items)}
    return render(request, template, context)


def csv_row(finding):
    document, language = finding.document, get_language()
    about, strength = document["about"], document["rating"]["strength"]
    return (
        document["accession"],
        document["kind"]["code"],
        about["intervention"]["slug"],
        about["outcome"]["slug"] if about["outcome"] else "",
        document["plain_sentence"][language],
        finding.studies,
        finding.people.number,
        "yes" if finding.people.is_least else "no",
        "; ".join(effect_words(row, language) for row in finding.effects),
        strength["code"] if strength else "",
        "yes" if finding.standing["under_review"] else "no",
        "; ".join(reason_words(note, language) for note in finding.notes),
    )


def effect_words(row, language):
    """One effect as published: the study, the measure, the estimate with its unit and its interval."""
    effect = row["effect"]
    unit = f" {effect['unit'][language]}" if effect["unit"] else ""
    interval = ""
    if effect["ci_low"] is not None and effect["ci_high"] is not None:
        interval = f" ({effect['ci_level']}% {effect['ci_low']} to {effect['ci_high']})"
    elif effect.get("standard_error"):
        interval = f" (SE {effect['standard_error']})"
    return f"{row['study']['label']}: {effect['measure']['code']} {effect['estimate']}{unit}{interval}"


def reason_words(note, language):
    reason = f" ({note.reason[language]})" if note.reason else ""
    return f"{note.domain['label'][language]} {note.step:+d}{reason}"
