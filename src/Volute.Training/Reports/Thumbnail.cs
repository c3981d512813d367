using Volute.Formats;

namespace Volute.Training;

/// <summary>Pictures and masks made small for a page, in space and in bytes.</summary>
internal static class Thumbnail
{
    /// <summary>
    /// The picture with 8 bits a sample, without alpha, at most <paramref name="longest"/> pixels wide and high (means of boxes).
    /// </summary>
    public static Picture Of(Picture image, int longest)
    {
        int channels = image.Channels >= 3 ? 3 : 1;
        byte[] samples = channels == 1 ? PictureTones.ToGray(image) : PictureTones.ToRgb(image);
        if (Math.Max(image.Width, image.Height) <= longest)
            return Picture.FromBytes(samples, image.Width, image.Height, channels);
        double scale = (double)longest / Math.Max(image.Width, image.Height);
        int width = Math.Max(1, (int)(image.Width * scale)), height = Math.Max(1, (int)(image.Height * scale));
        byte[] small = new byte[width * height * channels];
        for (int y = 0; y < height; y++)
        {
            int top = (int)((long)y * image.Height / height), bottom = (int)((y + 1L) * image.Height / height);
            for (int x = 0; x < width; x++)
            {
                int left = (int)((long)x * image.Width / width), right = (int)((x + 1L) * image.Width / width);
                for (int c = 0; c < channels; c++)
                {
                    long sum = 0, count = (long)(bottom - top) * (right - left);
                    for (int v = top; v < bottom; v++)
                        for (int u = left; u < right; u++)
                            sum += samples[(v * image.Width + u) * channels + c];
                    small[(y * width + x) * channels + c] = (byte)((sum + count / 2) / count);
                }
            }
        }
        return Picture.FromBytes(small, width, height, channels);
    }

    /// <summary>The labels of <paramref name="large"/> at the pixel centres of its thumbnail.</summary>
    /// <exception cref="InvalidArgumentException">Not as many labels as pixels.</exception>
    public static int[] Labels(int[] labels, Picture large, Picture small)
    {
        LabelPictures.CheckSize(large, labels, "labels");
        int[] chosen = new int[small.Width * small.Height];
        for (int y = 0; y < small.Height; y++)
            for (int x = 0; x < small.Width; x++)
                chosen[y * small.Width + x] = labels[(int)((2L * y + 1) * large.Height / (2L * small.Height)) * large.Width
                    + (int)((2L * x + 1) * large.Width / (2L * small.Width))];
        return chosen;
    }

    /// <summary>The picture in 32 grays.</summary>
    public static Picture Posterized(Picture picture)
        => Picture.FromBytes([.. PictureTones.ToGray(picture).Select(gray => (byte)(gray & 0xF8))], picture.Width, picture.Height, 1);

    /// <summary>The same RGB picture with a palette where 256 colours do; others are given back as they are.</summary>
    public static Picture Indexed(Picture picture)
    {
        if (picture.Channels != 3)
            return picture;
        byte[] samples = picture.ToBytes(), indices = new byte[picture.Width * picture.Height];
        Dictionary<PaletteColor, byte> palette = [];
        for (int i = 0; i < indices.Length; i++)
        {
            PaletteColor color = new(samples[3 * i], samples[3 * i + 1], samples[3 * i + 2]);
            if (!palette.TryGetValue(color, out indices[i]))
            {
                if (palette.Count == 256)
                    return picture;
                palette[color] = indices[i] = (byte)palette.Count;
            }
        }
        return PngImage.FromIndices(indices, [.. palette.OrderBy(entry => entry.Value).Select(entry => entry.Key)], picture.Width, picture.Height);
    }
}
