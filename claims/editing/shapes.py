"""The shape of what editors send and get: drafts with their parts, comments and deeds. Each member has one JSON type."""

from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_serializer
from rest_framework import serializers

from claims.actions import WRITTEN
from claims.editing.strict import Strict
from claims.models import Claim, ClaimVersion, Comment, Evidence, Judgement, Topic
from kb.lib.described import ProblemSerializer
from studies.models import Publication, Study
from studies.serializers import PageSerializer


def person():
    return serializers.SlugRelatedField(slug_field="username", read_only=True)


def by_slug(queryset, slug="slug", **options):
    return serializers.SlugRelatedField(slug_field=slug, queryset=queryset, **options)


def topic(**options):
    return by_slug(Topic.objects.all(), help_text="Slug of a topic.", **options)


def number(**options):
    """A figure as its source prints it: at most six digits behind the point."""
    return serializers.DecimalField(
        16, 6, coerce_to_string=False, allow_null=True, required=False, normalize_output=True, **options
    )


class Empty(Strict, serializers.Serializer):
    """No member at all."""


class ClaimIdentitySerializer(Strict, serializers.ModelSerializer):
    """What a new claim is about, by slugs of topics. It keeps this for ever once it is published."""

    intervention = topic()
    outcome = topic(required=False, allow_null=True)
    comparator = topic(required=False, allow_null=True)
    population = topic(required=False, allow_null=True)
    condition = topic(required=False, allow_null=True)
    topics = serializers.ListField(child=topic(), required=False, max_length=50)

    class Meta:
        model = Claim
        fields = (
            "slug", "kind", "intervention", "outcome", "comparator", "population", "condition", "direction", "topics",
        )  # fmt: skip
        extra_kwargs = {"slug": {"validators": [validate_slug]}}  # that it is free is kept by the base: 409
        validators = ()


class TopicsSerializer(Strict, serializers.Serializer):
    """The topics that lead to a claim, from its next version on."""

    topics = serializers.ListField(
        child=topic(), max_length=50, help_text="Slugs of topics; they replace those there."
    )


class StartClaimSerializer(Strict, serializers.Serializer):
    """Start a new claim and its first draft."""

    claim = ClaimIdentitySerializer()


class StartDraftSerializer(Strict, serializers.Serializer):
    """Start a draft of a claim that is there."""

    claim = serializers.CharField(help_text="Its accession; or its slug, where it was never published.")

    def validate_claim(self, name):
        found = (
            Claim.objects.filter(accession=name).first()
            or Claim.objects.filter(accession=None, slug=name).first()
        )
        if found is None:
            raise serializers.ValidationError(_("There is no such claim."))
        return found


StartSerializer = PolymorphicProxySerializer(
    component_name="Start",
    serializers=[StartDraftSerializer, StartClaimSerializer],
    resource_type_field_name=None,
)


class PartSerializer(Strict, serializers.ModelSerializer):
    elsewhere = {"domain": _("is not written here: the address says it.")}


class RowSerializer(PartSerializer):
    """A row of evidence: what one study, as one publication reports it, says on one outcome."""

    study = by_slug(Study.objects.all(), "key")
    publication = by_slug(Publication.objects.all(), "key")
    estimate = number()
    ci_low = number()
    ci_high = number()
    standard_error = number(
        help_text="Above zero; of a ratio that of its logarithm, of a correlation that of Fisher's z."
    )

    class Meta:
        model = Evidence
        fields = (
            "id", "position", "study", "publication", "direction", "directness", "outcome_measure_en",
            "outcome_measure_nl", "finding_en", "finding_nl", "measure", "measure_label_en", "measure_label_nl",
            "estimate", "ci_low", "ci_high", "ci_level", "standard_error", "unit_en", "unit_nl", "p_value", "p_text",
            "arms", "n", "locator", "counts_in_synthesis", "note_en", "note_nl", "verified_from", "is_secondary",
            "risk_of_bias", "risk_of_bias_reason_en", "risk_of_bias_reason_nl",
            "quote", "quote_role", "quote_checked_on",
        )  # fmt: skip
        read_only_fields = ("quote_checked_on",)
        validators = ()

    def validate(self, row):
        study = row.get("study") or self.instance.study
        cited = self.instance and self.instance.publication
        publication = row.get("publication") or cited
        if publication.merged_into and publication != cited:
            into = _("was merged into %(key)s; name that one.") % {"key": publication.merged_into.key}
            raise serializers.ValidationError({"publication": into})
        if publication.study_id != study.pk:
            raise serializers.ValidationError({"publication": _("reports another study.")})
        return row


