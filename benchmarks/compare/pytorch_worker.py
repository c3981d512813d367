"""Does with PyTorch what it is asked to on standard input, a JSON object a line, and answers with a JSON object a line.

    {"case": {..a line of a shapes file..}, "pass": "output"|"input"|"weight", "layout": "contiguous"|"channels_last", "threads": 2, "repetitions": 5}
    {"network": "unet16", "input": [8, 1, 256, 256], "parameters": 1942306, "train": false, "variant": "eager"|"channels_last"|"traced", "threads": 2, "repetitions": 5}
    {"network": "unet16", "input": [8, 1, 256, 256], "parameters": 1942306, "export": "unet16.onnx", "threads": 2, "repetitions": 0}

The answer is {"ms": [..one number a repetition..], "peakBytes": the process's highest resident memory}, or {"error": "why not"}. The first line that
it writes is {"version": PyTorch's}. It sleeps while it is not asked.
"""
import json
import sys
import time

import torch
from torch.nn import functional

KERNELS = {1: (functional.conv1d, functional.conv_transpose1d), 2: (functional.conv2d, functional.conv_transpose2d), 3: (functional.conv3d, functional.conv_transpose3d)}
# PyTorch knows no such layout of lines.
FORMATS = {1: torch.contiguous_format, 2: torch.channels_last, 3: torch.channels_last_3d}


def laid(tensor, layout):
    return tensor.contiguous(memory_format=FORMATS[tensor.dim() - 2]) if layout == "channels_last" else tensor


def convolution(request):
    """A function that computes the pass once."""
    case, layout = request["case"], request["layout"]
    x, w = (laid(torch.rand(case[name]) - 0.5, layout) for name in ("input", "weight"))
    direct, transposed = KERNELS[x.dim() - 2]
    stride, padding, dilation, extra, groups = (case[name] for name in ("stride", "padding", "dilation", "outputPadding", "groups"))

    def output():
        if case["transposed"]:
            return transposed(x, w, None, stride, padding, extra, groups, dilation)
        return direct(x, w, None, stride, padding, dilation, groups)

    if request["pass"] == "output":
        return output
    dy = laid(torch.rand(output().shape) - 0.5, layout)
    mask = [request["pass"] == "input", request["pass"] == "weight", False]
    return lambda: torch.ops.aten.convolution_backward(dy, x, w, None, stride, padding, dilation, case["transposed"], extra, groups, mask)


def built(request):
    """The network, with as many parameters as ours."""
    import pytorch_networks
    net = pytorch_networks.NETWORKS[request["network"]]()
    count = sum(p.numel() for p in net.parameters())
    if count != request["parameters"]:
        raise ValueError(f"{request['network']} has {count} parameters here, but {request['parameters']} there: they are not the same network")
    return net


def network(request):
    """A function that predicts once, or takes one step of training."""
    shape, variant = request["input"], request["variant"]
    net, x = built(request), torch.randn(shape)
    if variant == "channels_last":
        # Weights of planes in a network of volumes have an axis less than its maps.
        for weight in net.parameters():
            weight.data = laid(weight.data, variant) if weight.dim() > 2 else weight.data
        x = laid(x, variant)
    if not request["train"]:
        net.eval()
        if variant == "traced":
            net = optimized(net, x)
        return lambda: net(x)
    net.train()
    with torch.no_grad():
        scores = net(x).shape
    labels = (torch.arange(scores.numel() // scores[1]) % scores[1]).reshape(scores[0], *scores[2:])
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(net(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def optimized(net, x):
    frozen = torch.jit.freeze(torch.jit.trace(net, x))
    try:
        best = torch.jit.optimize_for_inference(frozen)
        best(x)
        return best
    except RuntimeError:
        # oneDNN's adaptive pooling takes only sizes that divide: then without it.
        return torch.jit.freeze(torch.jit.trace(net, x))


def export(request):
    """Writes the file; a function that has nothing left to do."""
    import onnx_export
    onnx_export.export(built(request), request["input"], request["export"])
    return lambda: None


def peak_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def measured(work, repetitions):
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def main():
    print(json.dumps({"version": torch.__version__}), flush=True)
    kept = {}
    for line in sys.stdin:
        request = json.loads(line)
        repetitions = request.pop("repetitions")
        torch.set_num_threads(request["threads"])
        try:
            # The variants of one piece of work take turns: their tensors stay until another piece is asked for.
            piece = json.dumps([request.get(name) for name in ("case", "pass", "network", "input", "train")])
            if kept.get("piece") != piece:
                kept = {"piece": piece}
            variant = request.get("layout") or request.get("variant")
            training = bool(request.get("train"))
            make = export if "export" in request else network if "network" in request else convolution
            with torch.set_grad_enabled(training):
                if variant not in kept:
                    kept[variant] = make(request)
                answer = {"ms": measured(kept[variant], repetitions), "peakBytes": peak_bytes()}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
