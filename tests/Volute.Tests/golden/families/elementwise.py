"""Arithmetic with broadcasting, functions of single values, reductions, and cutting and joining."""
import torch

from recording import distinct, function, grid, integers, tensor


def cases():
    yield from of_two()
    yield from of_one()
    yield from reductions()
    yield from of_places()


def of_two():
    shapes = (((2, 3), (2, 3)), ((2, 3, 2), (3, 1)), ((2, 1, 3), (4, 1)), ((3,), ()), ((), (2, 2)), ((1, 3, 1, 2), (2, 1, 3, 1)), ((1,), (2, 3)))
    for kind in ("add", "sub", "mul", "maximum", "minimum"):
        for a, b in shapes:
            yield function(kind, getattr(torch, kind), grid(*a), grid(*b))
    for a, b in shapes:
        yield function("div", torch.div, grid(*a), grid(*b, low=0.25))
        yield function("pow", torch.pow, grid(*a, low=0.0625), grid(*b))
    equal = tensor([1, 2, -3, 0])
    yield function("maximum", torch.maximum, equal, tensor([1, 1, -3, 1]), about="equals share the gradient")
    yield function("minimum", torch.minimum, equal, tensor([1, 1, -3, 1]), about="equals share the gradient")
    yield function("maximum", torch.maximum, tensor([float("nan"), 1]), tensor([1, float("nan")]), frozen=[0, 1], about="NaN wins")
    yield function("div", torch.div, tensor([1, -1, 0]), tensor([0, 0, 0]), frozen=[0, 1], about="by zero")
    yield function("pow", torch.pow, tensor([-1.5, 0, -2, 0, 0]), tensor([2, 0, 3, 1, 2]), frozen=[1], about="negative and zero bases")
    for exponent in (0.0, 1.0, 2.0, 3.0, -1.0, 0.5):
        yield function("pow", lambda x: torch.pow(x, exponent), grid(2, 3, low=0.25), exponent=exponent)
    yield function("where", lambda a, b: torch.where(torch.tensor([[True], [False]]), a, b), grid(2, 3), grid(3), condition=tensor([[1], [0]]))


def of_one():
    for kind in ("abs", "exp", "neg", "square", "sin", "cos"):
        yield function(kind, getattr(torch, kind), grid(2, 3, 2))
    for kind in ("log", "sqrt", "rsqrt", "reciprocal"):
        yield function(kind, getattr(torch, kind), grid(2, 3, 2, low=0.0625))
    yield function("abs", torch.abs, tensor([-1, 0, 2]), about="no slope at zero")
    yield function("log", torch.log, tensor([0, -1]), frozen=[0], about="of zero and below")
    yield function("sqrt", torch.sqrt, tensor([0, -1]), frozen=[0], about="of zero and below")
    edges = tensor([-2, -1, -0.5, 0, 1, 1.5])
    for bounds in ({"min": -1.0, "max": 1.0}, {"min": 0.0}, {"max": 1.0}):
        yield function("clamp", lambda x: torch.clamp(x, **bounds), edges, about="the bounds pass the gradient", **bounds)


def reductions():
    shape = (2, 3, 4)
    for kind in ("sum", "mean"):
        yield function(kind, getattr(torch, kind), grid(*shape), about="of all")
        for dim in ([1], [-1], [0, 2], [0, 1, 2]):
            for keepdim in (False, True):
                yield function(kind, lambda x: getattr(torch, kind)(x, dim=dim, keepdim=keepdim), grid(*shape), dim=dim, keepdim=keepdim)
    for unbiased in (True, False):
        yield function("var", lambda x: torch.var(x, unbiased=unbiased), grid(*shape), unbiased=unbiased, about="of all")
        for dim in ([1], [0, 2]):
            for keepdim in (False, True):
                yield function("var", lambda x: torch.var(x, dim=dim, unbiased=unbiased, keepdim=keepdim), grid(*shape), dim=dim, unbiased=unbiased, keepdim=keepdim)
    for kind in ("max", "min"):
        yield function(kind, getattr(torch, kind), distinct(*shape), about="of all")
        yield function(kind, getattr(torch, kind), tensor([3, -1, 3, -1]), about="equals share the gradient")
        for dim in (0, -1):
            for keepdim in (False, True):
                yield function(kind, lambda x: getattr(torch, kind)(x, dim=dim, keepdim=keepdim), distinct(*shape), dim=dim, keepdim=keepdim, about="with indices")
    for kind in ("amax", "amin"):
        for dim in ([0], [1, 2], [0, 1, 2]):
            for keepdim in (False, True):
                yield function(kind, lambda x: getattr(torch, kind)(x, dim=dim, keepdim=keepdim), distinct(*shape), dim=dim, keepdim=keepdim)
        yield function(kind, lambda x: getattr(torch, kind)(x, dim=[1]), tensor([[1, 1, 0], [2, 0, 0]]), dim=[1], about="equals share the gradient")
    for kind in ("argmax", "argmin"):
        yield function(kind, getattr(torch, kind), distinct(*shape), frozen=[0], about="of all")
        for dim in (0, 1, -1):
            yield function(kind, lambda x: getattr(torch, kind)(x, dim=dim), distinct(*shape), frozen=[0], dim=dim)
        yield function(kind, lambda x: getattr(torch, kind)(x, dim=1, keepdim=True), tensor([[1, 1, 0], [0, 2, 0]]), frozen=[0], dim=1, keepdim=True, about="the first of equals")


def of_places():
    for dim in (0, 1, -1):
        shapes = [[2, 2, 3], [2, 2, 3]]
        shapes[1][dim] += 1
        yield function("cat", lambda *x: torch.cat(x, dim), *(grid(*shape) for shape in shapes), dim=dim)
    yield function("stack", lambda *x: torch.stack(x, 1), grid(2, 3), grid(2, 3), dim=1)
    yield function("permute", lambda x: x.permute(2, 0, 1), grid(2, 3, 4), dims=[2, 0, 1])
    yield function("transpose", lambda x: x.transpose(-1, 0), grid(2, 3, 4), dim0=-1, dim1=0)
    yield function("reshape", lambda x: x.reshape(3, -1), grid(2, 3, 4), shape=[3, -1])
    yield function("expand", lambda x: x.expand(2, 3, 4), grid(3, 1), sizes=[2, 3, 4])
    yield function("narrow", lambda x: x.narrow(1, 1, 2), grid(2, 4, 2), dim=1, start=1, length=2)
    yield function("flip", lambda x: x.flip([0, 2]), grid(2, 2, 3), dims=[0, 2])
    yield function("squeeze", lambda x: x.squeeze(1), grid(2, 1, 3), dim=1)
    yield function("unsqueeze", lambda x: x.unsqueeze(-1), grid(2, 3), dim=-1)
    yield function("gather", lambda x, i: x.gather(1, i), grid(2, 4), integers([[3, 0], [1, 1]]), dim=1)
