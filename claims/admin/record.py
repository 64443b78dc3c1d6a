"""What the admins of this room share: they save through `claims.actions`."""

from claims import actions
from studies.admin import record


class RecordAdmin(record.RecordAdmin):
    refusals = (*record.RecordAdmin.refusals, actions.Refused)

    def save_record(self, record, *, by):
        return actions.save_record(record, by=by)
