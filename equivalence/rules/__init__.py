"""The rules: what an op owes, at which shapes and points, and how that is decided."""
