"""What the database says when it refuses: a sentence for people, a name for programs; never SQL."""

import re
from functools import cache

from django.apps import apps
from django.core.exceptions import ValidationError

CHECK_VIOLATION = "23514"
TRIGGER = re.compile(r"function pgtrigger_([a-z_]+)_[0-9a-f]{5}\(\)")


@cache
def sentences():
    """What a person reads where a constraint of this name refuses."""
    return {
        rule.name: rule.violation_error_message
        for model in apps.get_models()
        for rule in model._meta.constraints
    }


def sentence_of(refusal):
    """The words of an action, a form, a constraint or a trigger that refuses."""
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    diagnosis = getattr(refusal.__cause__, "diag", None)
    if diagnosis is None:
        return str(refusal)
    return str(sentences().get(diagnosis.constraint_name, diagnosis.message_primary))


def rule_of(refusal):
    """The name of the constraint or trigger that refused, with dashes; "refused" where it has none."""
    diagnosis = refusal.__cause__.diag
    trigger = TRIGGER.search(diagnosis.context or "")
    name = diagnosis.constraint_name or (trigger and trigger[1]) or "refused"
    return name.replace("_", "-")


def is_about_the_values(refusal):
    """Whether a check of one row's own values refused, rather than what else there is in the base."""
    cause = refusal.__cause__
    return cause.pgcode == CHECK_VIOLATION and cause.diag.constraint_name is not None
