"""Convolution modules that networks are built of, composed of torch.nn's: names of the state and order of arguments are the module's own.

Where torch or torchvision has the module, structure and names of the state are theirs.
"""
import torch
from torch import nn
from torch.nn import functional

from recording import described, fill, fine, grid, prepare, run, seeded, slope_like


def cases():
    yield from residual_blocks()
    yield from inverted_residuals()
    yield from shuffles()
    yield from pyramids()
    yield from depthwise()
    yield from factorized()
    yield from enlarging()
    yield from normalized_weights()
    yield from lazy()


def residual_blocks():
    yield block(ResidualBlock, grid(2, 3, 5, 4), in_channels=3, out_channels=3)
    yield block(ResidualBlock, grid(2, 3, 5, 4), in_channels=3, out_channels=4, stride=2, about="projection")
    yield block(ResidualBlock, grid(2, 3, 5, 4), in_channels=3, out_channels=4, stride=2, training=False)
    yield block(ResidualBlock, grid(2, 3, 5, 4), in_channels=3, out_channels=5, stride=2, projection=False, about="option A")
    yield block(ResidualBlock, grid(1, 2, 4, 3, 5), in_channels=2, out_channels=3, stride=[1, 2, 3], projection=False, rank=3, about="option A, strides of each axis")
    yield block(ResidualBlock, grid(2, 2, 6), in_channels=2, out_channels=2, projection=False, rank=1, about="identity")
    yield block(ResidualBlock, grid(2, 4, 5, 4), in_channels=4, out_channels=8, stride=2, bottleneck=2, about="the 3x3 has the stride")
    yield block(ResidualBlock, grid(2, 4, 5, 4), in_channels=4, out_channels=8, stride=2, bottleneck=2, stride_first=True, about="the first 1x1 has the stride")
    yield block(ResidualBlock, grid(2, 4, 5, 6), in_channels=4, out_channels=4, dilation=2, groups=2, bottleneck=4, padding_mode="reflect", about="groups, dilated")
    yield block(ResidualBlock, grid(2, 2, 7), in_channels=2, out_channels=4, stride=2, bottleneck=1, rank=1)
    yield block(ResidualBlock, grid(2, 2, 3, 4, 3), in_channels=2, out_channels=3, padding_mode="circular", rank=3)
    yield block(ResidualBlock, grid(2, 4, 5), in_channels=4, out_channels=4, dilation=2, groups=4, padding_mode="replicate", rank=1, training=False)


def inverted_residuals():
    yield block(InvertedResidual, grid(2, 2, 4, 5), in_channels=2, out_channels=2, expand_ratio=3, about="joined")
    yield block(InvertedResidual, grid(2, 2, 4, 5), in_channels=2, out_channels=3, stride=2)
    yield block(InvertedResidual, grid(2, 3, 4, 5), in_channels=3, out_channels=2, expand_ratio=1, training=False)
    yield block(InvertedResidual, grid(2, 2, 9), in_channels=2, out_channels=2, expand_ratio=2, kernel_size=5, dilation=2, padding_mode="circular", rank=1)
    yield block(InvertedResidual, grid(1, 2, 3, 4, 5), in_channels=2, out_channels=3, stride=[1, 2, 2], expand_ratio=2, kernel_size=[1, 3, 3], rank=3)
    for rank in (1, 2, 3):
        yield block(SqueezeExcite, grid(2, 4, *(3, 4, 2)[:rank]), channels=4, squeeze_channels=2, rank=rank)


def shuffles():
    yield block(ShuffledGroupConv, grid(2, 4, 3, 4), in_channels=4, out_channels=6, groups=2)
    yield block(ShuffledGroupConv, grid(2, 6, 7), in_channels=6, out_channels=9, groups=3, kernel_size=3, stride=2, padding=2, dilation=2, bias=False, rank=1)
    yield block(ShuffledGroupConv, grid(1, 4, 3, 4, 3), in_channels=4, out_channels=4, groups=2, kernel_size=3, padding=1, padding_mode="reflect", rank=3)
    yield block(ShuffleUnit, fine(2, 8, 4, 5), in_channels=8, out_channels=8, groups=2, about="joined by addition")
    yield block(ShuffleUnit, fine(2, 4, 5, 4), in_channels=4, out_channels=16, groups=2, stride=2, about="joined by concatenation")
    yield block(ShuffleUnit, fine(2, 3, 5, 4), in_channels=3, out_channels=24, groups=3, stride=2, grouped_first=False, about="a network's first")
    yield block(ShuffleUnit, fine(2, 12, 6), in_channels=12, out_channels=12, groups=3, padding_mode="circular", rank=1)
    yield block(ShuffleUnit, fine(2, 2, 3, 4, 5), in_channels=2, out_channels=8, groups=2, stride=2, rank=3, training=False)


