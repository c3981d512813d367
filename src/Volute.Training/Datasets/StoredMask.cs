using Volute.Formats;

namespace Volute.Training;

/// <summary>A mask as its file holds it: a raw value for each pixel.</summary>
internal sealed class StoredMask
{
    private StoredMask(LabelKind kind, int[] shape, int[] values, IReadOnlyList<PaletteColor>? palette = null, int? noData = null)
    {
        NoData = noData;
        Kind = kind;
        Shape = shape;
        Values = values;
        Palette = palette;
    }

    public LabelKind Kind { get; }

    /// <summary>[H, W] or [D, H, W].</summary>
    public int[] Shape { get; }

    public int[] Values { get; }

    public IReadOnlyList<PaletteColor>? Palette { get; }

    /// <summary>Where a volume lies; null for what tells no place.</summary>
    public VolumePlacement? Placement { get; private init; }

    /// <summary>Where a raster lies; null for what is none.</summary>
    public RasterPlace? Place { get; private init; }

    /// <summary>The value of pixels that the file says hold nothing; they are ignored. Null where it says nothing.</summary>
    public int? NoData { get; }

    /// <summary>0xRRGGBB.</summary>
    public static int Rgb(PaletteColor color) => color.Red << 16 | color.Green << 8 | color.Blue;

    /// <summary>Reads a picture, a raster, a NIfTI volume or an array of integers.</summary>
    /// <exception cref="VoluteException">The file is damaged, or of a format or shape that is no mask.</exception>
    public static StoredMask Read(string path) => FileKinds.Extension(path) switch
    {
        _ when Nifti.IsNamed(path) => Of(Nifti.Read(path), path),
        ".npy" => Of(Npy.Read(path), path),
        _ when RasterFiles.Reads(path) => OfRaster(path),
        _ => Of(ImageFile.Read(path)),
    };

    private static StoredMask OfRaster(string path)
    {
        using IRaster raster = RasterFiles.Open(path);
        MaskRaster mask = new(raster);
        RasterLayout layout = raster.Layout;
        FormatLimits.Default.CheckPicture(layout.Width, layout.Height, layout.Bands.Count, sizeof(double), $"{path}: the mask as a whole");
        return new(mask.Kind, [layout.Height, layout.Width], mask.Read(new(0, 0, layout.Width, layout.Height)), mask.Palette, mask.NoData) { Place = layout.Place };
    }

