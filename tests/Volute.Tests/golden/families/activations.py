"""Activations: at ordinary points, at their kinks, and where the exponential overflows."""
from recording import grid, module, tensor

POINTS = [-100, -88.75, -30, -20.5, -6, -4, -3, -2.5, -1, -0.5, -0.0625, 0, 0.0625, 0.5, 1, 2.5, 3, 4, 6, 10, 20, 20.5, 30, 88.75, 100]


def cases():
    for kind, variants in {
        "ReLU": [{}], "ReLU6": [{}], "Sigmoid": [{}], "Tanh": [{}], "SiLU": [{}], "Mish": [{}], "LogSigmoid": [{}],
        "Hardsigmoid": [{}], "Hardswish": [{}],
        "LeakyReLU": [{}, {"negative_slope": 0.25}],
        "ELU": [{}, {"alpha": 0.5}],
        "GELU": [{}, {"approximate": "tanh"}],
        "Hardtanh": [{}, {"min_val": -2.5, "max_val": 4.0}],
        "Softplus": [{}, {"beta": 2.0, "threshold": 10.0}],
    }.items():
        for arguments in variants:
            yield module(kind, tensor(POINTS), about="kinks and far ends", **arguments)
            yield module(kind, grid(2, 3, 3, 2, low=-4, high=4), about="a feature map", **arguments)
    yield from learned()
    yield from normalized_exponentials()


def learned():
    yield module("PReLU", tensor(POINTS), about="one slope")
    yield module("PReLU", grid(2, 3, 3, 2), about="one slope for all channels")
    yield module("PReLU", grid(2, 3, 3, 2), num_parameters=3, about="a slope a channel")
    yield module("PReLU", grid(2, 3), num_parameters=3, about="a slope a channel")
    yield module("PReLU", grid(1, 2, 2, 3, 2), num_parameters=2, about="a slope a channel")
    yield module("PReLU", grid(2, 3), state="fresh", init=0.5, about="initial slope")


def normalized_exponentials():
    extreme = tensor([[1000, 1000, -1000, 0], [-1000, -1000.5, -1001, -1000], [0, 0, 0, 0]])
    for kind in ("Softmax", "LogSoftmax"):
        for dim in (1, -1, 0, 2):
            yield module(kind, grid(2, 3, 2, 4), dim=dim)
        yield module(kind, extreme, dim=1, about="extreme")
        yield module(kind, grid(5), dim=0, about="one axis")
        yield module(kind, grid(3, 1), dim=1, about="of a single class")
    yield module("Softmax2d", grid(2, 3, 2, 3))
    yield module("Softmax2d", grid(3, 2, 3), about="unbatched")
