"""A table of the interchange format: which columns of which model stand in which file, and how rows go in and out.

Empty values are left out of a row, so that a diff shows what is there. References stand as natural keys.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import CharField, F, TextField
from django.db.models.functions import Collate

from kb.lib.jsonlines import moment, plain

EMPTY = (None, "", [], {})
AT_A_TIME = 500


@dataclass(frozen=True)
class Reference:
    """A column that names a row of another table by its natural key."""

    table: str
    path: str
    required: bool = True


@dataclass(frozen=True)
class Table:
    name: str
    model: type
    key: tuple[str, ...]
    columns: tuple[str, ...]
    references: dict[str, Reference] = field(default_factory=dict)
    lists: dict[str, tuple[str, object]] = field(default_factory=dict)  # name -> (table, expression)

    @property
    def file(self):
        return f"{self.name}.jsonl"

    def key_of(self, row):
        return tuple(row.get(name) for name in self.key)

    @property
    def names(self):
        return [*self.references, *self.columns, *self.lists]

    def path(self, name):
        """Where the value of a column stands, seen from the model."""
        return self.references[name].path if name in self.references else name

    def field(self, name):
        """The model field that holds a column, also where that is a field of another model."""
        model, *steps = self.model, *self.path(name).split("__")
        for step in steps[:-1]:
            model = model._meta.get_field(step).related_model
        return model._meta.get_field(steps[-1])

    def rows(self, queryset=None):
        """Yields the rows in the order of their natural key, in the shape that the file has; a few at a time are held.

        The order is that of the bytes, so that it is the same on every server.
        """
        queryset = self.model.objects.all() if queryset is None else queryset
        found = {name: F(reference.path) for name, reference in self.references.items()}
        found |= {name: expression for name, (table, expression) in self.lists.items()}
        aliased = {f"row_{name}": expression for name, expression in found.items()}
        order = [self.in_order(name) for name in self.key]
        for row in queryset.order_by(*order).values(*self.columns, **aliased).iterator(chunk_size=AT_A_TIME):
            neat_row = {name: neat(row[f"row_{name}"] if name in found else row[name]) for name in self.names}
            yield {name: value for name, value in neat_row.items() if not self.goes_unsaid(name, value)}

    def in_order(self, name):
        is_text = isinstance(self.field(name), CharField | TextField)
        return Collate(self.path(name), "C") if is_text else F(self.path(name))

    def goes_unsaid(self, name, value):
        """An empty value is left out where reading the row back gives an empty value again; one of the key is said."""
        return (
            name not in self.key
            and value in EMPTY
            and (name not in self.columns or self.model._meta.get_field(name).get_default() in EMPTY)
        )

    def clean(self, row):
        """The row with its plain columns as Python values. Returns (values, problems); problems is {field: sentence}."""
        values, problems = {}, {}
        for name in row.keys() - {*self.columns, *self.references, *self.lists}:
            problems[name] = "is not a field of this file"
        for name in self.columns:
            column = self.model._meta.get_field(name)
            value = row.get(name, column.get_default())
            try:
                values[name] = column.clean(value, None)
            except ValidationError as error:
                problems[name] = " ".join(error.messages)
            except (TypeError, ValueError):
                problems[name] = "is not of the kind that this field holds"
            if isinstance(value, str) and "\x00" in value:
                problems[name] = "holds a null character"
        for name in self.lists:
            texts = row.get(name, [])
            if not (isinstance(texts, list) and all(isinstance(text, str) for text in texts)):
                problems[name] = "is not a list of texts"
        for name in self.key:
            if not isinstance(row.get(name), str | int):
                problems[name] = "is missing or not a text or whole number"
        for name, reference in self.references.items():
            if reference.required and row.get(name) in EMPTY:
                problems[name] = "is missing"
        return values, problems


def neat(value):
    """A column's value as it stands in a row."""
    if isinstance(value, Decimal):
        return plain(value)
    if hasattr(value, "isoformat"):
        return moment(value)
    return value
