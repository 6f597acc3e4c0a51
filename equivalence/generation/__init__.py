"""Generated graphs: drawn by Hypothesis, counted, and taken apart when they fail."""
