namespace Volute.Training;

/// <summary>
/// Of each background pixel the distances to the nearest and to the second-nearest object. Objects are the connected parts (shared sides) of each class
/// above 0.
/// </summary>
/// <param name="First">The nearest, in the grid's spacing; infinite where none lies within reach, and within objects.</param>
/// <param name="Second">The second-nearest, likewise.</param>
internal sealed record NearestTwo(float[] First, float[] Second)
{
    /// <summary>The distances that are at most <paramref name="reach"/> pixels along each axis: exact, by a distance transform around each object.</summary>
    public static NearestTwo Of(ReadOnlySpan<int> labels, PixelGrid grid, int reach)
    {
        float[] first = new float[labels.Length], second = new float[labels.Length];
        first.AsSpan().Fill(float.PositiveInfinity);
        second.AsSpan().Fill(float.PositiveInfinity);
        bool[] mask = new bool[labels.Length];
        int classes = 0;
        foreach (int label in labels)
            classes = Math.Max(classes, label);
        for (int c = 1; c <= classes; c++)
        {
            for (int i = 0; i < mask.Length; i++)
                mask[i] = labels[i] == c;
            if (!mask.Contains(true))
                continue;
            var (objects, count) = ConnectedComponents.Of(mask, grid, Connectivity.Faces);
            ObjectBox[] boxes = ObjectBox.Of(objects, count, grid, reach);
            for (int k = 0; k < count; k++)
                boxes[k].Measure(objects, k + 1, labels, grid, first, second);
        }
        return new NearestTwo(first, second);
    }

    /// <summary>Where an object lies, and all that is within reach of it.</summary>
    private readonly record struct ObjectBox(int Top, int Left, int Front, int Depth, int Height, int Width)
    {
        /// <summary>The boxes of objects 1 to <paramref name="count"/>, widened by <paramref name="reach"/> within the grid.</summary>
        public static ObjectBox[] Of(int[] objects, int count, PixelGrid grid, int reach)
        {
            int[] low = new int[3 * count], high = new int[3 * count];
            low.AsSpan().Fill(int.MaxValue);
            for (int z = 0, i = 0; z < grid.Depth; z++)
                for (int y = 0; y < grid.Height; y++)
                    for (int x = 0; x < grid.Width; x++, i++)
                    {
                        if (objects[i] == 0)
                            continue;
                        int at = 3 * (objects[i] - 1);
                        (low[at], high[at]) = (Math.Min(low[at], z), Math.Max(high[at], z));
                        (low[at + 1], high[at + 1]) = (Math.Min(low[at + 1], y), Math.Max(high[at + 1], y));
                        (low[at + 2], high[at + 2]) = (Math.Min(low[at + 2], x), Math.Max(high[at + 2], x));
                    }
            ObjectBox[] boxes = new ObjectBox[count];
            for (int k = 0; k < count; k++)
            {
                int front = Math.Max(0, low[3 * k] - reach), top = Math.Max(0, low[3 * k + 1] - reach), left = Math.Max(0, low[3 * k + 2] - reach);
                boxes[k] = new ObjectBox(top, left, front, Math.Min(grid.Depth, high[3 * k] + reach + 1) - front,
                    Math.Min(grid.Height, high[3 * k + 1] + reach + 1) - top, Math.Min(grid.Width, high[3 * k + 2] + reach + 1) - left);
            }
            return boxes;
        }

        /// <summary>Enters this object's distances where they are among the two smallest.</summary>
        public void Measure(int[] objects, int number, ReadOnlySpan<int> labels, PixelGrid grid, float[] first, float[] second)
        {
            PixelGrid box = new([Depth, Height, Width], [grid.SpacingOf(0), grid.SpacingOf(1), grid.SpacingOf(2)]);
            bool[] mask = new bool[box.Pixels];
            int[] nearest = new int[box.Pixels];
            for (int row = 0; row < Depth * Height; row++)
                for (int x = 0, from = Start(row, grid); x < Width; x++)
                    mask[row * Width + x] = objects[from + x] == number;
            DistanceTransform.Nearest(mask, box, nearest);
            for (int row = 0; row < Depth * Height; row++)
                for (int x = 0, to = Start(row, grid); x < Width; x++)
                {
                    int i = to + x, p = row * Width + x;
                    if (labels[i] != 0)
                        continue;
                    float distance = (float)box.Distance(p, nearest[p]);
                    if (distance < first[i])
                        (first[i], second[i]) = (distance, first[i]);
                    else if (distance < second[i])
                        second[i] = distance;
                }
        }

        private int Start(int row, PixelGrid grid) => ((Front + row / Height) * grid.Height + Top + row % Height) * grid.Width + Left;
    }
}
