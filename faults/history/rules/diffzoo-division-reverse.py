"""diff-zoo (Julia): the reverse rule of a / b multiplied by the denominator where it should divide.

https://github.com/MikeInnes/diff-zoo/issues/16
"""

from backproof import primitive_of


def wrong(y_bar, y, a, b):
    return y_bar * b, -(y_bar / b) * y


def right(y_bar, y, a, b):
    return y_bar / b, -(y_bar / b) * y


planted = wrong

primitive_of("div").vjp(planted)