    private static StoredMask Of(Picture picture)
    {
        int[] shape = [picture.Height, picture.Width];
        if (picture is PngImage { Indices: { } indices, Palette: { } palette })
            return new(LabelKind.Palette, shape, Array.ConvertAll(indices, i => (int)i), palette);
        // Gray of 1, 2 and 4 bits as every program shows it: white is 255, so that it agrees with masks of 8 bits.
        ushort[] samples = picture.MaxValue is 1 or 3 or 15 ? Array.ConvertAll(picture.ToBytes(), b => (ushort)b) : picture.ToStored();
        int channels = picture.Channels;
        int[] values = new int[samples.Length / channels];
        if (channels <= 2)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = samples[i * channels];
            return new(LabelKind.Value, shape, values);
        }
        int shift = picture.MaxValue > 255 ? 8 : 0;
        for (int i = 0; i < values.Length; i++)
            values[i] = samples[i * channels] >> shift << 16 | samples[i * channels + 1] >> shift << 8 | samples[i * channels + 2] >> shift;
        return new(LabelKind.Color, shape, values);
    }

    private static StoredMask Of(NiftiVolume volume, string path)
    {
        int[] shape = volume.Voxels.Shape.ToArray();
        while (shape.Length > 3 && shape[0] == 1)
            shape = shape[1..];
        if (shape.Length > 3)
            throw new FileFormatException(path, -1, $"a mask of {shape.Length} axes; expected x, y, z");
        while (shape.Length < 3)
            shape = [1, .. shape];
        return new(LabelKind.Value, shape, AsLabels(volume.ToLabels)) { Placement = new(volume) };
    }

    private static StoredMask Of(NumberArray array, string path)
        => array.Shape.Length is 2 or 3
            ? new(LabelKind.Value, array.Shape.ToArray(), AsLabels(() => Integers(array.ToFloats(), path)))
            : throw new FileFormatException(path, -1, $"a mask of shape [{string.Join(", ", array.Shape.ToArray())}]; expected [H, W] or [D, H, W]");

    /// <summary>Tells values that are no labels from files that cannot be read.</summary>
    internal static int[] AsLabels(Func<int[]> read)
    {
        try
        {
            return read();
        }
        catch (FileFormatException error)
        {
            throw new LabelValueException(error);
        }
    }

    /// <summary>Rounded: programs that compute in floating point leave 0.999 for 1. What is farther from an integer was interpolated.</summary>
    internal static int[] Integers(float[] values, string path)
    {
        int[] integers = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            float rounded = MathF.Round(values[i]);
            if (!(Math.Abs(values[i] - rounded) <= 0.01f && Math.Abs(rounded) < 1 << 24))
                throw new FileFormatException(path, -1,
                    $"voxel {i} of the mask is {values[i]}, which is no class number; a mask holds integers (resample masks by nearest neighbour)");
            integers[i] = (int)rounded;
        }
        return integers;
    }

    /// <summary>
    /// The class of each pixel, 255 for ignored ones; null where the map does not know a value, given out as <paramref name="unknown"/>.
    /// </summary>
    public byte[]? ToClasses(LabelMap map, out int unknown)
    {
        byte[] classes = new byte[Values.Length];
        unknown = 0;
        int last = 0;
        byte lastClass = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            if (i == 0 || Values[i] != last)
            {
                last = Values[i];
                if (ClassOf(last, Kind, Palette, NoData, map) is not { } label)
                {
                    unknown = last;
                    return null;
                }
                lastClass = (byte)label;
            }
            classes[i] = lastClass;
        }
        return classes;
    }

    /// <summary>
    /// The class of a raw value, <see cref="LabelMap.Ignored"/> for one that does not count or is that of pixels which hold nothing; null where the map does not know it.
    /// </summary>
    public static int? ClassOf(int value, LabelKind kind, IReadOnlyList<PaletteColor>? palette, int? noData, LabelMap map)
        => value == noData ? LabelMap.Ignored
            : Translate(value, kind, palette, map) is { } known && map.TryGetClass(known, out int label) ? label : null;

    /// <summary>
    /// A value of one kind of mask as the map's kind has it: a colour that the palette has, a gray that is a colour; null where it has none.
    /// </summary>
    public static int? Translate(int value, LabelKind kind, IReadOnlyList<PaletteColor>? palette, LabelMap map)
    {
        if (kind == map.Kind && (palette == null || value < map.Palette!.Count && Rgb(palette[value]) == Rgb(map.Palette[value])))
            return value;
        if (map.Kind == LabelKind.Palette && kind == LabelKind.Value)
            return value;
        if (ToColor(value, kind, palette) is not { } color)
            return null;
        return map.Kind switch
        {
            LabelKind.Color => color,
            LabelKind.Palette => map.Values.Append(map.IgnoredValue ?? map.Values[0]).Cast<int?>()
                .FirstOrDefault(index => Rgb(map.Palette![index!.Value]) == color),
            _ => (color & 0xFF) * 0x10101 == color ? color & 0xFF : null,
        };
    }

    /// <summary>The colour 0xRRGGBB that a value shows; null for a gray value above 255.</summary>
    public static int? ToColor(int value, LabelKind kind, IReadOnlyList<PaletteColor>? palette) => kind switch
    {
        LabelKind.Color => value,
        LabelKind.Palette => Rgb(palette![value]),
        _ => value is >= 0 and <= 255 ? value * 0x10101 : null,
    };
}
