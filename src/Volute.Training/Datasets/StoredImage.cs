using Volute.Formats;

namespace Volute.Training;

/// <summary>An image as its file holds it: bytes take a quarter of the memory of floats.</summary>
internal sealed class StoredImage
{
    private readonly Func<float[]> convert;

    private StoredImage(int[] shape, long bytes, Func<float[]> convert)
    {
        Shape = shape;
        Bytes = bytes;
        this.convert = convert;
    }

    /// <summary>[C, H, W] or [C, D, H, W].</summary>
    public int[] Shape { get; }

    /// <summary>What it takes in memory.</summary>
    public long Bytes { get; }

    /// <summary>Whether a channel of opacity is left out.</summary>
    public bool DropsAlpha { get; private init; }

    /// <summary>The distance in millimetres between neighbours along z, y and x; null where the format tells none.</summary>
    public double[]? Spacing { get; private init; }

    /// <summary>Where a volume lies; null for what tells no place.</summary>
    public VolumePlacement? Placement { get; private init; }

    /// <summary>Where a raster lies; null for what is none.</summary>
    public RasterPlace? Place { get; private init; }

    /// <summary>Reads a picture, a raster, a NIfTI volume, an array, or a clip: a folder of frames.</summary>
    /// <exception cref="VoluteException">The file is damaged, or of a format or shape that is no image.</exception>
    public static StoredImage Read(string path) => FileKinds.Extension(path) switch
    {
        _ when Directory.Exists(path) => OfClip(path),
        _ when Nifti.IsNamed(path) => Of(Nifti.Read(path), path),
        ".npy" => Of(Npy.Read(path), path),
        _ when RasterFiles.Reads(path) => OfRaster(path),
        _ => Of(ImageFile.Read(path)),
    };

    /// <summary>The values channel after channel, in an array of the caller's own.</summary>
    public float[] ToFloats() => convert();

    /// <summary>Samples divided by the value of white; opacity tells nothing about what is seen.</summary>
    private static StoredImage Of(Picture picture)
    {
        int stored = picture.Channels, channels = picture.HasAlpha ? stored - 1 : stored;
        long bytes = (long)picture.Width * picture.Height * stored * (picture.MaxValue > 255 ? 2 : 1);
        return new([channels, picture.Height, picture.Width], bytes, () =>
        {
            float[] interleaved = picture.ToFloats();
            if (stored == 1)
                return interleaved;
            int pixels = interleaved.Length / stored;
            float[] planar = new float[pixels * channels];
            for (int c = 0; c < channels; c++)
                for (int i = 0; i < pixels; i++)
                    planar[c * pixels + i] = interleaved[i * stored + c];
            return planar;
        })
        { DropsAlpha = picture.HasAlpha };
    }

    /// <summary>[C, T, H, W]: the sampled frames of a clip, one behind the other.</summary>
    private static StoredImage OfClip(string folder)
    {
        string[] files = Clip.Sampled(folder);
        Dictionary<string, StoredImage> read = files.Distinct().ToDictionary(file => file, Read);
        StoredImage[] frames = [.. files.Select(file => read[file])];
        foreach (string file in files)
            if (!read[file].Shape.AsSpan().SequenceEqual(frames[0].Shape))
                throw new FileFormatException(file, -1, $"the frame is [{string.Join(", ", read[file].Shape)}], but the clip's first is [{string.Join(", ", frames[0].Shape)}]; all must be alike");
        if (frames[0].Shape is not [var channels, var height, var width])
            throw new FileFormatException(files[0], -1, $"a frame is a picture, got a volume of shape [{string.Join(", ", frames[0].Shape)}]");
        return new([channels, frames.Length, height, width], read.Values.Sum(frame => frame.Bytes), () =>
        {
            int pixels = height * width;
            float[] clip = new float[channels * frames.Length * pixels];
            for (int t = 0; t < frames.Length; t++)
            {
                float[] frame = frames[t].ToFloats();
                for (int c = 0; c < channels; c++)
                    frame.AsSpan(c * pixels, pixels).CopyTo(clip.AsSpan((c * frames.Length + t) * pixels));
            }
            return clip;
        })
        { DropsAlpha = frames[0].DropsAlpha };
    }

    /// <summary>The channels that a network sees; NaN where a value is missing.</summary>
    private static StoredImage OfRaster(string path)
    {
        using IRaster raster = RasterFiles.Open(path);
        RasterChannels channels = new(raster);
        (int height, int width) = (raster.Layout.Height, raster.Layout.Width);
        FormatLimits.Default.CheckPicture(width, height, channels.Count, sizeof(float), $"{path}: the raster as a whole");
        float[] values = new float[channels.Count * height * width];
        channels.Read(new(0, 0, width, height), values);
        // As every program shows it, and as it was labelled.
        Orientation orientation = raster.Layout.Orientation;
        values = orientation.Turn(values, height, width);
        int[] shape = orientation.SwapsSides() ? [channels.Count, width, height] : [channels.Count, height, width];
        return new(shape, (long)values.Length * sizeof(float), () => [.. values]) { DropsAlpha = channels.DropsAlpha, Place = raster.Layout.Place };
    }

    /// <summary>[z, y, x] as one channel, [t, z, y, x] as t channels; the values that the file means, Hounsfield units for instance.</summary>
    private static StoredImage Of(NiftiVolume volume, string path)
    {
        int[] shape = volume.Voxels.Shape.ToArray();
        while (shape.Length > 4 && shape[0] == 1)
            shape = shape[1..];
        if (shape.Length > 4)
            throw new FileFormatException(path, -1, $"a volume of {shape.Length} axes; expected x, y, z and at most one axis of channels");
        while (shape.Length < 4)
            shape = [1, .. shape];
        return new(shape, (long)volume.Voxels.Count * volume.Voxels.Type.Bytes(), volume.ToFloats)
        {
            Spacing = [volume.Spacing[2], volume.Spacing[1], volume.Spacing[0]],
            Placement = new(volume),
        };
    }

    /// <summary>[H, W], [C, H, W] or [C, D, H, W]; bytes divided by 255, 16 bits without sign by 65535, other numbers as they are.</summary>
    private static StoredImage Of(NumberArray array, string path)
    {
        int[] shape = array.Shape.Length == 2 ? [1, .. array.Shape] : array.Shape.ToArray();
        if (shape.Length is < 3 or > 4 || array.Count == 0)
            throw new FileFormatException(path, -1, $"an array of shape [{string.Join(", ", shape)}]; expected [H, W], [C, H, W] or [C, D, H, W]");
        float white = array.Type switch { NumberType.UInt8 => 255, NumberType.UInt16 => 65535, _ => 1 };
        return new(shape, (long)array.Count * array.Type.Bytes(), () =>
        {
            float[] values = array.ToFloats();
            if (white != 1)
                foreach (ref float value in values.AsSpan())
                    value /= white;
            return values;
        });
    }
}
