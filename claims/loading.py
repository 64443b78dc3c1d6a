"""Writing what a plan says, through the actions of editors and reviewers, in one transaction."""

from operator import itemgetter

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from claims import actions
from claims.chain_tables import CHAIN_STEPS
from claims.exports import CLAIMS, EVIDENCE, JUDGEMENTS, MENTIONS, PEOPLE, TABLES, TOPICS, VERSIONS
from claims.imports import PARTS, BadRows, assessed_in
from claims.models import ArticleCitation, Claim, Evidence, Judgement, Mention
from kb.lib.jsonlines import BadFile
from studies.actions import add_notice, record_assessment, save_record
from studies.exports import BIAS_ASSESSMENTS, BIAS_DOMAINS, NOTICES, PUBLICATIONS
from studies.imports import IDENTIFIERS
from studies.models import Publication, Study

User = get_user_model()


@transaction.atomic
def load(plan, *, step=lambda: None):
    """Write what the plan says. `step` is called once a row. Raises BadRows, and then nothing was written."""
    Loader(plan, step).run()


class Loader:
    """Writes the rows of a plan in an order in which each finds what it refers to."""

    def __init__(self, plan, step):
        self.plan = plan
        self.step = step
        self.keys = {}
        self.by = None

    def run(self):
        self.each(PEOPLE, self.save_person)
        self.by = self.person_who_loads()
        self.each(TOPICS, self.save_plain, in_order=broader_first)
        for table in TABLES[2:]:
            if table is CLAIMS:
                self.each(CLAIMS, self.save_claim)
            elif table is VERSIONS:
                self.each(VERSIONS, self.publish, in_order=oldest_first)
                self.close_claims()
            elif table is BIAS_ASSESSMENTS:
                self.each(BIAS_ASSESSMENTS, self.assess, in_order=self.with_new_domains)
            elif table is PUBLICATIONS:
                self.free_identifiers()
                self.each(PUBLICATIONS, self.save_plain, in_order=self.merged_here_first)
            elif table in (BIAS_DOMAINS, *PARTS):
                for _row in self.plan.new[table.name] + self.plan.changed[table.name]:
                    self.step()
            else:
                self.each(table, self.save_plain, in_order=standing_first)

    def each(self, table, save, in_order=list):
        for row in in_order(self.plan.new[table.name] + self.plan.changed[table.name]):
            try:
                with transaction.atomic():
                    save(row)
            except (IntegrityError, ValidationError, PermissionDenied, actions.Refused) as error:
                raise BadRows([row.problem(*explain(table, error))]) from error
            self.step()

    def person_who_loads(self):
        rows = self.plan.rows[PEOPLE.name]
        if not rows:
            raise BadFile(f"{PEOPLE.file} names nobody to load as")
        author = next((row for row in rows if "editor" in row.data.get("roles", [])), rows[0])
        return User.objects.get(username=author.data["username"])

    def save_person(self, row):
        person = User.objects.filter(username=row.data["username"]).first() or User(
            username=row.data["username"]
        )
        person.first_name = row.values["first_name"]
        if person.pk:  # an account that is here keeps the roles it has here
            person.save()
            return
        person.set_unusable_password()
        person.save()
        person.groups.set(Group.objects.filter(name__in=row.data.get("roles", [])))

    def save_plain(self, row):
        record = self.find(row) or row.table.model()
        for name, value in (row.values | self.references(row)).items():
            setattr(record, name, value)
        if row.table is NOTICES:
            add_notice(record, by=self.by)
        else:
            save_record(record, by=self.by)

    def free_identifiers(self):
        """Those that change places between publications are free before either is written."""
        for row in self.plan.changed[PUBLICATIONS.name]:
            record = self.find(row)
            moved = [name for name in IDENTIFIERS if getattr(record, name) not in (None, row.values[name])]
            if moved and not record.merged_into_id:
                for name in moved:
                    setattr(record, name, None)
                save_record(record, by=self.by)

    def merged_here_first(self, rows):
        """A publication goes up in one that is here before that one takes its place as the main report; the others as ever."""
        here = set(Publication.objects.values_list("key", flat=True))

        def is_merged_here(row):
            return row.data["key"] in here and row.data.get("merged_into") in here

        return sorted(standing_first(rows), key=lambda row: not is_merged_here(row))

    def save_claim(self, row):
        values = {name: row.values[name] for name in ("accession", "slug", "kind", "direction")}
        values |= {name: value for name, value in self.references(row).items() if name != "merged_into_id"}
        topics = [self.pk_of("topics", slug) for slug in row.data.get("topics", [])]
        claim = self.find(row)
        if claim is None:
            actions.reserve_accession(values["accession"])
            actions.start_claim(by=self.by, topics=topics, **values)
            return
        for name, value in values.items():
            setattr(claim, name, value)
        actions.save_record(claim, by=self.by)
        actions.link_topics(claim, topics, by=self.by)

    def publish(self, row):
        """Draft, evidence, judgements, review by the second person, publication: as it was done there."""
        claim = Claim.objects.get(accession=row.data["claim"])
        author = User.objects.get(username=row.data["author"])
        reviewer = User.objects.get(username=row.data["reviewer"])
        words = {name: row.values[name] for name in actions.WRITTEN}
        draft = actions.start_draft(claim, by=author, **words)
        draft.evidence.all().delete()
        draft.judgements.all().delete()
        for table, model in ((EVIDENCE, Evidence), (JUDGEMENTS, Judgement)):
            for part in self.parts(table, row):
                references = {
                    name: pk
                    for name, pk in self.references(part).items()
                    if name not in ("claim_id", "number_id")
                }
                try:
                    with transaction.atomic():
                        actions.save_part(model(version=draft, **part.values, **references), by=author)
                except (IntegrityError, ValidationError) as error:
                    raise BadRows([part.problem(*explain(table, error))]) from error
        actions.submit_version(draft, by=author)
        actions.publish_version(
            draft,
            by=reviewer,
            note=row.values["change_note"],
            at=row.values["published_at"],
            interests=row.values["reviewer_interests"],
        )

    def with_new_domains(self, rows):
        """These assessments, and those that only got another judgement of a domain."""
        moved = self.plan.new[BIAS_DOMAINS.name] + self.plan.changed[BIAS_DOMAINS.name]
        wanted = {row.key for row in rows} | {assessed_in(row.data) for row in moved}
        return [row for row in self.plan.rows[BIAS_ASSESSMENTS.name] if row.key in wanted]

    def assess(self, row):
        """An assessment with its domains, by the person who judged."""
        values = row.values
        made = record_assessment(
            Study.objects.get(key=row.data["study"]),
            by=User.objects.get(username=row.data["assessed_by"]),
            tool=values["tool"],
            outcome=values["outcome"],
            judgements={
                part.values["domain"].partition("/")[2]: (
                    part.values["judgement"],
                    part.values["reason_en"],
                    part.values["reason_nl"],
                )
                for part in self.domains_of(row.key)
            },
            overall=values["overall"],
            reason=(values["reason_en"], values["reason_nl"]),
            assessed_on=values["assessed_on"],
        )
        if made.suggested != values["suggested"]:
            raise ValidationError({"suggested": f"the tool gives {made.suggested!r}"})

    def domains_of(self, assessment):
        if BIAS_DOMAINS.name not in self.keys:
            grouped = self.keys[BIAS_DOMAINS.name] = {}
            for row in self.plan.rows[BIAS_DOMAINS.name]:
                grouped.setdefault(assessed_in(row.data), []).append(row)
        return self.keys[BIAS_DOMAINS.name].get(assessment, [])

    def parts(self, table, version):
        if table.name not in self.keys:
            grouped = self.keys[table.name] = {}
            for row in self.plan.rows[table.name]:
                grouped.setdefault((row.data["claim"], row.data["number"]), []).append(row)
        return self.keys[table.name].get((version.data["claim"], version.data["number"]), [])

    def close_claims(self):
        for row in self.plan.new[CLAIMS.name] + self.plan.changed[CLAIMS.name]:
            closing = {name: row.values[name] for name in row.values if name.startswith("withdrawn")}
            into = row.data.get("merged_into")
            if into or closing["withdrawn_at"]:
                claim = self.find(row)
                claim.merged_into = Claim.objects.get(accession=into) if into else None
                for name, value in closing.items():
                    setattr(claim, name, value)
                actions.save_record(claim, by=self.by)

    def references(self, row):
        found = {}
        for name, reference in row.table.references.items():
            value = row.data.get(name)
            if row.table is MENTIONS and name == "citation":
                named = ArticleCitation.objects.filter(
                    article__slug=row.data["article"], number=value
                ).first()
                found["citation_id"] = named.pk if named else None
            elif row.table is CHAIN_STEPS and name == "mention":
                said = Mention.objects.filter(article__chains__slug=row.data["chain"], number=value).first()
                found["mention_id"] = said.pk if said else None
            elif reference.table:
                found[f"{name}_id"] = self.pk_of(reference.table, value) if value else None
        return found

    def pk_of(self, table_name, key):
        table = next(table for table in TABLES if table.name == table_name)
        return table.model.objects.values_list("pk", flat=True).get(**{table.key[0]: key})

    def find(self, row):
        table = row.table
        paths = {
            name: table.references[name].path if name in table.references else name for name in table.key
        }
        return table.model.objects.filter(
            **{path: row.data.get(name) for name, path in paths.items()}
        ).first()


