using System.Globalization;
using Volute.Formats;

namespace Volute.Cli;

/// <summary>A plane of a volume and its window on the command line: --slice axial:40 --window 40,400.</summary>
internal static class SliceOption
{
    /// <summary>The plane, and the index behind a colon if there is one.</summary>
    /// <exception cref="InvalidArgumentException">Another plane, or no whole number.</exception>
    public static (SlicePlane Plane, int? Index) ParseSlice(string text)
    {
        string[] parts = text.Split(':');
        int index = 0;
        SlicePlane? plane = parts[0] switch
        {
            "axial" => SlicePlane.Axial,
            "coronal" => SlicePlane.Coronal,
            "sagittal" => SlicePlane.Sagittal,
            _ => null,
        };
        return plane is { } known && (parts.Length == 1 || parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index))
            ? (known, parts.Length == 1 ? null : index)
            : throw new InvalidArgumentException($"--slice needs axial, coronal or sagittal, with or without an index behind a colon (axial:40); got '{text}'");
    }

    /// <summary>Level and width.</summary>
    /// <exception cref="InvalidArgumentException">Not two numbers.</exception>
    public static IntensityWindow ParseWindow(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length == 2 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double level)
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double width) ? new IntensityWindow(level, width)
            : throw new InvalidArgumentException($"--window needs a level and a width separated by a comma, such as 40,400 for the soft parts of a CT; got '{text}'");
    }
}
