"""Largest and average pooling, their adaptive forms, and unpooling."""
import torch

from recording import distinct, draw, grid, module, seeded, tensor

SPACE = {1: (9,), 2: (5, 7), 3: (3, 4, 5)}


def cases():
    yield from largest()
    yield from unpooled()
    yield from average()
    yield from adaptive()


def each(per_axis, rank):
    return list(per_axis[:rank]) if rank > 1 else per_axis[0]


def largest():
    for rank in (1, 2, 3):
        kind, x = f"MaxPool{rank}d", distinct(2, 2, *SPACE[rank])
        yield module(kind, x, kernel_size=2, about="the stride is the kernel")
        yield module(kind, x, kernel_size=2, stride=2, return_indices=True, about="indices within the plane")
        yield module(kind, x, kernel_size=3, stride=1, padding=1, return_indices=True, about="overlapping, padded")
        yield module(kind, x, kernel_size=3, stride=2, ceil_mode=True, about="ceil mode")
        yield module(kind, x, kernel_size=3, stride=2, padding=1, ceil_mode=True, return_indices=True, about="ceil mode, padded, indices")
        yield module(kind, x, kernel_size=1, stride=3, ceil_mode=True, about="windows starting past the input are dropped")
        yield module(kind, x, kernel_size=2, stride=1, dilation=2, return_indices=True, about="dilated")
        yield module(kind, x, kernel_size=each((3, 2, 2), rank), stride=each((2, 3, 1), rank), padding=each((1, 0, 1), rank), dilation=each((1, 2, 1), rank),
                     ceil_mode=True, return_indices=True, about="everything anisotropic")
        yield module(kind, distinct(3, *SPACE[rank]), kernel_size=2, stride=3, padding=1, return_indices=True, about="unbatched")
    ties = [[[[1, 1, 0, 2], [1, 1, 2, 2], [0, -1, -1, -1], [3, 0, -1, -1]]]]
    yield module("MaxPool2d", tensor(ties), kernel_size=2, return_indices=True, about="of equals the first wins")
    yield module("MaxPool2d", tensor(ties), kernel_size=3, stride=1, padding=1, return_indices=True, about="of equals the first wins, overlapping")
    yield module("MaxPool1d", tensor([[[1, float("nan"), 3, -float("inf"), -float("inf"), -float("inf")]]]), kernel_size=3, frozen=[0], about="NaN wins; all -Infinity stays so")
    yield module("MaxPool2d", grid(2, 3, 4, 4, low=-2, high=-1), kernel_size=3, stride=2, padding=1, about="all negative: padding is -Infinity, not zero")
    yield module("MaxPool2d", distinct(2, 2, 3, 4), kernel_size=[3, 4], about="global")


def unpooled():
    for rank in (1, 2, 3):
        space = {1: (8,), 2: (4, 6), 3: (2, 4, 4)}[rank]
        yield unpool(rank, space, {"kernel_size": 2}, about="the inverse of pooling")
        odd = tuple(n + 1 for n in space)
        yield unpool(rank, odd, {"kernel_size": 2, "stride": 2}, output_size=list(odd), about="output size asked for")
        yield unpool(rank, odd, {"kernel_size": each((3, 2, 1), rank), "stride": each((3, 2, 1), rank), "padding": each((1, 0, 0), rank)},
                     output_size=list(odd), about="everything anisotropic")
        yield unpool(rank, space, {"kernel_size": 2}, batched=False, about="unbatched")


def unpool(rank, space, window, about, output_size=None, batched=True):
    shape = (2, 3, *space) if batched else (3, *space)
    x = draw(distinct(*shape), seeded(rank, space, window, about))
    values, indices = getattr(torch.nn, f"MaxPool{rank}d")(**window, return_indices=True)(x)
    return module(f"MaxUnpool{rank}d", values, indices, about=about, call={"output_size": output_size} if output_size else None, **window)


def average():
    for rank in (1, 2, 3):
        kind, x = f"AvgPool{rank}d", grid(2, 2, *SPACE[rank])
        yield module(kind, x, kernel_size=2, about="the stride is the kernel")
        for counted in (True, False):
            yield module(kind, x, kernel_size=3, stride=2, padding=1, count_include_pad=counted, about="padded")
            yield module(kind, x, kernel_size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=counted, about="padded, ceil mode")
            yield module(kind, x, kernel_size=each((2, 3, 2), rank), stride=each((3, 2, 1), rank), padding=each((1, 0, 1), rank), ceil_mode=True,
                         count_include_pad=counted, about="everything anisotropic")
        yield module(kind, x, kernel_size=2, stride=3, ceil_mode=True, about="windows beyond the end count what is inside")
        yield module(kind, grid(3, *SPACE[rank]), kernel_size=3, stride=1, about="unbatched")
        if rank > 1:
            yield module(kind, x, kernel_size=2, divisor_override=3, about="another divisor")
            yield module(kind, x, kernel_size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False, divisor_override=2, about="another divisor overrides all counting")
    yield module("AvgPool2d", grid(2, 2, 3, 4), kernel_size=[3, 4], about="global")


def adaptive():
    for rank in (1, 2, 3):
        space = SPACE[rank]
        sizes = [(1, "global"), (2, "even sizes"), (each((4, 3, 2), rank), "uneven windows"), (each((11, 8, 6), rank), "to a larger size"), (each(space, rank), "to the same size")]
        if rank > 1:
            sizes += [([None, 3, 2][:rank], "one axis kept")]
        for size, about in sizes:
            yield module(f"AdaptiveAvgPool{rank}d", grid(2, 2, *space), output_size=size, about=about)
            yield module(f"AdaptiveMaxPool{rank}d", distinct(2, 2, *space), output_size=size, return_indices=True, about=about)
        yield module(f"AdaptiveAvgPool{rank}d", grid(3, *space), output_size=2, about="unbatched")
        yield module(f"AdaptiveMaxPool{rank}d", distinct(3, *space), output_size=3, return_indices=True, about="unbatched")
        yield module(f"AdaptiveMaxPool{rank}d", distinct(1, 2, *space), output_size=2, about="without indices")
