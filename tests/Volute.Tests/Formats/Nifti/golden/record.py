"""Prints as JSON what nibabel reads from volumes: a list with an object for each file.

    python3 record.py FOLDER > volumes.json        needs nibabel and numpy; all .nii, .nii.gz and .hdr files below FOLDER
    python3 record.py FILE...

The numbers are those of the scaled data as float32, x fastest, once as they lie and once reoriented to RAS (canonical,
null below three axes); crc is zlib's.
A file that nibabel cannot read, or whose voxels are no real numbers, has its reason in "refused".
"""
import json
import pathlib
import sys
import zlib

import nibabel
import numpy


def described(data, affine):
    values = numpy.asarray(data, "<f4")
    return {
        "shape": list(values.shape),
        "affine": [float(v) for v in numpy.ravel(affine[:3])],
        "axcodes": "".join(nibabel.aff2axcodes(affine)),
        "crc": zlib.crc32(values.tobytes(order="F")),
    }


def extensions(header):
    found = []
    for extension in getattr(header, "extensions", []):
        content = extension._mangle(extension.get_content()).rstrip(b"\0")
        found.append([int(extension.get_code()), zlib.crc32(content)])
    return found


def record(path, name):
    try:
        image = nibabel.load(path)
        if image.get_data_dtype().kind not in "iuf":
            return {"file": name, "refused": str(image.get_data_dtype().names or image.get_data_dtype())}
        data = image.get_fdata()
    except Exception as error:
        return {"file": name, "refused": type(error).__name__}
    header = image.header
    canonical = nibabel.as_closest_canonical(image) if len(image.shape) >= 3 else None
    nifti = isinstance(image, nibabel.Nifti1Pair)
    return {
        "file": name,
        "version": 2 if isinstance(header, nibabel.Nifti2Header) else 1,
        "dtype": image.get_data_dtype().newbyteorder("=").name,
        **described(data, image.affine),
        "zooms": [float(v) for v in header.get_zooms()],
        "units": list(header.get_xyzt_units()) if nifti else ["mm", "sec"],
        "description": header["descrip"].item().split(b"\0")[0].decode("latin-1"),
        "intent": int(header["intent_code"]) if nifti else 0,
        "codes": [int(header["sform_code"]), int(header["qform_code"])] if nifti else None,
        "min": float(data.min()),
        "max": float(data.max()),
        "mean": float(data.mean()),
        "sum": float(data.sum()),
        "extensions": extensions(header),
        "canonical": canonical and described(numpy.asarray(canonical.dataobj), canonical.affine),
    }


given = [pathlib.Path(argument) for argument in sys.argv[1:]]
if len(given) == 1 and given[0].is_dir():
    files = sorted(p for p in given[0].rglob("*") if p.name.endswith((".nii", ".nii.gz", ".hdr")))
    records = [record(p, p.relative_to(given[0]).as_posix()) for p in files]
else:
    records = [record(p, p.name) for p in given]
print("[" + ",\n".join(json.dumps(r) for r in records) + "]")
