"""What the admins of this room share: they save through `claims.actions`."""

from claims import actions
from studies import admin as studies_admin


class RecordAdmin(studies_admin.RecordAdmin):
    refusals = (*studies_admin.RecordAdmin.refusals, actions.Refused)

    def save_record(self, record, *, by):
        return actions.save_record(record, by=by)
