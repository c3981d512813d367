"""Normalizations with their running statistics, training and evaluating."""
import torch

from recording import grid, module, tensor

SPACE = {1: (5,), 2: (3, 4), 3: (2, 3, 2)}


def cases():
    yield from batch()
    yield from instance()
    yield from others()


def batch():
    for rank in (1, 2, 3):
        kind, x = f"BatchNorm{rank}d", grid(3, 2, *SPACE[rank])
        fresh = module(kind, x, state="fresh", num_features=2, about="the first step from fresh statistics")
        yield fresh
        second = {**fresh["state"], **fresh["stateAfter"]}
        yield module(kind, x, state=second, num_features=2, about="the second step")
        yield module(kind, x, num_features=2, about="drawn state")
        yield module(kind, x, num_features=2, training=False, about="running statistics used")
        yield module(kind, x, num_features=2, momentum=0.25, eps=0.125, about="momentum and eps")
        yield module(kind, x, num_features=2, eps=0.125, training=False, about="eps")
        yield module(kind, x, num_features=2, momentum=None, about="cumulative average, fourth step")
        yield module(kind, x, num_features=2, momentum=None, state="fresh", about="cumulative average, first step")
        for training in (True, False):
            yield module(kind, x, num_features=2, affine=False, training=training, about="not affine")
            yield module(kind, x, num_features=2, track_running_stats=False, training=training, about="batch statistics always")
        yield module(kind, x, num_features=2, affine=False, track_running_stats=False, about="no state at all")
    yield module("BatchNorm1d", grid(6, 3), num_features=3, about="[N, C]")
    yield module("BatchNorm1d", grid(6, 3), num_features=3, training=False, about="[N, C]")
    yield module("BatchNorm2d", grid(2, 9, 2, 1), num_features=9, about="odd channels")
    yield module("BatchNorm2d", tensor([[[[1000.0, 1000.5], [1000.25, 1000.25]]], [[[1000.0, 1001.0], [999.5, 1000.5]]]]), num_features=1, state="fresh",
                 about="mean far above the deviation")
    yield module("BatchNorm2d", torch.full((2, 1, 2, 2), 1.5), num_features=1, about="constant: eps alone divides")


def instance():
    for rank in (1, 2, 3):
        kind, x = f"InstanceNorm{rank}d", grid(2, 3, *SPACE[rank])
        yield module(kind, x, num_features=3, about="neither affine nor tracked")
        yield module(kind, x, num_features=3, training=False, about="untracked: evaluating is the same")
        yield module(kind, x, num_features=3, affine=True, about="affine")
        yield module(kind, x, num_features=3, affine=True, track_running_stats=True, momentum=0.25, about="tracked")
        yield module(kind, x, num_features=3, affine=True, track_running_stats=True, training=False, about="tracked")
        yield module(kind, x, num_features=3, eps=0.125, about="eps")
        yield module(kind, grid(3, *SPACE[rank]), num_features=3, affine=True, about="unbatched")


def others():
    for shape in ((2, 6), (2, 6, 5), (2, 6, 2, 3), (1, 6, 2, 2, 2)):
        for groups in (1, 2, 6) if len(shape) == 4 else (3,):
            yield module("GroupNorm", grid(*shape), num_groups=groups, num_channels=6)
    yield module("GroupNorm", grid(2, 4, 3), num_groups=2, num_channels=4, affine=False, about="not affine")
    yield module("GroupNorm", grid(2, 4, 3), num_groups=2, num_channels=4, eps=0.125, about="eps")
    for shape in ([5], [3, 5], [2, 3, 5]):
        yield module("LayerNorm", grid(2, 2, 3, 5), normalized_shape=shape)
        yield module("LayerNorm", grid(2, 2, 3, 5), normalized_shape=shape, elementwise_affine=False, about="not affine")
    yield module("LayerNorm", grid(3, 4), normalized_shape=4, eps=0.125, about="one number, eps")
    for shape in ((2, 7, 3), (2, 7, 2, 3), (1, 7, 2, 2, 2)):
        yield module("LocalResponseNorm", grid(*shape), size=3, about="odd window")
        yield module("LocalResponseNorm", grid(*shape), size=2, alpha=0.5, beta=0.5, k=2.0, about="even window")
    yield module("LocalResponseNorm", grid(1, 3, 2, 2), size=5, alpha=1.0, about="window wider than the channels")