class StepSerializer(PartSerializer):
    """The judgement of one GRADE domain."""

    step = serializers.IntegerField(
        min_value=-2, max_value=2, help_text="0 leaves the certainty as it is; a step gives its reason in both languages."
    )  # fmt: skip

    class Meta:
        model = Judgement
        fields = ("domain", "step", "reason_en", "reason_nl")
        read_only_fields = ("domain",)
        validators = ()


class DraftClaimSerializer(serializers.ModelSerializer):
    intervention = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    outcome = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    comparator = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    population = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    condition = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    topics = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = Claim
        fields = (
            "accession", "slug", "kind", "intervention", "outcome", "comparator", "population", "condition",
            "direction", "topics",
        )  # fmt: skip
        read_only_fields = fields


class DraftEntrySerializer(serializers.ModelSerializer):
    """A draft in a list."""

    claim = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    accession = serializers.CharField(source="claim.accession", read_only=True, allow_null=True)
    author = person()

    class Meta:
        model = ClaimVersion
        fields = (
            "id", "claim", "accession", "state", "revision", "author", "statement_en", "statement_nl", "created_at",
        )  # fmt: skip
        read_only_fields = fields


@extend_schema_serializer(many=False)  # one page, not a bare list
class DraftListSerializer(PageSerializer):
    results = DraftEntrySerializer(many=True)


class DraftSerializer(Strict, serializers.ModelSerializer):
    """A draft in full. `revision` is what its ETag says, and rises with every change of the draft or of its parts."""

    claim = DraftClaimSerializer(read_only=True)
    base = serializers.SerializerMethodField(help_text="The published version it was made from, or null.")
    author = person()
    contributors = serializers.SlugRelatedField(slug_field="username", many=True, read_only=True)
    reviewer = person()
    evidence = RowSerializer(many=True, read_only=True)
    judgements = StepSerializer(many=True, read_only=True)

    elsewhere = {
        "claim": _("is not written here: a draft keeps its claim."),
        "state": _("is not written here: it follows from submit, request-changes, publish and discard."),
        "evidence": _("is not written here: each row has an address of its own below evidence/."),
        "judgements": _("is not written here: each domain has an address of its own below judgements/."),
        "change_note": _("is not written here: request-changes and publish give it."),
    }

    class Meta:
        model = ClaimVersion
        fields = (
            "id", "revision", "state", "claim", "base", "number", "author", "contributors", "reviewer", "change_kind",
            "change_note", "created_at", "published_at", "superseded_at", *WRITTEN, "evidence", "judgements",
        )  # fmt: skip
        read_only_fields = tuple(name for name in fields if name not in WRITTEN)
        validators = ()

    def get_base(self, version) -> str | None:
        return version.base.permanent_name if version.base else None


class NoteSerializer(Strict, serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class NeededNoteSerializer(Strict, serializers.Serializer):
    note = serializers.CharField(max_length=2000, help_text="What should change.")


class BothSerializer(Strict, serializers.Serializer):
    en = serializers.CharField(max_length=4000)
    nl = serializers.CharField(max_length=4000)


class ReasonSerializer(Strict, serializers.Serializer):
    reason = BothSerializer(help_text="What readers are told at its address.")


class IntoSerializer(Strict, serializers.Serializer):
    into = serializers.CharField(help_text="Accession of the claim that it goes up in.")

    def validate_into(self, accession):
        found = Claim.objects.filter(accession=accession).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such claim."))
        return found


class ClosingSerializer(serializers.Serializer):
    accession = serializers.CharField()
    record = serializers.URLField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    merged_into = serializers.CharField(allow_null=True)


class PublishedSerializer(serializers.Serializer):
    """Where what was published is read from now on."""

    accession = serializers.CharField()
    version = serializers.IntegerField()
    permalink = serializers.URLField()
    record = serializers.URLField()
    sha256 = serializers.CharField(help_text="Of the document.")
    change = serializers.CharField()


class CommentSerializer(Strict, serializers.ModelSerializer):
    text = serializers.CharField(max_length=20_000)
    author = person()
    settled_by = person()

    class Meta:
        model = Comment
        fields = ("id", "field", "text", "author", "created_at", "reply_to", "settled_at", "settled_by")
        read_only_fields = ("id", "author", "created_at", "settled_at", "settled_by")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if draft := self.context.get("draft"):
            self.fields["reply_to"].queryset = draft.comments.all()


@extend_schema_serializer(many=False)
class CommentListSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    results = CommentSerializer(many=True)


class RefusalSerializer(ProblemSerializer):
    rule = serializers.CharField(required=False, help_text="The name of the rule that does not allow it.")


class StaleSerializer(RefusalSerializer):
    current = DraftSerializer(help_text="The draft as it is now; its ETag comes along as a header.")
