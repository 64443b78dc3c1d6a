"""The words that published claims are found by. The database writes them when a version is indexed."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.version import ClaimVersion


class SearchEntry(models.Model):
    """The words a published version is found by, in both languages. Narrow, so that search reads little."""

    version = models.OneToOneField(ClaimVersion, models.CASCADE, primary_key=True, related_name="search")
    vector = SearchVectorField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = (GinIndex(fields=("vector",), name="search_vector", fastupdate=False),)

    def __str__(self):
        return str(self.version_id)


class SearchWord(models.Model):
    """A word that a published claim is found by, so that a misspelling finds the word that was meant."""

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        indexes = (
            GinIndex(
                fields=("word",), name="search_word_alike", opclasses=("gin_trgm_ops",), fastupdate=False
            ),
        )

    def __str__(self):
        return self.word
