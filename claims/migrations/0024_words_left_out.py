"""A quote may leave words out: [...] stands there, is no word, and has two words or more on either side."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0023_standard_errors"),
        ("studies", "0007_merged_publications"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="evidence",
            name="evidence_quote_is_short",
        ),
        migrations.AlterField(
            model_name="evidence",
            name="quote",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="At most 25 words, exactly as the publication has them; [...] where you leave words out.",
                max_length=400,
                verbose_name="quote",
            ),
        ),
        migrations.AlterField(
            model_name="evidenceevent",
            name="quote",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="At most 25 words, exactly as the publication has them; [...] where you leave words out.",
                max_length=400,
                verbose_name="quote",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quote", ""),
                    models.Q(
                        (
                            "quote__regex",
                            "^(?!\\[(?:\\.\\.\\.|\\u2026)\\](\\s|$))\\S+(\\s+(\\[(?:\\.\\.\\.|\\u2026)\\]\\s+)?(?!\\[(?:\\.\\.\\.|\\u2026)\\](\\s|$))\\S+){2,24}$",
                        ),
                        (
                            "quote__regex",
                            "^(?!\\[(?:\\.\\.\\.|\\u2026)\\](\\s|$))\\S+(\\s+(?!\\[(?:\\.\\.\\.|\\u2026)\\](\\s|$))\\S+)+(\\s+\\[(?:\\.\\.\\.|\\u2026)\\]\\s+(?!\\[(?:\\.\\.\\.|\\u2026)\\](\\s|$))\\S+(\\s+(?!\\[(?:\\.\\.\\.|\\u2026)\\](\\s|$))\\S+)+)*$",
                        ),
                    ),
                    _connector="OR",
                ),
                name="evidence_quote_is_short",
                violation_error_message="A quote has 3 to 25 words, and 2 or more on either side of [...], where words are left out.",
            ),
        ),
    ]
