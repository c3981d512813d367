#!/usr/bin/python3
"""What GDAL's own Python bindings say of the files in ../../../../../shared/data/geotiff (Debian: python3-gdal): one JSON document on standard output."""
import glob
import json
import math
import os
import sys

from osgeo import gdal

gdal.UseExceptions()
folder = sys.argv[1]
records = []


def number(value):
    return str(value) if value is None or not math.isfinite(value) else value


for path in sorted(glob.glob(os.path.join(folder, "*.tif"))):
    data = gdal.Open(path)
    record = {
        "file": os.path.basename(path),
        "width": data.RasterXSize,
        "height": data.RasterYSize,
        "transform": list(data.GetGeoTransform(can_return_null=True) or []),
        "coordinateSystem": data.GetProjectionRef(),
        "areaOrPoint": data.GetMetadataItem("AREA_OR_POINT"),
        "block": data.GetRasterBand(1).GetBlockSize(),
        "bands": [],
    }
    for i in range(data.RasterCount):
        band = data.GetRasterBand(i + 1)
        entry = {
            "type": gdal.GetDataTypeName(band.DataType),
            "noData": number(band.GetNoDataValue()),
            "color": gdal.GetColorInterpretationName(band.GetColorInterpretation()),
            "pixels": [],
        }
        try:
            values, mask = band.ReadAsArray(), band.GetMaskBand().ReadAsArray()
            for y, x in [(0, 0), (data.RasterYSize - 1, data.RasterXSize - 1), (data.RasterYSize // 2, data.RasterXSize // 3), (data.RasterYSize // 3, data.RasterXSize // 2)]:
                entry["pixels"].append([x, y, number(float(values[y, x]))])
            entry["present"] = int((mask != 0).sum())
            entry["sum"] = float(values[mask != 0].astype("f8").sum())
        except RuntimeError as error:
            entry["error"] = str(error).split(": ", 1)[1]
        record["bands"].append(entry)
    records.append(record)
json.dump(records, sys.stdout, indent=1)
print()
