"""Mutants of the session, whose verbs and refusals the test suite holds."""
