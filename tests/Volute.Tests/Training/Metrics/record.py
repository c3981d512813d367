#!/usr/bin/env python3
"""Records what SciPy and scikit-image compute, and formulas written out in NumPy, for the tests of Volute's metrics.

    apt-get install -y python3-scipy python3-skimage        (SciPy 1.10, scikit-image 0.19)
    /usr/bin/python3 tests/Volute.Tests/Training/Metrics/record.py

Writes Metrics.golden beside itself: JSON with one case a line. Everything is drawn from a generator with a fixed seed. Maps of labels
are strings of digits, row-major.

    distances   scipy.ndimage.distance_transform_edt to the nearest set pixel
    components  scipy.ndimage.label for each connectivity: how many there are, and a map of them in row-major order of first pixels
    surfaces    surfaces by scipy.ndimage.binary_erosion with connectivity 1 and distances by distance_transform_edt, as MedPy has them.
                hd95 is the larger of the two directed percentiles (MedPy pools both directions before it takes one), assd the mean of
                the two directed means, nsd the share of both surfaces within the tolerance
    objects     components matched one to one by the best assignment among pairs with IoU >= 0.5 (scipy.optimize)
    partitions  skimage.metrics.adapted_rand_error and variation_of_information, border pixels of the prediction made segments of their own; V_Rand
                and V_Info from the table of shares
    thinned     borders thinned by simple points, layer by layer, with components counted by scipy.ndimage.label
    warped      pixels left after a warp of the reference by simple points
    calibration ECE by numpy.digitize; the temperature by scipy.optimize.brentq on the numerical loss's slope
"""
import itertools
import json
import pathlib

import numpy as np
import scipy
import skimage
from scipy import ndimage, optimize, special
from skimage.metrics import adapted_rand_error, variation_of_information

random = np.random.default_rng(20150518)


def digits(map_):
    assert map_.min() >= 0 and map_.max() <= 9
    return "".join(str(int(v)) for v in map_.ravel())


def blobs(shape, sigma, share):
    field = ndimage.gaussian_filter(random.standard_normal(shape), sigma)
    return field > np.quantile(field, 1 - share)


def near(mask, sigma=1.0, noise=0.35):
    """A mask like another, as a network would predict it."""
    field = ndimage.gaussian_filter(mask.astype(float), sigma) + noise * ndimage.gaussian_filter(random.standard_normal(mask.shape), sigma)
    return field > 0.5


def head(kind, shape, spacing=None):
    return {"kind": kind, "shape": list(shape)} | ({"spacing": list(spacing)} if spacing is not None else {})


GRIDS = [((23,), (0.7,)), ((9, 13), (1.0, 1.0)), ((12, 10), (0.8, 1.9)), ((6, 7, 8), (2.5, 0.75, 0.6)), ((5, 8, 9), (1.0, 1.0, 1.0))]


def distances():
    for shape, spacing in GRIDS:
        features = random.random(shape) < 0.06
        features.flat[random.integers(features.size)] = True
        found = ndimage.distance_transform_edt(~features, sampling=spacing)
        yield head("distances", shape, spacing) | {"features": digits(features), "distances": found.ravel().tolist()}


def components():
    for shape, _ in GRIDS:
        mask = random.random(shape) < 0.45
        for reach in range(1, len(shape) + 1):
            labels, count = ndimage.label(mask, ndimage.generate_binary_structure(len(shape), reach))
            yield head("components", shape) | {"mask": digits(mask), "reach": reach, "count": count, "labels": labels.ravel().tolist()}


def surface(mask):
    return mask & ~ndimage.binary_erosion(mask, ndimage.generate_binary_structure(mask.ndim, 1))


def directed(a, b, spacing):
    return ndimage.distance_transform_edt(~surface(b), sampling=spacing)[surface(a)]


def surfaces():
    for (shape, spacing), tolerance in zip([((20, 24), (1, 1)), ((18, 21), (0.7, 1.3)), ((7, 12, 11), (3.0, 0.9, 0.8)), ((8, 9, 10), (1, 1, 1)), ((30,), (0.5,))], (2, 1, 1, 2, 1)):
        reference = blobs(shape, 2.0, 0.3)
        prediction = near(reference, 0.8, 0.9)
        there, back = directed(prediction, reference, spacing), directed(reference, prediction, spacing)
        yield head("surfaces", shape, spacing) | {
            "prediction": digits(prediction), "reference": digits(reference), "tolerance": tolerance,
            "hd95": max(np.percentile(there, 95), np.percentile(back, 95)), "hd": max(there.max(), back.max()),
            "assd": np.mean([there.mean(), back.mean()]), "nsd": ((there <= tolerance).sum() + (back <= tolerance).sum()) / (there.size + back.size)}


def objects():
    for shape in ((40, 44), (10, 16, 15), (32, 32)):
        reference = blobs(shape, 1.2, 0.35)
        prediction = near(reference, 0.7, 0.5)
        a, n = ndimage.label(prediction)
        b, m = ndimage.label(reference)
        iou = np.array([[np.sum((a == i) & (b == j)) / np.sum((a == i) | (b == j)) for j in range(1, m + 1)] for i in range(1, n + 1)])
        rows, columns = optimize.linear_sum_assignment(-(iou >= 0.5).astype(float))
        found = int((iou[rows, columns] >= 0.5).sum())
        yield head("objects", shape) | {"prediction": digits(prediction), "reference": digits(reference), "found": found, "missed": m - found, "falseAlarms": n - found}


