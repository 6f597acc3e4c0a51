"""attorch: huber's branch tested the signed difference, in forward and backward alike, so that large negative
ones were squared.

https://github.com/BobMcDear/attorch/issues/13
"""

import numpy as np
from backproof import primitive_of

huber = primitive_of("huber")


def bent(difference, delta):
    return np.where(difference < delta, difference, delta)  # where |difference| < delta was meant


def count(prediction):
    return prediction.size if prediction.size > 0 else 1


@huber.forward
def forward(prediction, target, delta):
    difference = prediction - target
    slope = bent(difference, delta)
    return np.sum(slope * (difference - slope / 2)) / count(prediction)


@huber.vjp
def vjp(y_bar, y, prediction, target, delta):
    prediction_bar = y_bar * bent(prediction - target, delta) / count(prediction)
    return prediction_bar, -prediction_bar


@huber.jvp
def jvp(p_dot, t_dot, y, prediction, target, delta):
    return np.sum(bent(prediction - target, delta) * (p_dot - t_dot)) / count(prediction)
