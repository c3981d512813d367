namespace Volute.Formats;

/// <summary>What a file may ask for before a reader refuses it with a <see cref="LimitException"/>: checked before anything is allocated.</summary>
/// <param name="MaxElements">The largest number of elements of one array; .NET's own limit is 2,147,483,591.</param>
/// <param name="MaxBytes">The largest number of bytes of one array, 8 GiB unless said otherwise.</param>
/// <param name="MaxPixels">The largest width × height of a picture.</param>
public sealed record FormatLimits(long MaxElements = 2_147_483_591, long MaxBytes = 8L << 30, long MaxPixels = 2_147_483_591)
{
    /// <summary>The limits that readers use when given none.</summary>
    public static FormatLimits Default { get; } = new();

    /// <summary>Checks one array of <paramref name="elements"/> elements of <paramref name="elementBytes"/> bytes.</summary>
    internal void CheckArray(Int128 elements, int elementBytes, string what)
    {
        if (elements > Math.Min(MaxElements, Array.MaxLength))
            throw new LimitException(what, elements.ToString(), Math.Min(MaxElements, Array.MaxLength).ToString(), "elements");
        if (elements * elementBytes > MaxBytes)
            throw new LimitException(what, (elements * elementBytes).ToString(), MaxBytes.ToString(), "bytes");
    }

    /// <summary>Checks a picture of <paramref name="width"/> × <paramref name="height"/> pixels of <paramref name="channels"/> samples.</summary>
    internal void CheckPicture(long width, long height, int channels, int sampleBytes, string what)
    {
        Int128 pixels = (Int128)width * height;
        if (pixels > MaxPixels)
            throw new LimitException(what, pixels.ToString(), MaxPixels.ToString(), "pixels");
        CheckArray(pixels * channels, sampleBytes, what);
    }
}