def compare(prediction, reference):
    """Scores of two cell masks: the segments are their 4-connected components."""
    s, t = ndimage.label(prediction)[0], ndimage.label(reference)[0]
    alone = s == 0
    s[alone] = s.max() + 1 + np.arange(alone.sum())
    inside = t > 0
    error, _, _ = adapted_rand_error(t, s, ignore_labels=(0,))
    splits, merges = variation_of_information(t, s, ignore_labels=(0,))
    table = np.zeros((s.max() + 1, t.max() + 1))
    np.add.at(table, (s[inside], t[inside]), 1)
    p = table / table.sum()
    ps, pt = p.sum(1), p.sum(0)
    entropy = lambda q: -np.sum(q[q > 0] * np.log2(q[q > 0]))
    return {"randError": error, "splitEntropy": splits, "mergeEntropy": merges,
            "randSplit": (p ** 2).sum() / (pt ** 2).sum(), "randMerge": (p ** 2).sum() / (ps ** 2).sum(),
            "vRand": (p ** 2).sum() / (0.5 * (ps ** 2).sum() + 0.5 * (pt ** 2).sum()),
            "vInfo": (entropy(ps) + entropy(pt) - entropy(p)) / (0.5 * entropy(ps) + 0.5 * entropy(pt))}


def cells(shape, count, width):
    """Cells around random centres, with borders between them."""
    centres = random.random((count, 2)) * shape
    grid = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1)
    far = np.sort(np.linalg.norm(grid[..., None, :] - centres, axis=-1), axis=-1)
    return far[..., 1] - far[..., 0] > width


def pictures():
    for shape, count, width in (((28, 34), 9, 2.0), ((31, 27), 7, 3.0), ((40, 40), 14, 2.5)):
        reference = cells(shape, count, width)
        prediction = near(reference, 1.0, 0.8)
        yield shape, prediction, reference


def partitions(drawn):
    for shape, prediction, reference in drawn:
        yield head("partitions", shape) | {"prediction": digits(prediction), "reference": digits(reference)} | compare(prediction, reference)


def simple(around):
    """Whether the middle of 3 x 3 border pixels can change: one border part of 8 neighbours, one cell part at its sides."""
    around = around.copy()
    around[1, 1] = False
    borders = ndimage.label(around, np.ones((3, 3)))[1]
    free = ~around
    free[1, 1] = False
    parts = ndimage.label(free)[0]
    sides = {parts[0, 1], parts[1, 0], parts[1, 2], parts[2, 1]} - {0}
    return borders == 1 and len(sides) == 1


def thin(border):
    border = np.pad(border, 1, constant_values=True)
    changed = True
    while changed:
        changed = False
        for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            layer = [(y, x) for y, x in itertools.product(range(1, border.shape[0] - 1), range(1, border.shape[1] - 1))
                     if border[y, x] and not border[y + dy, x + dx]]
            for y, x in layer:
                if simple(border[y - 1:y + 2, x - 1:x + 2]):
                    border[y, x] = False
                    changed = True
    return border[1:-1, 1:-1]


def thinned(drawn):
    for shape, prediction, reference in drawn:
        cells_ = ~thin(~prediction)
        assert ndimage.label(cells_)[1] == ndimage.label(prediction)[1]
        yield head("thinned", shape) | {"prediction": digits(prediction), "reference": digits(reference), "cells": digits(cells_)} | compare(cells_, reference)


def warped(drawn):
    for shape, prediction, reference in drawn:
        border, target = (np.pad(~m, 1, constant_values=True) for m in (reference, prediction))
        queue = list(zip(*np.nonzero(border != target)))
        waiting = set(queue)
        while queue:
            y, x = queue.pop(0)
            waiting.discard((y, x))
            if not simple(border[y - 1:y + 2, x - 1:x + 2]):
                continue
            border[y, x] = target[y, x]
            for other in itertools.product((y - 1, y, y + 1), (x - 1, x, x + 1)):
                if border[other] != target[other] and other not in waiting:
                    waiting.add(other)
                    queue.append(other)
        yield head("warped", shape) | {"prediction": digits(prediction), "reference": digits(reference), "left": int((border != target).sum())}


def calibration():
    for rows, classes, sharp in ((400, 4, 2.5), (300, 2, 0.6), (200, 10, 1.7)):
        fair = random.standard_normal((rows, classes)) * 1.5
        labels = (fair + random.gumbel(size=fair.shape)).argmax(1)
        logits = (fair * sharp * 1024).round() / 1024  # exact in single precision

        def shares(t):
            return special.softmax(logits / t, axis=1)

        def slope(inverse):
            return (((shares(1 / inverse) * logits).sum(1) - logits[np.arange(rows), labels]).mean())

        def ece(p):
            sure, right = p.max(1), p.argmax(1) == labels
            bins = np.digitize(sure, np.linspace(0, 1, 16)[1:-1], right=True)
            return sum(abs(right[bins == k].mean() - sure[bins == k].mean()) * (bins == k).mean() for k in range(15) if (bins == k).any())

        t = 1 / optimize.brentq(slope, 0.01, 100, xtol=1e-14, rtol=1e-14)
        yield {"kind": "calibration", "classes": classes, "logits": logits.ravel().tolist(), "labels": labels.tolist(), "ece": ece(shares(1)), "temperature": t, "eceScaled": ece(shares(t))}


def main():
    drawn = list(pictures())
    cases = itertools.chain(distances(), components(), surfaces(), objects(), partitions(drawn), thinned(drawn), warped(drawn), calibration())
    lines = [json.dumps(case, separators=(",", ":"), default=float) for case in cases]
    top = json.dumps({"recordedWith": f"SciPy {scipy.__version__}, scikit-image {skimage.__version__}, NumPy {np.__version__}"})[:-1]
    path = pathlib.Path(__file__).with_name("Metrics.golden")
    path.write_text(top + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n")
    print(f"{len(lines)} cases, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
