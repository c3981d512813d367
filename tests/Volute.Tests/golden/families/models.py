"""Whole networks of millions of parameters: state and input are made by a formula on both sides, only the scores are recorded.

Element i of the t-th tensor of the state is scale * v + shift with v = ((i + 1) * 2654435761 + (t + 1) * 40503 * 65537 mod 2^32) // 2^16 / 2^16 - 1/2:
scale sqrt(24 / fan), fan = elements / outputs, for weights of two or more axes; 1/2 v + 1 for weights of norms; 1/4 v for biases and running means;
v + 1 for running variances; counts are 0. The input is the tensor of t = -1 with scale 1.
"""
import math
import pathlib
import sys

import torch

from recording import described

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "benchmarks" / "compare"))
import pytorch_networks  # noqa: E402


def cases():
    yield scores("ResNet18", 10, [2, 3, 64, 48])
    yield scores("MobileNetV2", 10, [2, 3, 64, 48])


def values(t, shape):
    i = torch.arange(1, math.prod(shape) + 1, dtype=torch.int64)
    return (((i * 2654435761 + (t + 1) * 40503 * 65537) % 2**32 // 2**16).to(torch.float64) / 2**16 - 0.5).reshape(shape)


def made(t, name, tensor):
    if tensor.dtype == torch.int64:
        return torch.zeros_like(tensor)
    v = values(t, tensor.shape)
    if tensor.dim() > 1:
        return v * math.sqrt(24 * tensor.shape[0] / tensor.numel())
    if name.endswith("running_var"):
        return v + 1
    return v / 2 + 1 if name.endswith("weight") else v / 4


def scores(kind, classes, shape):
    case = described(kind, "state and input by the formula of families/models.py", {"classes": classes, "input_shape": shape}, training=False)
    net = getattr(pytorch_networks, kind)(classes).eval()
    net.load_state_dict({name: made(t, name, tensor) for t, (name, tensor) in enumerate(net.state_dict().items())})
    with torch.no_grad():
        case["outputs"] = [net(values(-1, shape))]
    return case
