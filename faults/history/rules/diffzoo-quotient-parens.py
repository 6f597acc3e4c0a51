"""diff-zoo (Julia): the quotient rule had no parentheses around its numerator, so that only the second term
was divided by b².

https://github.com/MikeInnes/diff-zoo/blob/81d605dd0f6122481fe4420c7115a0f387fa24b6/src/utils.jl
"""

from backproof import primitive_of


def wrong(a_dot, b_dot, y, a, b):
    return b * a_dot - a * b_dot / (b * b)


def right(a_dot, b_dot, y, a, b):
    return (a_dot - a / b * b_dot) / b  # b² would overflow where the quotient does not


planted = wrong

primitive_of("div").jvp(planted)
