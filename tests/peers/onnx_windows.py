"""ONNX pools and convolutions, in ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_cases import Inexpressible, Inputs, Recording

Attributes = Mapping[str, Any]
Sizes = tuple[int, ...]


class Windows:
    """Where the windows of a node lie: sizes along each spatial axis, with automatic and one-sided padding resolved."""

    def __init__(self, a: Attributes, spatial: Sizes, kernel: Sizes) -> None:
        rank = len(spatial)
        self.spatial, self.kernel = spatial, kernel
        self.stride: Sizes = tuple(a.get("strides", (1,) * rank))
        self.dilation: Sizes = tuple(a.get("dilations", (1,) * rank))
        self.reach = tuple((k - 1) * d + 1 for k, d in zip(kernel, self.dilation, strict=True))
        pads = tuple(a.get("pads", (0,) * 2 * rank))
        self.before, self.after = pads[:rank], pads[rank:]
        if a.get("auto_pad", "NOTSET").startswith("SAME"):
            total = [
                max((-(-n // s) - 1) * s + r - n, 0)
                for n, s, r in zip(spatial, self.stride, self.reach, strict=True)
            ]
            low, high = tuple(n // 2 for n in total), tuple(n - n // 2 for n in total)
            self.before, self.after = (low, high) if a["auto_pad"] == "SAME_UPPER" else (high, low)
        self.beyond = self._beyond() if a.get("ceil_mode", 0) else (0,) * rank

    def _beyond(self) -> Sizes:
        """How far the last window of each axis reaches over the padded end, if it still starts inside (ceil_mode)."""
        found = []
        for n, p, q, r, s in zip(self.spatial, self.before, self.after, self.reach, self.stride, strict=True):
            count = -(-(n + p + q - r) // s) + 1
            count -= (count - 1) * s >= n + p
            found.append(max((count - 1) * s + r - n - p - q, 0))
        return tuple(found)

    @property
    def symmetric(self) -> bool:
        """Whether our own padding says it: the same on both sides, and no window without a real cell."""
        return (
            self.before == self.after
            and not any(self.beyond)
            and all(p <= k // 2 for p, k in zip(self.before, self.kernel, strict=True))
        )

    def square(self) -> tuple[int, int, int, int]:
        """Two kernel sides, the one stride and the one padding of the 2-d forms. Raises: Inexpressible."""
        if len(self.kernel) != 2 or not self.symmetric or len(set(self.stride)) > 1 or len(set(self.before)) > 1:
            raise Inexpressible
        return (*self.kernel, self.stride[0], self.before[0])  # type: ignore[return-value]


def batched(s: Session, x: Value, one: Callable[[Value], Value]) -> Value:
    """An op on every entry of a batch."""
    if x.shape[0] == 1:
        alone = one(s.reshape(x, shape=x.shape[1:]))
        return s.reshape(alone, shape=(1, *alone.shape))
    return s.stack(*(one(s.select(x, axis=0, index=place)) for place in range(x.shape[0])), axis=0)


def windows(a: Attributes, x: Inputs) -> Windows:
    found = Windows(a, x[0].shape[2:], tuple(a["kernel_shape"]))
    if set(found.dilation) != {1}:
        raise Inexpressible
    return found


def max_pool(s: Session, a: Attributes, x: Inputs) -> Value:
    w = windows(a, x)
    if w.symmetric:
        return batched(s, x[0], lambda each: s.max_pool(each, kernel=w.kernel, stride=w.stride, padding=w.before))
    # Where our padding does not say it: the outermost cells repeated, which every window over an edge holds anyhow.
    value = x[0]
    for place, n in enumerate(w.spatial):
        cells = np.arange(-w.before[place], n + w.after[place] + w.beyond[place]).clip(0, n - 1)
        value = s.index_select(value, axis=2 + place, indices=tuple(cells.tolist()))
    none = (0,) * len(w.kernel)
    return batched(s, value, lambda each: s.max_pool(each, kernel=w.kernel, stride=w.stride, padding=none))


def max_pool2d(s: Session, a: Attributes, x: Inputs) -> Value:
    k, m, stride, padding = windows(a, x).square()
    if padding:
        return batched(s, x[0], lambda each: s.max_pool2d_pad(each, kH=k, kW=m, stride=stride, padding=padding))
    return batched(s, x[0], lambda each: s.max_pool2d(each, kH=k, kW=m, stride=stride))


def avg_pool(s: Session, a: Attributes, x: Inputs) -> Value:
    """Zeros around, windows averaged, and where padded cells do not count each average times k/count."""
    w = windows(a, x)
    ends = tuple(q + b for q, b in zip(w.after, w.beyond, strict=True))
    counted = np.ones(w.spatial)
    pads, outside = list(zip(w.before, w.after, strict=True)), [(0, b) for b in w.beyond]
    counted = np.pad(np.pad(counted, pads, constant_values=a.get("count_include_pad", 0)), outside)
    strides = tuple(slice(None, None, step) for step in w.stride)
    counts = np.lib.stride_tricks.sliding_window_view(counted, w.kernel)[strides].sum(axis=tuple(range(-len(w.kernel), 0)))
    if w.symmetric:
        value = batched(s, x[0], lambda each: s.avg_pool(each, kernel=w.kernel, stride=w.stride, padding=w.before))
    else:
        padded = s.pad(x[0], before=(0, 0, *w.before), after=(0, 0, *ends))
        none = (0,) * len(w.kernel)
        value = batched(s, padded, lambda each: s.avg_pool(each, kernel=w.kernel, stride=w.stride, padding=none))
    size = math.prod(w.kernel)
    if np.all(counts == size):
        return value
    return s.div(s.scale(value, c=float(size)), s.const(np.broadcast_to(counts, value.shape)))


def avg_pool2d(s: Session, a: Attributes, x: Inputs) -> Value:
    w = windows(a, x)
    k, m, stride, padding = w.square()
    if padding and not a.get("count_include_pad", 0):
        raise Inexpressible
    if padding:
        return batched(s, x[0], lambda each: s.avg_pool2d_pad(each, kH=k, kW=m, stride=stride, padding=padding))
    return batched(s, x[0], lambda each: s.avg_pool2d(each, kH=k, kW=m, stride=stride))


def whole(op: str) -> Recording:
    """One window over everything."""

    def record(s: Session, _a: Attributes, x: Inputs) -> Value:
        k, m = x[0].shape[2:]
        return batched(s, x[0], lambda each: getattr(s, op)(each, kH=k, kW=m, stride=1))

    return record


def dilated(s: Session, w: Value, dilation: Sizes) -> Value:
    """A kernel with zeros between its entries."""
    for place, d in enumerate(dilation):
        if d > 1:
            axis, sides = 2 + place, w.shape
            apart = s.reshape(w, shape=(*sides[: axis + 1], 1, *sides[axis + 1 :]))
            after = tuple(d - 1 if other == axis + 1 else 0 for other in range(len(apart.shape)))
            spread = s.pad(apart, before=(0,) * len(after), after=after)
            joined = s.reshape(spread, shape=(*sides[:axis], sides[axis] * d, *sides[axis + 1 :]))
            w = s.slice(joined, axis=axis, start=0, length=(sides[axis] - 1) * d + 1)
    return w


def bias(s: Session, x: Inputs, channels: int) -> Value:
    return s.const(np.zeros(channels)) if x[2] is None else x[2]


def conv(s: Session, a: Attributes, x: Inputs) -> Value:
    """Zeros around where the padding is one-sided."""
    w = Windows(a, x[0].shape[2:], x[1].shape[2:])
    kernel, offset = dilated(s, x[1], w.dilation), bias(s, x, x[1].shape[0])
    value, padding = x[0], w.before
    if w.before != w.after:
        value, padding = s.pad(x[0], before=(0, 0, *w.before), after=(0, 0, *w.after)), (0,) * len(w.before)
    return batched(s, value, lambda each: s.conv(kernel, offset, each, stride=w.stride, padding=padding))


def conv2d(s: Session, a: Attributes, x: Inputs) -> Value:
    w = Windows(a, x[0].shape[2:], x[1].shape[2:])
    _k, _m, stride, padding = w.square()
    offset = bias(s, x, x[1].shape[0])
    return batched(s, x[0], lambda each: s.conv2d(x[1], offset, each, stride=stride, padding=padding))


def conv_nd(s: Session, a: Attributes, x: Inputs) -> Value:
    """With a batch, groups and dilation of its own."""
    w = Windows(a, x[0].shape[2:], x[1].shape[2:])
    if w.before != w.after:
        raise Inexpressible
    shape = {"stride": w.stride, "padding": w.before, "dilation": w.dilation, "groups": a.get("group", 1)}
    return s.conv_nd(x[1], bias(s, x, x[1].shape[0]), x[0], **shape)


def conv_transpose(s: Session, a: Attributes, x: Inputs) -> Value:
    """Without padding, then zeros after it or a part of it: what padding and output_padding say."""
    shape, spatial = np.asarray(x.outputs[0]).shape[2:], x[0].shape[2:]
    group, rank = a.get("group", 1), len(spatial)
    stride = tuple(a.get("strides", (1,) * rank))
    kernel, extra = dilated(s, x[1], tuple(a.get("dilations", (1,) * rank))), tuple(a.get("output_padding", (0,) * rank))
    full = tuple((n - 1) * t + k + e for n, t, k, e in zip(spatial, stride, kernel.shape[2:], extra, strict=True))
    before = tuple(a.get("pads", (0,) * rank))[:rank]
    if "output_shape" in a or a.get("auto_pad", "NOTSET").startswith("SAME"):
        wanted = a.get("output_shape", tuple(n * t for n, t in zip(spatial, stride, strict=True)))
        total = tuple(max(n - m, 0) for n, m in zip(full, wanted, strict=True))
        extra = tuple(e + max(m - n, 0) for e, n, m in zip(extra, full, wanted, strict=True))
        before = tuple(n // 2 if a.get("auto_pad") == "SAME_UPPER" else n - n // 2 for n in total)
    channels = x[0].shape[1] // group
    none, offset = (0,) * rank, bias(s, x, x[1].shape[1] * group)

    def one(each: Value) -> Value:
        parts = []
        for g in range(group):
            part, w = (s.slice(v, axis=0, start=g * channels, length=channels) for v in (each, kernel))
            b = s.slice(offset, axis=0, start=g * w.shape[1], length=w.shape[1])
            parts.append(s.conv_transpose(w, b, part, stride=stride, padding=none))
        value = parts[0] if group == 1 else s.concat(*parts, axis=0)
        value = s.pad(value, before=(0,) * (rank + 1), after=(0, *extra))
        for place, (start, length) in enumerate(zip(before, shape, strict=True)):
            value = s.slice(value, axis=1 + place, start=start, length=length)
        return value

    return batched(s, x[0], one)


def conv_transpose2d(s: Session, a: Attributes, x: Inputs) -> Value:
    w = Windows(a, x[0].shape[2:], x[1].shape[2:])
    if {"output_padding", "output_shape", "auto_pad", "group"} & a.keys() or set(w.dilation) != {1}:
        raise Inexpressible
    _k, _m, stride, padding = w.square()
    offset = bias(s, x, x[1].shape[1])
    return batched(s, x[0], lambda each: s.conv_transpose2d(x[1], offset, each, stride=stride, padding=padding))


WINDOWS: dict[str, tuple[Recording, ...]] = {
    "AveragePool": (avg_pool, avg_pool2d),
    "Conv": (conv, conv2d, conv_nd),
    "ConvTranspose": (conv_transpose, conv_transpose2d),
    "GlobalAveragePool": (whole("avg_pool2d"),),
    "GlobalMaxPool": (whole("max_pool2d"),),
    "MaxPool": (max_pool, max_pool2d),
}
