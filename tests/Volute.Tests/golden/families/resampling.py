"""interpolate and Upsample: every mode, to larger and smaller sizes, by size and by scale factor."""
import torch

from recording import function, grid, module

SPACE = {1: (6,), 2: (4, 5), 3: (3, 4, 2)}
SMOOTH = {1: ["linear"], 2: ["bilinear", "bicubic"], 3: ["trilinear"]}


def cases():
    for rank in (1, 2, 3):
        for mode in ("nearest", "nearest-exact", "area"):
            yield from resized(rank, mode)
        for mode in SMOOTH[rank]:
            for corners in (False, True):
                yield from resized(rank, mode, align_corners=corners)
    yield interpolate(grid(1, 1, 4, 4), size=[4, 4], mode="bilinear", align_corners=False, about="the same size")
    yield interpolate(grid(1, 1, 4, 4), size=[4, 4], mode="bicubic", align_corners=True, about="the same size")
    yield interpolate(grid(1, 2, 1, 1), size=[3, 2], mode="bilinear", align_corners=True, about="of a single pixel")
    yield interpolate(grid(1, 2, 3, 4), size=[1, 1], mode="bilinear", align_corners=True, about="to a single pixel")
    yield interpolate(grid(1, 2, 3, 4), size=[1, 1], mode="bicubic", align_corners=False, about="to a single pixel")
    yield interpolate(grid(1, 1, 3, 4), scale_factor=2, about="nearest is the default mode")
    yield interpolate(grid(1, 1, 3, 4), scale_factor=2, mode="bilinear", about="align_corners None is false")
    yield module("Upsample", grid(2, 2, 3, 2), scale_factor=2, about="module")
    yield module("Upsample", grid(1, 2, 3, 2), size=[5, 3], mode="bilinear", align_corners=True, about="module")
    yield module("Upsample", grid(1, 2, 3), scale_factor=1.5, mode="linear", about="module")
    yield module("Upsample", grid(1, 1, 2, 3, 2), scale_factor=[2, 1, 1.5], mode="trilinear", about="module")
    yield module("Upsample", grid(1, 1, 3, 2), scale_factor=1.7, mode="bilinear", recompute_scale_factor=True, about="module")


def resized(rank, mode, **arguments):
    space = SPACE[rank]
    x, first = grid(1, 2, *space), grid(1, 1, *space)
    yield interpolate(x, mode=mode, size=[2 * n + 1 - i for i, n in enumerate(space)], about="up by size", **arguments)
    yield interpolate(first, mode=mode, size=[n // 2 + i for i, n in enumerate(space)], about="down by size", **arguments)
    yield interpolate(first, mode=mode, scale_factor=2, about="doubled", **arguments)
    yield interpolate(first, mode=mode, scale_factor=0.5, about="halved", **arguments)
    yield interpolate(first, mode=mode, scale_factor=[1.7, 2.6, 0.8][:rank], about="the given scale places the samples", **arguments)
    yield interpolate(first, mode=mode, scale_factor=[0.7, 1.3, 1.6][:rank], recompute_scale_factor=True, about="the ratio of sizes places the samples", **arguments)


def interpolate(x, about, **arguments):
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}
    return function("interpolate", lambda t: torch.nn.functional.interpolate(t, **given), x, about=about, **arguments)
