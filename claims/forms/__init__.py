"""The forms in which editors and reviewers write. What they send goes through the actions, which decide."""
