"""What backprop is: forward formulas, the JVPs and VJPs derived from them, and the recursion over a graph."""
