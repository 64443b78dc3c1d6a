"""A serializer that takes what it names and nothing else, and no value of another JSON type."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from kb.lib.bodies import escaped

TEXT, WHOLE = gettext_lazy("is not a text."), gettext_lazy("is not a whole number.")
NUMBER, TRUTH = gettext_lazy("is not a number."), gettext_lazy("is not true or false.")
JSON_TYPES = (
    (serializers.BooleanField, (bool,), TRUTH),
    (serializers.IntegerField, (int,), WHOLE),
    ((serializers.DecimalField, serializers.FloatField), (int, float), NUMBER),
    (
        (serializers.CharField, serializers.DateField, serializers.SlugRelatedField),
        (str,),
        TEXT,
    ),
)


class Strict:
    """Refuses members it does not know or that are written elsewhere, and values of another JSON type.

    null empties: a text becomes "", whatever else may be empty becomes null.
    """

    elsewhere = {}  # {member that is only read: the sentence that says where it is written}

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("is not an object."))
        problems, taken = {}, {}
        for name, value in data.items():
            field = self.fields.get(name)
            if field is None:
                problems[escaped(name)] = _("is not a member here.")
            elif field.read_only:
                problems[name] = self.elsewhere.get(name, _("is not written here: the base fills it in."))
            elif value is None and getattr(field, "allow_blank", False) and not field.allow_null:
                taken[name] = ""
            elif value is not None and (trouble := wrong_type(field, value)):
                problems[name] = trouble
            else:
                taken[name] = value
        if problems:
            raise serializers.ValidationError(problems)
        return super().to_internal_value(taken)


def wrong_type(field, value):
    """What a field takes, where this JSON value is something else; DRF itself would turn 5 into "5"."""
    if isinstance(field, serializers.ChoiceField):
        kind = int if all(isinstance(choice, int) for choice in field.choices) else str
        return None if type(value) is kind else {int: WHOLE, str: TEXT}[kind]
    for fields, kinds, words in JSON_TYPES:
        if isinstance(field, fields):
            return None if type(value) in kinds else words
    return None
