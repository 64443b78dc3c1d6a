"""Forms that remember what their writer saw, so that two people on one draft never lose each other's words.

Each field carries, hidden, the value that was shown when the page was made. Where somebody else wrote in between, that
tells apart what I wrote, what they wrote, and what we both did.
"""

from django import forms


class Text(forms.CharField):
    """Prose with the line ends of the base, whatever a browser sends."""

    def to_python(self, value):
        return with_plain_line_ends(super().to_python(value))


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


class SeenForm(forms.Form):
    """`theirs` is {field: what it reads now}, for the fields that somebody else and this writer both changed."""

    use_required_attribute = False  # a page that is half written is kept and previewed too

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.theirs = {}
        for field in self.fields.values():
            field.show_hidden_initial = True

    def over(self, now, data):
        """Lays what was typed over a fresh form of what is there now: `data` gets mine where I wrote, theirs elsewhere.

        Answers with the names of fields that both changed.
        """
        both = []
        for name in self.fields:
            mine, theirs = self[name], now[name]
            current = hidden_text(theirs)
            seen = with_plain_line_ends(data.get(mine.html_initial_name, ""))
            if name in self.changed_data:
                if current not in (seen, with_plain_line_ends(data.get(mine.html_name, ""))):
                    both.append(name)
            elif isinstance(mine.field, forms.BooleanField):
                data.setlist(mine.html_name, ["on"] if theirs.value() else [])
            else:
                data[mine.html_name] = current
            data[mine.html_initial_name] = current
        return both


def hidden_text(bound):
    """A value as the hidden field of what was seen holds it."""
    return bound.field.hidden_widget().format_value(bound.value()) or ""


def shown_text(bound):
    """A value as a person reads it: the label of a choice, else its text."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return "✓" if value else "✗"
    labels = dict(getattr(bound.field, "choices", ()))
    return labels.get(value, value) if value not in (None, "") else "∅"


def with_plain_line_ends(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")
