"""Sums of products by letters: their values, what is refused of texts and shapes, and where the op is drawn and checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.admission import AdmissionError, accept, admit
from backproof.equivalence.generation.strategies import generate
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.patterns import patterns
from backproof.ir.exchange import read_case, write_case
from backproof.ir.graph import Graph as Program
from backproof.ir.graph import GraphError, Leaf, Node
from backproof.runtime.handles import SessionError
from backproof.runtime.primitive import AttributeFault, ShapeMismatch, primitive_of
from backproof.runtime.session import Session
from backproof.spec.definition import ShapeMismatch as Undefined
from backproof.spec.definition import SpecError, definition_of

SAID = {
    "ij,jk->ik": lambda a, b: a @ b,
    "bij,bjk->bik": lambda a, b: a @ b,
    "ii->i": np.diagonal,
    "ii->": np.trace,
    "iij->j": lambda a: np.trace(a, axis1=0, axis2=1),
    "i,j->ji": lambda a, b: np.outer(b, a),
    "ijk->kij": lambda a: np.transpose(a, (2, 0, 1)),
    "ij->": np.sum,
    "ij,kk->i": lambda a, b: np.sum(a, axis=1) * np.trace(b),
    "i,ij,j->": lambda v, a, w: v @ a @ w,
    ",i->i": lambda c, v: c * v,
    "->": lambda c: c,
}
"""By subscripts: the same in other words of numpy."""

SIDES = {"i": 3, "j": 2, "k": 4, "b": 2}


def operands(subscripts: str) -> list[Any]:
    """Arrays of small integers, on which every order of operations is exact."""
    shapes = [tuple(SIDES[letter] for letter in word) for word in subscripts.partition("->")[0].split(",")]
    return [(np.arange(np.prod(shape, dtype=int)) * 7 % 11 - 4.0).reshape(shape) for shape in shapes]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("subscripts", SAID)
def test_letters_mean_what_numpys_other_words_do(subscripts: str, dtype: Any) -> None:
    given = [each.astype(dtype) for each in operands(subscripts)]
    session = Session(dtype=dtype)
    y = session.einsum(*map(session.input, given), subscripts=subscripts)
    value = session.get_value(y)
    assert np.array_equal(SAID[subscripts](*given), value)
    assert dtype == value.dtype
    cotangents = session.backward_dense_all(y, np.ones(y.shape, dtype=dtype))
    assert all(dtype == each.dtype and each.shape == x.shape for each, x in zip(cotangents, given, strict=False))
    assert all(map(np.array_equal, given, (each.astype(dtype) for each in operands(subscripts))))


def test_an_operand_used_twice_receives_both_cotangents() -> None:
    session = Session()
    v = session.input(np.array([1.0, 2.0, 3.0]))
    cotangents = session.backward_dense_all(session.einsum(v, v, subscripts="i,i->"), np.array(1.0))
    assert np.array_equal([2.0, 4.0, 6.0], cotangents[v.id])


def test_a_cotangent_lies_on_the_diagonal_that_was_read() -> None:
    session = Session()
    a = session.input(np.arange(9.0).reshape(3, 3))
    cotangents = session.backward_dense_all(session.einsum(a, subscripts="ii->i"), np.array([1.0, 2.0, 3.0]))
    assert np.array_equal(np.diag([1.0, 2.0, 3.0]), cotangents[a.id])


MALFORMED = {
    "ij,jk": "an output after '->' was needed",
    "": "an output after '->' was needed",
    "i...->i": r"'\.' came, letters and commas",
    "ij, jk->ik": "' ' came, letters and commas",
    "ij->j->i": "'-' came, letters and commas",
    "i1->i": "'1' came, letters and commas",
    "iλ->i": "'λ' came, letters and commas",
    "i->i,": "',' came, letters and commas",
    "ij->k": "the output has 'k'",
    "i->ii": "the output has 'i'",
}
"""By text: what the spec says of it."""


@pytest.mark.parametrize("subscripts", MALFORMED)
def test_both_sides_refuse_a_text_that_says_no_product(subscripts: str) -> None:
    shapes = ((2, 2), (2, 2))[: 1 + subscripts.count(",")]
    with pytest.raises(Undefined, match=MALFORMED[subscripts]) as refused:
        definition_of("einsum").infer_shape(shapes, {"subscripts": subscripts})
    assert "\n" not in str(refused.value)
    with pytest.raises(AttributeFault, match="came, letters|output letter"):
        primitive_of("einsum").shape(*shapes, subscripts=subscripts)


REFUSED: list[tuple[str, tuple[tuple[int, ...], ...], str]] = [
    ("ij,jk->ik", ((2, 3),), "of 1 tensors: 2 were needed"),
    ("i->i", ((2,), (2,)), "of 2 tensors: 1 were needed"),
    ("ij->i", ((2,),), r"shape \(2,\) came for 'ij', 2 sides were needed"),
    ("->", ((1,),), r"shape \(1,\) came for ''"),
    ("ij,jk->ik", ((2, 3), (2, 3)), "'j' stands for sides 3 and 2, one was needed"),
    ("ii->i", ((2, 3),), "'i' stands for sides 2 and 3"),
    ("i,i->i", ((1,), (3,)), "'i' stands for sides 1 and 3"),
]


@pytest.mark.parametrize(("subscripts", "shapes", "message"), REFUSED)
def test_both_sides_refuse_shapes_that_do_not_fit_the_letters(subscripts: str, shapes: Any, message: str) -> None:
    with pytest.raises(Undefined, match=message):
        definition_of("einsum").infer_shape(shapes, {"subscripts": subscripts})
    with pytest.raises(ShapeMismatch, match="einsum"):
        primitive_of("einsum").shape(*shapes, subscripts=subscripts)


def test_subscripts_are_a_text_and_nothing_else_of_an_op_is_one() -> None:
    session = Session()
    a = session.input(np.ones((2, 2)))
    with pytest.raises(SessionError, match="subscripts is 3, but str was needed"):
        session.einsum(a, subscripts=3)
    with pytest.raises(SessionError, match="axis is 'i', but int was needed"):
        session.reduce_sum(a, axis="i")
    assert not session.graph().nodes
    with pytest.raises(SpecError, match="'subscripts' is 3, but einsum takes str"):
        accept("einsum", [(2, 2)], {"subscripts": 3})
    with pytest.raises(SpecError, match="'axis' is 'i', but reduce_sum takes int"):
        accept("reduce_sum", [(2, 2)], {"axis": "i"})


def test_a_graph_file_holds_the_subscripts_as_text(tmp_path: Any) -> None:
    session = Session()
    y = session.einsum(*map(session.input, operands("ij,jk->ik")), subscripts="ij,jk->ik")
    write_case(session.case(y, np.ones(y.shape)), tmp_path / "case.json")
    assert '"subscripts": "ij,jk->ik"' in (tmp_path / "case.json").read_text()
    case = read_case(tmp_path / "case.json")
    assert {"subscripts": "ij,jk->ik"} == case.graph.nodes[0].attributes
    admit(case, "case.json")
    graph = replace(case.graph, nodes=(replace(case.graph.nodes[0], attributes={"subscripts": "ij,jk"}),))
    with pytest.raises(AdmissionError, match="case.json: node .*an output after '->' was needed"):
        admit(replace(case, graph=graph), "case.json")


@pytest.mark.parametrize("text", ["i\nj", "λ->", "i" * 257])
def test_a_text_of_a_graph_is_short_and_printable(text: str) -> None:
    with pytest.raises(GraphError, match="but a text is at most 256 printable ASCII characters"):
        Program((Leaf((2,)),), (Node("einsum", (0,), (2,), {"subscripts": text}),))


def test_generated_graphs_have_products_of_one_two_and_three_values() -> None:
    nodes = [node for case in generate(40, 3, ["einsum"]) for node in case.graph.nodes]
    assert {1, 2, 3} == {len(node.parents) for node in nodes}
    assert 10 < len({node.attributes["subscripts"] for node in nodes})


def test_the_op_is_checked_at_products_of_every_kind() -> None:
    at = {(each.shapes, each.attributes["subscripts"]) for each in instances("einsum")}
    assert {subscripts for _, subscripts in at} == {dict(each.attributes)["subscripts"] for each in patterns("einsum")}
    assert {(((2, 3), (3, 5)), "ij,jk->ik"), (((2, 0), (0, 3)), "ij,jk->ik"), (((1, 3), (3, 1)), "ij,jk->ik")} <= at
    assert {(((0, 0),), "ii->i"), (((1, 1),), "ii->"), (((2, 3, 2),), "iji->ij"), (((0,), (0, 2), (2,)), "i,ij,j->")} <= at
