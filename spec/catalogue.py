"""What the contract lists: the operations of its session and the kinds of its IR, by name and in its order."""

from __future__ import annotations

SESSION_OPS = (
    *("const", "add", "sub", "mul", "scale", "abs", "detach", "sqrt", "clamp", "max", "min", "matmul", "bmm"),
    *("concat_vectors", "concat_leading_axis", "slice_leading_axis_range"),
    *("max_pool", "smooth_max_pool", "avg_pool", "max_pool2d", "smooth_max_pool2d", "avg_pool2d"),
    *("relu", "flatten", "reshape", "transpose2d", "transpose3d_first_to_last", "transpose3d_last_to_first"),
    *("transpose3d_last_two", "swap_adjacent_at_depth", "broadcast_to", "reduce_sum", "reduce_mean"),
    *("gather_scalar", "gather_row", "gather_scalar_ref", "gather_row_ref", "gather_vec_ref", "gather_rows_ref"),
    *("gather_scalar_nat", "gather_vec_nat", "gather_rows_nat", "scatter_add_vec", "scatter_add_row"),
    *("sigmoid", "tanh", "softmax", "log_softmax", "softplus", "exp", "log", "safe_log", "sum", "linear", "mse_loss"),
    *("layer_norm", "batchnorm_channel_first"),
    *("conv", "conv_transpose", "conv2d", "conv_transpose2d", "multi_head_attention"),
)
"""The 62 operations of contract part 1, rows 1 to 62."""

LEAF_KIND = "input"
"""The kind of the IR that is no operation: a leaf."""

IR_KINDS = (
    *(LEAF_KIND, "const", "permute", "detach", "rand_uniform", "bernoulli_mask", "add", "sub", "mul_elem", "abs", "sqrt"),
    *("inv", "max_elem", "min_elem", "max_pool2d", "max_pool2d_pad", "avg_pool2d", "avg_pool2d_pad", "broadcast_to"),
    *("reduce_sum", "reduce_mean", "sum", "matmul", "linear", "conv2d", "batch_norm2d_nchw_eval"),
    *("relu", "tanh", "sigmoid", "exp", "log", "sin", "cos", "softmax", "layernorm", "reshape", "flatten", "concat"),
    *("swap_first_two", "transpose3d_last_two", "mse_loss"),
)
"""The 41 kinds of contract part 2, by the tags of its JSON."""