def standing_first(rows):
    """A study or publication that was merged comes after the one it went up in; other tables keep their order."""
    return sorted(rows, key=lambda row: bool(row.data.get("merged_into")))


def broader_first(rows):
    """Topics in an order in which each finds the broader one it names."""
    waiting, done = {row.data["slug"]: row for row in rows}, []
    while waiting:
        ready = [row for row in waiting.values() if row.data.get("broader") not in waiting]
        if not ready:
            row = next(iter(waiting.values()))
            raise BadRows([row.problem("broader", "a topic cannot be broader than itself")])
        done += ready
        for row in ready:
            del waiting[row.data["slug"]]
    return done


def oldest_first(rows):
    return sorted(
        rows, key=lambda row: (row.values["published_at"], *itemgetter("claim", "number")(row.data))
    )


def explain(table, error):
    """(field, sentence) for what the database or a form refused."""
    if isinstance(error, ValidationError):
        name, sentences = (
            next(iter(error.message_dict.items()))
            if hasattr(error, "error_dict")
            else ("row", error.messages)
        )
        return ("row" if name == "__all__" else name), " ".join(sentences)
    if isinstance(error, actions.Refused | PermissionDenied):
        return "row", str(error)
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for known in table.model._meta.constraints:
        if known.name == constraint:
            return next(iter(getattr(known, "fields", ())), "row"), str(known.violation_error_message)
    return "row", str(error).splitlines()[0]
