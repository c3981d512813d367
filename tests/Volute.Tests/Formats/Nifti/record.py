"""Records Nifti.golden: what nibabel reads from the shared volumes that are NIfTI-1 single files of real numbers.

    python3 record.py FOLDER_OF_VOLUMES > Nifti.golden        needs nibabel

A line: file, stored type, shape (x first), sum, smallest and largest scaled value, spacing, the affine's first three rows.
"""
import pathlib
import sys

import nibabel
import numpy

root = pathlib.Path(sys.argv[1])
for path in sorted(root.rglob("*.nii*")):
    try:
        image = nibabel.load(path)
        if not isinstance(image, nibabel.Nifti1Image) or isinstance(image, nibabel.Nifti2Image) or image.get_data_dtype().kind not in "iuf":
            continue
        data = image.get_fdata()
    except Exception:
        continue
    # nibabel centres a volume without sform and qform; nifti1.h (method 1) does not.
    placed = image.header["sform_code"] > 0 or image.header["qform_code"] > 0
    affine = image.affine if placed else numpy.diag([*image.header["pixdim"][1:4], 1])
    numbers = lambda values: ",".join(repr(float(v)) for v in numpy.ravel(values))
    print(path.relative_to(root), image.get_data_dtype().newbyteorder("=").name, ",".join(map(str, image.shape)),
          numbers(data.sum(dtype="f8")), numbers(data.min()), numbers(data.max()), numbers(image.header["pixdim"][1:4]), numbers(affine[:3]))
