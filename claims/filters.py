"""One set of filters for the page and the API: strength, verdict, topic, kind, design, words, date and order."""

import datetime
from functools import lru_cache, reduce
from operator import or_

import django_filters as filters
from django import forms
from django.db.models import BooleanField, Exists, F, Func, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.choices import BY_CODE, TIERS, UNRATED, ClaimKind, Strength, Verdict
from claims.found import CURRENT, best_found, query_for
from claims.models import ClaimVersion, Listing, Topic
from claims.searching import meant_by
from kb.lib.state import state_of_base
from kb.lib.strict import AnyOf, StrictFilterSet
from studies.choices import Design

INDEXED = (
    "strength_min",
    "strength",
    "verdict",
    "kind",
    "topic",
    "design",
)  # filters that signs of a listing answer
STRENGTHS = [(strength.code, strength.label) for strength in reversed(Strength)]
ORDERS = {  # of a version; of a listing the same, without the way to it
    "-updated": (F("published_at").desc(), F("pk").desc()),
    "updated": (F("published_at").asc(), F("pk").asc()),
    "-strength": (F("strength").desc(nulls_last=True), F("pk").desc()),
    "strength": (F("strength").asc(nulls_last=True), F("pk").asc()),
    "accession": (F("claim__accession").asc(),),
}
LISTED_ORDERS = {
    "-updated": (F("listing__published_at").desc(), F("listing__version").desc()),
    "updated": (F("listing__published_at").asc(), F("listing__version").asc()),
    "-strength": (F("listing__strength").desc(nulls_last=True), F("listing__version").desc()),
    "strength": (F("listing__strength").asc(nulls_last=True), F("listing__version").asc()),
    "accession": (F("listing__accession").asc(),),
}
ORDER_LABELS = [
    ("-strength", _("Strongest evidence first")),
    ("strength", _("Weakest evidence first")),
    ("-updated", _("Latest first")),
    ("updated", _("Oldest first")),
    ("accession", _("By number")),
]


class Since(filters.CharFilter):
    """A date or a moment; a moment without a zone is in the zone of the site."""

    def filter(self, queryset, value):
        return queryset.filter(published_at__gte=moment_of(value)) if value else queryset


