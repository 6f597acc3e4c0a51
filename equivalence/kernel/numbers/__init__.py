"""Exact numbers, and numbers that carry a bound on the rounding of a float run."""
