"""Records PngSuite.golden: for each picture its size and the SHA-256 of its pixels as another decoder (pypng) sees them.

    python3 record.py FOLDER_OF_PNGS > PngSuite.golden        needs pypng (Debian: python3-png)

The pixels are hashed as RGBA, 16 bits a sample, big-endian, row by row: v * 65535 / (2^depth - 1), which is exact for depths 1, 2, 4, 8 and 16.
"""
import hashlib
import pathlib
import struct
import sys

import png


def rgba16(path):
    reader = png.Reader(filename=str(path))
    width, height, rows, info = reader.read()
    depth, planes = info["bitdepth"], info["planes"]
    palette = info["palette"] if reader.color_type == 3 else None
    scale = 65535 // (2 ** depth - 1)
    key = info.get("transparent")
    key = key if key is None or isinstance(key, tuple) else (key,)
    digest = hashlib.sha256()
    for row in rows:
        row = list(row)
        out = []
        for x in range(width):
            pixel = tuple(row[x * planes:(x + 1) * planes])
            if palette:
                color = tuple(v * 257 for v in palette[pixel[0]])
                out += color if len(color) == 4 else color + (65535,)
                continue
            alpha = pixel[-1] * scale if info["alpha"] else 0 if pixel == key else 65535
            color = pixel[:-1] if info["alpha"] else pixel
            out += [v * scale for v in (color * 3 if len(color) == 1 else color)] + [alpha]
        digest.update(struct.pack(">%dH" % len(out), *out))
    return width, height, digest.hexdigest()


for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.png")):
    if not path.name.startswith("x"):
        print(path.name, *rgba16(path))
