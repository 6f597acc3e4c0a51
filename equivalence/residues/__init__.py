"""Numbers modulo a prime, many at a time: shipped kernels run on them as fast as on floats."""
