"""Proofs already made: kept, and used again where the very same claim would be decided by the very same code."""
