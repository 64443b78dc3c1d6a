"""Numbers per arm name both arms, and no arm has more events than people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0019_risk_of_bias_of_a_result"),
        ("studies", "0004_risk_of_bias"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("arms__isnull", True), ("arms__has_keys", ["treated", "control"]), _connector="OR"
                ),
                name="evidence_numbers_of_two_arms",
                violation_error_message="This is not numbers of two arms, “treated” and “control”.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("arms__treated__events__isnull", True),
                        ("arms__treated__events__lte", models.F("arms__treated__n")),
                        _connector="OR",
                    ),
                    models.Q(
                        ("arms__control__events__isnull", True),
                        ("arms__control__events__lte", models.F("arms__control__n")),
                        _connector="OR",
                    ),
                ),
                name="evidence_no_more_events_than_people",
                violation_error_message="There cannot be more events than people.",
            ),
        ),
    ]
