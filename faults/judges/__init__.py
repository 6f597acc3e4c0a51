"""Faults in the judges themselves: what the checker would say if a formula, a solver or a record of its own were wrong."""
