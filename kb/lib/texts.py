"""A text in both languages, as the API has it."""

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers


class Text(serializers.Serializer):
    """A text in both languages; with `lang` the one asked for, as a string."""

    en = serializers.CharField(allow_blank=True)
    nl = serializers.CharField(allow_blank=True)


class Texts(serializers.Serializer):
    """Texts in both languages; with `lang` those asked for, as a list."""

    en = serializers.ListField(child=serializers.CharField())
    nl = serializers.ListField(child=serializers.CharField())


class InTheSchema(OpenApiSerializerExtension):
    """Both languages, or what one of them holds; that is only given to who asks with `lang`, which the contract test goes by."""

    def get_name(self, auto_schema, direction):
        return self.target.__class__.__name__

    def map_serializer(self, auto_schema, direction):
        both = {"type": "object", "properties": {"en": self.one, "nl": self.one}, "required": ["en", "nl"]}
        return {"oneOf": [both, self.one | {"x-asked-with": "lang"}], "description": self.target.__doc__}


class TextInTheSchema(InTheSchema):
    target_class = Text
    one = {"type": "string"}


class TextsInTheSchema(InTheSchema):
    target_class = Texts
    one = {"type": "array", "items": {"type": "string"}}
