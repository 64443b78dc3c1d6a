"""The desk: where editors and reviewers do their whole work. Nobody else learns that it is there."""