def pyramids():
    yield block(Aspp, grid(2, 3, 5, 6), in_channels=3, rates=[1, 2, 3], out_channels=2, dropout=0.0)
    yield block(Aspp, grid(1, 2, 4, 5), in_channels=2, rates=[2, 4], out_channels=3, training=False, about="dropout evaluates to nothing")
    yield block(Aspp, grid(3, 2, 7), in_channels=2, rates=[2], out_channels=2, dropout=0.0, padding_mode="replicate", rank=1)
    yield block(Aspp, grid(2, 2, 3, 3, 4), in_channels=2, rates=[1, 2], out_channels=2, dropout=0.0, rank=3)


def depthwise():
    yield block(DepthwiseConv, grid(2, 3, 7), channels=3, kernel_size=3, rank=1)
    yield block(DepthwiseConv, grid(1, 3, 5, 6), channels=3, kernel_size=3, multiplier=2, padding=1, about="two kernels a channel")
    yield block(DepthwiseConv, grid(1, 4, 7, 6), channels=4, kernel_size=[3, 2], multiplier=3, stride=[2, 1], padding=[2, 1], dilation=[1, 2], bias=False, padding_mode="reflect", about="everything anisotropic")
    yield block(DepthwiseConv, grid(2, 2, 4, 3, 5), channels=2, kernel_size=[1, 3, 2], padding=[0, 2, 1], dilation=[1, 2, 1], padding_mode="circular", rank=3)
    yield block(DepthwiseConv, grid(1, 2, 8), channels=2, kernel_size=4, padding="same", padding_mode="replicate", rank=1, about="same padding of an even kernel")


def factorized():
    yield block(DepthwiseSeparableConv, grid(2, 3, 5, 4), in_channels=3, out_channels=4, kernel_size=3)
    yield block(DepthwiseSeparableConv, grid(1, 2, 7, 6), in_channels=2, out_channels=4, kernel_size=[3, 2], stride=[1, 2], padding=[2, 1], dilation=[2, 1], groups=2, bias=False, padding_mode="reflect", multiplier=2, about="everything")
    yield block(DepthwiseSeparableConv, grid(2, 4, 9), in_channels=4, out_channels=6, kernel_size=3, stride=2, padding=1, dilation=2, groups=2, padding_mode="circular", rank=1)
    yield block(DepthwiseSeparableConv, grid(1, 2, 3, 4, 4), in_channels=2, out_channels=3, kernel_size=3, padding="same", multiplier=3, rank=3)
    yield block(SpatiallySeparableConv, grid(2, 3, 5, 4), in_channels=3, out_channels=4, kernel_size=3)
    yield block(SpatiallySeparableConv, grid(1, 2, 7, 8), in_channels=2, out_channels=4, kernel_size=[3, 2], middle_channels=6, stride=[2, 3], padding=[1, 2], dilation=[2, 1], groups=2, bias=False, about="everything")
    yield block(SpatiallySeparableConv, grid(1, 2, 5, 6), in_channels=2, out_channels=2, kernel_size=5, padding="same", padding_mode="reflect")
    yield block(SpatiallySeparableConv, grid(1, 2, 4, 5, 3), in_channels=2, out_channels=3, kernel_size=[3, 2, 3], middle_channels=4, stride=[1, 2, 1], padding=[1, 1, 2], padding_mode="circular", rank=3)
    yield block(FlattenedConv, grid(2, 3, 5, 4), in_channels=3, out_channels=4, kernel_size=3)
    yield block(FlattenedConv, grid(1, 4, 7, 8), in_channels=4, out_channels=6, kernel_size=[3, 2], stride=[2, 3], padding=[1, 2], dilation=[2, 1], groups=2, bias=False, padding_mode="replicate", about="everything")
    yield block(FlattenedConv, grid(1, 2, 4, 5, 3), in_channels=2, out_channels=3, kernel_size=[3, 2, 3], stride=[1, 2, 1], padding=[1, 1, 2], rank=3)