def moment_of(text):
    """The moment that a date (its first moment) or an ISO 8601 date and time names, or None."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
        day = parse_date(text) if moment is None or "T" not in text else None
    except ValueError:
        return None
    if day:
        moment = datetime.datetime.combine(day, datetime.time())
    if moment is None or not datetime.MINYEAR < moment.year < datetime.MAXYEAR:
        return None  # in UTC, or a day later, it might be in a year that there is not
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def past_moment(text):
    """The moment that `as_of` names: a date is its last moment, today is now. Raises ValueError with a sentence."""
    now, moment = timezone.now(), moment_of(text)
    if moment is None:
        raise ValueError(gettext("is not a date or a moment. Write 2026-01-31 or 2026-01-31T12:00:00Z."))
    if "T" not in text:
        moment = min(moment + datetime.timedelta(days=1, microseconds=-1), max(now, moment))
    if moment > now:
        raise ValueError(gettext("lies in the future."))
    return moment


@lru_cache(maxsize=1)
def topics_in(state):
    """{slug: topic} of the topics that lead to a published claim, read once for each state of the base."""
    topics = Topic.objects.published().only(
        "slug", "kind", "name_en", "name_nl", "synonyms_en", "synonyms_nl"
    )
    return {topic.slug: topic for topic in topics}


@lru_cache(maxsize=1)
def slugs_in(state):
    """{key as text: slug} of the topics that readers can reach."""
    return {str(topic.pk): slug for slug, topic in topics_in(state).items()}


@lru_cache(maxsize=4)
def topic_names(state, language):
    """{slug: name} in this language, of the same topics, by name."""
    names = {slug: topic.name for slug, topic in topics_in(state).items()}
    return dict(sorted(names.items(), key=lambda item: item[1]))


class TopicField(forms.MultipleChoiceField):
    """Any of `topics`, which is asked for only when there is something to look up: there may be hundreds."""

    topics = None

    def valid_value(self, value):
        return value in self.topics()


class AnyTopic(AnyOf):
    field_class = TopicField


class ClaimFilter(StrictFilterSet):
    q = filters.CharFilter(label=_("Words"), method="by_words")
    strength_min = filters.ChoiceFilter(label=_("At least"), choices=STRENGTHS, method="at_least")
    strength = AnyOf(label=_("Strength"), choices=[*STRENGTHS, (UNRATED, _("Not rated"))], method="exactly")
    verdict = AnyOf(label=_("Which way the evidence points"), choices=Verdict.choices)
    topic = AnyTopic(label=_("Topic"), method="about")
    kind = AnyOf(label=_("Kind of claim"), choices=ClaimKind.choices, field_name="claim__kind")
    design = AnyOf(label=_("Study design"), choices=Design.choices, method="resting_on")
    tested = filters.ChoiceFilter(
        label=_("Tested"), choices=[("people", _("In people, on this outcome"))], method="tested_in_people"
    )
    updated_since = Since(label=_("Changed since"))
    ordering = filters.ChoiceFilter(
        label=_("Order"), choices=ORDER_LABELS, method="unordered", null_label=None
    )

    also_known = frozenset({"page", "page_size", "lang", "as_of"})

    class Meta:
        model = ClaimVersion
        fields = ()

    def __init__(self, data=None, queryset=None, **options):
        self.moment, self.moment_problem = None, None
        try:
            self.moment = past_moment(data["as_of"]) if data and data.get("as_of") else None
        except ValueError as error:
            self.moment_problem = str(error)
        if queryset is None:
            versions = ClaimVersion.objects
            queryset = versions.as_of(self.moment) if self.moment else versions.current()
        super().__init__(data, queryset, **options)
        self.form.fields["topic"].topics = lambda: self.topics

    @cached_property
    def topics(self):
        """{slug: topic} of every topic a reader may choose; asked for only where a topic is chosen or shown."""
        return topics_in(self.state)

    @property
    def slugs(self):
        return slugs_in(self.state)

    @cached_property
    def state(self):
        return state_of_base()

    @cached_property
    def question(self):
        """The filters in force as `claims.listed` takes them, or None with words, a date, a past moment or what was tested."""
        chosen = self.form.cleaned_data
        is_plain = not (self.moment or chosen["q"] or chosen["updated_since"] or chosen["tested"])
        return self.asked if is_plain else None

    @cached_property
    def asked(self):
        """The filters in force but for words, a date and what was tested, in plain values."""
        chosen = self.form.cleaned_data
        names = ("strength_min", "strength", "verdict", "kind", "design")
        topics = [self.topics[slug].pk for slug in chosen["topic"]]
        order = {"ordering": chosen["ordering"] or "-strength", "topic": topics}
        return order | {name: chosen[name] or ([] if name != "strength_min" else "") for name in names}

    @property
    def problems(self):
        found = super().problems
        if self.moment_problem:
            found.setdefault("as_of", self.moment_problem)
        since = self.data.get("updated_since")
        if since and "updated_since" not in found and moment_of(since) is None:
            found["updated_since"] = gettext(
                "is not a date or a moment. Write 2026-01-31 or 2026-01-31T12:00:00Z."
            )
        return found

    def matching(self, *, leaving_out=None):
        """The versions that match every filter but this one. Of a past moment there is no listing to read them from."""
        if self.moment:
            return super().matching(leaving_out=leaving_out)
        return ClaimVersion.objects.filter(*self.conditions("listing__"), listing__isnull=False)

    def listings(self, *, leaving_out=()):
        """The narrow rows of what matches every filter but these, for counting."""
        return Listing.objects.filter(*self.conditions("", leaving_out=leaving_out))

    @cached_property
    def search(self):
        """What the words mean, or None without any."""
        words = self.form.cleaned_data["q"]
        return meant_by(words, self.state) if words else None

    def found(self, start, size):
        """What the words find, best first, of now (`claims.found.Found`)."""
        return best_found(self.search, self.asked, start, size, self.among)

    @cached_property
    def among(self):
        """(SQL, values) of the listings that words are looked for in."""
        chosen = self.form.cleaned_data
        if not (chosen["updated_since"] or chosen["tested"]):
            return CURRENT
        rows = Listing.objects.filter(*self.conditions("", leaving_out=("q", *INDEXED))).order_by()
        sql, values = rows.query.sql_with_params()
        return f"({sql})", values

    @property
    def is_ranked(self):
        """Whether the best come first. Of a past moment the strongest do."""
        return bool(self.search) and not self.moment and not self.form.cleaned_data["ordering"]

    def results(self):
        """The versions that match every filter, in the order asked for; with words and no order see `found`."""
        order = self.form.cleaned_data["ordering"] or "-strength"
        return self.matching().order_by(*(ORDERS if self.moment else LISTED_ORDERS)[order])

    def conditions(self, of, *, leaving_out=()):
        """The filters in force as conditions on a listing, reached over `of`."""
        makers = {
            "q": lambda _words: self.saying(of),
            "strength_min": lambda code: Q(**{f"{of}strength__gte": BY_CODE[code]}),
            "strength": lambda codes: self.of_strength(of, codes),
            "verdict": lambda codes: Q(**{f"{of}verdict__in": codes}),
            "kind": lambda codes: Q(**{f"{of}kind__in": codes}),
            "topic": lambda slugs: Q(**{f"{of}topics__overlap": [self.topics[slug].pk for slug in slugs]}),
            "design": lambda designs: Q(**{f"{of}designs__overlap": designs}),
            "tested": lambda _code: Exists(ClaimVersion.objects.tests_in_people()),
            "updated_since": lambda text: Q(**{f"{of}published_at__gte": moment_of(text)}),
        }
        chosen = self.form.cleaned_data
        return [
            make(chosen[name])
            for name, make in makers.items()
            if chosen.get(name) and name not in leaving_out
        ]

    def saying(self, of):
        """The condition that a listing answers the words, tier by tier, as their indexes are."""
        query = RawSQL(*query_for(self.search))
        says = Func(
            F(f"{of}words"), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField()
        )
        return reduce(or_, (Q(says, **{f"{of}tier": tier}) for tier in TIERS))

    def of_strength(self, of, codes):
        levels = [BY_CODE[code] for code in codes if code in BY_CODE]
        unrated = Q(**{f"{of}strength__isnull": True}) if UNRATED in codes else Q()
        return Q(**{f"{of}strength__in": levels}) | unrated if levels else unrated

    def by_words(self, queryset, name, words):
        for piece in self.search.pieces:
            queryset = queryset.answering(piece)
        return queryset

    def at_least(self, queryset, name, code):
        return queryset.at_least(BY_CODE[code])

    def exactly(self, queryset, name, codes):
        rated = queryset.filter(strength__in=[BY_CODE[code] for code in codes if code in BY_CODE])
        return rated | queryset.unrated() if UNRATED in codes else rated

    def about(self, queryset, name, slugs):
        return queryset.about([self.topics[slug].pk for slug in slugs])

    def tested_in_people(self, queryset, name, code):
        return queryset.tested_in_people()

    def resting_on(self, queryset, name, designs):
        return queryset.resting_on(designs)

    def unordered(self, queryset, name, value):
        return queryset
