using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// A raster as a network sees it: palettes as their colours, opacity left out, bytes divided by 255 and 16 bits without sign by 65535, other numbers
/// as they are, and NaN where a value is missing.
/// </summary>
internal sealed class RasterChannels
{
    private readonly IRaster raster;
    private readonly int[] bands;
    private readonly IReadOnlyList<PaletteColor>? palette;

    /// <exception cref="FileFormatException">It has nothing but opacity.</exception>
    public RasterChannels(IRaster raster)
    {
        this.raster = raster;
        IReadOnlyList<RasterBand> all = raster.Layout.Bands;
        bands = [.. Enumerable.Range(0, all.Count).Where(i => all[i].Color != BandColor.Alpha)];
        if (bands.Length == 0)
            throw new FileFormatException(raster.Name, -1, "the raster has no band but opacity");
        palette = bands.Length == 1 ? all[bands[0]].Palette : null;
        // Gray palettes stay one channel.
        IsGrayPalette = palette != null && palette.All(c => c.Red == c.Green && c.Green == c.Blue);
        HasFloats = bands.Any(b => all[b].Type is NumberType.Float16 or NumberType.Float32 or NumberType.Float64);
        HasMissing = HasFloats || bands.Any(b => all[b].HasMissing);
    }

    /// <summary>How many channels the network sees.</summary>
    public int Count => palette == null ? bands.Length : IsGrayPalette ? 1 : 3;

    /// <summary>Whether a band of opacity is left out.</summary>
    public bool DropsAlpha => bands.Length < raster.Layout.Bands.Count;

    /// <summary>Whether values may be missing.</summary>
    public bool HasMissing { get; }

    /// <summary>Whether values may be NaN or infinite by themselves.</summary>
    public bool HasFloats { get; }

    /// <summary>Bytes of a pixel as the file stores it.</summary>
    public int StoredBytes => raster.Layout.Bands.Sum(band => band.Type.Bytes());

    private bool IsGrayPalette { get; }

    /// <summary>Reads a window, [channels, height, width].</summary>
    public void Read(RasterWindow window, Span<float> values)
    {
        int pixels = checked((int)window.Pixels);
        raster.ReadWindow(window, bands, values[..(pixels * bands.Length)]);
        byte[] present = HasMissing ? new byte[pixels] : [];
        for (int i = 0; i < bands.Length; i++)
        {
            RasterBand band = raster.Layout.Bands[bands[i]];
            Span<float> plane = values.Slice(i * pixels, pixels);
            float white = palette != null ? 1 : band.Type switch { NumberType.UInt8 => 255, NumberType.UInt16 => 65535, _ => 1 };
            if (white != 1)
                foreach (ref float value in plane)
                    value /= white;
            if (!band.HasMissing)
                continue;
            raster.ReadPresence(window, bands[i], present);
            for (int p = 0; p < pixels; p++)
                if (present[p] == 0)
                    plane[p] = float.NaN;
        }
        if (palette != null)
            ShowPalette(values, pixels);
    }

    /// <summary>Whether all channels of a pixel are missing.</summary>
    public static bool IsMissing(ReadOnlySpan<float> values, int pixels, int pixel)
    {
        for (int i = pixel; i < values.Length; i += pixels)
            if (!float.IsNaN(values[i]))
                return false;
        return true;
    }

    /// <summary>Sets the labels of pixels without any value to <see cref="LabelMap.Ignored"/>.</summary>
    public static void IgnoreMissing(ReadOnlySpan<float> values, Span<int> labels)
    {
        for (int i = 0; i < labels.Length; i++)
            if (IsMissing(values, labels.Length, i))
                labels[i] = LabelMap.Ignored;
    }

    private void ShowPalette(Span<float> values, int pixels)
    {
        for (int i = 0; i < pixels; i++)
        {
            float index = values[i];
            PaletteColor color = index < palette!.Count ? palette[(int)index] : default;
            for (int c = 0; c < Count; c++)
                values[c * pixels + i] = float.IsNaN(index) ? float.NaN : (c switch { 0 => color.Red, 1 => color.Green, _ => color.Blue }) / 255f;
        }
    }
}
