"""Modules that move values without changing them, and the two that gather and sum windows."""
import torch

from recording import function, grid, module


def cases():
    yield module("PixelShuffle", grid(2, 8, 2, 3), upscale_factor=2)
    yield module("PixelShuffle", grid(1, 9, 1, 2), upscale_factor=3)
    yield module("PixelShuffle", grid(4, 2, 3), upscale_factor=2, about="unbatched")
    yield module("PixelUnshuffle", grid(2, 2, 4, 6), downscale_factor=2)
    yield module("PixelUnshuffle", grid(1, 1, 3, 6), downscale_factor=3)
    yield module("PixelUnshuffle", grid(2, 2, 4), downscale_factor=2, about="unbatched")
    yield shuffled(grid(2, 6, 2, 3), groups=2)
    yield shuffled(grid(1, 6, 2, 1), groups=3)
    yield module("Flatten", grid(2, 3, 2, 2), about="all but the batch")
    yield module("Flatten", grid(2, 3, 2, 2), start_dim=0)
    yield module("Flatten", grid(2, 3, 2, 2), start_dim=1, end_dim=2)
    yield module("Flatten", grid(2, 3, 2, 2), start_dim=-2, end_dim=-1)
    yield module("Unflatten", grid(2, 6, 2), dim=1, unflattened_size=[2, 3])
    yield module("Unflatten", grid(2, 6, 2), dim=1, unflattened_size=[3, -1], about="one size left open")
    yield module("Unflatten", grid(2, 12), dim=-1, unflattened_size=[2, 3, 2])
    yield from windows()


def shuffled(x, groups):
    """The module has no gradient in this version of PyTorch, so it is spelled out."""
    def spelled(t):
        y = t.unflatten(1, (groups, -1)).transpose(1, 2).flatten(1, 2)
        assert torch.equal(y, torch.nn.ChannelShuffle(groups)(t.detach()))
        return y
    return function("ChannelShuffle", spelled, x, groups=groups)


def windows():
    for arguments, about in (
        ({"kernel_size": 2}, "defaults"),
        ({"kernel_size": 3, "padding": 1}, "3x3 same size"),
        ({"kernel_size": 2, "stride": 2}, "tiles"),
        ({"kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 0], "dilation": [1, 2]}, "everything anisotropic"),
        ({"kernel_size": [2, 1], "stride": 3, "padding": [0, 1]}, "gaps"),
    ):
        unfolded = module("Unfold", grid(2, 2, 4, 5), about=about, **arguments)
        yield unfolded
        yield module("Fold", grid(*unfolded["outputs"][0].shape), output_size=[4, 5], about=about, **arguments)
    yield module("Unfold", grid(2, 4, 5), kernel_size=2, about="unbatched")
    yield module("Fold", grid(8, 12), output_size=[4, 5], kernel_size=2, about="unbatched")
