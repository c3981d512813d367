#!/usr/bin/env bash
# A drawn GeoTIFF of SIZE x SIZE pixels is predicted within MEMORY: measures the most that was resident and the time, compares place with the source and a part
# with the prediction of that part in memory, bit for bit. Needs GDAL's tools (Debian: gdal-bin).
#   SIZE=20000 MEMORY=2GB MINUTES=2 WORK=folder benchmarks/raster.sh
set -euo pipefail
cd "$(dirname "$0")/.."
size=${SIZE:-20000} memory=${MEMORY:-2GB} minutes=${MINUTES:-2} work=${WORK:-$(mktemp -d)}
program=artifacts/bin/Volute.Cli/release/Volute.Cli.dll
volute() { dotnet "$program" "$@"; }

[ -d "$work/scenes" ] || volute dataset make raster --out "$work/scenes" --count 16 --size 512 --seed 1
[ -d "$work/run" ] || volute train "$work/scenes" --out "$work/run" --minutes "$minutes"
[ -f "$work/scene.tif" ] || volute dataset make raster --out "$work/scene.tif" --size "$size" --seed 2

begin=$(date +%s.%N)
dotnet "$program" predict "$work/run" "$work/scene.tif" --out "$work/out" --memory "$memory" ${OPTIONS:-} & process=$!
while peak=$(grep VmHWM "/proc/$process/status" 2> /dev/null); do last=$peak; sleep 0.1; done
wait "$process"
awk -v b="$begin" -v e="$(date +%s.%N)" -v n="$size" 'BEGIN { printf "%.0f s, %.2f Mpixel/s\n", e - b, n * n / 1e6 / (e - b) }'
echo "most resident: $last"

place() { gdalinfo "$1" | sed -n '/^Coordinate System/,/^Pixel Size/p'; }
[ "$(place "$work/scene.tif")" = "$(place "$work/out/scene.tif")" ] && echo "the same coordinate system and transform"

# A part whose tiles are tiles of the whole: inside of its own outermost context both must agree to the bit.
number() { grep -oE "\"$1\": *[0-9]+" "$work/run/recipe.json" | grep -oE '[0-9]+' | head -n 1; }
tile=$(number tile) context=$(number context) strides=$((1 << ($(grep -cE '"width":' "$work/run/recipe.json") - 1)))
border=$(((context + strides - 1) / strides * strides)) step=$((tile - 2 * border))
at=$((size / 2 / step * step)) side=$((tile + 2 * step)) inner=$((side - 2 * border))
gdal_translate -q -of PNG -srcwin $at $at $side $side "$work/scene.tif" "$work/part.png"
volute predict "$work/run" "$work/part.png" --out "$work/out"
gdal_translate -q -of ENVI -srcwin $border $border $inner $inner "$work/out/part.png" "$work/part.raw"
gdal_translate -q -of ENVI -srcwin $((at + border)) $((at + border)) $inner $inner "$work/out/scene.tif" "$work/whole.raw"
cmp "$work/part.raw" "$work/whole.raw" && echo "$inner x $inner pixels agree to the bit with the prediction in memory"
