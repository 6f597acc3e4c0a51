"""The engine: the accumulation theorem for all graphs, and free terms for the graph at hand."""