def enlarging():
    yield block(ResizeConv, grid(2, 2, 5), in_channels=2, out_channels=3, kernel_size=3, rank=1)
    yield block(ResizeConv, grid(1, 2, 3, 4), in_channels=2, out_channels=4, kernel_size=3, mode="linear", groups=2, padding_mode="reflect")
    yield block(ResizeConv, grid(1, 2, 3, 4), in_channels=2, out_channels=2, kernel_size=[3, 2], scale_factor=3, padding=[2, 0], dilation=[1, 2], bias=False)
    yield block(ResizeConv, grid(1, 2, 4, 3), in_channels=2, out_channels=2, kernel_size=3, scale_factor=1.5, mode="linear", about="a broken factor")
    yield block(ResizeConv, grid(1, 2, 2, 3, 2), in_channels=2, out_channels=2, kernel_size=3, mode="linear", padding_mode="circular", rank=3)
    for upsampling in ("nearest", "linear", "transposed"):
        yield block(UpBlock, fine(1, 4, 3, 2), fine(1, 2, 6, 4), in_channels=4, skip_channels=2, out_channels=3, upsampling=upsampling)
    yield block(UpBlock, fine(2, 2, 4), fine(2, 3, 8), in_channels=2, skip_channels=3, out_channels=2, upsampling="linear", normalization="batch", padding_mode="replicate", rank=1)
    yield block(UpBlock, fine(1, 2, 2, 3, 2), fine(1, 1, 4, 6, 4), in_channels=2, skip_channels=1, out_channels=2, upsampling="transposed", normalization="instance", rank=3)
    yield block(UpBlock, fine(1, 2, 4, 3), fine(1, 2, 11, 9), in_channels=2, skip_channels=2, out_channels=2, upsampling="nearest", padded=False, about="valid, the skip connection cropped")


def normalized_weights():
    x = grid(2, 3, 4, 5)
    yield block(WeightNorm, x, layer="Conv2d", in_channels=3, out_channels=4, kernel_size=3, padding=1)
    yield block(WeightNorm, grid(2, 4, 7), layer="Conv1d", in_channels=4, out_channels=4, kernel_size=3, stride=2, dilation=2, groups=2, bias=False, dim=2)
    yield block(WeightNorm, grid(1, 2, 3, 4, 3), layer="Conv3d", in_channels=2, out_channels=3, kernel_size=2, dim=None, about="one length")
    yield block(WeightNorm, x, layer="ConvTranspose2d", in_channels=3, out_channels=2, kernel_size=2, stride=2, dim=1)
    yield block(WeightNorm, grid(3, 4), layer="Linear", in_features=4, out_features=3)
    for training in (True, False):
        yield block(SpectralNorm, x, layer="Conv2d", in_channels=3, out_channels=4, kernel_size=3, padding=1, training=training)
        yield block(SpectralNorm, x, layer="ConvTranspose2d", in_channels=3, out_channels=2, kernel_size=2, stride=2, training=training)
    yield block(SpectralNorm, grid(2, 4, 7), layer="Conv1d", in_channels=4, out_channels=4, kernel_size=3, groups=2, bias=False, iterations=3)
    yield block(SpectralNorm, grid(1, 2, 3, 4, 3), layer="Conv3d", in_channels=2, out_channels=3, kernel_size=2, dim=1, eps=0.5)
    yield block(SpectralNorm, grid(3, 4), layer="Linear", in_features=4, out_features=3)
    yield block(SpectralNorm, x, layer="Conv2d", in_channels=3, out_channels=3, kernel_size=3, padding=1, times=3, about="three forwards of one layer")


