"""Padding modules, and pad of every mode. Padding lists run from the last axis, begin and end."""
import torch

from recording import function, grid, module

SPACE = {1: (5,), 2: (4, 3), 3: (3, 4, 3)}
ENDS = [2, 1, 0, 3, 1, 2]


def cases():
    for rank in (1, 2, 3):
        x, unbatched = grid(1, 2, *SPACE[rank]), grid(2, *SPACE[rank])
        ends = ENDS[:2 * rank]
        within = [min(p, SPACE[rank][-1 - i // 2] - 1) for i, p in enumerate(ends)]
        yield module(f"ConstantPad{rank}d", x, padding=ends, value=-1.5)
        yield module(f"ConstantPad{rank}d", x, padding=1, value=0.25, about="one number for every end")
        yield module(f"ConstantPad{rank}d", x, padding=[-1, 2, 1, -2, 0, -1][:2 * rank], value=3.5, about="negative padding crops")
        yield module(f"ReflectionPad{rank}d", x, padding=within)
        yield module(f"ReflectionPad{rank}d", x, padding=1, about="one number for every end")
        yield module(f"ReflectionPad{rank}d", unbatched, padding=within, about="unbatched")
        yield module(f"ReplicationPad{rank}d", x, padding=ends)
        yield module(f"ReplicationPad{rank}d", grid(1, 1, *SPACE[rank]), padding=4, about="wider than the input")
        yield module(f"ReplicationPad{rank}d", unbatched, padding=ends, about="unbatched")
        yield pad(x, ends, mode="circular")
        yield pad(grid(1, 1, *SPACE[rank]), [SPACE[rank][-1 - i // 2] for i in range(2 * rank)], mode="circular", about="a whole turn at both ends")
        yield pad(x, within, mode="reflect")
        yield pad(x, ends, mode="replicate")
        yield pad(x, ends, mode="constant", value=2.5)
    yield module("ZeroPad2d", grid(2, 2, 3, 4), padding=[1, 0, 2, 3])
    yield module("ZeroPad2d", grid(2, 3, 4), padding=1, about="unbatched")
    yield module("ZeroPad2d", grid(1, 2, 3, 4), padding=[-1, 1, 0, -1], about="negative padding crops")
    yield pad(grid(2, 3, 4), [1, 2], about="the last axis alone; zeros are the default")
    yield pad(grid(2, 2, 3), [0, 1, 1, 0, 2, 1], value=1.0, about="every axis")


def pad(x, ends, about=None, **arguments):
    return function("pad", lambda t: torch.nn.functional.pad(t, ends, **arguments), x, about=about, pad=ends, **arguments)
