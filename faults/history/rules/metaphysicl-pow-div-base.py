"""MetaPhysicL: the derivative of a power reused the result divided by the base, which is 0 / 0 where the base
is 0.

https://github.com/roystgnr/MetaPhysicL/pull/49
"""

from backproof import primitive_of


def wrong(y_bar, y, x, exponent):
    return (y_bar * exponent * y / x,)


primitive_of("pow").vjp(wrong)
