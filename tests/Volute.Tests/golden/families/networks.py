"""Small networks whole: names, shapes, one step's gradients, and a short training.

Layers are given as PyTorch would construct them, by the module names of the state.
"""
import collections

import torch
from torch.nn.functional import cross_entropy

from recording import classes, described, draw, fill, fine, grid, prepare, run, seeded, slope_like


def cases():
    yield step("Sequential", CLASSIFIER, None, fine(3, 1, 6, 5), training=True, about="convolutions with batch normalization")
    yield step("Sequential", CLASSIFIER, None, fine(3, 1, 6, 5), training=False, about="convolutions with batch normalization")
    yield step("UNetBlock", UNET, unet, fine(1, 1, 10, 12), training=True,
               about="x1 = relu(down(x)); x2 = relu(bottom(pool(x1))); head(relu(merge(cat(crop(x1), up(x2))))), the crop central")
    yield step("Residual", RESIDUAL, residual, fine(2, 3, 5, 4), training=True,
               about="relu(bn2(conv2(relu(bn1(conv1(x))))) + downsample(x))")
    yield training()


CLASSIFIER = [
    ("0", "Conv2d(1, 3, 3, padding=1, bias=False)"), ("1", "BatchNorm2d(3)"), ("2", "ReLU()"), ("3", "MaxPool2d(2)"),
    ("4", "Conv2d(3, 4, 2)"), ("5", "BatchNorm2d(4)"), ("6", "ReLU()"), ("7", "Flatten()"), ("8", "Linear(8, 3)"),
]
UNET = [
    ("down", "Conv2d(1, 2, 3)"), ("pool", "MaxPool2d(2)"), ("bottom", "Conv2d(2, 4, 3)"), ("up", "ConvTranspose2d(4, 2, 2, stride=2)"),
    ("merge", "Conv2d(4, 2, 3)"), ("head", "Conv2d(2, 2, 1)"),
]
RESIDUAL = [
    ("conv1", "Conv2d(3, 4, 3, stride=2, padding=1, bias=False)"), ("bn1", "BatchNorm2d(4)"),
    ("conv2", "Conv2d(4, 4, 3, padding=1, bias=False)"), ("bn2", "BatchNorm2d(4)"),
    ("downsample.0", "Conv2d(3, 4, 1, stride=2, bias=False)"), ("downsample.1", "BatchNorm2d(4)"),
]
LENET = [
    ("0", "Conv2d(1, 3, 3)"), ("1", "ReLU()"), ("2", "MaxPool2d(2)"), ("3", "Conv2d(3, 4, 2)"), ("4", "ReLU()"), ("5", "MaxPool2d(2)"),
    ("6", "Flatten()"), ("7", "Linear(16, 5)"),
]


def build(layers):
    top = collections.OrderedDict()
    for name, text in layers:
        made = eval(text, dict(vars(torch.nn)))
        if "." in name:
            parent, child = name.split(".")
            top.setdefault(parent, torch.nn.Sequential()).add_module(child, made)
        else:
            top[name] = made
    return torch.nn.Sequential(top)


def unet(net, x):
    skip = torch.relu(net.down(x))
    deep = net.up(torch.relu(net.bottom(net.pool(skip))))
    rows, columns = ((a - b) // 2 for a, b in zip(skip.shape[2:], deep.shape[2:]))
    skip = skip[:, :, rows:rows + deep.shape[2], columns:columns + deep.shape[3]]
    return net.head(torch.relu(net.merge(torch.cat([skip, deep], 1))))


def residual(net, x):
    y = net.bn2(net.conv2(torch.relu(net.bn1(net.conv1(x)))))
    return torch.relu(y + net.downsample(x))


def made(kind, layers, about, training, **arguments):
    case = described(kind, about, {"layers": [f"{name}: {text}" for name, text in layers], **arguments}, training=training)
    source = seeded(case)
    net = build(layers).train(training)
    fill(net, source)
    case["state"] = {name: value.clone() for name, value in net.state_dict().items()}
    return case, source, net


def step(kind, layers, forward, x, training, about):
    case, source, net = made(kind, layers, about, training)
    run(case, lambda t: forward(net, t) if forward else net(t), prepare([x], (), source), slope_like, source, list(net.named_parameters()))
    note_changes(case, net)
    return case


def training():
    case, source, net = made("Training", LENET, "ten steps of SGD on the mean cross entropy of one batch; the losses before each step", True, lr=0.0625, momentum=0.75, steps=10)
    with torch.no_grad():
        for name, p in net.named_parameters():
            p.copy_(draw(fine(*p.shape, low=-0.5, high=0.5), source))
    case["state"] = {name: value.clone() for name, value in net.state_dict().items()}
    images, labels = draw(fine(8, 1, 12, 12), source), draw(classes(5, 8), source)
    case["inputs"], losses = [images, labels], []
    walker = torch.optim.SGD(net.parameters(), lr=0.0625, momentum=0.75)
    for _ in range(10):
        walker.zero_grad()
        loss = cross_entropy(net(images), labels)
        loss.backward()
        walker.step()
        losses.append(loss.item())
    case["outputs"] = [torch.tensor(losses)]
    note_changes(case, net)
    return case


def note_changes(case, net):
    changed = {name: value.detach().clone() for name, value in net.state_dict().items() if not torch.equal(value, case["state"][name])}
    if changed:
        case["stateAfter"] = changed
