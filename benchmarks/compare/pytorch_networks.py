"""The networks that `volute bench net` knows, in plain torch.nn: the same layers with the same parameters."""
import torch
from torch import nn


def views(weight, axis):
    """The kernels of each third of the output channels, one axis of them a single tap."""
    q, r = divmod(weight.shape[axis], 3)
    return [part.unsqueeze(2 + side) for side, part in enumerate(weight.split([q + (r >= 1), q + (r == 2), q], axis)) if part.shape[axis] > 0]


class AcsConv3d(nn.Conv2d):
    """The weights of a 2D convolution, a third of the output channels in planes across each axis."""

    def forward(self, x):
        if self.kernel_size[0] == 1:
            return nn.functional.conv3d(x, self.weight.unsqueeze(2), self.bias)
        p = self.padding[0]
        y = torch.cat([nn.functional.conv3d(x, w, None, 1, [0 if axis == side else p for axis in range(3)]) for side, w in enumerate(views(self.weight, 0))], 1)
        return y if self.bias is None else y + self.bias.reshape(1, -1, 1, 1, 1)


class AcsConvTranspose3d(nn.ConvTranspose2d):
    """The same transposed; across its planes a view repeats each position stride times."""

    def forward(self, x):
        step = self.stride[0]
        parts = [nn.functional.conv_transpose3d(x, w, None, [1 if axis == side else step for axis in range(3)]).repeat_interleave(step, 2 + side) for side, w in enumerate(views(self.weight, 1))]
        return torch.cat(parts, 1) + self.bias.reshape(1, -1, 1, 1, 1)


CONV = {2: nn.Conv2d, 3: nn.Conv3d, "acs": AcsConv3d}
TRANSPOSED = {2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d, "acs": AcsConvTranspose3d}
NORM = {2: nn.BatchNorm2d, 3: nn.BatchNorm3d, "acs": nn.BatchNorm3d}
POOL = {2: nn.MaxPool2d, 3: nn.MaxPool3d, "acs": nn.MaxPool3d}


class UNet(nn.Module):
    def __init__(self, rank=2, base=64, levels=5, padded=False, norm=False, channels=1, classes=2):
        super().__init__()
        self.rank = rank

        def block(a, b):
            layers = []
            for i in range(2):
                layers.append(CONV[rank](a if i == 0 else b, b, 3, padding=int(padded), bias=not norm))
                layers += [NORM[rank](b)] if norm else []
                layers.append(nn.ReLU(inplace=True))
            return nn.Sequential(*layers)

        widths = [base << level for level in range(levels)]
        self.pool = POOL[rank](2)
        self.down = nn.ModuleList(block(a, b) for a, b in zip([channels] + widths, widths))
        self.enlarge = nn.ModuleList(TRANSPOSED[rank](2 * w, w, 2, stride=2) for w in reversed(widths[:-1]))
        self.up = nn.ModuleList(block(2 * w, w) for w in reversed(widths[:-1]))
        self.head = CONV[rank](base, classes, 1)

    def forward(self, x):
        seen = []
        for level, block in enumerate(self.down):
            if level > 0:
                seen.append(x)
                x = self.pool(x)
            x = block(x)
        for enlarge, block in zip(self.enlarge, self.up):
            x = enlarge(x)
            skip = seen.pop()
            for axis in range(2, x.dim()):
                size = x.shape[axis]
                if skip.shape[axis] != size:
                    skip = skip.narrow(axis, (skip.shape[axis] - size) // 2, size)
            x = block(torch.cat([skip, x], 1))
        return self.head(x)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(14), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(5),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


class BasicBlock(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b)
        self.conv2, self.bn2 = nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b)) if stride != 1 or a != b else None

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        y += x if self.downsample is None else self.downsample(x)
        return self.relu(y)


class ResNet18(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for i, (a, b) in enumerate(zip([64, 64, 128, 256], [64, 128, 256, 512])):
            setattr(self, f"layer{i + 1}", nn.Sequential(BasicBlock(a, b, 1 if i == 0 else 2), BasicBlock(b, b, 1)))
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(512, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


def unit(a, b, kernel, stride=1, groups=1):
    return nn.Sequential(nn.Conv2d(a, b, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(b), nn.ReLU6(inplace=True))


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


NETWORKS = {
    "unet": UNet,
    "unet16": lambda: UNet(base=16, padded=True, norm=True),
    "unet3d": lambda: UNet(rank=3, base=16, levels=4, padded=True, norm=True),
    "unet3d-acs": lambda: UNet(rank="acs", base=16, levels=4, padded=True, norm=True),
    "lenet": lenet,
    "lenet5": lenet5,
    "resnet18": ResNet18,
    "mobilenetv2": MobileNetV2,
}
