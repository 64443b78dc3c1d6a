"""The counts of `kb.lib.throttle`: one row a kind and key, which forgets itself in the next window."""

from django.db import migrations

TABLE = """
CREATE UNLOGGED TABLE kb_throttle (
    name varchar(60) NOT NULL,
    key varchar(200) NOT NULL,
    starts timestamptz NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (name, key)
)
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(TABLE, "DROP TABLE kb_throttle")]
