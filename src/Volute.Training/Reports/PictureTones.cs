using Volute.Formats;

namespace Volute.Training;

/// <summary>
/// The samples of any picture in 8 bits for a screen. Deeper pictures are stretched between their 1st and 99th percentile, as medical images
/// need it.
/// </summary>
internal static class PictureTones
{
    /// <summary>Three samples a pixel of a colour picture, without alpha.</summary>
    public static byte[] ToRgb(Picture image)
    {
        byte[] all = Stretched(image);
        byte[] rgb = new byte[image.Width * image.Height * 3];
        for (int i = 0; i < rgb.Length / 3; i++)
            all.AsSpan(i * image.Channels, 3).CopyTo(rgb.AsSpan(3 * i));
        return rgb;
    }

    /// <summary>Brightness 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).</summary>
    public static byte[] ToGray(Picture image)
    {
        byte[] all = Stretched(image);
        int n = image.Channels;
        if (n == 1)
            return all;
        byte[] gray = new byte[image.Width * image.Height];
        for (int i = 0; i < gray.Length; i++)
            gray[i] = n == 2 ? all[2 * i] : (byte)((299 * all[n * i] + 587 * all[n * i + 1] + 114 * all[n * i + 2] + 500) / 1000);
        return gray;
    }

    private static byte[] Stretched(Picture image)
    {
        if (image.MaxValue <= 255)
            return image.ToBytes();
        ushort[] stored = image.ToStored();
        int[] histogram = new int[65536];
        foreach (ushort value in stored)
            histogram[value]++;
        int low = Quantile(histogram, stored.Length / 100), high = Math.Max(Quantile(histogram, stored.Length - 1 - stored.Length / 100), low + 1);
        return [.. stored.Select(value => (byte)(Math.Clamp((value - low) / (double)(high - low), 0, 1) * 255 + 0.5))];
    }

    private static int Quantile(int[] histogram, int index)
    {
        int value = 0;
        for (long seen = histogram[0]; seen <= index; seen += histogram[value])
            value++;
        return value;
    }
}
