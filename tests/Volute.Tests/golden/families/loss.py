"""Losses of PyTorch, and those of segmentation that PyTorch lacks, written out here as formulas."""
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, one_hot

from recording import classes, function, grid, integers, tensor

REDUCTIONS = ("mean", "sum", "none")


def loss(kind, x, target, about=None, frozen=(1,), **arguments):
    measure = getattr(torch.nn, kind)(**arguments)
    return function(kind, measure, x, target, about=about, frozen=frozen, **arguments)


def cases():
    yield from of_classes()
    yield from of_truth()
    yield from of_numbers()
    yield from of_regions()


def of_classes():
    weight = tensor([0.5, 2, 1.25])
    targets = {(5,): integers([2, 0, 1, 1, 2]), (2, 2, 3): integers([[[0, 1, 2], [2, 2, 1]], [[1, 0, 0], [2, 0, 1]]])}
    for space, target in targets.items():
        x = grid(space[0], 3, *space[1:])
        for reduction in REDUCTIONS:
            yield loss("CrossEntropyLoss", x, target, reduction=reduction)
            yield loss("CrossEntropyLoss", x, target, weight=weight, ignore_index=1, label_smoothing=0.125, reduction=reduction, about="everything")
            yield loss("NLLLoss", x, target, weight=weight, ignore_index=2, reduction=reduction)
        yield loss("CrossEntropyLoss", x, target, weight=weight, about="the mean is divided by the weights of the targets")
        yield loss("CrossEntropyLoss", x, target, ignore_index=0, about="the mean leaves out ignored targets")
        yield loss("CrossEntropyLoss", x, target, label_smoothing=0.25)
        yield loss("CrossEntropyLoss", x, target, label_smoothing=0.25, weight=weight)
        yield loss("NLLLoss", x, target)
        likely = torch.nn.functional.one_hot(target, 3).movedim(-1, 1) * 0.5 + 0.5 / 3
        for reduction in REDUCTIONS:
            yield loss("CrossEntropyLoss", x, likely, reduction=reduction, about="probabilities as targets")
            yield loss("CrossEntropyLoss", x, likely, reduction=reduction, weight=weight, label_smoothing=0.125, about="probabilities as targets")
    yield loss("CrossEntropyLoss", grid(2, 3), integers([1, -100]), about="-100 is ignored by default")
    yield loss("CrossEntropyLoss", grid(3), integers(2), about="unbatched")
    yield loss("CrossEntropyLoss", tensor([[1000, 0, -1000], [-1000, 1000, 1000]]), integers([1, 1]), about="extreme")
    yield loss("CrossEntropyLoss", tensor([[1, 2], [0, 1]]), integers([-100, -100]), frozen=(0, 1), about="everything ignored: not a number")
    yield loss("CrossEntropyLoss", grid(1, 3, 2, 1, 2), classes(3, 1, 2, 1, 2), about="a volume")


def of_truth():
    truth = tensor([[1, 0, 1], [0.25, 1, 0]])
    for reduction in REDUCTIONS:
        yield loss("BCEWithLogitsLoss", grid(2, 3), truth, reduction=reduction)
        yield loss("BCEWithLogitsLoss", grid(2, 3), truth, reduction=reduction, weight=tensor([[1, 0.5, 2], [0, 1, 3]]), pos_weight=tensor([2, 1, 0.25]), about="everything")
        yield loss("BCELoss", tensor([[0.5, 0.125, 0.75], [0.25, 0.9375, 0.0625]]), truth, reduction=reduction)
    yield loss("BCEWithLogitsLoss", grid(2, 3, 2, 2), grid(2, 3, 2, 2, low=0, high=1), pos_weight=tensor([[[2]], [[1]], [[0.25]]]), about="a weight a channel")
    yield loss("BCEWithLogitsLoss", tensor([1000, -1000, 1000, -1000]), tensor([1, 1, 0, 0]), about="extreme")
    yield loss("BCELoss", tensor([[0.5, 0.125, 0.75], [0.25, 0.9375, 0.0625]]), truth, weight=tensor([1, 0.5, 2]), about="weighted")
    yield loss("BCELoss", tensor([0.0, 1, 0, 1]), tensor([0.0, 1, 1, 0]), frozen=(0, 1), about="the logarithm is held at -100")


