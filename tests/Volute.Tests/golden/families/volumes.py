"""Kernels of two axes in volumes (ACS and its kin), composed by hand, and 2D networks turned into networks of volumes.

The middle plane of a K x K x K kernel holds the 2D one, the rest is zero: across the depth for axial views, across the height for coronal ones, across
the width for sagittal ones; an output channel is the sum of its views times their shares. ACS gives each channel one view, by thirds. A transposed
convolution of a view treats its planes and repeats them stride times, in the middle of what K taps would reach.
"""
import copy
import math

import torch
from torch import nn
from torch.nn.functional import conv3d, conv_transpose3d, pad

from families.models import made as by_formula
from families.models import MODELS, values
from families.networks import RESIDUAL, UNET, build, residual
from recording import described, fill, grid, prepare, run, seeded, slope_like

NAMES = {"Acs": "AcsConv{}3d", "MeanAcs": "MeanAcsConv{}3d", "SoftAcs": "SoftAcsConv{}3d", "Conv2p5d": "Conv{}2p5d"}


def cases():
    yield from direct()
    yield from transposed()
    yield from networks()
    yield from models()


def direct():
    x = grid(1, 2, 3, 4, 5)
    for channels in (3, 4, 5, 2, 1):
        yield conv("Acs", x, 2, channels, 3, padding=1, about="thirds with a rest" if channels % 3 else "thirds")
    yield conv("Acs", grid(2, 2, 3, 2, 4), 2, 4, 3, padding=1, about="two samples")
    yield conv("Acs", x, 2, 6, 3, about="no padding: borders are not looked at")
    yield conv("Acs", x, 2, 6, 3, padding=2, bias=False, about="more padding than half the kernel, no bias")
    yield conv("Acs", x, 2, 5, 3, stride=2, padding=1, about="stride")
    yield conv("Acs", grid(1, 2, 5, 6, 7), 2, 4, 3, stride=[1, 2, 3], padding=[1, 0, 2], dilation=[1, 2, 1], about="everything anisotropic")
    yield conv("Acs", grid(1, 2, 6, 5, 7), 2, 3, 3, padding=2, dilation=2, about="dilated")
    yield conv("Acs", grid(1, 2, 6, 5, 7), 2, 3, 3, padding=1, dilation=2, stride=2, about="dilated, stride, less padding than half the kernel")
    yield conv("Acs", x, 2, 4, 2, about="even kernel")
    yield conv("Acs", x, 2, 4, 1, about="1x1")
    yield conv("Acs", x, 2, 4, 1, stride=2, about="1x1 with stride")
    yield conv("Acs", grid(1, 1, 5, 6, 5), 1, 3, 5, padding=2, about="5x5")
    yield conv("Acs", grid(1, 7, 3, 4, 3), 7, 7, 3, padding=1, groups=7, about="depthwise, padded")
    yield conv("Acs", grid(1, 4, 5, 6, 5), 4, 4, 3, padding=2, dilation=2, stride=2, groups=4, about="depthwise, padded, dilated, stride")
    yield conv("Acs", grid(1, 3, 4, 3, 3), 3, 6, 3, padding=1, groups=3, about="depthwise, two outputs a channel")
    yield conv("Acs", grid(1, 4, 3, 4, 3), 4, 10, 3, padding=1, groups=2, about="thirds end within groups")
    yield conv("Acs", grid(2, 4, 5, 6), 2, 3, 3, padding=1, about="unbatched", unbatched=True)
    for mode in ("reflect", "replicate", "circular"):
        yield conv("Acs", grid(1, 2, 3, 4, 3), 2, 3, 3, padding=1, padding_mode=mode, about=f"{mode} padding")
    for form in ("MeanAcs", "SoftAcs", "Conv2p5d"):
        yield conv(form, x, 2, 3, 3, padding=1)
        yield conv(form, grid(1, 2, 5, 6, 7), 2, 3, 3, stride=2, padding=1, dilation=2, about="dilated, stride")
        yield conv(form, grid(1, 4, 4, 3, 5), 4, 4, 3, padding=1, groups=4, bias=False, about="depthwise, no bias")
        yield conv(form, grid(1, 2, 3, 3, 3), 2, 2, 1, about="1x1")


