"""Every class of wrong rules, and the ops that each is planted on: of many kinds, and it is wrong on each."""

from __future__ import annotations

import random

from ..fault import Fault
from . import at_shapes, at_values, everywhere, in_formats, kernels, memory
from . import both_parents as both
from . import by_op as one_op
from . import shared_values as shared
from .planting import Change, Wrong, WrongByOp, WrongTapes

Planted = Change | Wrong | WrongTapes | WrongByOp


def ops(names: str) -> tuple[str, ...]:
    """Names with spaces between them."""
    return tuple(names.split())


SMOOTH = ops("tanh exp log sigmoid sin square softplus gelu")
PAIRS = ops("mul div sub add max min mse_loss huber")
ROWS = ops("softmax log_softmax logsumexp layer_norm rms_norm norm var cross_entropy")
WINDOWS = ops(
    "avg_pool avg_pool2d avg_pool2d_pad max_pool max_pool2d max_pool2d_pad conv conv2d conv_nd "
    "conv_transpose conv_transpose2d smooth_max_pool smooth_max_pool2d"
)
INDEXED = ops(
    "embedding index_select gather_vec_ref gather_vec_nat gather_rows_ref gather_rows_nat scatter_add "
    "cross_entropy"
)
REPEATED = ops(
    "broadcast_to linear layer_norm batchnorm_channel_first batch_norm2d_nchw_eval rms_norm conv2d "
    "conv_transpose2d"
)
ALONG = ops(
    "softmax log_softmax logsumexp reduce_sum reduce_mean cumsum cumprod prod norm var reduce_max "
    "index_select"
)
MIXED = ops("tanh mul matmul softmax conv2d reduce_sum layer_norm embedding max_pool2d concat")

EVERYWHERE: tuple[Planted, ...] = (
    Change(everywhere.sign_flipped, "vjp", MIXED),
    Change(everywhere.sign_flipped, "jvp", ops("sigmoid div bmm log_softmax")),
    Change(everywhere.sign_flipped, "forward", ops("square sub linear norm")),
    Change(
        everywhere.counted_twice, "vjp",
        ops("add exp transpose2d broadcast_to multi_head_attention cumsum flatten slice"),
    ),
    Change(everywhere.half_of_it, "vjp", ops("square mse_loss var norm relu conv prod rms_norm")),
    Change(
        everywhere.shifted, "vjp",
        ops("sin sum reshape batchnorm_channel_first select dropout cross_entropy erf"),
    ),
    Change(everywhere.wrongly_transposed, "vjp",
           ops("matmul bmm linear transpose2d permute conv2d einsum layer_norm gather_rows_ref")),
    Change(
        everywhere.mean_for_sum, "jvp",
        ops("sum reduce_sum matmul linear conv2d cumsum logsumexp einsum"),
    ),
    Change(everywhere.mean_for_sum, "forward", ops("sum reduce_sum bmm avg_pool")),
    Wrong(
        kernels.derivative_missing, "vjp",
        ops("tanh sigmoid exp log sin square inv softplus gelu silu erf scale"),
    ),
    Wrong(
        kernels.term_missing, "jvp",
        ops("mul div sub add mse_loss matmul linear conv2d layer_norm multi_head_attention"),
    ),
    Wrong(
        kernels.cotangent_forgotten, "vjp",
        ops("mul div sub add max concat conv2d linear layer_norm scatter_add"),
    ),
    Wrong(kernels.operands_swapped, "vjp", ops("mul div max min mse_loss huber bmm where dropout")),
    Wrong(kernels.cotangents_swapped, "vjp", ops("mul div sub max min mse_loss huber where dropout matmul")),
    Wrong(kernels.unbroadcast_missing, "vjp", REPEATED),
    Wrong(kernels.averaged_over_copies, "vjp", REPEATED),
    Wrong(kernels.over_the_first_axis, "vjp", ALONG),
    Wrong(kernels.cotangent_not_used, "vjp", MIXED),
    Wrong(
        kernels.constant_for_saved, "vjp",
        ops("exp tanh mul matmul div softmax layer_norm conv2d sqrt max prod"),
    ),
)  # fmt: skip
"""The classic ones: wrong almost everywhere."""

MEMORY: tuple[Planted, ...] = (
    Wrong(memory.cotangent_overwritten, "vjp", (*SMOOTH, "mul", "softmax")),
    Wrong(memory.input_overwritten, "forward", (*SMOOTH, "add", "cumsum")),
    Wrong(memory.one_buffer_for_two, "vjp", ops("mul div sub max min mse_loss huber dropout")),
    Wrong(
        memory.value_in_a_kept_buffer, "forward",
        ops("tanh exp mul matmul softmax relu cumsum transpose2d sum"),
    ),
    Wrong(
        memory.cotangent_in_a_kept_buffer, "vjp",
        ops("tanh exp mul matmul softmax relu prod cumprod transpose2d sum"),
    ),
    Wrong(memory.only_on_the_second_run, "vjp", MIXED),
    Wrong(memory.only_on_the_second_run, "forward", ops("sigmoid div bmm log_softmax")),
    Wrong(memory.from_the_second_run_on, "vjp", ops("cos mul linear norm conv permute cumprod max_pool")),
    Wrong(memory.first_run_kept, "vjp", ops("tanh mul matmul softmax conv2d reduce_max layer_norm square")),
    Wrong(memory.first_run_kept, "forward", ops("tanh mul matmul softmax")),
)
"""What is written over, shared or kept."""

