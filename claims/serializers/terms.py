"""Terms and topics as every record has them."""

from rest_framework import serializers

from kb.lib.texts import Text


class Term(serializers.Serializer):
    code = serializers.CharField()
    label = Text()


class StrengthSerializer(Term):
    value = serializers.IntegerField(min_value=1, max_value=4)
    status = serializers.CharField(
        help_text="The scheme's own word: very-low to high (GRADE), speculative to established (EBM+)."
    )
    words = Text()


class TopicEntrySerializer(serializers.Serializer):
    slug = serializers.SlugField()
    kind = Term()
    name = Text()
