"""Releases: the published base as files, as it stands now or as it stood at the end of a day."""
