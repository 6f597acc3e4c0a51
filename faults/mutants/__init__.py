"""Mutants: small changes of the syntax trees of the shipped kernels, of what they call, and of the tape's loop."""
