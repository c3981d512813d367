namespace Volute.Training;

/// <summary>Where a patch is cut from an image.</summary>
internal static class PatchPlace
{
    /// <summary>
    /// The first pixel (D, H, W) of the patch: uniform where it fits, centred (and mirrored later) along axes on which the image is smaller.
    /// </summary>
    /// <param name="sample">The image with its mask.</param>
    /// <param name="box">D, H, W of the patch.</param>
    /// <param name="foreground">The probability that the patch is laid around a pixel of a class above 0.</param>
    /// <param name="random">Where the place is drawn from.</param>
    public static int[] Draw(WindowedSample sample, int[] box, double foreground, ref SeededRandom random)
    {
        int[] size = sample.Size;
        long? pixel = foreground > 0 && sample.LabelShape.Length != 0 && random.Happens(foreground) ? sample.DrawForeground(ref random) : null;
        int[]? centre = pixel is { } index ? [(int)(index / ((long)size[1] * size[2])), (int)(index / size[2] % size[1]), (int)(index % size[2])] : null;
        int[] start = new int[3];
        for (int axis = 0; axis < 3; axis++)
        {
            int room = size[axis] - box[axis];
            start[axis] = room < 0 ? -(-room / 2)
                : centre != null ? Math.Clamp(centre[axis] - box[axis] / 2, 0, room)
                : random.Below(room + 1);
        }
        return start;
    }

    /// <summary>
    /// A pixel of a class that is drawn first, so that small classes are as likely as large ones; null where there is only class 0.
    /// </summary>
    public static int? ForegroundPixel(int[] labels, ref SeededRandom random)
    {
        int[] counts = new int[LabelMap.MaxClasses + 1];
        foreach (int label in labels)
            counts[label + 1]++;
        int[] present = [.. Enumerable.Range(1, LabelMap.MaxClasses - 1).Where(label => counts[label + 1] > 0)];
        if (present.Length == 0)
            return null;
        int wanted = present[random.Below(present.Length)], rank = random.Below(counts[wanted + 1]), index = 0;
        while (labels[index] != wanted || rank-- > 0)
            index++;
        return index;
    }
}
