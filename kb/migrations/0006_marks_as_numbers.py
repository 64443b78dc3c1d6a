"""The marks of `kb.lib.state` as numbers, which are laid over each other in six tenths of the time it takes to line up sixteen texts.

Of the 128 bits of a random UUID the first 60 are taken; 56 of them are random.
"""

from django.db import migrations

NUMBER = "('x' || left(replace({}::text, '-', ''), 15))::bit(60)::bigint"

NUMBERS = f"""
ALTER TABLE kb_state ALTER mark TYPE bigint USING {NUMBER.format("mark")};

CREATE OR REPLACE FUNCTION kb_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free integer; times integer := coalesce(nullif(current_setting('kb.moved', true), ''), '0')::integer;
BEGIN
    IF times >= 2000 THEN RETURN NULL; END IF;  -- others see one mark of a transaction, and a row rewritten so often is slow
    PERFORM set_config('kb.moved', (times + 1)::text, true);
    SELECT piece INTO free FROM kb_state ORDER BY (piece + pg_backend_pid()) % 16 LIMIT 1 FOR UPDATE SKIP LOCKED;
    UPDATE kb_state SET mark = {NUMBER.format("gen_random_uuid()")} WHERE piece = coalesce(free, pg_backend_pid() % 16);
    RETURN NULL;
END
$$;
"""  # noqa: S608 (constants)

UUIDS = """
ALTER TABLE kb_state ALTER mark TYPE uuid USING gen_random_uuid();

CREATE OR REPLACE FUNCTION kb_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free integer; times integer := coalesce(nullif(current_setting('kb.moved', true), ''), '0')::integer;
BEGIN
    IF times >= 2000 THEN RETURN NULL; END IF;
    PERFORM set_config('kb.moved', (times + 1)::text, true);
    SELECT piece INTO free FROM kb_state ORDER BY (piece + pg_backend_pid()) % 16 LIMIT 1 FOR UPDATE SKIP LOCKED;
    UPDATE kb_state SET mark = gen_random_uuid() WHERE piece = coalesce(free, pg_backend_pid() % 16);
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("kb", "0005_state")]
    operations = [migrations.RunSQL(NUMBERS, UUIDS)]
