using System.Globalization;
using Volute.Kernels;

namespace Volute.Training;

/// <summary>
/// How far pictures lie from their masks: what the mask says of pixel p is seen at p + offset. Masks that were drawn on a picture of another size, or by a
/// tool that counts pixels from their corners, lie half a pixel or more aside. A network that is trained on mirrored and turned patches cannot learn that,
/// since the direction turns with them; so it is measured, and pictures are moved instead.
/// </summary>
internal static class MaskOffset
{
    // Looked for this far on either side; what is found at the border is not believed.
    private const int Reach = 3;

    // Samples that are looked at, the side of the part of each, and the least samples that can agree.
    private const int MostSamples = 64, MostPixels = 1024, LeastSamples = 5;

    // An offset counts from so many pixels on, and where it is so many standard errors from 0.
    private const double LeastOffset = 0.1, StandardErrors = 5;

    /// <summary>
    /// Along height and width the offset at which edges of the pictures meet edges of the masks best, the mean over samples; 0 where samples do not agree, null
    /// where no axis has any.
    /// </summary>
    /// <param name="data">A segmentation of pictures.</param>
    /// <param name="indices">Those that may be looked at: what a network is judged by is not among them.</param>
    public static double[]? Of(Dataset data, IReadOnlyList<int> indices)
    {
        if (indices.Count < LeastSamples)
            return null;
        int samples = Math.Min(indices.Count, MostSamples);
        List<double>[] found = [[], []];
        for (int i = 0; i < samples; i++)
        {
            (double y, double x) = Peaks(data.Look(indices[(int)((long)i * indices.Count / samples)]));
            found[0].Add(y);
            found[1].Add(x);
        }
        double[] offset = [.. found.Select(Agreed)];
        return offset.All(o => o == 0) ? null : offset;
    }

    /// <summary>In words.</summary>
    public static string Describe(IReadOnlyList<double> offset) => string.Create(CultureInfo.InvariantCulture,
        $"{Math.Abs(offset[0]):0.##} pixels {(offset[0] < 0 ? "above" : "below")} and {Math.Abs(offset[1]):0.##} to the {(offset[1] < 0 ? "left" : "right")}");

    /// <summary>x[p + offset] for each position p of the spatial axes, linearly between pixels and as at the border beyond it.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="offset">Pixels along H and W.</param>
    public static Tensor Aligned(Tensor x, IReadOnlyList<double> offset)
        => x.Resample([.. offset.Select((pixels, axis) => Moved(x.Shape[axis + 2], pixels))]);

    private static AxisTaps Moved(int size, double offset)
    {
        int whole = (int)Math.Floor(offset);
        double rest = offset - whole;
        int[] starts = [.. Enumerable.Range(0, size + 1).Select(o => 2 * o)];
        int[] positions = [.. Enumerable.Range(0, 2 * size).Select(t => Math.Clamp(t / 2 + whole + t % 2, 0, size - 1))];
        double[] weights = [.. Enumerable.Range(0, 2 * size).Select(t => t % 2 == 0 ? 1 - rest : rest)];
        return AxisTaps.Create(size, starts, positions, weights);
    }

    /// <summary>The samples' mean, rounded to hundredths; 0 where it is small or uncertain.</summary>
    private static double Agreed(List<double> peaks)
    {
        double[] known = [.. peaks.Where(double.IsFinite)];
        if (known.Length < Math.Max(LeastSamples, 0.8 * peaks.Count))
            return 0;
        double mean = known.Average(), variance = known.Sum(p => (p - mean) * (p - mean)) / (known.Length - 1);
        return Math.Abs(mean) >= LeastOffset && Math.Abs(mean) >= StandardErrors * Math.Sqrt(variance / known.Length) ? Math.Round(mean, 2) : 0;
    }

    private static (double Y, double X) Peaks(WindowedSample sample)
    {
        int height = sample.Size[1], width = sample.Size[2], rows = Math.Min(height, MostPixels), columns = Math.Min(width, MostPixels);
        if (rows <= 2 * Reach + 2 || columns <= 2 * Reach + 2)
            return (double.NaN, double.NaN);
        SampleWindow window = sample.Read(new([0, (height - rows) / 2, (width - columns) / 2], [1, rows, columns]));
        (rows, columns) = (window.Box.Size[1], window.Box.Size[2]);
        float[] picture = new float[rows * columns], mask = new float[rows * columns];
        for (int y = 1; y < rows - 1; y++)
        {
            for (int x = 1; x < columns - 1; x++)
            {
                int at = y * columns + x;
                mask[at] = Edge(window.Labels, at, columns);
                for (int c = 0; c < sample.Channels; c++)
                    picture[at] += Slope(window.Image, c * rows * columns + at, columns);
            }
        }
        return (Peak(picture, mask, rows, columns, columns), Peak(picture, mask, rows, columns, 1));
    }

    /// <summary>Whether the neighbours on both sides differ, along height and width together.</summary>
    private static float Edge(int[] labels, int at, int width)
        => MathF.Sqrt((labels[at - width] != labels[at + width] ? 1 : 0) + (labels[at - 1] != labels[at + 1] ? 1 : 0));

    /// <summary>The length of Sobel's gradient.</summary>
    private static float Slope(float[] image, int at, int width)
    {
        float Across(int middle, int side) => image[middle - side] + 2 * image[middle] + image[middle + side];
        float y = Across(at + width, 1) - Across(at - width, 1), x = Across(at + 1, width) - Across(at - 1, width);
        return MathF.Sqrt(y * y + x * x);
    }

    /// <summary>
    /// Where Σ mask(p)·picture(p + offset) is largest along an axis, between pixels by the parabola through the largest and its neighbours; NaN where it is
    /// largest at the end of what is looked at.
    /// </summary>
    private static double Peak(float[] picture, float[] mask, int rows, int columns, int step)
    {
        double[] sums = new double[2 * Reach + 1];
        for (int y = Reach + 1; y < rows - Reach - 1; y++)
        {
            for (int x = Reach + 1; x < columns - Reach - 1; x++)
            {
                int at = y * columns + x;
                if (mask[at] == 0)
                    continue;
                for (int offset = -Reach; offset <= Reach; offset++)
                    sums[offset + Reach] += mask[at] * picture[at + offset * step];
            }
        }
        int best = Array.IndexOf(sums, sums.Max());
        if (best is 0 or 2 * Reach)
            return double.NaN;
        double before = sums[best - 1], after = sums[best + 1];
        return best - Reach + (before - after) / (2 * (before - 2 * sums[best] + after));
    }
}
