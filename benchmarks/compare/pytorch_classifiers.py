"""Classifiers in plain torch.nn: the same layers with the same parameters, named as torchvision names them where it has them."""
import torch
from torch import nn
from torch.nn import functional


class ScaledTanh(nn.Module):
    def forward(self, x):
        return 1.7159 * torch.tanh(x * 2 / 3)


class Subsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return functional.avg_pool2d(x, 2, divisor_override=1) * self.weight.reshape(1, -1, 1, 1) + self.bias.reshape(1, -1, 1, 1)


class ConnectionTable(nn.ModuleList):
    """Each output map by itself, from the input maps that it sees; those that see equally many share a tensor of weights."""
    TABLE = [[[(i + k) % 6 for k in range(3)] for i in range(6)],
             [[(i + k) % 6 for k in range(4)] for i in range(6)] + [[0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5]],
             [[0, 1, 2, 3, 4, 5]]]

    def __init__(self):
        super().__init__(nn.Conv2d(len(maps) * len(maps[0]), len(maps), 5, groups=len(maps)) for maps in self.TABLE)

    def forward(self, x):
        found = []
        for layer, maps in zip(self, self.TABLE):
            found += [functional.conv2d(x[:, seen], layer.weight[i:i + 1], layer.bias[i:i + 1]) for i, seen in enumerate(maps)]
        return torch.cat(found, 1)


class RadialBasis(nn.Module):
    def __init__(self, classes, features):
        super().__init__()
        self.register_buffer("weight", torch.ones(classes, features))

    def forward(self, x):
        return -torch.stack([((x - code) ** 2).sum(1) for code in self.weight], 1)


class LeNet5Original(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.c1, self.s2, self.c3, self.s4 = nn.Conv2d(1, 6, 5), Subsampling(6), ConnectionTable(), Subsampling(16)
        self.c5, self.f6, self.output, self.squash = nn.Conv2d(16, 120, 5), nn.Linear(120, 84), RadialBasis(classes, 84), ScaledTanh()

    def forward(self, x):
        for layer in (self.c1, self.s2, self.c3, self.s4, self.c5):
            x = self.squash(layer(x))
        return self.output(self.squash(self.f6(x.flatten(1))))


class Chain(nn.Module):
    """Features, pooling to a fixed size, classifier."""

    def __init__(self, features, size, classifier):
        super().__init__()
        self.features, self.avgpool, self.flatten, self.classifier = features, nn.AdaptiveAvgPool2d(size), nn.Flatten(), classifier

    def forward(self, x):
        return self.classifier(self.flatten(self.avgpool(self.features(x))))


def convolutions(widths, *layers):
    """Convolutions with ReLU, as (kernel, stride, padding, groups), and other modules between."""
    made = []
    for layer in layers:
        if isinstance(layer, nn.Module):
            made.append(layer)
        else:
            kernel, stride, padding, groups = layer
            made += [nn.Conv2d(widths[0], widths[1], kernel, stride, padding, groups=groups), nn.ReLU()]
            widths = widths[1:]
    return nn.Sequential(*made)


class AlexNet(Chain):
    def __init__(self, classes=1000, variant="TwoDevices", hidden=4096):
        def pool():
            return nn.MaxPool2d(3, 2)

        def norm():
            return nn.LocalResponseNorm(5, 5e-4, 0.75, 2)

        first, second, last = nn.Linear(9216, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, classes)
        if variant == "Torchvision":
            features = convolutions([3, 64, 192, 384, 256, 256], (11, 4, 2, 1), pool(), (5, 1, 2, 1), pool(), (3, 1, 1, 1), (3, 1, 1, 1), (3, 1, 1, 1), pool())
            classifier = nn.Sequential(nn.Dropout(), first, nn.ReLU(), nn.Dropout(), second, nn.ReLU(), last)
        else:
            g = 2 if variant == "TwoDevices" else 1
            features = convolutions([3, 96, 256, 384, 384, 256], (11, 4, 0, 1), norm(), pool(), (5, 1, 2, g), norm(), pool(), (3, 1, 1, 1), (3, 1, 1, g), (3, 1, 1, g), pool())
            classifier = nn.Sequential(first, nn.ReLU(), nn.Dropout(), second, nn.ReLU(), nn.Dropout(), last)
        super().__init__(features, 6, classifier)


def vgg(depth, classes=1000, batch_norm=False, hidden=4096):
    layers, a = [], 3
    for count, b in zip({11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4]}[depth], [64, 128, 256, 512, 512]):
        for _ in range(count):
            layers += [nn.Conv2d(a, b, 3, padding=1)] + ([nn.BatchNorm2d(b)] if batch_norm else []) + [nn.ReLU(inplace=True)]
            a = b
        layers.append(nn.MaxPool2d(2))
    classifier = nn.Sequential(nn.Linear(25088, hidden), nn.ReLU(True), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(True), nn.Dropout(), nn.Linear(hidden, classes))
    return Chain(nn.Sequential(*layers), 7, classifier)