def transposed():
    x = grid(1, 2, 2, 3, 2)
    for form in NAMES:
        yield conv_transpose(form, x, 2, 4, 2, stride=2, about="a U-Net's")
        yield conv_transpose(form, x, 2, 3, 3, stride=2, padding=1, output_padding=1, about="overlapping")
        yield conv_transpose(form, grid(1, 4, 2, 3, 2), 4, 4, 3, stride=2, padding=1, groups=4, about="depthwise")
    yield conv_transpose("Acs", x, 2, 3, 4, stride=2, padding=1, about="4 taps")
    yield conv_transpose("Acs", x, 2, 3, 3, padding=1, about="no stride")
    yield conv_transpose("Acs", x, 2, 5, 3, about="no stride, no padding: borders that no position reaches hold the bias")
    yield conv_transpose("Acs", x, 2, 3, 3, stride=2, bias=False, about="stride, no padding, no bias")
    yield conv_transpose("Acs", x, 2, 4, 3, stride=2, padding=2, dilation=2, output_padding=1, about="dilated")
    yield conv_transpose("Acs", x, 2, 4, 2, stride=3, output_padding=[0, 1, 2], about="stride beyond the kernel")
    yield conv_transpose("Acs", x, 2, 4, 1, stride=2, output_padding=1, about="1x1 with stride")
    yield conv_transpose("Acs", x, 2, 4, 1, about="1x1")
    yield conv_transpose("Acs", grid(1, 4, 2, 3, 2), 4, 10, 2, stride=2, groups=2, about="thirds end within groups")
    yield conv_transpose("Acs", grid(1, 2, 2, 3, 2), 2, 4, 3, stride=[1, 2, 3], padding=[1, 0, 1], output_padding=[0, 1, 0], about="everything anisotropic")


DILATED = [
    ("0", "Conv2d(2, 6, 3, stride=2, padding=1, bias=False)"), ("1", "BatchNorm2d(6)"), ("2", "ReLU6()"),
    ("3", "Conv2d(6, 6, 3, padding=1, groups=6, bias=False)"), ("4", "BatchNorm2d(6)"), ("5", "ReLU6()"),
    ("6", "Conv2d(6, 4, 3, padding=2, dilation=2)"), ("7", "InstanceNorm2d(4, affine=True)"), ("8", "LeakyReLU()"), ("9", "AvgPool2d(2)"),
    ("10", "ConvTranspose2d(4, 5, 2, stride=2)"), ("11", "Upsample(scale_factor=2, mode='bilinear')"), ("12", "Conv2d(5, 3, 1)"),
]


def networks():
    for form in ("Acs", "MeanAcs", "SoftAcs", "Conv2p5d", "Inflated"):
        yield network("UNetBlock", UNET, unet, form, grid(1, 1, 10, 10, 12, low=-1, high=1), training=True)
        yield network("Sequential", DILATED, None, form, grid(1, 2, 4, 4, 8), training=form != "Inflated")
    yield network("Residual", RESIDUAL, residual, "Acs", grid(2, 3, 3, 5, 4), training=True)


def models():
    yield scores("ResNet18", 10, [1, 3, 24, 32, 40])
    yield scores("MobileNetV2", 10, [1, 3, 24, 32, 40])


