using Volute.Kernels;

namespace Volute.Training;

/// <summary>
/// The exact Euclidean distance of every pixel to the nearest feature, axis after axis by lower envelopes of parabolas (Felzenszwalb and
/// Huttenlocher, Distance Transforms of Sampled Functions, 2012), in time proportional to the number of pixels. What is kept is which feature is
/// nearest: 4 bytes a pixel, and distances are as exact as double is.
/// </summary>
internal static class DistanceTransform
{
    /// <summary>nearest[p] = argmin over features q of |p − q|, in the grid's spacing; −1 everywhere where there is no feature.</summary>
    /// <param name="features">Where features are.</param>
    /// <param name="grid">Sizes and spacing.</param>
    /// <param name="nearest">Takes the index of a pixel for each pixel.</param>
    public static void Nearest(ReadOnlySpan<bool> features, PixelGrid grid, int[] nearest)
    {
        for (int i = 0; i < nearest.Length; i++)
            nearest[i] = features[i] ? i : -1;
        for (int axis = 2; axis >= 0; axis--)
        {
            EnvelopePass pass = new(nearest, grid, axis);
            if (pass.Length > 1)
                Team.Run(pass.Chunks, ref pass);
        }
    }

    /// <summary>distance[p] = min over features q of |p − q|; infinite where there is no feature.</summary>
    public static double[] Distances(ReadOnlySpan<bool> features, PixelGrid grid)
    {
        int[] nearest = new int[features.Length];
        Nearest(features, grid, nearest);
        return [.. nearest.Select((q, p) => q < 0 ? double.PositiveInfinity : grid.Distance(p, q))];
    }

    /// <summary>One axis: of each line, the nearest feature when the axes behind this one are done already.</summary>
    private readonly struct EnvelopePass : IChunks
    {
        // Pixels of a chunk, about: enough that its scratch memory costs nothing.
        private const int ChunkPixels = 1 << 15;

        private readonly int[] nearest;
        private readonly PixelGrid grid;
        private readonly int axis, stride, lines, linesPerChunk;

        public EnvelopePass(int[] nearest, PixelGrid grid, int axis)
        {
            this.nearest = nearest;
            this.grid = grid;
            this.axis = axis;
            (Length, stride) = axis switch { 0 => (grid.Depth, grid.Height * grid.Width), 1 => (grid.Height, grid.Width), _ => (grid.Width, 1) };
            lines = nearest.Length / Length;
            linesPerChunk = Math.Max(1, ChunkPixels / Length);
        }

        /// <summary>Pixels of a line.</summary>
        public int Length { get; }

        public int Chunks => (lines + linesPerChunk - 1) / linesPerChunk;

        public void Run(int chunk)
        {
            // Parabola k belongs to position at[k], with the feature feature[k] at the squared distance height[k], and is the lowest from starts[k] on.
            int[] at = new int[Length], feature = new int[Length];
            double[] height = new double[Length], starts = new double[Length];
            for (int line = chunk * linesPerChunk; line < Math.Min(lines, (chunk + 1) * linesPerChunk); line++)
            {
                // Neighbouring lines lie side by side, so that a line of the cache serves several.
                int first = line / stride * (stride * Length) + line % stride;
                int parabolas = Envelope(first, at, feature, height, starts);
                if (parabolas > 0)
                    Write(first, parabolas, at, feature, starts);
            }
        }

        private int Envelope(int first, int[] at, int[] feature, double[] height, double[] starts)
        {
            double s = grid.SpacingOf(axis);
            int count = 0;
            for (int q = 0; q < Length; q++)
            {
                int pixel = first + q * stride, found = nearest[pixel];
                if (found < 0)
                    continue;
                double own = SquaredOffset(pixel, found), start = double.NegativeInfinity;
                while (count > 0)
                {
                    double last = at[count - 1];
                    start = (own - height[count - 1] + s * s * (q - last) * (q + last)) / (2 * s * (q - last));
                    if (start > starts[count - 1])
                        break;
                    count--;
                }
                (at[count], feature[count], height[count], starts[count]) = (q, found, own, start);
                count++;
            }
            return count;
        }

        private void Write(int first, int parabolas, int[] at, int[] feature, double[] starts)
        {
            double s = grid.SpacingOf(axis);
            for (int q = 0, k = 0; q < Length; q++)
            {
                while (k + 1 < parabolas && starts[k + 1] < q * s)
                    k++;
                nearest[first + q * stride] = feature[k];
            }
        }

        /// <summary>The squared distance along the axes that are done; along the others the two pixels agree.</summary>
        private double SquaredOffset(int pixel, int found)
        {
            if (axis == 2)
                return 0;
            int width = grid.Width;
            double y = (found / width - pixel / width) * grid.SpacingOf(1), x = (found % width - pixel % width) * grid.SpacingOf(2);
            return axis == 0 ? y * y + x * x : x * x;
        }
    }
}
