"""Deciding equalities of terms: a normal form over a fraction field, case by case, and a solver for what remains."""
