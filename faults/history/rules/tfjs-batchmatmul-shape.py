"""TensorFlow.js: the gradient of a matrix beside a batch was not summed over the batch.

https://github.com/tensorflow/tfjs/issues/8721
"""

from backproof import primitive_of


def wrong(y_bar, y, a, b):
    return y_bar @ b.mT, a.mT @ y_bar


primitive_of("matmul").vjp(wrong)
