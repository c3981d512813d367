#!/usr/bin/env python3
"""Records what PyTorch computes, as JSON files that the tests of Volute are checked against.

    apt-get install -y python3-torch python3-numpy libopenblas0-pthread     (PyTorch 1.13)
    /usr/bin/python3 tests/Volute.Tests/golden/record.py                    every family
    /usr/bin/python3 tests/Volute.Tests/golden/record.py pooling padding    only these

Each families/NAME.py becomes NAME.json. Nothing depends on the clock or on the order of cases: the numbers of a case
are drawn from a seed made of its own description, so a new case leaves the others as they are.

A file is {"family", "recordedWith", "cases": [..]}, one case a line. A case holds, where they apply:

    kind             the module, function, optimizer, ... in PyTorch's spelling
    about            what the case is there for
    arguments        constructor or function arguments that were given, camelCase; those left out have PyTorch's defaults
    call             arguments of the forward call of a module (outputSize)
    training         true for training mode, false for eval()
    state            parameters and buffers before the call, by their state_dict names
    inputs           tensors, in the order of the call
    outputs          tensors; index outputs follow the values they belong to
    outputGradients  d loss / d output for loss = sum(output * outputGradient); null for outputs without gradient
    inputGradients   d loss / d input; null for inputs without gradient
    stateGradients   d loss / d parameter
    stateAfter       buffers (and trained parameters) that the call changed
    values           named numbers

A tensor is {"shape": [..], "data": [..row-major..]}, with "type" "int64" or "bool" where it is not float64. Numbers
round-trip; the non-finite ones are the strings "NaN", "Infinity", "-Infinity". Drawn numbers are multiples of 1/16,
hence exact in single precision also, and so are the convolutions made of them.
"""
import importlib
import json
import pathlib
import sys
import warnings

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True


def write(family):
    import recording
    lines, seen = [], set()
    for case in importlib.import_module(f"families.{family}").cases():
        line = recording.text(case)
        if line in seen:
            raise SystemExit(f"{family}: the same case twice: {line[:200]}")
        seen.add(line)
        lines.append(line)
    head = json.dumps({"family": family, "recordedWith": f"PyTorch {torch.__version__}"})[:-1]
    path = HERE / f"{family}.json"
    path.write_text(head + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n")
    print(f"{family}: {len(lines)} cases, {path.stat().st_size:,} bytes")


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    for family in sys.argv[1:] or sorted(p.stem for p in (HERE / "families").glob("*.py")):
        write(family)


if __name__ == "__main__":
    main()