def three(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * 3


class Views(nn.Module):
    """What the direct and the transposed layer share: a 2D weight, and how much each output channel takes from each side."""

    def __init__(self, form, weight, bias, out_channels):
        super().__init__()
        self.form, self.out_channels = form, out_channels
        self.weight, self.bias = weight, bias
        if form == "SoftAcs":
            self.views = nn.Parameter(torch.zeros(out_channels, 3))

    def shares(self):
        n = self.out_channels
        if self.form == "SoftAcs":
            return torch.softmax(self.views, 1)
        if self.form == "MeanAcs":
            return torch.full((n, 3), 1 / 3)
        q, r = n // 3, n % 3
        first, second = (n, n) if self.form == "Conv2p5d" else (q + (r >= 1), 2 * q + (r >= 1) + (r == 2))
        return torch.tensor([[float(o < first), float(first <= o < second), float(o >= second)] for o in range(n)])


class Direct(Views):
    def __init__(self, form, weight, bias, stride, padding, dilation, groups, mode="zeros"):
        super().__init__(form, weight, bias, weight.shape[0])
        self.stride, self.padding, self.dilation, self.groups, self.mode = three(stride), three(padding), three(dilation), groups, mode

    def forward(self, x):
        if x.dim() == 4:
            return self(x.unsqueeze(0)).squeeze(0)
        ends = [p for p in reversed(self.padding) for _ in range(2)]
        x = pad(x, ends, mode="constant" if self.mode == "zeros" else self.mode)
        w, size = self.weight, self.weight.shape[-1]
        cube = 0
        for side, share in enumerate(self.shares().T):
            planes = [w if k == (size - 1) // 2 else torch.zeros_like(w) for k in range(size)]
            cube = cube + share.reshape(-1, 1, 1, 1, 1) * torch.stack(planes, 2 + side)
        y = conv3d(x, cube, self.bias, self.stride, 0, self.dilation, self.groups)
        if self.form == "Acs" and self.groups == 1:
            torch.testing.assert_close(y, self.joined(x))
        return y

    def joined(self, x):
        """The same as three convolutions of planes side by side."""
        parts, first, size = [], 0, self.weight.shape[-1]
        for side, count in enumerate(self.shares().sum(0).long().tolist()):
            if count == 0:
                continue
            spread, middle = self.dilation[side] * (size - 1), self.dilation[side] * ((size - 1) // 2)
            seen = x.narrow(2 + side, middle, x.shape[2 + side] - spread)
            parts.append(conv3d(seen, self.weight[first:first + count].unsqueeze(2 + side), None, self.stride, 0, self.dilation))
            first += count
        y = torch.cat(parts, 1)
        return y if self.bias is None else y + self.bias.reshape(1, -1, 1, 1, 1)


class Transposed(Views):
    def __init__(self, form, weight, bias, stride, padding, output_padding, dilation, groups):
        super().__init__(form, weight, bias, weight.shape[1] * groups)
        self.stride, self.padding, self.extra, self.dilation, self.groups = three(stride), three(padding), three(output_padding), three(dilation), groups

    def forward(self, x):
        y = 0
        for side, share in enumerate(self.shares().T):
            def but(values, other):
                return [other if axis == side else value for axis, value in enumerate(values)]
            planes = conv_transpose3d(x, self.weight.unsqueeze(2 + side), None, but(self.stride, 1), but(self.padding, 0), but(self.extra, 0), self.groups, but(self.dilation, 1))
            y = y + share.reshape(1, -1, 1, 1, 1) * self.repeated(planes, side)
        return y if self.bias is None else y + self.bias.reshape(1, -1, 1, 1, 1)

    def repeated(self, planes, side):
        axis, stride, n = 2 + side, self.stride[side], planes.shape[2 + side]
        reach = self.dilation[side] * (self.weight.shape[-1] - 1) + 1
        size = (n - 1) * stride - 2 * self.padding[side] + reach + self.extra[side]
        start = math.ceil((reach - stride) / 2) - self.padding[side]
        slices = []
        for place in range(size):
            source = (place - start) // stride
            slices.append(planes.select(axis, source) if 0 <= source < n else torch.zeros_like(planes.select(axis, 0)))
        return torch.stack(slices, axis)


def parameters_of(module):
    return [(name, p) for name, p in module.named_parameters()]


def layer(kind, module, x, about, arguments):
    case = described(kind, about, arguments)
    source = seeded(case, repr(x))
    fill(module, source)
    case["state"] = {name: value.clone() for name, value in module.state_dict().items()}
    run(case, module, prepare([x], (), source), slope_like, source, parameters_of(module))
    return case


def conv(form, x, inputs, outputs, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros", about=None, unbatched=False):
    weight = nn.Parameter(torch.zeros(outputs, inputs // groups, kernel, kernel))
    module = Direct(form, weight, nn.Parameter(torch.zeros(outputs)) if bias else None, stride, padding, dilation, groups, padding_mode)
    return layer(NAMES[form].format(""), module, x, about, given(inputs, outputs, kernel, stride=stride, padding=padding, dilation=dilation, groups=groups, bias=bias, padding_mode=padding_mode))


def conv_transpose(form, x, inputs, outputs, kernel, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, about=None):
    weight = nn.Parameter(torch.zeros(inputs, outputs // groups, kernel, kernel))
    module = Transposed(form, weight, nn.Parameter(torch.zeros(outputs)) if bias else None, stride, padding, output_padding, dilation, groups)
    return layer(NAMES[form].format("Transpose"), module, x, about, given(inputs, outputs, kernel, stride=stride, padding=padding, output_padding=output_padding, groups=groups, bias=bias, dilation=dilation))


def given(inputs, outputs, kernel, **others):
    usual = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1, "bias": True, "padding_mode": "zeros"}
    return {"in_channels": inputs, "out_channels": outputs, "kernel_size": kernel, **{name: value for name, value in others.items() if value != usual[name]}}


def in_volumes(module, form):
    """The layer of volumes for a 2D layer, with its parameters."""
    if isinstance(module, nn.ConvTranspose2d):
        if form == "Inflated":
            taps, stride = module.kernel_size[0], module.stride[0]
            volume = nn.ConvTranspose3d(module.in_channels, module.out_channels, taps, stride, module.padding[0], module.output_padding[0], module.groups, module.bias is not None, module.dilation[0])
            return with_weights(volume, module, min(1, stride / taps))
        return Transposed(form, module.weight, module.bias, module.stride[0], module.padding[0], module.output_padding[0], module.dilation[0], module.groups)
    if isinstance(module, nn.Conv2d):
        if form == "Inflated":
            taps = module.kernel_size[0]
            volume = nn.Conv3d(module.in_channels, module.out_channels, taps, module.stride[0], module.padding[0], module.dilation[0], module.groups, module.bias is not None)
            return with_weights(volume, module, 1 / taps)
        return Direct(form, module.weight, module.bias, module.stride[0], module.padding[0], module.dilation[0], module.groups)
    if isinstance(module, (nn.BatchNorm2d, nn.InstanceNorm2d)):
        kind = nn.BatchNorm3d if isinstance(module, nn.BatchNorm2d) else nn.InstanceNorm3d
        volume = kind(module.num_features, affine=module.affine, track_running_stats=module.track_running_stats)
        volume.load_state_dict(module.state_dict())
        return volume
    if isinstance(module, nn.MaxPool2d):
        return nn.MaxPool3d(module.kernel_size, module.stride, module.padding)
    if isinstance(module, nn.AvgPool2d):
        return nn.AvgPool3d(module.kernel_size, module.stride, module.padding)
    if isinstance(module, nn.AdaptiveAvgPool2d):
        return nn.AdaptiveAvgPool3d(module.output_size)
    if isinstance(module, nn.Upsample):
        return nn.Upsample(scale_factor=module.scale_factor, mode="trilinear")
    for name, child in list(module.named_children()):
        setattr(module, name, in_volumes(child, form))
    return module


def with_weights(volume, module, share):
    with torch.no_grad():
        volume.weight.copy_((module.weight * share).unsqueeze(2).expand(volume.weight.shape))
        if module.bias is not None:
            volume.bias.copy_(module.bias)
    return volume


def unet(net, x):
    skip = torch.relu(net.down(x))
    deep = net.up(torch.relu(net.bottom(net.pool(skip))))
    for axis in range(2, x.dim()):
        skip = skip.narrow(axis, (skip.shape[axis] - deep.shape[axis]) // 2, deep.shape[axis])
    return net.head(torch.relu(net.merge(torch.cat([skip, deep], 1))))


def network(kind, layers, forward, form, x, training):
    """A 2D network with its state, and what it gives as one of volumes; the slopes of the state where its shapes stay."""
    case = described(kind, "turned into a network of volumes", {"layers": [f"{name}: {text}" for name, text in layers], "form": form}, training=training)
    source = seeded(case, repr(x))
    flat = build(layers).train(training)
    fill(flat, source)
    net = in_volumes(copy.deepcopy(flat), form).train(training)
    before = {name: value.clone() for name, value in (flat if form == "Inflated" else net).state_dict().items()}
    case["state"] = before
    run(case, lambda t: forward(net, t) if forward else net(t), prepare([x], (), source), slope_like, source, [] if form == "Inflated" else parameters_of(net))
    changed = {name: value.detach().clone() for name, value in net.state_dict().items() if form != "Inflated" and not torch.equal(value, before[name])}
    if changed:
        case["stateAfter"] = changed
    return case


def scores(kind, classes, shape):
    """A whole model: state and input by the formula of models.py."""
    case = described(kind, "as a network of ACS convolutions; state and input by the formula of families/models.py", {"classes": classes, "input_shape": shape, "form": "Acs"}, training=False)
    net = MODELS[kind](classes=classes).eval()
    net.load_state_dict({name: by_formula(t, name, tensor) for t, (name, tensor) in enumerate(net.state_dict().items())})
    net = in_volumes(net, "Acs").eval()
    x = values(-1, shape)
    with torch.no_grad():
        case["outputs"] = [net(x) if kind == "ResNet18" else net.classifier(net.features(x).mean([2, 3, 4]))]
    return case
