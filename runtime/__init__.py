"""How backprop is run: a numpy tape with hand-written kernels. Knows no sympy and no solver."""