def lazy():
    yield block(LazyConv, grid(2, 3, 7), out_channels=4, kernel_size=3, stride=2, padding=1, rank=1)
    yield block(LazyConv, grid(1, 4, 5, 6), out_channels=6, kernel_size=[3, 2], padding=[2, 1], dilation=[2, 1], groups=2, padding_mode="reflect", bias=False)
    yield block(LazyConv, grid(1, 2, 3, 4, 3), out_channels=3, kernel_size=2, rank=3)


def block(kind, *inputs, about=None, training=True, **arguments):
    """A case of one of the modules below, of its rank-named form where it has one."""
    by_rank = kind in RANK_NAMED
    given = {name: value for name, value in arguments.items() if not (by_rank and name == "rank")}
    case = described(f"{kind.__name__}{arguments.get('rank', 2)}d" if by_rank else kind.__name__, about, given, training=training)
    source = seeded(case, [repr(x) for x in inputs])
    module = kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}).train(training)
    if kind is LazyConv:
        module(inputs[0](source))
    fill(module, source)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    case["state"] = before
    run(case, module, prepare(inputs, (), source), slope_like, source, list(module.named_parameters()))
    changed = {name: value.detach().clone() for name, value in module.state_dict().items() if not torch.equal(value, before[name])}
    if changed:
        case["stateAfter"] = changed
    return case


def of_rank(name, rank):
    return getattr(nn, f"{name}{rank}d")


def each(value, rank):
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * rank


def conv(rank, inputs, outputs, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True, mode="zeros"):
    return of_rank("Conv", rank)(inputs, outputs, kernel, stride, padding, dilation, groups, bias, mode)


def half(rank, kernel, dilation):
    return tuple((k - 1) // 2 * d for k, d in zip(each(kernel, rank), each(dilation, rank)))


def unit(rank, inputs, outputs, kernel, activation, stride=1, dilation=1, groups=1, mode="zeros"):
    return nn.Sequential(conv(rank, inputs, outputs, kernel, stride, half(rank, kernel, dilation), dilation, groups, False, mode), of_rank("BatchNorm", rank)(outputs), activation)


def shuffle(x, groups):
    return x.reshape(x.shape[0], groups, x.shape[1] // groups, *x.shape[2:]).transpose(1, 2).reshape(x.shape)


class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1, dilation=1, groups=1, bottleneck=None, projection=True, stride_first=False, padding_mode="zeros", rank=2):
        super().__init__()
        def see(a, b, step):
            return conv(rank, a, b, 3, step, half(rank, 3, dilation), dilation, groups, False, padding_mode)
        norm = of_rank("BatchNorm", rank)
        self.stride, self.new, self.projection = each(stride, rank), out_channels - in_channels, projection
        if bottleneck is None:
            self.conv1, self.bn1 = see(in_channels, out_channels, stride), norm(out_channels)
            self.conv2, self.bn2 = see(out_channels, out_channels, 1), norm(out_channels)
            self.conv3 = None
        else:
            self.conv1, self.bn1 = conv(rank, in_channels, bottleneck, 1, stride if stride_first else 1, bias=False), norm(bottleneck)
            self.conv2, self.bn2 = see(bottleneck, bottleneck, 1 if stride_first else stride), norm(bottleneck)
            self.conv3, self.bn3 = conv(rank, bottleneck, out_channels, 1, bias=False), norm(out_channels)
        self.differs = self.new != 0 or max(self.stride) > 1
        if self.differs and projection:
            self.downsample = nn.Sequential(conv(rank, in_channels, out_channels, 1, stride, bias=False), norm(out_channels))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.conv3 is not None:
            y = self.bn3(self.conv3(torch.relu(y)))
        if self.differs and self.projection:
            x = self.downsample(x)
        elif self.differs:
            x = x[(slice(None), slice(None), *(slice(None, None, s) for s in self.stride))]
            x = torch.cat([x, x.new_zeros(x.shape[0], self.new, *x.shape[2:])], 1)
        return torch.relu(x + y)


class InvertedResidual(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1, expand_ratio=6, kernel_size=3, dilation=1, padding_mode="zeros", rank=2):
        super().__init__()
        wide = in_channels * expand_ratio
        layers = [unit(rank, in_channels, wide, 1, nn.ReLU6())] if expand_ratio != 1 else []
        layers.append(unit(rank, wide, wide, kernel_size, nn.ReLU6(), stride, dilation, wide, padding_mode))
        self.conv = nn.Sequential(*layers, conv(rank, wide, out_channels, 1, bias=False), of_rank("BatchNorm", rank)(out_channels))
        self.joins = in_channels == out_channels and max(each(stride, rank)) == 1

    def forward(self, x):
        return x + self.conv(x) if self.joins else self.conv(x)


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeeze_channels, rank=2):
        super().__init__()
        self.fc1, self.fc2 = conv(rank, channels, squeeze_channels, 1), conv(rank, squeeze_channels, channels, 1)
        self.axes = list(range(2, rank + 2))

    def forward(self, x):
        return x * torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean(self.axes, keepdim=True)))))


