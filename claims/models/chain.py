"""A chain of steps by which something is said to work, such as magnesium > GABA > calm > sleep, and what carries each step."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.models.article import Article, Mention
from claims.models.claim import Claim
from claims.models.topic import Topic
from claims.triggers import refuse
from kb.lib.history import track


@track
class Chain(models.Model):
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=160)
    name_nl = models.CharField(_("name (Dutch)"), max_length=160)
    starts_with = models.ForeignKey(
        Topic, models.PROTECT, related_name="chains_from", verbose_name=_("starts with")
    )
    article = models.ForeignKey(
        Article,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="chains",
        verbose_name=_("argued in"),
        help_text=_("The article that argues this chain."),
    )

    class Meta:
        ordering = ("slug",)
        verbose_name = _("chain")
        verbose_name_plural = _("chains")
        constraints = (
            models.CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_nl=""),
                name="chain_named_in_both_languages",
                violation_error_message=_("A chain has a name in both languages."),
            ),
        )

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.name_nl if get_language() == "nl" else self.name_en

    def natural_key(self):
        return (self.slug,)


def step_is_about_its_topic():
    """A step is carried by a claim about the topic it leads to, or one near it; and said in the article of its chain."""
    return pgtrigger.Trigger(
        name="step_is_about_its_topic",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
        IF NEW.claim_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM claims_claim claim JOIN claims_topicreach near
            ON (near.topic_id = claim.outcome_id AND near.narrower_id = NEW.leads_to_id)
            OR (near.narrower_id = claim.outcome_id AND near.topic_id = NEW.leads_to_id)
            WHERE claim.id = NEW.claim_id
        ) THEN
            {refuse("The claim of a step is about what the step leads to.")}
        END IF;
        IF NEW.mention_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM claims_mention mention JOIN claims_chain chain ON chain.article_id = mention.article_id
            WHERE mention.id = NEW.mention_id AND chain.id = NEW.chain_id
        ) THEN
            {refuse("A step is said in the article that argues the chain.")}
        END IF;
        RETURN NEW;
        """,
    )


@track
class ChainStep(models.Model):
    """From what the step before it leads to (or what the chain starts with) to `leads_to`."""

    chain = models.ForeignKey(Chain, models.CASCADE, related_name="steps", verbose_name=_("chain"))
    position = models.IntegerField(_("position"))
    leads_to = models.ForeignKey(Topic, models.PROTECT, related_name="steps_to", verbose_name=_("leads to"))
    claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("carried by"),
        help_text=_("Empty where no claim here is about this step."),
    )
    mention = models.ForeignKey(
        Mention,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("said in"),
        help_text=_("The place in the article that says this step."),
    )

    class Meta:
        ordering = ("chain", "position")
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        triggers = (step_is_about_its_topic(),)
        constraints = (
            models.UniqueConstraint(
                fields=("chain", "position"),
                name="step_once_per_position",
                violation_error_message=_("This chain already has a step at this place."),
            ),
            models.UniqueConstraint(
                fields=("chain", "leads_to"),
                name="step_to_a_topic_once",
                violation_error_message=_("This chain already leads there."),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1),
                name="step_position_from_one",
                violation_error_message=_("Steps are numbered from one."),
            ),
        )

    def __str__(self):
        return f"{self.chain_id} {self.position}"
