"""The marks of `kb.lib.state`: every write to what readers are told gives one of them a new value.

A piece that another writer holds until it commits is passed over, so nobody waits unless all sixteen are taken.
"""

from django.db import migrations

# All that an answer of the API is made from. Of claims the standing is enough: each publication, merger, withdrawal
# and reinstatement adds a row to it, and what was published never changes.
TABLES = (
    "claims_standing",
    "claims_searchentry",
    "claims_topic",
    "studies_study",
    "studies_publication",
    "studies_integritynotice",
    "studies_reviewinclusion",
)

STATE = """
CREATE TABLE kb_state (piece integer PRIMARY KEY, mark uuid NOT NULL) WITH (fillfactor = 50);
INSERT INTO kb_state SELECT piece, gen_random_uuid() FROM generate_series(0, 15) AS piece;

CREATE FUNCTION kb_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free integer; times integer := coalesce(nullif(current_setting('kb.moved', true), ''), '0')::integer;
BEGIN
    IF times >= 2000 THEN RETURN NULL; END IF;  -- others see one mark of a transaction, and a row rewritten so often is slow
    PERFORM set_config('kb.moved', (times + 1)::text, true);
    SELECT piece INTO free FROM kb_state ORDER BY (piece + pg_backend_pid()) % 16 LIMIT 1 FOR UPDATE SKIP LOCKED;
    UPDATE kb_state SET mark = gen_random_uuid() WHERE piece = coalesce(free, pg_backend_pid() % 16);
    RETURN NULL;
END
$$;
"""

TRIGGER = """
CREATE TRIGGER kb_moved AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION kb_moved();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0004_admins_end_tokens"),
        ("claims", "0005_ground_standing_feed"),
        ("studies", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            STATE + "".join(TRIGGER.format(table=table) for table in TABLES),
            "DROP FUNCTION kb_moved CASCADE; DROP TABLE kb_state",
        )
    ]
