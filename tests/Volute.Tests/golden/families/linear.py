"""Linear on inputs of every rank, and matrix products of every pair of ranks."""
import torch

from recording import function, grid, module


def cases():
    yield module("Linear", grid(3, 4), in_features=4, out_features=5)
    yield module("Linear", grid(4), in_features=4, out_features=5, about="one axis")
    yield module("Linear", grid(2, 3, 4), in_features=4, out_features=2, about="three axes")
    yield module("Linear", grid(2, 1, 3, 4), in_features=4, out_features=3, about="four axes")
    yield module("Linear", grid(3, 4), in_features=4, out_features=5, bias=False, about="no bias")
    yield module("Linear", grid(1, 1), in_features=1, out_features=1, about="one number")
    yield module("Linear", grid(5, 17), in_features=17, out_features=19, about="more than a vector, and a remainder")
    for a, b, about in (
        ((4,), (4,), "inner product"),
        ((3, 4), (4,), "matrix and vector"),
        ((4,), (4, 2), "vector and matrix"),
        ((3, 4), (4, 2), "matrices"),
        ((2, 3, 4), (4,), "stack and vector"),
        ((4,), (2, 4, 3), "vector and stack"),
        ((2, 3, 4), (4, 5), "stack and matrix"),
        ((3, 4), (2, 4, 5), "matrix and stack"),
        ((2, 3, 4), (2, 4, 5), "stacks"),
        ((1, 3, 4), (2, 4, 5), "a stack of one repeated"),
        ((2, 1, 3, 4), (3, 4, 2), "stacks of different rank, broadcast"),
        ((1, 1), (1, 1), "one number"),
    ):
        yield function("matmul", torch.matmul, grid(*a), grid(*b), about=about)
