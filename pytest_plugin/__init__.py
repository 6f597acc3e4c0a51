"""`pytest --backproof`: what is owed, collected beside a project's own tests."""
