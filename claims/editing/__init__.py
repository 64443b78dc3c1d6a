"""The API for people with an account: drafts, what belongs to them, and closing a claim. All rules are in the actions."""
