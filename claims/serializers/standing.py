"""What changed under a record without a new version."""

from rest_framework import serializers

from kb.lib.texts import Text


class NoticeEntrySerializer(serializers.Serializer):
    study = serializers.SlugField()
    publication = serializers.SlugField()
    kind = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    reasons = Text()
    notice_doi = serializers.CharField(allow_null=True)
    notice_pmid = serializers.CharField(allow_null=True)


class FallenTrialSerializer(serializers.Serializer):
    review = serializers.SlugField()
    trial = serializers.SlugField()
    label = serializers.CharField()


class StaleMarkSerializer(serializers.Serializer):
    reason = serializers.CharField()
    label = Text()
    object = serializers.CharField()
    detail = serializers.DictField(
        help_text="What it was and what it is, by field; or the publication or number that is new."
    )
    severity = serializers.IntegerField()
    since = serializers.DateTimeField()


class ClosedSerializer(serializers.Serializer):
    how = serializers.ChoiceField(["merged", "withdrawn"])
    into = serializers.CharField(
        required=False, help_text="The accession that answers now, of a merged claim."
    )
    at = serializers.DateTimeField(required=False)
    reason = Text(required=False)


class StandingSerializer(serializers.Serializer):
    """What changed under the record without a new version: retractions, open stale marks, merged or withdrawn."""

    under_review = serializers.BooleanField()
    closed = ClosedSerializer(allow_null=True)
    notices = NoticeEntrySerializer(many=True)
    fallen_studies = serializers.ListField(child=serializers.SlugField())
    fallen_trials = FallenTrialSerializer(many=True)
    stale_marks = StaleMarkSerializer(many=True)
