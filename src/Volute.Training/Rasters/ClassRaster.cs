using Volute.Formats;

namespace Volute.Training;

/// <summary>A raster of classes, written as the masks were that a network learned from: the same raw values, palette or colours.</summary>
internal sealed class ClassRaster : IDisposable
{
    /// <summary>The class of pixels that hold nothing.</summary>
    public const byte Nothing = byte.MaxValue;

    private readonly IRasterWriter writer;
    private readonly int[] raw = new int[256];
    private readonly bool isColor;
    private int[] values = [];

    /// <param name="path">The file.</param>
    /// <param name="source">What was predicted: its size and place are taken over.</param>
    /// <param name="labels">The raw values.</param>
    public ClassRaster(string path, RasterLayout source, LabelMap labels)
    {
        isColor = labels.Kind == LabelKind.Color;
        int nothing = ValueOfNothing(labels);
        for (int label = 0; label < labels.Count; label++)
            raw[label] = labels.Values[label];
        raw[Nothing] = nothing;
        int largest = Math.Max(labels.Values.Max(), nothing), smallest = Math.Min(labels.Values.Min(), nothing);
        NumberType type = isColor || smallest >= 0 && largest <= 255 ? NumberType.UInt8 : smallest >= 0 && largest <= 65535 ? NumberType.UInt16 : NumberType.Int32;
        RasterBand[] bands = isColor
            ? [.. ((BandColor[])[BandColor.Red, BandColor.Green, BandColor.Blue]).Select(color => new RasterBand(type) { Color = color })]
            : [new RasterBand(type) { NoData = nothing, Palette = labels.Palette, Color = labels.Palette == null ? BandColor.Gray : BandColor.Palette }];
        writer = RasterFiles.Create(path, new RasterLayout(source.Width, source.Height, bands)
        {
            Place = source.Place,
            // Not band by band: red without green is a class, not a hole in green.
            NoDataValues = isColor ? [nothing >> 16, nothing >> 8 & 0xFF, nothing & 0xFF] : null,
        });
    }

    /// <summary>Rows of its blocks.</summary>
    public int BlockHeight => writer.Layout.BlockHeight;

    /// <summary>The value that a mask has where there is nothing: the ignored one, else one that is no class's.</summary>
    public static int ValueOfNothing(LabelMap labels)
    {
        if (labels.IgnoredValue is { } ignored)
            return ignored;
        if (labels.Kind == LabelKind.Color)
            return Enumerable.Range(0, 256).Select(gray => gray * 0x10101).First(color => !labels.Values.Contains(color));
        int top = labels.Values.Max() > 255 ? 65535 : 255;
        return Enumerable.Range(0, top + 1).Select(i => top - i).First(value => !labels.Values.Contains(value));
    }

    /// <summary>Writes whole rows of classes.</summary>
    public void Write(int row, int rows, ReadOnlySpan<byte> classes)
    {
        if (values.Length != classes.Length)
            values = new int[classes.Length];
        for (int band = 0; band < (isColor ? 3 : 1); band++)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = isColor ? raw[classes[i]] >> 8 * (2 - band) & 0xFF : raw[classes[i]];
            writer.WriteWindow<int>(new(0, row, writer.Layout.Width, rows), [band], values);
        }
    }

    public void Commit() => writer.Commit();

    public void Dispose() => writer.Dispose();
}
