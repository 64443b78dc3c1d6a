"""What somebody chose for one row of a list, as a form sends it and as loading goes by it."""

from typing import NamedTuple

from studies.choices import Design, PublicationRole

NEW, SAME, REPORT = "new", "same", "report"
ROLES = [(role.value, role.label) for role in PublicationRole if role != PublicationRole.PRIMARY]


class Choice(NamedTuple):
    """`of` is the design of a new study, the key of the publication that this is, or the key of the study it reports.

    `take` are the columns in which the list is right and we are not.
    """

    deed: str
    of: str
    role: str = ""
    take: tuple = ()

    @property
    def value(self):
        return ":".join(part for part in self[:3] if part)


def choice_in(posted, number, row):
    """The choice for this row, or None where it is left out; what the row does not offer counts as left out."""
    deed, of, role = (*posted.get(f"row-{number}", "").split(":"), "", "", "")[:3]
    choice = Choice(deed, of, role, tuple(posted.getlist(f"take-{number}-{of}")))
    return choice if is_offered(choice, row) else None


def choices_in(posted, rows, numbers):
    """{place in the list, from 1: Choice} of these rows; anything that a row does not offer counts as left out."""
    found = {number: choice_in(posted, number, rows[number - 1]) for number in numbers}
    return {number: choice for number, choice in found.items() if choice}


def choices_kept(imported):
    """{place in the list, from 1: Choice} as they were kept with it."""
    return {
        int(number): Choice(deed, of, role, tuple(take))
        for number, (deed, of, role, take) in imported.choices.items()
    }


def is_offered(choice, row):
    beside = candidates(row)
    if choice.deed == SAME:
        found = [each for each in beside if each["key"] == choice.of]
        return bool(found) and set(choice.take) <= set(found[0]["conflicts"])
    if row["here"] or row["flaws"]:
        return False
    if choice.deed == REPORT:
        return choice.role in dict(ROLES) and any(each["study"] == choice.of for each in beside)
    return choice.deed == NEW and choice.of in Design.values


def candidates(row):
    """The publications of ours that this row may be: one that its identifiers name, or those that look alike."""
    if row["here"]:
        return row["here"] if len(row["here"]) == 1 else []
    return row["alike"]