class ShuffledGroupConv(nn.Module):
    def __init__(self, in_channels, out_channels, groups, kernel_size=1, stride=1, padding=0, dilation=1, bias=True, padding_mode="zeros", rank=2):
        super().__init__()
        self.conv = conv(rank, in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)

    def forward(self, x):
        return shuffle(self.conv(x), self.conv.groups)


class ShuffleUnit(nn.Module):
    def __init__(self, in_channels, out_channels, groups, stride=1, grouped_first=True, padding_mode="zeros", rank=2):
        super().__init__()
        narrow, norm = out_channels // 4, of_rank("BatchNorm", rank)
        self.joins = max(each(stride, rank)) > 1
        made = out_channels - in_channels if self.joins else out_channels
        self.groups, self.pool = groups, of_rank("AvgPool", rank)(3, stride, 1)
        self.conv1, self.bn1 = conv(rank, in_channels, narrow, 1, groups=groups if grouped_first else 1, bias=False), norm(narrow)
        self.conv2, self.bn2 = conv(rank, narrow, narrow, 3, stride, 1, groups=narrow, bias=False, mode=padding_mode), norm(narrow)
        self.conv3, self.bn3 = conv(rank, narrow, made, 1, groups=groups, bias=False), norm(made)

    def forward(self, x):
        y = shuffle(torch.relu(self.bn1(self.conv1(x))), self.groups)
        y = self.bn3(self.conv3(self.bn2(self.conv2(y))))
        return torch.relu(torch.cat([self.pool(x), y], 1) if self.joins else x + y)


class Aspp(nn.Module):
    def __init__(self, in_channels, rates, out_channels=256, dropout=0.5, padding_mode="zeros", rank=2):
        super().__init__()
        pooled = nn.Sequential(of_rank("AdaptiveAvgPool", rank)(1), conv(rank, in_channels, out_channels, 1, bias=False), of_rank("BatchNorm", rank)(out_channels), nn.ReLU())
        self.convs = nn.ModuleList([
            unit(rank, in_channels, out_channels, 1, nn.ReLU()),
            *(unit(rank, in_channels, out_channels, 3, nn.ReLU(), dilation=rate, mode=padding_mode) for rate in rates),
            pooled,
        ])
        self.project = unit(rank, len(self.convs) * out_channels, out_channels, 1, nn.ReLU()).append(nn.Dropout(dropout))
        self.mode = ("linear", "bilinear", "trilinear")[rank - 1]

    def forward(self, x):
        seen = [branch(x) for branch in self.convs]
        seen[-1] = functional.interpolate(seen[-1], x.shape[2:], mode=self.mode, align_corners=False)
        return self.project(torch.cat(seen, 1))


class DepthwiseConv(nn.Module):
    def __new__(cls, channels, kernel_size, multiplier=1, stride=1, padding=0, dilation=1, bias=True, padding_mode="zeros", rank=2):
        return conv(rank, channels, channels * multiplier, kernel_size, stride, padding, dilation, channels, bias, padding_mode)


class DepthwiseSeparableConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros", multiplier=1, rank=2):
        super().__init__()
        self.depthwise = conv(rank, in_channels, in_channels * multiplier, kernel_size, stride, padding, dilation, in_channels, bias, padding_mode)
        self.pointwise = conv(rank, in_channels * multiplier, out_channels, 1, groups=groups, bias=bias)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


