"""One draft as one page of forms: its words, its eight domains, its rows of evidence."""

import itertools

from claims.choices import Domain
from claims.forms.parts import RowForm, StepForm
from claims.forms.seen import shown_text
from claims.forms.words import WordsForm
from claims.models import Evidence, Judgement

MOST_ROWS = 200


class DraftForms:
    """Fresh from the base, or with what was typed (`data`), in which `rows` names the rows of evidence on the page."""

    def __init__(self, version, data=None):
        self.version, self.data = version, data
        judged = {judgement.domain: judgement for judgement in version.judgements.all()}
        self.steps = [
            StepForm(
                data,
                instance=judged.get(domain) or Judgement(version=version, domain=domain),
                prefix=f"step-{domain}",
            )
            for domain in Domain.values
        ]
        self.words = WordsForm(data, instance=version, steps=self.steps)
        here = {
            str(row.pk): row for row in version.evidence.select_related("study", "publication__merged_into")
        }
        self.rows = [*self.typed_rows(here)] if data else [*self.kept_rows(here)]

    def typed_rows(self, here):
        for key in dict.fromkeys(self.data.getlist("rows")[:MOST_ROWS]):
            if key.isalnum() and len(key) < 24:
                row = here.get(self.data.get(f"row-{key}-id")) or Evidence(version=self.version)
                yield RowForm(self.data, instance=row, key=key)

    def kept_rows(self, here):
        for key, row in here.items():
            yield RowForm(instance=row, key=key)

    @property
    def parts(self):
        return [*self.steps, *self.rows]

    @property
    def forms(self):
        return [*self.steps, self.words, *self.rows]

    def is_valid(self):
        """Whether everything can be kept; each form then says beside its fields what cannot."""
        return not self.problems()

    def problems(self):
        return [form for form in self.forms if form.errors and not is_idle(form) and not is_removed(form)]

    def add_empty_row(self, source=""):
        """One more row to write in, below the others; `source` is the key of the publication it begins with."""
        taken = {form.key for form in self.rows}
        key = next(key for key in (f"new{n}" for n in itertools.count(1)) if key not in taken)
        self.rows.append(
            RowForm(instance=Evidence(version=self.version), key=key, initial={"source": source})
        )

    def over(self, version):
        """What was typed, laid over the draft as it is now: mine where I wrote, theirs where only they did.

        The forms of what is there now, bound, each with `theirs` where both wrote. Rows that somebody added are among
        them. A row that somebody took out stays out, unless I wrote in it: then it is a new one, so that it is not lost.
        """
        now, data = DraftForms(version), self.data.copy()
        theirs = {}
        current = {form.key: form for form in now.rows}
        pairs = [*zip(self.steps, now.steps, strict=True), (self.words, now.words)]
        kept = []
        for form in self.rows:
            was_here = bool(data.get(f"{form.prefix}-id"))
            if not form.is_new and str(form.instance.pk) in current:
                pairs.append((form, current.pop(str(form.instance.pk))))
            elif was_here and not form.has_changed():
                continue
            kept.append(form.key)
        data.setlist("rows", kept)
        for mine, fresh in pairs:
            both = mine.over(fresh, data)
            theirs[mine.prefix] = {name: shown_text(fresh[name]) for name in both}
        made = DraftForms(version, data)
        made.rows += current.values()
        for form in made.forms:
            form.theirs = theirs.get(form.prefix, {})
        return made


def is_idle(form):
    return getattr(form, "is_idle", False)


def is_removed(form):
    return getattr(form, "is_removed", False)
