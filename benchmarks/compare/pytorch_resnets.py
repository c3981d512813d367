"""Residual networks, and those that segment with one, with torchvision's structure and names."""
import torch
from torch import nn
from torch.nn import functional

BLOCKS = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}


class PaddedShortcut(nn.Module):
    """Every stride-th position, with zeros in the new channels."""

    def __init__(self, new, stride):
        super().__init__()
        self.new, self.stride = new, stride

    def forward(self, x):
        return functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, 0, self.new))


class Block(nn.Module):
    def __init__(self, a, b, stride, dilation=1, bottleneck=None, projection=True, stride_first=False):
        super().__init__()
        if bottleneck is None:
            layers = [(a, b, 3, stride), (b, b, 3, 1)]
        else:
            first, second = (stride, 1) if stride_first else (1, stride)
            layers = [(a, bottleneck, 1, first), (bottleneck, bottleneck, 3, second), (bottleneck, b, 1, 1)]
        self.count = len(layers)
        for i, (m, n, kernel, step) in enumerate(layers):
            spread = dilation if kernel == 3 else 1
            setattr(self, f"conv{i + 1}", nn.Conv2d(m, n, kernel, step, kernel // 2 * spread, spread, bias=False))
            setattr(self, f"bn{i + 1}", nn.BatchNorm2d(n))
        self.relu, self.downsample = nn.ReLU(inplace=True), None
        if stride != 1 or a != b:
            self.downsample = nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b)) if projection else PaddedShortcut(b - a, stride)

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = self.relu(y) if i < self.count else y
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, depth, classes=1000, channels=3, width=64, stride_first=False, dilated=0):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv2d(channels, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        a, dilation = width, 1
        for stage, blocks in enumerate(BLOCKS[depth]):
            narrow, stride, before = width << stage, 1 if stage == 0 else 2, dilation
            b = narrow if depth < 50 else 4 * narrow
            if stage >= 4 - dilated:
                dilation, stride = dilation * stride, 1
            layers = []
            for i in range(blocks):
                layers.append(Block(a, b, stride if i == 0 else 1, before if i == 0 else dilation, None if depth < 50 else narrow, stride_first=stride_first))
                a = b
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        if classes is not None:
            self.avgpool, self.flatten, self.fc = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(a, classes)

    def stages(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        found = []
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
            found.append(x)
        return found

    def forward(self, x):
        return self.fc(self.flatten(self.avgpool(self.stages(x)[-1])))


class CifarResNet(nn.Module):
    def __init__(self, depth, classes=10):
        super().__init__()
        self.conv1, self.bn1, self.relu = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)
        a = 16
        for stage in range(3):
            layers = []
            for i in range(depth // 6):
                b = 16 << stage
                layers.append(Block(a, b, 2 if stage > 0 and i == 0 else 1, projection=False))
                a = b
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(a, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.relu(self.bn1(self.conv1(x))))))
        return self.fc(self.avgpool(x).flatten(1))


class Pooled(nn.Sequential):
    """A branch over the mean of the whole map, spread over it again."""

    def forward(self, x):
        return functional.interpolate(super().forward(x), size=x.shape[2:], mode="bilinear", align_corners=False)


class Aspp(nn.Module):
    def __init__(self, a, rates, b):
        super().__init__()

        def unit(kernel, rate):
            return nn.Sequential(nn.Conv2d(a, b, kernel, padding=rate if kernel == 3 else 0, dilation=rate, bias=False), nn.BatchNorm2d(b), nn.ReLU())

        pooled = Pooled(nn.AdaptiveAvgPool2d(1), nn.Conv2d(a, b, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU())
        self.convs = nn.ModuleList([unit(1, 1)] + [unit(3, rate) for rate in rates] + [pooled])
        self.project = nn.Sequential(nn.Conv2d((len(rates) + 2) * b, b, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(), nn.Dropout(0.5))

    def forward(self, x):
        return self.project(torch.cat([branch(x) for branch in self.convs], 1))


class Segmenter(nn.Module):
    def __init__(self, classifier, classes, width, auxiliary):
        super().__init__()
        self.backbone, self.classifier = ResNet(50, None, width=width, dilated=2), classifier
        self.aux_classifier = head(16 * width, classes) if auxiliary else None

    def forward(self, x):
        found = self.backbone.stages(x)
        scores = [self.classifier(found[-1])] + ([self.aux_classifier(found[-2])] if self.aux_classifier is not None else [])
        scores = [functional.interpolate(y, size=x.shape[2:], mode="bilinear", align_corners=False) for y in scores]
        return scores if len(scores) > 1 else scores[0]


def head(a, classes):
    return nn.Sequential(nn.Conv2d(a, a // 4, 3, padding=1, bias=False), nn.BatchNorm2d(a // 4), nn.ReLU(), nn.Dropout(0.1), nn.Conv2d(a // 4, classes, 1))


class DeepLabV3(Segmenter):
    def __init__(self, classes=21, width=64, auxiliary=False):
        wide = 4 * width
        super().__init__(nn.Sequential(Aspp(32 * width, [12, 24, 36], wide), nn.Conv2d(wide, wide, 3, padding=1, bias=False), nn.BatchNorm2d(wide), nn.ReLU(),
                                       nn.Conv2d(wide, classes, 1)), classes, width, auxiliary)


class FCN(Segmenter):
    def __init__(self, classes=21, width=64, auxiliary=False):
        super().__init__(head(32 * width, classes), classes, width, auxiliary)
