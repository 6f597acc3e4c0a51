"""PyTorch's pools and convolutions, in ours, with PyTorch's own parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_windows import batched, dilated
from opinfo_cases import Excluded, Recording

Sizes = tuple[int, ...]


def spread(given: Any, rank: int) -> Sizes:
    """A size for each axis from one for all."""
    return (int(given),) * rank if isinstance(given, int) else tuple(int(n) for n in given) * (rank // len(given))


def each_of_batch(s: Session, x: Value, rank: int, one: Callable[[Value], Value]) -> Value:
    if x.shape[0] == 0:
        raise Excluded("an empty batch: none of our pools and convolutions has a batch")
    return one(x) if len(x.shape) == rank + 1 else batched(s, x, one)


def pool(op: str, rank: int) -> Recording:
    """A pool; the 2-d forms where one stride and one padding serve both axes."""

    def record(
        s: Session, x: Value, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
        ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int | None = None,  # noqa: FBT001, FBT002
        return_indices: bool = False,  # noqa: FBT001, FBT002
    ) -> Value:  # fmt: skip
        kernel = spread(kernel_size, rank)
        steps, pads = spread(stride, rank) if stride else kernel, spread(padding, rank)
        if set(spread(dilation, rank)) != {1}:
            raise Excluded("a dilated pool: none of our pools is")
        sides = zip(x.shape[-rank:], kernel, steps, pads, strict=True)
        if ceil_mode and any((n + 2 * p - k) % t for n, k, t, p in sides):
            raise Excluded("windows over the end (ceil_mode): none of our pools has them")
        if divisor_override is not None or (op == "avg_pool" and not count_include_pad and any(pads)):
            raise Excluded("an average over another number of cells: ours counts all")
        if return_indices:
            raise Excluded("indices beside the values")
        if rank == 2 and len(set(steps)) == len(set(pads)) == 1:
            sizes = {"kH": kernel[0], "kW": kernel[1], "stride": steps[0]}
            padded = {**sizes, "padding": pads[0]}
            name, options = (f"{op}2d_pad", padded) if pads[0] else (f"{op}2d", sizes)
            return each_of_batch(s, x, rank, lambda each: getattr(s, name)(each, **options))
        return each_of_batch(s, x, rank, lambda each: getattr(s, op)(each, kernel=kernel, stride=steps, padding=pads))

    return record


def average(rank: int) -> Recording:
    """torch's averages take other parameters in third place than its maxima do."""

    def record(
        s: Session, x: Value, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: bool = False,  # noqa: FBT001, FBT002
        count_include_pad: bool = True, divisor_override: int | None = None,  # noqa: FBT001, FBT002
    ) -> Value:  # fmt: skip
        return pool("avg_pool", rank)(s, x, kernel_size, stride, padding, 1, ceil_mode, count_include_pad, divisor_override)

    return record


def grouped(s: Session, w: Value, b: Value, x: Value, groups: int, split_inputs: int, one: Callable[..., Value]) -> Value:
    """A convolution of each group of channels, joined; `split_inputs` says which side of the kernel holds the inputs."""
    if groups == 1:
        return one(w, b, x)
    parts = []
    channels, rows, outputs = x.shape[0] // groups, w.shape[0] // groups, b.shape[0] // groups
    for g in range(groups):
        kernel = s.slice(w, axis=0, start=g * rows, length=rows)
        part = s.slice(x, axis=0, start=g * channels, length=channels)
        parts.append(one(kernel, s.slice(b, axis=0, start=g * outputs, length=outputs), part))
    return s.concat(*parts, axis=0)


def conv(rank: int) -> Recording:
    def record(
        s: Session, x: Value, w: Value, b: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
    ) -> Value:
        steps, apart = spread(stride, rank), spread(dilation, rank)
        offset = s.const(np.zeros(w.shape[0])) if b is None else b
        kernel = dilated(s, w, apart)
        value = x
        if len(x.shape) == rank + 2 and padding != "same" and x.shape[0]:
            pads = (0,) * rank if padding == "valid" else spread(padding, rank)
            return s.conv_nd(w, offset, x, stride=steps, padding=pads, dilation=apart, groups=groups)
        if padding == "same":
            total = tuple(k - 1 for k in kernel.shape[2:])
            front = (0,) * (len(x.shape) - rank)
            before, after = tuple(n // 2 for n in total), tuple(n - n // 2 for n in total)
            value, pads = s.pad(x, before=(*front, *before), after=(*front, *after)), (0,) * rank
        else:
            pads = (0,) * rank if padding == "valid" else spread(padding, rank)

        def one(k: Value, o: Value, each: Value) -> Value:
            if rank == 2 and len(set(steps)) == len(set(pads)) == 1:
                return s.conv2d(k, o, each, stride=steps[0], padding=pads[0])
            return s.conv(k, o, each, stride=steps, padding=pads)

        return each_of_batch(s, value, rank, lambda each: grouped(s, kernel, offset, each, groups, 1, one))

    return record


def more(s: Session, value: Value, offset: Value, pads: Sizes, extra: Sizes) -> Value:
    """Less cut off at the end than at the beginning (output_padding); what lies beyond holds the bias alone."""
    rank, sides = len(pads), value.shape
    if any(p < e for p, e in zip(pads, extra, strict=True)):
        bias = s.broadcast_to(s.reshape(offset, shape=(*offset.shape, *(1,) * rank)), shape=sides)
        value = s.pad(s.sub(value, bias), before=(0,) * (rank + 1), after=(0, *extra))
        value = s.add(value, s.broadcast_to(s.reshape(offset, shape=(*offset.shape, *(1,) * rank)), shape=value.shape))
    for place, (p, e) in enumerate(zip(pads, extra, strict=True)):
        value = s.slice(value, axis=1 + place, start=p, length=sides[1 + place] - 2 * p + e)
    return value


def conv_transpose(rank: int) -> Recording:
    def record(
        s: Session, x: Value, w: Value, b: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
        groups: int = 1, dilation: Any = 1,
    ) -> Value:  # fmt: skip
        steps, pads = spread(stride, rank), spread(padding, rank)
        extra = spread(output_padding, rank)
        offset = s.const(np.zeros(w.shape[1] * groups)) if b is None else b
        kernel = dilated(s, w, spread(dilation, rank))

        def one(k: Value, o: Value, each: Value) -> Value:
            if any(extra):
                return more(s, s.conv_transpose(k, o, each, stride=steps, padding=(0,) * rank), o, pads, extra)
            if rank == 2 and len(set(steps)) == len(set(pads)) == 1:
                return s.conv_transpose2d(k, o, each, stride=steps[0], padding=pads[0])
            return s.conv_transpose(k, o, each, stride=steps, padding=pads)

        return each_of_batch(s, x, rank, lambda each: grouped(s, kernel, offset, each, groups, 0, one))

    return record


WINDOWS: dict[str, Recording] = {
    **{f"nn.functional.avg_pool{rank}d": average(rank) for rank in (1, 2, 3)},
    **{f"nn.functional.conv{rank}d": conv(rank) for rank in (1, 2, 3)},
    **{f"nn.functional.conv_transpose{rank}d": conv_transpose(rank) for rank in (1, 2, 3)},
    **{f"nn.functional.max_pool{rank}d": pool("max_pool", rank) for rank in (1, 2, 3)},
}
