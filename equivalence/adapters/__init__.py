"""Somebody else's engine, behind a small adapter: asked for a graph forward and backward, and judged by the definitions."""
