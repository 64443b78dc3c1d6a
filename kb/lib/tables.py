"""A table of the interchange format: which columns of which model stand in which file, and how rows go in and out.

Empty values are left out of a row, so that a diff shows what is there. References stand as natural keys.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import F

from kb.lib.jsonlines import moment, plain

EMPTY = (None, "", [], {})


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

    def rows(self, queryset=None):
        """Every row of the table, in the order of its natural key, in the shape that the file has."""
        queryset = self.model.objects.all() if queryset is None else queryset
        found = {name: F(reference.path) for name, reference in self.references.items()}
        found |= {name: expression for name, (table, expression) in self.lists.items()}
        aliased = {f"row_{name}": expression for name, expression in found.items()}
        names = [*self.references, *self.columns, *self.lists]
        read = queryset.order_by().values(*self.columns, **aliased)
        rows = [
            {name: neat(row[f"row_{name}"] if name in found else row[name]) for name in names} for row in read
        ]
        full = [
            {name: value for name, value in row.items() if not self.goes_unsaid(name, value)} for row in rows
        ]
        return sorted(full, key=lambda row: tuple(str_or_number(value) for value in self.key_of(row)))

    def goes_unsaid(self, name, value):
        """An empty value is left out where reading the row back gives an empty value again."""
        return value in EMPTY and (
            name not in self.columns or self.model._meta.get_field(name).get_default() in EMPTY
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


def str_or_number(value):
    return (0, value, "") if isinstance(value, int | float) else (1, 0, str(value))
