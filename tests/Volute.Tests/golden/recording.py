"""Draws the numbers of a case, runs it with its gradients, and writes it as one line of JSON."""
import dataclasses
import json
import math
import random
import re
import zlib

import torch


@dataclasses.dataclass(frozen=True)
class Draw:
    """A tensor to be drawn: multiples of 1/parts in [low, high], or, where distinct, no number twice."""
    shape: tuple
    low: float = -2.0
    high: float = 2.0
    parts: int = 16
    distinct: bool = False
    integer: bool = False

    def __call__(self, source):
        count = math.prod(self.shape)
        if self.integer:
            data = [int(self.low) + int(source.random() * (self.high - self.low)) for _ in range(count)]
            return torch.tensor(data, dtype=torch.int64).reshape(self.shape)
        if self.distinct:
            data = [(i - count // 2) / self.parts for i in range(count)]
            for i in range(count - 1, 0, -1):
                j = int(source.random() * (i + 1))
                data[i], data[j] = data[j], data[i]
        else:
            levels = int((self.high - self.low) * self.parts) + 1
            data = [self.low + int(source.random() * levels) / self.parts for _ in range(count)]
        return torch.tensor(data, dtype=torch.float64).reshape(self.shape)


def grid(*shape, low=-2.0, high=2.0):
    """Multiples of 1/16: products and sums of them are exact."""
    return Draw(shape, low, high)


def fine(*shape, low=-1.0, high=1.0):
    """Multiples of 1/1024: sums of few are hardly ever equal."""
    return Draw(shape, low, high, 1024)


def distinct(*shape):
    """No number twice: the largest of a window is unique."""
    return Draw(shape, distinct=True)


def classes(count, *shape):
    """Class numbers below count."""
    return Draw(shape, 0, count, integer=True)


def tensor(data):
    return torch.tensor(data, dtype=torch.float64)


def integers(data):
    return torch.tensor(data, dtype=torch.int64)


def seeded(*description):
    """A source of numbers that depends on the description alone."""
    return random.Random(zlib.crc32(text(list(description)).encode()))


def draw(what, source):
    return what(source) if isinstance(what, Draw) else what.clone()


def positive(name):
    return name.endswith("running_var")


def fill(module, source):
    """Gives every parameter and buffer numbers from the grid: a default initialization would hide mistakes."""
    with torch.no_grad():
        for name, value in module.state_dict().items():
            if value.dtype == torch.int64:
                value.fill_(3)
            else:
                value.copy_(draw(grid(*value.shape, low=0.25 if positive(name) else -2.0), source))


def run(case, function, inputs, outputs_from, source, parameters=()):
    """Calls the function, takes gradients of sum(output * outputGradient), and notes everything in the case."""
    leaves = [x.requires_grad_() if x.is_floating_point() and not frozen else x for x, frozen in inputs]
    case["inputs"] = [x.detach().clone() for x in leaves]
    outputs = function(*leaves)
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    case["outputs"] = [y.detach().clone() for y in outputs]
    gradients = [outputs_from(y, source) if y.requires_grad else None for y in outputs]
    wanted = [x for x in leaves if x.requires_grad] + [p for _, p in parameters]
    if not wanted or all(g is None for g in gradients):
        return
    loss = sum((y * g).sum() for y, g in zip(outputs, gradients) if g is not None)
    slopes = list(torch.autograd.grad(loss, wanted))
    case["outputGradients"] = gradients
    case["inputGradients"] = [slopes.pop(0) if x.requires_grad else None for x in leaves]
    if parameters:
        case["stateGradients"] = {name: slope for (name, _), slope in zip(parameters, slopes)}


def slope_like(output, source):
    return draw(grid(*output.shape), source)


def prepare(inputs, frozen, source):
    return [(draw(x, source), i in frozen) for i, x in enumerate(inputs)]


def module(kind, *inputs, about=None, call=None, training=True, state=None, frozen=(), **arguments):
    """A case of a torch.nn module. `state` is "fresh" for the constructor's own, or overrides of the drawn numbers."""
    case = described(kind, about, arguments, call, training)
    source = seeded(case, [repr(x) for x in inputs])
    instance = getattr(torch.nn, kind)(**{name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}).train(training)
    if state != "fresh":
        fill(instance, source)
        instance.load_state_dict({**instance.state_dict(), **(state or {})})
    before = {name: value.clone() for name, value in instance.state_dict().items()}
    if before:
        case["state"] = before
    run(case, lambda *x: instance(*x, **(call or {})), prepare(inputs, frozen, source), slope_like, source, list(instance.named_parameters()))
    note_changes(case, before, instance.state_dict())
    return case


def function(kind, body, *inputs, about=None, frozen=(), **arguments):
    """A case of a function: body(*inputs) with the arguments it was given noted."""
    case = described(kind, about, arguments)
    source = seeded(case, [repr(x) for x in inputs])
    run(case, body, prepare(inputs, frozen, source), slope_like, source)
    return case


def described(kind, about, arguments, call=None, training=True):
    case = {"kind": kind}
    if about:
        case["about"] = about
    case["arguments"] = camel(arguments)
    if call:
        case["call"] = camel(call)
    case["training"] = training
    return case


def note_changes(case, before, after):
    changed = {name: value.detach().clone() for name, value in after.items() if not torch.equal(value, before[name])}
    if changed:
        case["stateAfter"] = changed


def camel(arguments):
    return {re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), name): value for name, value in arguments.items()}


def number(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'
    digits = repr(float(value))
    return digits[:-2] if digits.endswith(".0") else digits


def text(value):
    """JSON with whole numbers written short and non-finite ones as names."""
    if isinstance(value, torch.Tensor):
        names = {torch.int64: '"type":"int64",', torch.bool: '"type":"bool",', torch.float64: ""}
        data = ",".join(number(int(v) if value.dtype == torch.bool else v) for v in value.detach().flatten().tolist())
        return f'{{"shape":[{",".join(map(str, value.shape))}],{names[value.dtype]}"data":[{data}]}}'
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{text(item)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(text(item) for item in value) + "]"
    if isinstance(value, (bool, int, float)):
        return number(value)
    return json.dumps(value)
