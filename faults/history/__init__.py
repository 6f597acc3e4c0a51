"""Bugs that engines once had, each re-created at its own op by a rules file, `rules/ID.py`."""
