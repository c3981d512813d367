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
import pytorch_classifiers as classifiers  # noqa: E402
import pytorch_networks as networks  # noqa: E402
import pytorch_resnets as resnets  # noqa: E402

MODELS = {
    "AlexNet": classifiers.AlexNet,
    "Autoencoder": networks.Autoencoder,
    "C3D": classifiers.C3D,
    "CifarResNet": resnets.CifarResNet,
    "DcganDiscriminator": networks.DcganDiscriminator,
    "DcganGenerator": networks.DcganGenerator,
    "DeepLabV3": resnets.DeepLabV3,
    "FCN": resnets.FCN,
    "GoogLeNet": classifiers.GoogLeNet,
    "LeNet5Original": classifiers.LeNet5Original,
    "M5": classifiers.M5,
    "MobileNetV1": classifiers.MobileNetV1,
    "MobileNetV2": classifiers.MobileNetV2,
    "NiN": classifiers.NiN,
    "ShuffleNet": classifiers.ShuffleNet,
    "VGG": classifiers.vgg,
    **{f"ResNet{depth}": lambda depth=depth, **options: resnets.ResNet(depth, **options) for depth in resnets.BLOCKS},
}


def cases():
    yield scores("ResNet18", [2, 3, 64, 48], classes=10)
    yield scores("MobileNetV2", [2, 3, 64, 48], classes=10)
    yield scores("LeNet5Original", [2, 1, 32, 32], classes=10)
    for variant in ("TwoDevices", "OneDevice", "Torchvision"):
        yield scores("AlexNet", [1, 3, 115, 99], classes=7, variant=variant, hidden=8)
    yield scores("VGG", [1, 3, 33, 64], depth=11, classes=7, hidden=8)
    yield scores("VGG", [1, 3, 32, 32], depth=16, classes=7, batch_norm=True, hidden=8)
    yield scores("NiN", [2, 3, 32, 27], classes=10)
    yield scores("GoogLeNet", [2, 3, 64, 45], classes=10)
    yield scores("ResNet34", [1, 3, 40, 64], classes=10, width=16)
    yield scores("ResNet50", [1, 3, 65, 48], classes=10, width=16)
    yield scores("ResNet50", [1, 3, 65, 48], classes=10, width=16, stride_first=True)
    yield scores("ResNet101", [1, 3, 40, 64], classes=10, width=8)
    yield scores("ResNet152", [1, 3, 40, 64], classes=10, width=8)
    yield scores("CifarResNet", [2, 3, 32, 32], depth=20, classes=10)
    yield scores("CifarResNet", [1, 3, 15, 18], depth=32, classes=10)
    yield scores("MobileNetV1", [2, 3, 64, 48], classes=10, multiplier=0.5)
    for groups in (1, 3, 8):
        yield scores("ShuffleNet", [1, 3, 64, 48], classes=10, groups=groups)
    yield scores("C3D", [1, 3, 16, 32, 40], classes=7, hidden=8)
    yield scores("M5", [2, 1, 1000], classes=10, width=16)
    yield scores("DeepLabV3", [1, 3, 33, 24], classes=5, width=8, auxiliary=True)
    yield scores("FCN", [1, 3, 33, 24], classes=5, width=8, auxiliary=True)
    yield scores("Autoencoder", [2, 1, 13, 22], channels=1, width=8, levels=3)
    yield scores("DcganGenerator", [2, 100, 1, 1], channels=1, first=4, doublings=3, width=4)
    yield scores("DcganGenerator", [2, 100, 1, 1], channels=1, first=7, doublings=2, width=4)
    yield scores("DcganDiscriminator", [2, 3, 64, 64], channels=3, last=4, halvings=4, width=8)
    yield scores("DcganDiscriminator", [2, 1, 28, 28], channels=1, last=7, halvings=2, width=8)


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


def scores(kind, shape, **options):
    case = described(kind, "state and input by the formula of families/models.py", {**options, "input_shape": shape}, training=False)
    net = MODELS[kind](**options).eval()
    net.load_state_dict({name: made(t, name, tensor) for t, (name, tensor) in enumerate(net.state_dict().items())})
    with torch.no_grad():
        outputs = net(values(-1, shape))
    case["outputs"] = outputs if isinstance(outputs, list) else [outputs]
    return case