class NiN(nn.Module):
    def __init__(self, classes=10):
        super().__init__()

        def block(a, kernel, *widths):
            return convolutions([a, *widths], (kernel, 1, kernel // 2, 1), (1, 1, 0, 1), (1, 1, 0, 1))

        self.features = nn.Sequential(block(3, 5, 192, 160, 96), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Dropout(),
                                      block(96, 5, 192, 192, 192), nn.AvgPool2d(3, 2, ceil_mode=True), nn.Dropout(), block(192, 3, 192, 192, classes))

    def forward(self, x):
        return self.features(x).mean([2, 3])


def unit(a, b, kernel, stride=1, groups=1, activation=nn.ReLU6):
    return nn.Sequential(nn.Conv2d(a, b, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(b), activation(inplace=True))


class MobileNetV1(Chain):
    def __init__(self, classes=1000, multiplier=1.0):
        a = int(32 * multiplier)
        layers = [unit(3, a, 3, 2, activation=nn.ReLU)]
        for width, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + [(512, 1)] * 5 + [(1024, 2), (1024, 1)]:
            b = int(width * multiplier)
            layers += [unit(a, a, 3, stride, a, nn.ReLU), unit(a, b, 1, activation=nn.ReLU)]
            a = b
        super().__init__(nn.Sequential(*layers), 1, nn.Linear(a, classes))


class InvertedResidual(nn.Module):
    def __init__(self, a, b, stride, expand):
        super().__init__()
        wide = a * expand
        layers = [unit(a, wide, 1)] if expand != 1 else []
        self.conv = nn.Sequential(*layers, unit(wide, wide, 3, stride, wide), nn.Conv2d(wide, b, 1, bias=False), nn.BatchNorm2d(b))
        self.joins = stride == 1 and a == b

    def forward(self, x):
        return x + self.conv(x) if self.joins else self.conv(x)


class MobileNetV2(nn.Module):
    STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]

    def __init__(self, classes=1000):
        super().__init__()
        layers, a = [unit(3, 32, 3, 2)], 32
        for expand, b, count, stride in self.STAGES:
            for i in range(count):
                layers.append(InvertedResidual(a, b, stride if i == 0 else 1, expand))
                a = b
        self.features = nn.Sequential(*layers, unit(a, 1280, 1))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, classes))

    def forward(self, x):
        return self.classifier(self.features(x).mean([2, 3]))


class ShuffleUnit(nn.Module):
    def __init__(self, a, b, groups, stride, first):
        super().__init__()
        narrow, made = b // 4, b if stride == 1 else b - a
        self.groups, self.stride = groups, stride
        self.conv1, self.bn1 = nn.Conv2d(a, narrow, 1, groups=first, bias=False), nn.BatchNorm2d(narrow)
        self.conv2, self.bn2 = nn.Conv2d(narrow, narrow, 3, stride, 1, groups=narrow, bias=False), nn.BatchNorm2d(narrow)
        self.conv3, self.bn3 = nn.Conv2d(narrow, made, 1, groups=groups, bias=False), nn.BatchNorm2d(made)

    def forward(self, x):
        y = functional.channel_shuffle(torch.relu(self.bn1(self.conv1(x))), self.groups)
        y = self.bn3(self.conv3(self.bn2(self.conv2(y))))
        return torch.relu(x + y if self.stride == 1 else torch.cat([functional.avg_pool2d(x, 3, self.stride, 1), y], 1))


class ShuffleNet(nn.Module):
    def __init__(self, classes=1000, groups=3):
        super().__init__()
        self.conv1, self.maxpool = unit(3, 24, 3, 2, activation=nn.ReLU), nn.MaxPool2d(3, 2, 1)
        a, b = 24, {1: 144, 2: 200, 3: 240, 4: 272, 8: 384}[groups]
        for stage, count in ((2, 4), (3, 8), (4, 4)):
            units = []
            for i in range(count):
                units.append(ShuffleUnit(a, b, groups, 2 if i == 0 else 1, 1 if stage == 2 and i == 0 else groups))
                a = b
            setattr(self, f"stage{stage}", nn.Sequential(*units))
            b *= 2
        self.fc = nn.Linear(a, classes)

    def forward(self, x):
        return self.fc(self.stage4(self.stage3(self.stage2(self.maxpool(self.conv1(x))))).mean([2, 3]))


