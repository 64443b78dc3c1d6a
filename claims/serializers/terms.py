"""Texts, terms and topics as every record has them."""

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

from studies.serializers import Bilingual


class Text(Bilingual):
    """A text of a claim in both languages; with `lang` the one asked for, as a string."""


class TextInTheSchema(OpenApiSerializerExtension):
    target_class = Text

    def get_name(self, auto_schema, direction):
        return "Text"

    def map_serializer(self, auto_schema, direction):
        both = {"type": "object", "properties": {"en": {"type": "string"}, "nl": {"type": "string"}}}
        return {"oneOf": [both | {"required": ["en", "nl"]}, {"type": "string"}], "description": Text.__doc__}


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
