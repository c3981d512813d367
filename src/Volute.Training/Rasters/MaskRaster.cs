using Volute.Formats;

namespace Volute.Training;

/// <summary>A raster of raw labels, read by windows: one band of class numbers or palette indices, or red, green and blue bytes; a band of opacity is left out.</summary>
internal sealed class MaskRaster
{
    private readonly IRaster raster;
    private readonly int[] bands;

    /// <exception cref="FileFormatException">It has other bands.</exception>
    public MaskRaster(IRaster raster)
    {
        this.raster = raster;
        IReadOnlyList<RasterBand> all = raster.Layout.Bands;
        bands = [.. Enumerable.Range(0, all.Count).Where(i => all[i].Color != BandColor.Alpha)];
        if (bands.Length is not (1 or 3) || bands.Length == 3 && bands.Any(b => all[b].Type != NumberType.UInt8))
            throw new FileFormatException(raster.Name, -1, $"a mask of {string.Join(", ", all.Select(b => b.Type))} bands; expected one band of class numbers, or three bands of bytes for colours");
        RasterBand first = all[bands[0]];
        Palette = bands.Length == 3 ? null : first.Palette;
        Kind = bands.Length == 3 ? LabelKind.Color : Palette == null ? LabelKind.Value : LabelKind.Palette;
        if (Kind != LabelKind.Color)
            NoData = first.NoData is { } value && value == Math.Truncate(value) && Math.Abs(value) < int.MaxValue ? (int)value : int.MinValue;
        // Of colours that have an opacity, the colours count, as in every other format.
        else if (bands.Length == all.Count && all.All(band => band.HasMissing))
            NoData = int.MinValue;
    }

    /// <summary>What tells its classes apart.</summary>
    public LabelKind Kind { get; }

    /// <summary>The colours of palette indices, else null.</summary>
    public IReadOnlyList<PaletteColor>? Palette { get; }

    /// <summary>The value of pixels that hold nothing; null where there are none.</summary>
    public int? NoData { get; }

    /// <summary>[H, W].</summary>
    public int[] Shape => [raster.Layout.Height, raster.Layout.Width];

    /// <summary>The raw labels of the whole, a band of rows after the other.</summary>
    public IEnumerable<int[]> Bands() => Box.Bands(1, [1, .. Shape]).Select(band => Read(band.Window));

    /// <summary>The class of each pixel of a window, <see cref="LabelMap.Ignored"/> for those that do not count.</summary>
    /// <exception cref="VoluteException">The mask holds a value that the map does not know.</exception>
    public int[] ReadClasses(RasterWindow window, LabelMap map)
    {
        int[] values = Read(window);
        int last = 0, lastClass = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (i == 0 || values[i] != last)
            {
                last = values[i];
                lastClass = StoredMask.ClassOf(last, Kind, Palette, NoData, map)
                    ?? throw new VoluteException($"{raster.Name}: value {(Kind == LabelKind.Color ? $"#{last:x6}" : $"{last}")} is not among {map}");
            }
            values[i] = lastClass;
        }
        return values;
    }

    /// <summary>The raw labels of a window.</summary>
    /// <exception cref="LabelValueException">Values that are no integers.</exception>
    public int[] Read(RasterWindow window)
    {
        int[] values = new int[checked((int)window.Pixels)];
        byte[] present = new byte[values.Length];
        raster.ReadPresence(window, bands[0], present);
        if (Kind == LabelKind.Color)
            ReadColors(window, values, present);
        else if (raster.Layout.Bands[bands[0]].Type is NumberType.Float16 or NumberType.Float32 or NumberType.Float64)
            values = ReadNumbers(window, present);
        else
            raster.ReadWindow<int>(window, bands, values);
        if (NoData is { } nothing)
            for (int i = 0; i < values.Length; i++)
                if (present[i] == 0)
                    values[i] = nothing;
        return values;
    }

    /// <summary>A colour is missing where all of its bands are.</summary>
    private void ReadColors(RasterWindow window, int[] values, byte[] present)
    {
        byte[] colors = new byte[checked(3 * values.Length)];
        raster.ReadWindow<byte>(window, bands, colors);
        for (int i = 0; i < values.Length; i++)
            values[i] = colors[i] << 16 | colors[values.Length + i] << 8 | colors[2 * values.Length + i];
        byte[] other = new byte[present.Length];
        foreach (int band in bands.AsSpan(1))
        {
            raster.ReadPresence(window, band, other);
            for (int i = 0; i < present.Length; i++)
                present[i] |= other[i];
        }
    }

    private int[] ReadNumbers(RasterWindow window, byte[] present)
    {
        float[] numbers = new float[present.Length];
        raster.ReadWindow<float>(window, bands, numbers);
        for (int i = 0; i < numbers.Length; i++)
            if (present[i] == 0 || float.IsNaN(numbers[i]))
                (present[i], numbers[i]) = (0, 0);
        return StoredMask.AsLabels(() => StoredMask.Integers(numbers, raster.Name));
    }
}
