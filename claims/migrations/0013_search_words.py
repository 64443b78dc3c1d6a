"""The words that claims are found by, for the search that forgives a misspelling.

- `claims_words(text)`: the words of a text, in lower case and without accents, as `claims.searching.words_of` has them.
- `claims_keep_words(versions)`: adds the words of the statements of these versions, and of the names of their topics.

A trigger keeps them when a version is indexed, so a word of a draft is never among them. Words are only ever added.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

WORDS = r"""
CREATE FUNCTION claims_words(given text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT left(word, 60) FROM regexp_split_to_table(
        regexp_replace(normalize(lower(given), NFKD), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+'
    ) AS word WHERE length(word) > 2
$$;

CREATE FUNCTION claims_keep_words(versions bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO claims_searchword (word)
        SELECT claims_words(statement_en || ' ' || statement_nl) FROM claims_claimversion WHERE id = ANY (versions)
        UNION
        SELECT claims_words(concat_ws(' ', topic.name_en, topic.name_nl, array_to_string(topic.synonyms_en, ' '),
            array_to_string(topic.synonyms_nl, ' ')))
        FROM claims_topic topic WHERE id IN (
            SELECT topic_id FROM claims_claimversion_topics WHERE claimversion_id = ANY (versions)
        )
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION claims_version_indexed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claims_keep_words(ARRAY(SELECT version_id FROM made));
    RETURN NULL;
END
$$;
CREATE TRIGGER claims_version_indexed AFTER INSERT ON claims_searchentry REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION claims_version_indexed();
"""
UNDONE = """
DROP TRIGGER claims_version_indexed ON claims_searchentry;
DROP FUNCTION claims_version_indexed, claims_keep_words, claims_words;
"""
FILL = "SELECT claims_keep_words(ARRAY(SELECT version_id FROM claims_searchentry))"


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0012_chains"),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="SearchWord",
            fields=[("word", models.CharField(max_length=60, primary_key=True, serialize=False))],
            options={
                "verbose_name": "search word",
                "verbose_name_plural": "search words",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False,
                        fields=["word"],
                        name="search_word_alike",
                        opclasses=("gin_trgm_ops",),
                    )
                ],
            },
        ),
        migrations.RunSQL(WORDS, UNDONE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
