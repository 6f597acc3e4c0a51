"""Which ONNX node test cases witness our formulas, and which do not, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_attention import ATTENTION
from onnx_cases import Inexpressible, NodeCase, Recording, node_cases
from onnx_indexing import INDEXING
from onnx_layout import LAYOUT
from onnx_losses import LOSSES
from onnx_norms import NORMS
from onnx_pointwise import POINTWISE
from onnx_reductions import REDUCTIONS
from onnx_windows import WINDOWS

RECORDINGS: Mapping[str, tuple[Recording, ...]] = {
    **ATTENTION, **INDEXING, **LAYOUT, **LOSSES, **NORMS, **POINTWISE, **REDUCTIONS, **WINDOWS,
}  # fmt: skip
"""By ONNX op: the ways in which ours say it; every case is recorded in each way that can say it."""

EXCLUDED_FOR: Mapping[str, tuple[str, ...]] = {
    "a dilated pool: none of our pools is": (
        "test_averagepool_2d_dilations",
        "test_averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_False",
        "test_averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_True",
        "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_False",
        "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True",
        "test_averagepool_3d_dilations_small",
        "test_maxpool_2d_dilations",
        "test_maxpool_3d_dilations",
        "test_maxpool_3d_dilations_use_ref_impl",
        "test_maxpool_3d_dilations_use_ref_impl_large",
    ),
    "a random mask that the case does not return": (
        "test_training_dropout",
        "test_training_dropout_default",
    ),
    "Boolean data": (
        "test_reduce_max_bool_inputs",
        "test_reduce_max_empty_set_bool",
        "test_reduce_min_bool_inputs",
    ),
    "float16 or bfloat16: the bounds are for float32 and float64": (
        "test_attention_24_qk_matmul_output_mode3_softmax_precision",
        "test_attention_3d_causal_bf16",
        "test_attention_4d_attn_mask_causal_bf16",
        "test_attention_4d_causal_bf16",
        "test_attention_4d_causal_fp16",
        "test_attention_4d_causal_padded_kv_bf16",
        "test_attention_4d_fp16",
        "test_attention_4d_gqa_causal_nonpad_decode_fp16",
        "test_attention_4d_gqa_with_past_and_present_fp16",
        "test_attention_4d_padded_kv_bf16",
        "test_attention_local_window_ext_cache_float16_mask",
        "test_celu_bfloat16",
        "test_celu_float16",
        "test_einsum_batch_matmul_bfloat16",
        "test_einsum_sum_bfloat16",
        "test_einsum_transpose_bfloat16",
        "test_max_float16",
        "test_min_float16",
        "test_swiglu_float16",
    ),
    "0 to a power that is no integer: outside the domain of ours": (
        "test_pow",
    ),
    "powers of integers, which truncate": (
        "test_pow_types_int32_float32",
        "test_pow_types_int32_int32",
        "test_pow_types_int64_float32",
        "test_pow_types_int64_int64",
    ),
    "integer division, which truncates": (
        "test_div_int16",
        "test_div_int32_trunc",
        "test_div_int8",
        "test_div_uint16",
        "test_div_uint32",
        "test_div_uint64",
        "test_div_uint8",
    ),
    "a sequence or an optional": (
        "test_identity_opt",
        "test_identity_sequence",
    ),
    "a reduction over nothing: the contract refuses it (row 32)": (
        "test_reduce_l1_empty_set",
        "test_reduce_l2_empty_set",
        "test_reduce_log_sum_empty_set",
        "test_reduce_log_sum_exp_empty_set",
        "test_reduce_max_empty_set",
        "test_reduce_min_empty_set",
        "test_reduce_sum_empty_set",
        "test_reduce_sum_empty_set_non_reduced_axis_zero",
        "test_reduce_sum_square_empty_set",
    ),
    "padding with other than a constant: our pad has none": (
        "test_edge_pad",
        "test_reflect_pad",
        "test_wrap_pad",
    ),
    "scattering that multiplies or compares: ours adds or writes": (
        "test_scatter_elements_with_reduction_max",
        "test_scatter_elements_with_reduction_min",
        "test_scatter_elements_with_reduction_mul",
        "test_scatternd_max",
        "test_scatternd_max_with_element_indices",
        "test_scatternd_min",
        "test_scatternd_min_with_element_indices",
        "test_scatternd_multiply",
    ),
    "attention with a mask that is added: ours is of zeros and ones": (
        "test_attention_3d_attn_mask",
        "test_attention_3d_diff_heads_sizes_attn_mask",
        "test_attention_3d_gqa_attn_mask",
        "test_attention_4d_attn_mask",
        "test_attention_4d_attn_mask_3d",
        "test_attention_4d_attn_mask_3d_causal",
        "test_attention_4d_attn_mask_4d",
        "test_attention_4d_attn_mask_4d_causal",
        "test_attention_4d_diff_heads_mask4d_padded_kv",
        "test_attention_4d_diff_heads_sizes_attn_mask",
        "test_attention_4d_gqa_attn_mask",
        "test_attention_4d_with_qk_matmul_bias",
        "test_attention_4d_with_qk_matmul_softmax",
        "test_attention_local_window_ext_cache_rank2_mask",
        "test_attention_local_window_ext_cache_rank3_head_mask",
        "test_attention_local_window_ext_cache_rank4_batch_mask",
    ),
    "attention with values wider than keys: those of ours are as wide": (
        "test_attention_3d_diff_heads_sizes",
        "test_attention_3d_diff_heads_sizes_causal",
        "test_attention_4d_diff_heads_sizes",
        "test_attention_4d_diff_heads_sizes_causal",
    ),
    "attention with a scale of its own: ours is 1/√h": (
        "test_attention_3d_diff_heads_sizes_scaled",
        "test_attention_3d_gqa_scaled",
        "test_attention_3d_scaled",
        "test_attention_4d_diff_heads_sizes_scaled",
        "test_attention_4d_gqa_scaled",
        "test_attention_4d_scaled",
    ),
    "attention with bounded scores: those of ours are as they are": (
        "test_attention_3d_diff_heads_sizes_softcap",
        "test_attention_3d_gqa_softcap",
        "test_attention_3d_softcap",
        "test_attention_4d_diff_heads_sizes_softcap",
        "test_attention_4d_gqa_softcap",
        "test_attention_4d_softcap",
        "test_attention_4d_softcap_neginf_mask",
        "test_attention_4d_softcap_neginf_mask_poison",
        "test_attention_4d_with_qk_matmul_softcap",
        "test_attention_local_window_gqa_rank4_mask",
    ),
    "attention with keys and values of before: ours has none": (
        "test_attention_3d_diff_heads_with_past_and_present",
        "test_attention_3d_gqa_with_past_and_present",
        "test_attention_3d_with_past_and_present",
        "test_attention_3d_with_past_and_present_qk_matmul",
        "test_attention_3d_with_past_and_present_qk_matmul_bias",
        "test_attention_3d_with_past_and_present_qk_matmul_softcap",
        "test_attention_3d_with_past_and_present_qk_matmul_softmax",
        "test_attention_4d_causal_with_past_and_present",
        "test_attention_4d_diff_heads_with_past_and_present",
        "test_attention_4d_diff_heads_with_past_and_present_mask3d",
        "test_attention_4d_diff_heads_with_past_and_present_mask4d",
        "test_attention_4d_gqa_with_past_and_present",
        "test_attention_4d_with_past_and_present",
        "test_attention_4d_with_past_and_present_qk_matmul",
        "test_attention_4d_with_past_and_present_qk_matmul_bias",
        "test_attention_4d_with_past_and_present_qk_matmul_bias_3d_mask",
        "test_attention_4d_with_past_and_present_qk_matmul_bias_3d_mask_causal",
        "test_attention_4d_with_past_and_present_qk_matmul_bias_4d_mask",
        "test_attention_4d_with_past_and_present_qk_matmul_bias_4d_mask_causal",
        "test_attention_local_window_with_past",
    ),
    "attention with fewer heads of keys than of queries: ours has as many": (
        "test_attention_3d_gqa",
        "test_attention_3d_gqa_causal",
        "test_attention_3d_local_window",
        "test_attention_4d_gqa",
        "test_attention_4d_gqa_causal",
        "test_attention_4d_gqa_causal_nonpad_decode",
    ),
    "the case's own output is rounded to four decimals": (
        "test_averagepool_2d_ceil_last_window_starts_on_pad",
    ),
}

EXCLUDED: Mapping[str, str] = {name: reason for reason, names in EXCLUDED_FOR.items() for name in names}
"""By case: why it witnesses nothing."""

MAPPED = tuple(sorted(name for name, case in node_cases().items() if case.op_type in RECORDINGS and name not in EXCLUDED))
"""The cases that are judged."""


@cache
def recorded(name: str) -> tuple[tuple[Session, tuple[Value, ...]], ...]:
    """A case in every way in which ours can say it."""
    case = node_cases()[name]
    return tuple(found for recording in RECORDINGS[case.op_type] for found in said(case, recording))


def said(case: NodeCase, recording: Recording) -> list[tuple[Session, tuple[Value, ...]]]:
    """The case as this way says it, if it can."""
    try:
        return [case.record(recording)]
    except Inexpressible:
        return []


@cache
def witnessed() -> Mapping[str, tuple[str, ...]]:
    """By op of ours: the cases that are recorded with it."""
    found: dict[str, list[str]] = {}
    for name in MAPPED:
        ops = {node.op for session, _values in recorded(name) for node in session.graph().nodes}
        for op in ops - {"const"}:
            found.setdefault(op, []).append(name)
    return {op: tuple(names) for op, names in sorted(found.items())}
