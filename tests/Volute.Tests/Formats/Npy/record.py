"""Records Npy.golden: files as numpy writes them, one a line: version, dtype, order, shape, the file, the values in C order.

    python3 record.py > Npy.golden        needs numpy
"""
import io

import numpy
from numpy.lib import format as npy

VALUES = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 1]


def line(array, version):
    file = io.BytesIO()
    npy.write_array(file, array, version=version)
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    values = [float(v) for v in numpy.ascontiguousarray(array).ravel()]
    print(version[0], array.dtype.str, order, ",".join(map(str, array.shape)) or "-", file.getvalue().hex(), ",".join(map(repr, values)) or "-")


for kind in "b1 u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8".split():
    for byte_order in "<>" if kind[1] != "1" else "|":
        dtype = numpy.dtype(byte_order + kind)
        values = numpy.array(VALUES).astype(dtype)
        if kind[0] in "if":
            values[3] = -3
        if kind[0] == "f":
            values[4] = 0.3
        line(values.reshape(3, 4), (1, 0))
        line(numpy.asfortranarray(values.reshape(2, 3, 2)), (2, 0))
        line(values, (3, 0))
line(numpy.array(2.5), (1, 0))
line(numpy.zeros((3, 0), "<f4"), (1, 0))
line(numpy.asfortranarray(numpy.arange(24, dtype="<i2").reshape(2, 1, 3, 4)), (1, 0))
