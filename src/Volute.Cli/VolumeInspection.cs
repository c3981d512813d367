using System.Globalization;
using Volute.Formats;

namespace Volute.Cli;

/// <summary>What volute inspect says of a volume, and the slice that it draws.</summary>
internal static class VolumeInspection
{
    public static int Run(string path, bool json, string? slice, string? window, string? to)
    {
        if (slice is null != to is null || slice is null && window is not null)
            throw new InvalidArgumentException("a slice needs both --slice and --out: --slice axial:40 --out slice.png");
        var (plane, index) = slice is null ? default : SliceOption.ParseSlice(slice);
        IntensityWindow? range = window is null ? null : SliceOption.ParseWindow(window);
        NiftiVolume volume = Nifti.Read(path);
        if (to is not null)
            ImageFile.Write(to, volume.Slice(plane, index, range));
        if (json)
            WriteJson(volume);
        else
            WriteLines(path, volume);
        if (to is not null && !json)
            Console.WriteLine($"{slice} -> {to}");
        return 0;
    }

    private static void WriteLines(string path, NiftiVolume volume)
    {
        var (min, max, mean) = Statistics(volume);
        var (space, _) = volume.Units;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: volume {string.Join(" x ", Sizes(volume))} (x first) of {TypeName(volume)}, spacing {string.Join(" x ", volume.Spacing.ToArray().Select(s => s.ToString("G6")))}"
            + $"{(space == "unknown" ? "" : " " + space)}, axes {volume.AxisCodes}, {min:G6} to {max:G6}, mean {mean:G6}"));
    }

    private static void WriteJson(NiftiVolume volume)
    {
        var (min, max, mean) = Statistics(volume);
        double[,] affine = volume.Affine;
        Output.Json(w =>
        {
            w.WriteStartObject();
            w.WriteString("kind", "volume");
            // x first, as the spacing and the affine count.
            w.WriteArray("shape", Sizes(volume));
            w.WriteString("dtype", TypeName(volume));
            w.WriteStartArray("spacing");
            foreach (double step in volume.Spacing)
                w.WriteNumberValue(step);
            w.WriteEndArray();
            w.WriteStartArray("affine");
            for (int row = 0; row < 4; row++)
            {
                w.WriteStartArray();
                for (int column = 0; column < 4; column++)
                    w.WriteNumberValue(affine[row, column]);
                w.WriteEndArray();
            }
            w.WriteEndArray();
            w.WriteMetric("min", min);
            w.WriteMetric("max", max);
            w.WriteMetric("mean", mean);
            w.WriteEndObject();
        });
    }

    private static int[] Sizes(NiftiVolume volume) => [.. volume.Voxels.Shape.ToArray().Reverse()];

    private static string TypeName(NiftiVolume volume) => volume.Voxels.Type.ToString().ToLowerInvariant();

    /// <summary>Of the values that are numbers; nothing where there are none.</summary>
    private static (double? Min, double? Max, double? Mean) Statistics(NiftiVolume volume)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity, sum = 0;
        long count = 0;
        foreach (float value in volume.ToFloats())
        {
            if (!float.IsFinite(value))
                continue;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            sum += value;
            count++;
        }
        return count == 0 ? (null, null, null) : (min, max, sum / count);
    }
}
