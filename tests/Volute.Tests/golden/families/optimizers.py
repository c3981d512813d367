"""Optimizers over five steps, the clipping of gradients, and the rates of schedulers over twenty steps.

An optimizer's state holds the parameters "0", "1", ..; input i holds the gradients of parameter i, one a step, along a
new first axis; output i the parameter after each step, likewise. The clippings take gradients and give the total norm
(for clip_grad_norm_) and the clipped gradients. A scheduler gives the rate in force during each step: the optimizer is
SGD with the rate "lr", the scheduler steps after it.
"""
import torch

from recording import described, draw, grid, seeded

SHAPES = ((3,), (2, 2))
STEPS = 5


def cases():
    yield from of_optimizers()
    yield from of_clipping()
    yield from of_schedulers()


def of_optimizers():
    rate = {"lr": 0.125}
    for more in ({}, {"momentum": 0.9}, {"momentum": 0.9, "dampening": 0.5}, {"momentum": 0.9, "nesterov": True}, {"weight_decay": 0.25},
                 {"momentum": 0.75, "weight_decay": 0.25, "nesterov": True}, {"momentum": 0.5, "dampening": 0.25, "weight_decay": 0.125}):
        yield optimizer("SGD", **rate, **more)
    for kind in ("Adam", "AdamW"):
        yield optimizer(kind, about="defaults")
        for more in ({}, {"amsgrad": True}, {"weight_decay": 0.25}, {"weight_decay": 0.25, "amsgrad": True, "betas": [0.5, 0.75], "eps": 0.125}):
            yield optimizer(kind, **rate, **more)
    yield optimizer("RMSprop", about="defaults")
    for more in ({"alpha": 0.5}, {"centered": True}, {"momentum": 0.75}, {"weight_decay": 0.25}, {"alpha": 0.75, "eps": 0.125, "centered": True, "momentum": 0.5, "weight_decay": 0.25}):
        yield optimizer("RMSprop", lr=0.0625, **more)


def optimizer(kind, about=None, **arguments):
    case = described(kind, about, arguments)
    source = seeded(case)
    parameters = [torch.nn.Parameter(draw(grid(*shape), source)) for shape in SHAPES]
    gradients = [draw(grid(STEPS, *shape), source) for shape in SHAPES]
    # Gradients become small, and one vanishes: dampening, eps and the running maximum show.
    for gradient in gradients:
        gradient[3:] /= 8
        gradient.view(-1)[1] = 0
    case["state"] = {str(i): p.detach().clone() for i, p in enumerate(parameters)}
    case["inputs"], after = gradients, []
    walker = getattr(torch.optim, kind)(parameters, **arguments)
    for step in range(STEPS):
        for p, gradient in zip(parameters, gradients):
            p.grad = gradient[step].clone()
        walker.step()
        after.append([p.detach().clone() for p in parameters])
    case["outputs"] = [torch.stack(values) for values in zip(*after)]
    return case


def of_clipping():
    for arguments, about in (({"max_norm": 1.5}, "clipped"), ({"max_norm": 1000.0}, "within the bound"), ({"max_norm": 1.5, "norm_type": 1.0}, "sum of magnitudes"),
                             ({"max_norm": 1.5, "norm_type": float("inf")}, "largest magnitude")):
        yield clipping("clip_grad_norm_", about, arguments)
    yield clipping("clip_grad_value_", "clipped", {"clip_value": 0.75})


def clipping(kind, about, arguments):
    case = described(kind, about, arguments)
    source = seeded(case)
    case["inputs"] = [draw(grid(*shape), source) for shape in SHAPES]
    parameters = [torch.nn.Parameter(torch.zeros(shape)) for shape in SHAPES]
    for p, gradient in zip(parameters, case["inputs"]):
        p.grad = gradient.clone()
    norm = getattr(torch.nn.utils, kind)(parameters, **arguments)
    case["outputs"] = ([] if norm is None else [norm]) + [p.grad for p in parameters]
    return case


def of_schedulers():
    yield scheduler("StepLR", step_size=6)
    yield scheduler("StepLR", step_size=7, gamma=0.5)
    yield scheduler("MultiStepLR", milestones=[3, 4, 11], gamma=0.5)
    yield scheduler("ExponentialLR", gamma=0.875)
    yield scheduler("CosineAnnealingLR", T_max=20)
    yield scheduler("CosineAnnealingLR", T_max=8, eta_min=0.125, about="beyond the first half period")
    yield scheduler("PolynomialLR", total_iters=12)
    yield scheduler("PolynomialLR", total_iters=20, power=0.9)
    yield scheduler("OneCycleLR", lr=0.04, max_lr=1.0, total_steps=20, about="defaults")
    yield scheduler("OneCycleLR", lr=0.25, max_lr=1.0, total_steps=20, pct_start=0.25, anneal_strategy="linear", div_factor=4.0, final_div_factor=8.0)
    yield scheduler("OneCycleLR", lr=0.25, max_lr=1.0, total_steps=20, pct_start=0.375, div_factor=4.0, three_phase=True)
    yield scheduler("LinearLR", about="the warm-up of defaults")
    yield scheduler("LinearLR", start_factor=0.125, end_factor=0.75, total_iters=8)
    yield scheduler("CosineAnnealingWarmRestarts", T_0=6)
    yield scheduler("CosineAnnealingWarmRestarts", T_0=3, T_mult=2, eta_min=0.0625)


def scheduler(kind, about=None, lr=0.5, **arguments):
    case = described(kind, about, {"lr": lr, **arguments})
    walker = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    more = {"cycle_momentum": False} if kind == "OneCycleLR" else {}
    schedule = getattr(torch.optim.lr_scheduler, kind)(walker, **arguments, **more)
    rates = []
    for step in range(20):
        rates.append(float(walker.param_groups[0]["lr"]))
        walker.step()
        if step < 19:
            schedule.step()
    case["outputs"] = [torch.tensor(rates)]
    return case