class NormalizedConv(nn.Module):
    def __init__(self, a, b, kernel, stride=1):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(a, b, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(b, eps=0.001)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


class InceptionBlock(nn.Module):
    def __init__(self, a, one, reduce_three, three, reduce_five, five, pool):
        super().__init__()
        self.branch1 = NormalizedConv(a, one, 1)
        self.branch2 = nn.Sequential(NormalizedConv(a, reduce_three, 1), NormalizedConv(reduce_three, three, 3))
        self.branch3 = nn.Sequential(NormalizedConv(a, reduce_five, 1), NormalizedConv(reduce_five, five, 3))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), NormalizedConv(a, pool, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class GoogLeNet(nn.Module):
    BLOCKS = {"3a": (192, 64, 96, 128, 16, 32, 32), "3b": (256, 128, 128, 192, 32, 96, 64), "4a": (480, 192, 96, 208, 16, 48, 64), "4b": (512, 160, 112, 224, 24, 64, 64),
              "4c": (512, 128, 128, 256, 24, 64, 64), "4d": (512, 112, 144, 288, 32, 64, 64), "4e": (528, 256, 160, 320, 32, 128, 128),
              "5a": (832, 256, 160, 320, 32, 128, 128), "5b": (832, 384, 192, 384, 48, 128, 128)}

    def __init__(self, classes=1000):
        super().__init__()
        self.conv1, self.maxpool1 = NormalizedConv(3, 64, 7, 2), nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2, self.conv3, self.maxpool2 = NormalizedConv(64, 64, 1), NormalizedConv(64, 192, 3), nn.MaxPool2d(3, 2, ceil_mode=True)
        for name, widths in self.BLOCKS.items():
            setattr(self, f"inception{name}", InceptionBlock(*widths))
        self.maxpool3, self.maxpool4 = nn.MaxPool2d(3, 2, ceil_mode=True), nn.MaxPool2d(2, 2, ceil_mode=True)
        self.dropout, self.fc = nn.Dropout(0.2), nn.Linear(1024, classes)

    def forward(self, x):
        x = self.maxpool2(self.conv3(self.conv2(self.maxpool1(self.conv1(x)))))
        for name in self.BLOCKS:
            x = {"4a": self.maxpool3, "5a": self.maxpool4}.get(name, nn.Identity())(x)
            x = getattr(self, f"inception{name}")(x)
        return self.fc(self.dropout(x.mean([2, 3])))


class C3D(nn.Module):
    def __init__(self, classes=487, hidden=4096):
        super().__init__()
        for name, a, b in [("1", 3, 64), ("2", 64, 128), ("3a", 128, 256), ("3b", 256, 256), ("4a", 256, 512), ("4b", 512, 512), ("5a", 512, 512), ("5b", 512, 512)]:
            setattr(self, f"conv{name}", nn.Conv3d(a, b, 3, padding=1))
        self.fc6, self.fc7, self.fc8, self.dropout = nn.Linear(8192, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, classes), nn.Dropout()

    def forward(self, x):
        for stage, layers in enumerate([["1"], ["2"], ["3a", "3b"], ["4a", "4b"], ["5a", "5b"]]):
            for name in layers:
                x = torch.relu(getattr(self, f"conv{name}")(x))
            x = functional.max_pool3d(x, (1, 2, 2) if stage == 0 else 2, padding=(0, 1, 1) if stage == 4 else 0)
        x = functional.adaptive_avg_pool3d(x, (1, 4, 4)).flatten(1)
        x = self.dropout(torch.relu(self.fc6(x)))
        return self.fc8(self.dropout(torch.relu(self.fc7(x))))


class M5(nn.Module):
    def __init__(self, classes=10, width=128):
        super().__init__()
        a = 1
        for i, (b, taps, stride) in enumerate([(width, 80, 4), (width, 3, 1), (2 * width, 3, 1), (4 * width, 3, 1)]):
            setattr(self, f"conv{i + 1}", nn.Conv1d(a, b, taps, stride, (taps - stride + 1) // 2, bias=False))
            setattr(self, f"bn{i + 1}", nn.BatchNorm1d(b))
            a = b
        self.fc1 = nn.Linear(a, classes)

    def forward(self, x):
        for i in range(1, 5):
            x = functional.max_pool1d(torch.relu(getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x))), 4, ceil_mode=True)
        return self.fc1(x.mean(2))
