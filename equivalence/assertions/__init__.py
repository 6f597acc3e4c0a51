"""Assertions for a user's own tests: a rule written in numpy is proved, or the smallest point is shown where it is wrong."""
