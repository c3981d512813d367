using Volute.Formats;

namespace Volute.Training;

/// <summary>An image as its file holds it: the bytes of a picture take a quarter of the memory of its floats.</summary>
internal sealed class StoredImage
{
    private readonly Picture picture;

    private StoredImage(Picture picture)
    {
        this.picture = picture;
        // Opacity tells nothing about what is seen.
        Shape = [picture.HasAlpha ? picture.Channels - 1 : picture.Channels, picture.Height, picture.Width];
    }

    /// <summary>[C, H, W] or [C, D, H, W].</summary>
    public int[] Shape { get; }

    /// <summary>Whether a channel of opacity is left out.</summary>
    public bool DropsAlpha => picture.HasAlpha;

    /// <summary>What it takes in memory.</summary>
    public long Bytes => (long)picture.Width * picture.Height * picture.Channels * (picture.MaxValue > 255 ? 2 : 1);

    /// <summary>Reads the file.</summary>
    public static StoredImage Read(string path) => new(Png.Read(path));

    /// <summary>Channel after channel, a picture's samples divided by the value of white.</summary>
    public void CopyTo(Span<float> planar)
    {
        float[] interleaved = picture.ToFloats();
        int stored = picture.Channels, pixels = interleaved.Length / stored;
        for (int c = 0; c < Shape[0]; c++)
        {
            Span<float> plane = planar.Slice(c * pixels, pixels);
            for (int i = 0; i < pixels; i++)
                plane[i] = interleaved[i * stored + c];
        }
    }
}
