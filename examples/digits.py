"""Train a multilayer perceptron on scikit-learn's handwritten digits through `Session`, and export one training step.

    python examples/digits.py --out out/digits.json

The file holds the graph of a step with its trained weights and batch: `backproof check out/digits.json` proves it.
Exit status 1 if the test accuracy is below 0.95.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from backproof.ir.exchange import write_case
from backproof.runtime.handles import Parameter, Value
from backproof.runtime.session import Session
from numpy.typing import NDArray
from sklearn.datasets import load_digits

Array = NDArray[np.float64]

TRAIN, TEST, BATCH = 1437, 360, 32
HIDDEN, EPOCHS, RATE = 32, 40, 5.0
NEEDED_ACCURACY = 0.95


@dataclass(frozen=True)
class Digits:
    """Images (n, 64) with entries in [0, 1] and their labels (n,)."""

    images: Array
    labels: NDArray[Any]

    def rows(self, chosen: Any) -> Digits:
        """The digits at these positions."""
        return Digits(self.images[chosen], self.labels[chosen])


def main(arguments: list[str]) -> int:
    """Train, export, print accuracy and seconds; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="where to write the graph of a training step")
    out = parser.parse_args(arguments).out
    started = time.perf_counter()
    random = np.random.default_rng(0)
    train, test = split(random)
    session = Session()
    parameters = perceptron(session, random)
    for _ in range(EPOCHS):
        for chosen in batches(random):
            step(session, parameters, train.rows(chosen))
    accuracy = accuracy_on(session, parameters, test)
    export(session, parameters, train.rows(slice(BATCH)), out)
    print(f"test accuracy {accuracy:.4f} on {TEST} digits after {EPOCHS} epochs, {time.perf_counter() - started:.1f} s")
    print(f"wrote {out}")
    return 0 if accuracy >= NEEDED_ACCURACY else 1


def split(random: np.random.Generator) -> tuple[Digits, Digits]:
    """The same 1437 digits to train on and 360 to test on, each time."""
    images, labels = load_digits(return_X_y=True)
    order = random.permutation(TRAIN + TEST)
    digits = Digits(images / 16, labels)
    return digits.rows(order[:TRAIN]), digits.rows(order[TRAIN:])


def batches(random: np.random.Generator) -> list[Any]:
    """The positions of one epoch in random order, as many full batches as there are."""
    order = random.permutation(TRAIN)
    return [order[start : start + BATCH] for start in range(0, TRAIN - BATCH + 1, BATCH)]


def perceptron(session: Session, random: np.random.Generator) -> list[Parameter]:
    """Weights and biases of 64-32-10, the weights normal with variance 1 / fan-in."""
    return [
        session.param(random.normal(size=(64, HIDDEN)) / np.sqrt(64), name="w1"),
        session.param(np.zeros(HIDDEN), name="b1"),
        session.param(random.normal(size=(HIDDEN, 10)) / np.sqrt(HIDDEN), name="w2"),
        session.param(np.zeros(10), name="b2"),
    ]


def forward(session: Session, parameters: list[Parameter], digits: Digits) -> tuple[Value, Value]:
    """Record the network on these digits from an empty tape; returns the probabilities (n, 10) and the loss."""
    session.reset_tape()
    w1, b1, w2, b2 = [session.use(parameter) for parameter in parameters]
    x = session.input(digits.images, name="images", requires_grad=False)
    target = session.input(np.eye(10)[digits.labels], name="targets", requires_grad=False)
    count = len(digits.labels)
    h = session.relu(session.add(session.matmul(x, w1), session.broadcast_to(b1, shape=(count, HIDDEN))))
    scores = session.add(session.matmul(h, w2), session.broadcast_to(b2, shape=(count, 10)))
    probabilities = session.softmax(scores)
    return probabilities, session.mse_loss(probabilities, target)


def step(session: Session, parameters: list[Parameter], batch: Digits) -> None:
    """One step of gradient descent on one batch."""
    _, loss = forward(session, parameters, batch)
    session.sgd_step_all(RATE, session.backward_scalar_dense_all(loss))


def accuracy_on(session: Session, parameters: list[Parameter], digits: Digits) -> float:
    """The share of digits whose most probable class is their label."""
    probabilities, _ = forward(session, parameters, digits)
    return float(np.mean(np.argmax(session.get_value(probabilities), axis=1) == digits.labels))


def export(session: Session, parameters: list[Parameter], batch: Digits, out: Path) -> None:
    """Write the graph of a training step with its weights and batch, seeded with 1 at the loss."""
    _, loss = forward(session, parameters, batch)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_case(session.case(loss, 1.0), out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
