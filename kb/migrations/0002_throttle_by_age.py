"""Old counts are found by their age; `fillfactor` keeps the many updates of a row on its own page."""

from django.db import migrations

FORWARDS = """
CREATE INDEX kb_throttle_starts ON kb_throttle (starts);
ALTER TABLE kb_throttle SET (fillfactor = 50);
"""
BACKWARDS = """
DROP INDEX kb_throttle_starts;
ALTER TABLE kb_throttle RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("kb", "0001_throttle")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