def of_numbers():
    # The differences hit 0 and the bounds beta and delta exactly.
    x, y = tensor([[0, 1, 2.5], [-1, 3, -0.5]]), tensor([[0, 0, 1], [-3, 3.25, 0]])
    for kind, variants in {"MSELoss": [{}], "L1Loss": [{}], "SmoothL1Loss": [{}, {"beta": 0.5}, {"beta": 0.0}], "HuberLoss": [{}, {"delta": 0.5}]}.items():
        for arguments in variants:
            for reduction in REDUCTIONS:
                yield loss(kind, x, y, frozen=(), reduction=reduction, **arguments)
        yield loss(kind, grid(2, 2, 3, 2), grid(2, 2, 3, 2), about="feature maps, the mean by default")


def of_regions():
    x, labels = grid(2, 3, 3, 2), integers([[[0, 1], [2, 2], [1, 0]], [[1, 1], [0, 0], [0, 0]]])
    truth = one_hot(labels, 3).movedim(-1, 1).to(torch.float64)
    for activation in ("softmax", "sigmoid"):
        for more in ({}, {"smooth": 1.0}, {"include_background": False}, {"batch": True}):
            yield function("DiceLoss", lambda p, t: dice(p, t, activation, **more), x, truth, frozen=[1], activation=activation, **more)
        yield function("DiceLoss", lambda p, t: dice(p, t, activation), grid(1, 2, 2, 2, 2), grid(1, 2, 2, 2, 2, low=0, high=1), frozen=[1], activation=activation, about="a volume, soft targets")
        for alpha, beta in ((0.5, 0.5), (0.25, 0.75)):
            yield function("TverskyLoss", lambda p, t: tversky(p, t, activation, alpha, beta), x, truth, frozen=[1], activation=activation, alpha=alpha, beta=beta)
    for arguments in ({}, {"alpha": 0.5, "gamma": 1.0}, {"alpha": -1.0, "gamma": 2.0}, {"gamma": 0.0}):
        for reduction in REDUCTIONS:
            yield function("SigmoidFocalLoss", lambda p, t: focal(p, t, reduction=reduction, **arguments), x, truth, frozen=[1], reduction=reduction, **arguments)
    yield function("SigmoidFocalLoss", focal, tensor([30, -30, 30, -30]), tensor([1, 1, 0, 0]), frozen=[1], about="extreme; neither averaged nor summed by default")
    yield function("WeightMapCrossEntropy", weighted, x, labels, grid(2, 3, 2, low=0, high=3), frozen=[2], about="sum(weight * cross entropy) / sum(weight)")


def probabilities(x, activation):
    return torch.softmax(x, 1) if activation == "softmax" else torch.sigmoid(x)


def space_of(x, batch=False):
    return ([0] if batch else []) + list(range(2, x.dim()))


def dice(x, t, activation, smooth=1e-5, include_background=True, batch=False):
    """1 - (2 sum(p t) + smooth) / (sum p + sum t + smooth), sums over space (and the batch), the mean of all."""
    p, axes = probabilities(x, activation), space_of(x, batch)
    if not include_background:
        p, t = p[:, 1:], t[:, 1:]
    return (1 - (2 * (p * t).sum(axes) + smooth) / (p.sum(axes) + t.sum(axes) + smooth)).mean()


def tversky(x, t, activation, alpha, beta, smooth=1e-5):
    """1 - (tp + smooth) / (tp + alpha fp + beta fn + smooth), sums over space, the mean of batch and classes."""
    p, axes = probabilities(x, activation), space_of(x)
    tp, fp, fn = (p * t).sum(axes), (p * (1 - t)).sum(axes), ((1 - p) * t).sum(axes)
    return (1 - (tp + smooth) / (tp + alpha * fp + beta * fn + smooth)).mean()


def focal(x, t, alpha=0.25, gamma=2.0, reduction="none"):
    """alpha_t (1 - p_t)^gamma * binary cross entropy; a negative alpha weighs nothing."""
    p = torch.sigmoid(x)
    value = binary_cross_entropy_with_logits(x, t, reduction="none") * (1 - (p * t + (1 - p) * (1 - t))) ** gamma
    if alpha >= 0:
        value = value * (alpha * t + (1 - alpha) * (1 - t))
    return {"none": value, "mean": value.mean(), "sum": value.sum()}[reduction]


def weighted(x, labels, weight):
    return (weight * cross_entropy(x, labels, reduction="none")).sum() / weight.sum()
