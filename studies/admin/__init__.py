"""The studies room in the admin. Every save goes through `studies.actions`."""

from studies.admin.publication import IntegrityNoticeAdmin, PublicationAdmin
from studies.admin.study import ReviewInclusionAdmin, StudyAdmin

__all__ = ["IntegrityNoticeAdmin", "PublicationAdmin", "ReviewInclusionAdmin", "StudyAdmin"]
