"""The networks that `volute bench net` knows, in plain torch.nn: the same layers with the same parameters."""
import torch
from torch import nn

from pytorch_classifiers import C3D, M5, AlexNet, GoogLeNet, LeNet5Original, MobileNetV1, MobileNetV2, NiN, ShuffleNet, vgg
from pytorch_resnets import FCN, CifarResNet, DeepLabV3, ResNet


def views(weight, axis):
    """The kernels of each third of the output channels, one axis of them a single tap."""
    # While a network is traced, sizes are tensors.
    q, r = divmod(int(weight.shape[axis]), 3)
    return [part.unsqueeze(2 + side) for side, part in enumerate(weight.split([q + (r >= 1), q + (r == 2), q], axis)) if part.shape[axis] > 0]


class AcsConv3d(nn.Conv2d):
    """The weights of a 2D convolution, a third of the output channels in planes across each axis."""

    def forward(self, x):
        step = self.stride[0]
        if self.kernel_size[0] == 1:
            return nn.functional.conv3d(x, self.weight.unsqueeze(2), self.bias, step)
        p = self.padding[0]
        y = torch.cat([nn.functional.conv3d(x, w, None, step, [0 if axis == side else p for axis in range(3)]) for side, w in enumerate(views(self.weight, 0))], 1)
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


class Autoencoder(nn.Module):
    def __init__(self, channels=1, width=16, levels=3):
        super().__init__()
        widths = [channels] + [width << i for i in range(levels)]
        self.encoder, self.decoder = nn.Sequential(), nn.Sequential()
        for a, b in zip(widths, widths[1:]):
            self.encoder.extend([nn.Conv2d(a, b, 3, 2, 1), nn.ReLU()])
        for a, b in zip(widths[:0:-1], widths[-2::-1]):
            self.decoder.extend([nn.ConvTranspose2d(a, b, 3, 2, 1)] + ([nn.ReLU()] if b != channels else []))

    def forward(self, x):
        sizes = []
        for layer in self.encoder:
            sizes += [x.shape[2:]] if isinstance(layer, nn.Conv2d) else []
            x = layer(x)
        for layer in self.decoder:
            x = layer(x, output_size=sizes.pop()) if isinstance(layer, nn.ConvTranspose2d) else layer(x)
        return x


class DcganGenerator(nn.Module):
    def __init__(self, latent=100, channels=3, first=4, doublings=4, width=64):
        super().__init__()
        layers, a = [], latent
        for i in range(doublings):
            b = width << doublings - 1 - i
            layers += [nn.ConvTranspose2d(a, b, first if i == 0 else 4, 1 if i == 0 else 2, 0 if i == 0 else 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(True)]
            a = b
        self.main = nn.Sequential(*layers, nn.ConvTranspose2d(a, channels, 4, 2, 1, bias=False), nn.Tanh())

    def forward(self, x):
        return self.main(x)


class DcganDiscriminator(nn.Module):
    def __init__(self, channels=3, last=4, halvings=4, width=64):
        super().__init__()
        layers, a = [], channels
        for i in range(halvings):
            b = width << i
            layers += [nn.Conv2d(a, b, 4, 2, 1, bias=False)] + ([nn.BatchNorm2d(b)] if i > 0 else []) + [nn.LeakyReLU(0.2, True)]
            a = b
        self.main = nn.Sequential(*layers, nn.Conv2d(a, 1, last, bias=False))

    def forward(self, x):
        return self.main(x).flatten(1)


def acs(net):
    """A 2D network as one of volumes, by ACS convolutions."""
    for name, child in net.named_children():
        if isinstance(child, nn.Conv2d):
            child.__class__ = AcsConv3d
        elif isinstance(child, nn.BatchNorm2d):
            child.__class__ = nn.BatchNorm3d
        elif isinstance(child, nn.MaxPool2d):
            child.__class__ = nn.MaxPool3d
        elif isinstance(child, nn.AdaptiveAvgPool2d):
            child.__class__ = nn.AdaptiveAvgPool3d
        else:
            acs(child)
    return net


NETWORKS = {
    "unet": UNet,
    "unet16": lambda: UNet(base=16, padded=True, norm=True),
    "unet3d": lambda: UNet(rank=3, base=16, levels=4, padded=True, norm=True),
    "unet3d-acs": lambda: UNet(rank="acs", base=16, levels=4, padded=True, norm=True),
    "lenet": lenet,
    "lenet5": lenet5,
    "lenet5-1998": LeNet5Original,
    "alexnet": AlexNet,
    "vgg16": lambda: vgg(16),
    "nin": NiN,
    "inception": GoogLeNet,
    "resnet18": lambda: ResNet(18),
    "resnet34": lambda: ResNet(34),
    "resnet50": lambda: ResNet(50),
    "resnet101": lambda: ResNet(101),
    "resnet20": lambda: CifarResNet(20),
    "resnet32": lambda: CifarResNet(32),
    "resnet56": lambda: CifarResNet(56),
    "resnet18acs": lambda: acs(ResNet(18, classes=2, channels=1)),
    "mobilenetv1": MobileNetV1,
    "mobilenetv2": MobileNetV2,
    "shufflenet": ShuffleNet,
    "c3d": C3D,
    "sequence": M5,
    "deeplabv3": DeepLabV3,
    "fcn": FCN,
    "autoencoder": Autoencoder,
    "dcgan": DcganGenerator,
    "dcgan-discriminator": DcganDiscriminator,
}
