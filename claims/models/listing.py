"""What lists, filters and counts are read from: one narrow row for each claim that stands, and how many there are of each kind.

The database writes both itself (see the migration that makes them), in the transaction that changed what they say. They
hold nothing that is not said elsewhere: `claims_relist_all()` makes them anew.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce, Least, Mod

from claims.choices import SLICE, TIERS
from claims.models.version import ClaimVersion
from claims.querysets import TallyQuerySet


class Listing(models.Model):
    """A standing claim as its current version has it. `topics` are its topics and every broader one.

    `words` are those it is found by, and signs for its topics, kind and the like (`claims_found_words` in the database). A search
    asks for them `tier` by tier (`claims.choices.TIERS`): the strongest first, and of each strength one in eight before the rest,
    which is often enough.
    """

    version = models.OneToOneField(ClaimVersion, models.CASCADE, primary_key=True, related_name="listing")
    accession = models.CharField(max_length=12)
    kind = models.CharField(max_length=16)
    strength = models.IntegerField(null=True)
    verdict = models.CharField(max_length=16)
    published_at = models.DateTimeField()
    topics = ArrayField(models.BigIntegerField())
    designs = ArrayField(models.CharField(max_length=24))
    words = SearchVectorField()
    tier = models.GeneratedField(
        expression=8 - 2 * Coalesce(F("strength"), 0) + Least(Mod(F("version"), SLICE), 1),
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        indexes = (
            models.Index(F("strength").desc(nulls_last=True), F("version").desc(), name="listing_strongest"),
            models.Index(F("strength").asc(nulls_last=True), F("version").asc(), name="listing_weakest"),
            models.Index(F("published_at").desc(), F("version").desc(), name="listing_newest"),
            models.Index("accession", name="listing_accession"),
            models.Index("kind", "verdict", name="listing_kind_verdict"),
            GinIndex(fields=("topics",), name="listing_topics", fastupdate=False),
            GinIndex(fields=("designs",), name="listing_designs", fastupdate=False),
            *(
                GinIndex(
                    fields=("words",),
                    name=f"listing_words_{tier}",
                    fastupdate=False,
                    condition=models.Q(tier=tier),
                )
                for tier in TIERS
            ),
        )

    def __str__(self):
        return self.accession


class ListedTopic(models.Model):
    """A listing once more for each of its topics, so that the first page of a topic is read without passing over others."""

    pk = models.CompositePrimaryKey("topic", "version")
    topic = models.BigIntegerField()
    version = models.ForeignKey(ClaimVersion, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    strength = models.IntegerField(null=True)
    verdict = models.CharField(max_length=16)
    published_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(
                "topic",
                F("strength").desc(nulls_last=True),
                F("version").desc(),
                name="listed_topic_strongest",
            ),
            models.Index(
                "topic", F("strength").asc(nulls_last=True), F("version").asc(), name="listed_topic_weakest"
            ),
            models.Index("topic", F("published_at").desc(), F("version").desc(), name="listed_topic_newest"),
            models.Index("version", name="listed_topic_version"),
        )

    def __str__(self):
        return f"{self.topic} {self.version_id}"


class Tally(models.Model):
    """How many standing claims there are with these values; 0, "" and -1 stand for whatever the value.

    `strength` is 0 for claims that are not rated. `verdict` and `kind` are both given or both "".
    """

    pk = models.CompositePrimaryKey("topic", "design", "strength", "verdict", "kind")
    topic = models.BigIntegerField()
    design = models.CharField(max_length=24)
    strength = models.IntegerField()
    verdict = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    claims = models.IntegerField()

    objects = TallyQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("design", "strength", "verdict", "kind"), name="tally_over_topics"),
            models.Index(  # every list counts its topics; these few cells are read without a look at their rows
                fields=("strength",),
                include=("topic", "claims"),
                condition=models.Q(design="", verdict="") & ~models.Q(topic=0),
                name="tally_of_topics",
            ),
        )

    def __str__(self):
        return f"{self.topic} {self.design} {self.strength} {self.verdict} {self.kind}: {self.claims}"
