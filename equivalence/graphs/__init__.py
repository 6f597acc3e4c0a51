"""Whole graphs on both sides: in exact numbers, along directions, and in floating point."""
