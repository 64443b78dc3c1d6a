"""A second rating, made blind: the evidence is shown, and nothing of what the first rater made of it."""

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.choices import Domain, MechanismStatus, Scheme, Strength
from claims.desk.doors import REFUSALS, desk_page, status_of
from claims.documents import about
from claims.entries import evidence_entry
from claims.forms.parts import StepForm
from claims.models import ClaimVersion, Judgement, SecondRating
from claims.models.version import OPEN
from claims.reviewing import rate_blind
from kb.lib.refusals import sentence_of
from studies.models import IntegrityNotice, Study


class StartForm(forms.Form):
    """Where the evidence starts (GRADE); for a mechanism the level itself, since nothing adds up to it."""

    def __init__(self, *args, scheme, **options):
        super().__init__(*args, **options)
        if scheme == Scheme.GRADE:
            choices = ClaimVersion._meta.get_field("start").choices
            self.fields["start"] = level(_("starting level"), choices)
        else:
            self.fields["strength"] = level(_("strength"), list(reversed(MechanismStatus.choices)))


def level(label, choices):
    return forms.TypedChoiceField(label=label, choices=[("", "---------"), *choices], coerce=int)


@desk_page
@require_http_methods(["GET", "HEAD", "POST"])
def second_rating(request, pk):
    second = get_object_or_404(
        SecondRating.objects.select_related(
            "version__claim__intervention", "version__claim__outcome", "version__claim__comparator",
            "version__claim__population", "version__claim__condition", "asked_by",
        ),
        version=pk,
        rater=request.user,
    )  # fmt: skip
    version = second.version
    if version.state not in OPEN:
        raise Http404
    if second.given_at:
        return redirect("desk:version", pk)
    start = StartForm(request.POST or None, scheme=version.scheme)
    steps = [blank_step(version, domain, request.POST or None) for domain in Domain.values]
    steps = steps if version.scheme == Scheme.GRADE else []
    status = 200
    if request.method == "POST":
        status = 400
        if all([form.is_valid() for form in (start, *steps)]):  # noqa: C419 (each form says what is wrong with it)
            try:
                give(second, start, steps, by=request.user)
            except REFUSALS as refusal:
                start.add_error(None, sentence_of(refusal))
                status = status_of(refusal)
            else:
                messages.success(request, _("Your rating is given. Now you can see the first one."))
                return redirect("desk:version", pk)
    context = {
        "version": version,
        "claim": version.claim,
        "about": about(version.claim, version),
        "rows": [
            evidence_entry(row)
            for row in version.evidence.select_related("study", "publication__merged_into")
        ],
        "standing": standing_of(version),
        "second": second,
        "start": start,
        "steps": steps,
    }
    return render(request, "desk/second_rating.html", context, status=status)


def standing_of(version):
    """What later happened to the studies of a draft, as the rows of evidence show it."""
    notices = IntegrityNotice.objects.filter(publication__study__evidence__version=version)
    fallen = Study.objects.with_standing().filter(evidence__version=version, has_fallen=True)
    return {
        "fallen": list(fallen.values_list("key", flat=True).distinct()),
        "trials": {},
        "notices": list(
            notices.distinct().values(
                "kind", "noticed_on", "reasons_en", "reasons_nl", "notice_doi", "notice_pmid",
                study_key=F("publication__study__key"),
            )
        ),
    }  # fmt: skip


def blank_step(version, domain, data):
    return StepForm(data, instance=Judgement(version=version, domain=domain), prefix=f"step-{domain}")


def give(second, start, steps, *, by):
    judged = {
        form.domain: (
            form.cleaned_data["step"],
            form.cleaned_data["reason_en"],
            form.cleaned_data["reason_nl"],
        )
        for form in steps
        if form.cleaned_data["step"] is not None
    }
    strength = start.cleaned_data.get("strength")
    return rate_blind(
        second,
        by=by,
        start=start.cleaned_data.get("start"),
        judgements=judged,
        strength=strength and Strength(strength),
    )
