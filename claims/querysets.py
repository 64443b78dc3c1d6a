"""Questions about many topics, claims and versions. What a reader may see is decided here and nowhere else."""

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from claims.choices import Directness, Scheme, Strength, VersionState
from claims.words import query_of
from studies.choices import Design

OPINIONS = (Design.NARRATIVE_REVIEW, Design.GUIDELINE, Design.REGULATORY_OPINION)
ELSEWHERE = (Directness.OTHER_INTERVENTION, Directness.OTHER_OUTCOME)


class TopicQuerySet(models.QuerySet):
    def published(self):
        """Topics that lead to a published claim, themselves or through a narrower one; a draft's new topic is no news."""
        return self.with_claim_counts().filter(claim_count__gt=0)

    def once_published(self):
        """Topics that ever led to a published version: their addresses answer for ever, also when all of it was withdrawn."""
        versions = apps.get_model("claims.ClaimVersion").objects.public()
        led = versions.filter(topics__reached_from__topic=OuterRef("pk"))
        return self.with_claim_counts().filter(Exists(led))

    def listed(self):
        """Those that the API lists, as it shows them."""
        return self.published().select_related("broader")

    def known(self):
        """Those of the list, and those that nothing open leads to any more."""
        return self.once_published().select_related("broader")

    def with_claim_counts(self):
        """Adds `claim_count`: the published claims linked to the topic or to one below it, as its page lists them."""
        tally = apps.get_model("claims.Tally").objects.whatever().filter(topic=OuterRef("pk"), design="")
        return self.annotate(claim_count=Coalesce(Subquery(tally.values("claims")), 0))


class ClaimQuerySet(models.QuerySet):
    def published(self):
        """What readers may list: a published version, not merged away, not withdrawn."""
        versions = self.model._meta.get_field("versions").related_model
        standing = versions.objects.filter(claim=OuterRef("pk"), state=VersionState.PUBLISHED)
        return self.filter(Exists(standing), merged_into__isnull=True, withdrawn_at__isnull=True)

    def ever_published(self):
        """What readers may ask for by its accession, also after it was merged or withdrawn."""
        return self.filter(accession__isnull=False)


class VersionQuerySet(models.QuerySet):
    def public(self):
        """Every version a reader may read: published now, or once."""
        return self.filter(state__in=(VersionState.PUBLISHED, VersionState.SUPERSEDED))

    def current(self):
        """The one version per standing claim that lists, searches and counts are about."""
        return self.filter(
            state=VersionState.PUBLISHED, claim__merged_into__isnull=True, claim__withdrawn_at__isnull=True
        )

    def as_of(self, moment):
        """The one version per claim that was current at this moment, of claims that stood then."""
        standings = self.model._meta.get_field("standings").related_model.objects
        stood = standings.at(moment).filter(version=OuterRef("pk"), overlay__closed=None)
        return self.read_at(moment).filter(Exists(stood))

    def read_at(self, moment):
        """The version of each claim that was the published one at this moment, whatever became of the claim."""
        return self.public().filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=moment), published_at__lte=moment
        )

    def seen_by(self, person):
        """All but those that this person still has to rate blind, without seeing how others did."""
        asked = self.model._meta.get_field("second_rating").related_model.objects.filter(
            rater=person, given_at=None
        )
        open_ones = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.CHANGES_REQUESTED)
        return self.exclude(pk__in=asked.values("version"), state__in=open_ones)

    def at_least(self, strength):
        """Rated this strong or stronger; unrated claims never pass."""
        return self.filter(strength__gte=strength)

    def unrated(self):
        return self.filter(strength__isnull=True)

    def about(self, topic_ids):
        """Linked to any of these topics or to a topic below one of them."""
        links = self.model.topics.through.objects
        linked = links.filter(claimversion=OuterRef("pk"), topic__reached_from__topic__in=topic_ids)
        return self.filter(Exists(linked))

    def resting_on(self, designs):
        """With evidence from any of these study designs."""
        evidence = self.model._meta.get_field("evidence").related_model
        return self.filter(Exists(evidence.objects.filter(version=OuterRef("pk"), study__design__in=designs)))

    def tested_in_people(self):
        """With a study in people of this very intervention and outcome; an opinion or a narrative review tests nothing."""
        return self.filter(Exists(self.tests_in_people()))

    def tests_in_people(self):
        """The rows of evidence of a version (OuterRef pk) that tested what it is about in people."""
        rows = self.model._meta.get_field("evidence").related_model.objects
        people = rows.filter(version=OuterRef("pk"), study__species="human")
        return people.exclude(study__design__in=OPINIONS).exclude(directness__in=ELSEWHERE)

    def mechanism_only(self):
        """Mechanisms that nobody tested in people, and that are not well established in people otherwise."""
        mechanisms = self.filter(scheme=Scheme.EBM_PLUS)
        unsure = Q(strength_in_people__isnull=True) | Q(strength_in_people__lt=Strength.MODERATE)
        return mechanisms.filter(unsure, ~Exists(self.tests_in_people()))

    def citing(self, study):
        evidence = self.model._meta.get_field("evidence").related_model
        return self.filter(Exists(evidence.objects.filter(version=OuterRef("pk"), study=study)))

    def resting_on_one_study(self):
        """Whose results that count all come from one and the same study."""
        evidence = self.model._meta.get_field("evidence").related_model.objects.filter(
            counts_in_synthesis=True
        )
        by_version = evidence.order_by().values("version").annotate(studies=Count("study", distinct=True))
        return self.filter(pk__in=by_version.filter(studies=1).values("version"))

    def answering(self, piece):
        """Saying the words of a piece of a search, or being about a topic that it names (see `claims.searching`)."""
        reached = (
            apps.get_model("claims.TopicReach").objects.filter(topic__in=piece.topics).values("narrower")
        )
        linked = self.model.topics.through.objects.filter(claimversion=OuterRef("pk"), topic__in=reached)
        query, values = query_of(piece.words)
        saying = RawSQL(f"SELECT version_id FROM claims_searchentry WHERE vector @@ {query}", values)
        return self.filter(Q(pk__in=saying) | Exists(linked) | Q(claim__condition__in=piece.parents))


class TallyQuerySet(models.QuerySet):
    def whatever(self):
        """Counts whatever the strength, verdict and kind."""
        return self.filter(strength=-1, verdict="", kind="")


class StandingQuerySet(models.QuerySet):
    def at(self, moment=None):
        """The rows that held at this moment; without one, those that hold now."""
        if moment is None:
            return self.filter(until__isnull=True)
        return self.filter(Q(until__isnull=True) | Q(until__gt=moment), since__lte=moment)


class ChangeQuerySet(models.QuerySet):
    def latest_seq(self):
        """The number of the latest change; 0 while nothing happened."""
        return self.order_by("-seq").values_list("seq", flat=True).first() or 0


class WebhookQuerySet(models.QuerySet):
    def seen_by(self, person):
        """One's own; all of them for who oversees them."""
        return self if person.has_perm("claims.oversee_webhooks") else self.filter(owner=person)

    def due(self, now, latest):
        """Behind the latest change and free to be tried, longest waiting first. The owner's account must be active."""
        return self.filter(
            Q(next_try_at=None) | Q(next_try_at__lte=now),
            paused_at=None,
            owner__is_active=True,
            delivered_seq__lt=latest,
        ).order_by(F("tried_at").asc(nulls_first=True), "pk")
