namespace Volute.Training;

/// <summary>Whether images are slices of one stack or frames of one film: then neighbours are alike, and a random split would test what it trained on.</summary>
internal static class StackTest
{
    private const int Pairs = 12, PixelStep = 7;
    // Of what is compared of large rasters.
    private const int LargestSide = 1024;
    private const double Alike = 0.9;

    /// <summary>Whether images next to each other by name differ clearly less than images far apart: the mean |a − b| over pixels decides.</summary>
    public static bool IsStack(Dataset data)
    {
        if (data.Count < 4)
            return false;
        int[] order = [.. Enumerable.Range(0, data.Count).OrderBy(data.NameOf, NaturalOrder.Instance)];
        double near = 0, far = 0;
        int step = Math.Max(1, data.Count / Pairs), counted = 0;
        for (int i = 0; i + 1 < data.Count && counted < Pairs; i += step)
        {
            WindowedSample a = data.Look(order[i]), b = data.Look(order[i + 1]), c = data.Look(order[(i + data.Count / 2) % data.Count]);
            if (!a.ImageShape.AsSpan().SequenceEqual(b.ImageShape) || !a.ImageShape.AsSpan().SequenceEqual(c.ImageShape))
                return false;
            Box middle = a.Middle(LargestSide);
            near += Difference(a.Read(middle).Image, b.Read(middle).Image);
            far += Difference(a.Read(middle).Image, c.Read(middle).Image);
            counted++;
        }
        return near < Alike * far;
    }

    private static double Difference(float[] a, float[] b)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < a.Length; i += PixelStep, count++)
            sum += Math.Abs(a[i] - b[i]);
        return sum / count;
    }
}