AT_VALUES: tuple[Planted, ...] = (
    Change(
        at_values.only_above_3, "vjp",
        ops("tanh exp log relu mul div softmax matmul reduce_sum max_pool2d layer_norm"),
    ),
    Change(at_values.only_above_3, "jvp", SMOOTH),
    Change(at_values.only_above_1000, "vjp", ops("tanh exp log relu mul div softmax matmul square abs")),
    Change(at_values.only_close_to_7, "vjp", ops("tanh sin log relu mul sub sqrt abs")),
    Change(at_values.only_at_zero, "vjp", ops("tanh exp sin sigmoid mul softmax matmul cumsum prod cumprod")),
    Change(at_values.only_at_one_entry, "vjp", MIXED),
    Change(at_values.only_at_one_entry, "jvp", ops("tanh mul matmul softmax conv2d cumsum permute pad")),
    Change(at_values.only_in_one_corner, "vjp", ops("mul div sub add max mse_loss huber dropout")),
    Change(at_values.only_where_two_inputs_are_equal, "vjp", PAIRS),
    Change(at_values.only_where_two_inputs_are_equal, "jvp", ops("mul div max min")),
    Change(at_values.only_where_the_largest_is_tied, "vjp", (*ROWS, "reduce_max", "prod")),
)
"""Wrong at some values."""

AT_SHAPES: tuple[Planted, ...] = (
    Change(at_shapes.only_for_duplicates, "vjp", INDEXED),
    Change(at_shapes.only_for_duplicates, "jvp", ops("embedding index_select gather_rows_ref scatter_add")),
    Change(at_shapes.only_at_stride_3, "vjp", WINDOWS),
    Change(at_shapes.only_at_stride_3, "jvp", ops("avg_pool2d max_pool2d conv2d conv_transpose")),
    Change(
        at_shapes.only_for_odd_sizes, "vjp",
        ops("tanh mul matmul softmax conv2d reduce_mean layer_norm cumsum flatten pad"),
    ),
    Change(
        at_shapes.only_where_a_side_is_1, "vjp",
        ops("tanh mul matmul softmax conv2d reduce_mean layer_norm broadcast_to prod"),
    ),
    Change(
        at_shapes.only_when_square, "vjp",
        ops("tanh mul matmul bmm softmax conv2d transpose2d layer_norm permute prod"),
    ),
    Change(
        at_shapes.only_at_size_37, "vjp",
        ops("tanh mul matmul softmax reduce_sum layer_norm conv2d cumsum"),
    ),
    Change(
        at_shapes.only_at_rank_4, "vjp",
        ops("tanh mul softmax reduce_sum cumsum permute concat reshape einsum"),
    ),
)
"""Wrong at some shapes or attributes."""

BY_A_LITTLE: tuple[Planted, ...] = (
    Change(everywhere.too_large_by_1e_4, "vjp", MIXED),
    Change(everywhere.too_large_by_1e_8, "vjp", MIXED),
    Change(everywhere.too_large_by_1e_12, "vjp", MIXED),
    Change(everywhere.too_large_by_1e_15, "vjp", MIXED),
    Change(everywhere.too_large_by_1e_15, "jvp", SMOOTH),
    Change(everywhere.too_large_by_1e_15, "forward", ops("log sigmoid norm gelu")),
    Change(in_formats.only_in_float32, "vjp", MIXED),
    Change(in_formats.only_in_float32, "forward", ops("exp div conv log_softmax")),
    Change(in_formats.only_in_float64, "vjp", MIXED),
    Change(in_formats.only_in_float64, "jvp", ops("exp div conv log_softmax")),
    # A fault within the bound of what rounding may do is none: these kernels round nothing.
    Change(
        in_formats.only_in_float64_by_1e_15, "vjp",
        ops("relu permute transpose2d concat max_pool2d pad slice select reshape"),
    ),
)
"""Wrong by a little, or in one format."""

TAPES: tuple[Planted, ...] = (
    WrongTapes("at_a_fan_out_of_three", shared.Counting, (
        shared.ThirdLost, shared.ThirdAddedTwice, shared.ThirdNegated, shared.ThirdStored,
        shared.ThirdToTheFirstValue, shared.NothingAtThree, shared.AveragedAtThree, shared.ThirdDoublesTheSum,
        shared.ThirdOffByALittle,
    )),
    WrongTapes("where_a_node_is_both_parents", both.Squared, (
        both.SecondLost, both.FirstLost, both.FirstTakenTwice, both.SecondNegated, both.BothAveraged,
        both.BothLost, both.BothStored, both.BothAddedTwice, both.LostAtANode,
    )),
    WrongByOp("at_three_nodes_of_an_op", one_op.ThirdOfAnOpLost, ops("mul add sub scale tanh relu exp sin")),
    WrongByOp("where_a_node_of_an_op_is_both_parents", one_op.SecondOfAnOpLost, PAIRS),
)  # fmt: skip
"""Wrong in the reverse loop."""

CLASSES = (*EVERYWHERE, *MEMORY, *AT_VALUES, *AT_SHAPES, *BY_A_LITTLE, *TAPES)


def planted_faults() -> tuple[Fault, ...]:
    """Each class on each of its ops."""
    return tuple(fault for planted in CLASSES for fault in planted.faults())


def drawn(sample: int | None, seed: int) -> tuple[Fault, ...]:
    """All of them, or as many as asked for, drawn by the seed, in their order."""
    faults = planted_faults()
    if sample is None or sample >= len(faults):
        return faults
    places = random.Random(seed).sample(range(len(faults)), sample)
    return tuple(faults[place] for place in sorted(places))
