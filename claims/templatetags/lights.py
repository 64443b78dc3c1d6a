"""The traffic light of a risk of bias that a document names."""

from django import template

from studies.lights import risk_light

register = template.Library()
register.filter("risk_light", risk_light)