def add_axes(module, rank, channels, kernel, stride, padding, dilation, groups, bias, mode):
    """A convolution along each axis after the other."""
    def only(values, axis, other):
        return values if isinstance(values, str) else tuple(v if i == axis else other for i, v in enumerate(each(values, rank)))
    for axis, name in enumerate(("depth", "vertical", "horizontal")[3 - rank:]):
        setattr(module, name, conv(rank, channels[axis], channels[axis + 1], only(kernel, axis, 1), only(stride, axis, 1), only(padding, axis, 0), only(dilation, axis, 1), groups, bias, mode))


class SpatiallySeparableConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, middle_channels=None, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros", rank=2):
        super().__init__()
        channels = [in_channels, *[middle_channels or out_channels] * (rank - 1), out_channels]
        add_axes(self, rank, channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)

    def forward(self, x):
        for child in self.children():
            x = child(x)
        return x


class FlattenedConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros", rank=2):
        super().__init__()
        self.lateral = conv(rank, in_channels, out_channels, 1, groups=groups, bias=bias)
        add_axes(self, rank, [out_channels] * (rank + 1), kernel_size, stride, padding, dilation, out_channels, bias, padding_mode)

    def forward(self, x):
        for child in self.children():
            x = child(x)
        return x


def upsample(rank, factor, mode):
    return nn.Upsample(scale_factor=factor, mode="nearest" if mode == "nearest" else ("linear", "bilinear", "trilinear")[rank - 1])


class ResizeConv(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, scale_factor=2, mode="nearest", padding="same", dilation=1, groups=1, bias=True, padding_mode="zeros", rank=2):
        super().__init__()
        self.resize = upsample(rank, scale_factor, mode)
        self.conv = conv(rank, in_channels, out_channels, kernel_size, 1, padding, dilation, groups, bias, padding_mode)

    def forward(self, x):
        return self.conv(self.resize(x))


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels, upsampling, normalization=None, padded=True, padding_mode="zeros", rank=2):
        super().__init__()
        if upsampling == "transposed":
            self.enlarge = of_rank("ConvTranspose", rank)(in_channels, out_channels, 2, 2)
        else:
            self.enlarge = nn.Sequential(upsample(rank, 2, upsampling), conv(rank, in_channels, out_channels, 1))
        layers = []
        for inputs in (skip_channels + out_channels, out_channels):
            layers.append(conv(rank, inputs, out_channels, 3, padding=int(padded), bias=normalization is None, mode=padding_mode))
            if normalization == "batch":
                layers.append(of_rank("BatchNorm", rank)(out_channels))
            if normalization == "instance":
                layers.append(of_rank("InstanceNorm", rank)(out_channels, affine=True))
            layers.append(nn.ReLU())
        self.conv = nn.Sequential(*layers)

    def forward(self, x, skip):
        y = self.enlarge(x)
        for axis in range(2, x.dim()):
            skip = skip.narrow(axis, (skip.shape[axis] - y.shape[axis]) // 2, y.shape[axis])
        return self.conv(torch.cat([skip, y], 1))


def made(layer, arguments):
    return getattr(nn, layer)(**arguments)


class WeightNorm(nn.Module):
    def __new__(cls, layer, dim=0, **arguments):
        return nn.utils.weight_norm(made(layer, arguments), dim=dim)


class SpectralNorm(nn.Module):
    def __new__(cls, layer, iterations=1, eps=1e-12, dim=None, times=1, **arguments):
        module = nn.utils.spectral_norm(made(layer, arguments), n_power_iterations=iterations, eps=eps, dim=dim)
        return Repeated(module, times) if times > 1 else module


class Repeated(nn.Sequential):
    def __init__(self, module, times):
        super().__init__(module)
        self.times = times

    def forward(self, x):
        for _ in range(self.times):
            x = self[0](x)
        return x


class LazyConv(nn.Module):
    def __new__(cls, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros", rank=2):
        return getattr(nn, f"LazyConv{rank}d")(out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode)


RANK_NAMED = (LazyConv, DepthwiseConv, DepthwiseSeparableConv, SpatiallySeparableConv, FlattenedConv, ResizeConv)
