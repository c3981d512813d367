"""Fans of weights, and the bounds of the uniform distributions that default initialization draws from.

PyTorch draws weights with kaiming_uniform(a = sqrt 5) and biases within 1 / sqrt(fan in). The bounds are the formula's;
many draws are made to see that PyTorch stays within them and comes near.
"""
import math

import torch
from torch.nn.init import _calculate_fan_in_and_fan_out

from recording import described


def cases():
    for kind, arguments in (
        ("Linear", {"in_features": 12, "out_features": 7}),
        ("Conv1d", {"in_channels": 4, "out_channels": 6, "kernel_size": 5}),
        ("Conv2d", {"in_channels": 3, "out_channels": 8, "kernel_size": [3, 5]}),
        ("Conv2d", {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "groups": 2}),
        ("Conv2d", {"in_channels": 6, "out_channels": 6, "kernel_size": 3, "groups": 6}),
        ("Conv2d", {"in_channels": 16, "out_channels": 4, "kernel_size": 1}),
        ("Conv3d", {"in_channels": 2, "out_channels": 5, "kernel_size": [1, 2, 3]}),
        ("ConvTranspose1d", {"in_channels": 4, "out_channels": 6, "kernel_size": 4}),
        ("ConvTranspose2d", {"in_channels": 6, "out_channels": 3, "kernel_size": 2}),
        ("ConvTranspose2d", {"in_channels": 4, "out_channels": 6, "kernel_size": [3, 2], "groups": 2}),
        ("ConvTranspose3d", {"in_channels": 2, "out_channels": 4, "kernel_size": 2}),
    ):
        yield bounds(kind, arguments)


def bounds(kind, arguments):
    case = described(kind, None, arguments)
    torch.manual_seed(1)
    drawn = [getattr(torch.nn, kind)(**arguments) for _ in range(400)]
    fan_in, fan_out = _calculate_fan_in_and_fan_out(drawn[0].weight)
    gain = math.sqrt(2 / (1 + 5))
    values = {
        "fanIn": fan_in, "fanOut": fan_out,
        "weightBound": gain * math.sqrt(3 / fan_in), "biasBound": 1 / math.sqrt(fan_in),
        "kaimingNormalFanInRelu": math.sqrt(2 / fan_in), "kaimingNormalFanOutRelu": math.sqrt(2 / fan_out),
        "kaimingUniformFanInRelu": math.sqrt(2) * math.sqrt(3 / fan_in),
        "xavierUniform": math.sqrt(6 / (fan_in + fan_out)), "xavierNormal": math.sqrt(2 / (fan_in + fan_out)),
    }
    for name in ("weight", "bias"):
        largest = max(getattr(module, name).abs().max().item() for module in drawn)
        assert 0.99 * values[name + "Bound"] < largest <= values[name + "Bound"], (kind, arguments, name)
    case["values"] = values
    return case
