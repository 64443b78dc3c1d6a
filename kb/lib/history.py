"""The history of an editable table: every insert, update and delete, whichever way it came."""

import pghistory


def track(model=None, **options):
    """Class decorator. The trackers are made anew for each model, since they remember its columns."""

    def tracked(model):
        events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
        return pghistory.track(*events, **options)(model)

    return tracked(model) if model else tracked
