namespace Volute.Training;

/// <summary>
/// A smooth field of displacements over a box of pixels: Gaussian vectors at the nodes of a coarse grid whose outer nodes lie on the box's corners,
/// in between a Catmull–Rom spline along each axis (bicubic; Keys 1981, a = −1/2), the outermost nodes repeated.
/// </summary>
internal sealed class ElasticField
{
    // |-1/16| + 9/16 + 9/16 + |-1/16|: of four weights, half-way between two nodes.
    private const double LargestWeights = 1.25;

    private readonly int depthNodes, nodes, width;
    private readonly double[][] displacements = new double[3][]; // of axis D, H, W: [depth node, height node, width node]
    private readonly (int[] First, double[] Weights) depthTaps, heightTaps, widthTaps; // of each pixel the first of four nodes, and their weights
    private readonly double[] row; // the nodes of one line along the width, the outer ones repeated at both ends

    /// <param name="size">D, H, W of the box.</param>
    /// <param name="grid">Nodes along each axis of more than one pixel.</param>
    /// <param name="deviation">Standard deviation of each displacement, in pixels.</param>
    /// <param name="random">Where the displacements are drawn from.</param>
    /// <param name="inPlane">Whether nothing moves along the depth.</param>
    public ElasticField(ReadOnlySpan<int> size, int grid, double deviation, ref SeededRandom random, bool inPlane = false)
    {
        nodes = grid;
        depthNodes = size[0] == 1 ? 1 : grid;
        width = size[2];
        double depthDeviation = size[0] == 1 || inPlane ? 0 : deviation * Math.Min(1, (double)size[0] / Math.Max(size[1], size[2]));
        for (int axis = 0; axis < 3; axis++)
        {
            displacements[axis] = new double[depthNodes * nodes * nodes];
            foreach (ref double displacement in displacements[axis].AsSpan())
                displacement = random.Normal() * (axis == 0 ? depthDeviation : deviation);
        }
        depthTaps = Taps(size[0], depthNodes);
        heightTaps = Taps(size[1], nodes);
        widthTaps = Taps(size[2], nodes);
        row = new double[nodes + 3];
    }

    /// <summary>The farthest that a position may move along <paramref name="axis"/>.</summary>
    public double Reach(int axis) => displacements[axis].Max(Math.Abs) * Math.Pow(LargestWeights, 3);

    /// <summary>
    /// Adds the displacement along <paramref name="axis"/> (0 depth, 1 height, 2 width) to the positions of row (<paramref name="d"/>,
    /// <paramref name="h"/>).
    /// </summary>
    public void AddRow(int axis, int d, int h, Span<double> positions)
    {
        double[] values = displacements[axis];
        for (int node = 0; node < row.Length; node++)
        {
            double sum = 0;
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++)
                    sum += depthTaps.Weights[4 * d + i] * heightTaps.Weights[4 * h + j]
                        * values[(Inside(depthTaps.First[d] + i, depthNodes) * nodes + Inside(heightTaps.First[h] + j, nodes)) * nodes
                            + Inside(node - 1, nodes)];
            row[node] = sum;
        }
        for (int w = 0; w < width; w++)
        {
            ReadOnlySpan<double> four = row.AsSpan(widthTaps.First[w] + 1, 4), weights = widthTaps.Weights.AsSpan(4 * w, 4);
            positions[w] += weights[0] * four[0] + weights[1] * four[1] + weights[2] * four[2] + weights[3] * four[3];
        }
    }

    private static int Inside(int node, int count) => Math.Clamp(node, 0, count - 1);

    /// <summary>For each pixel of an axis the four nodes around it and their weights.</summary>
    private static (int[], double[]) Taps(int size, int nodes)
    {
        int[] first = new int[size];
        double[] weights = new double[4 * size];
        for (int p = 0; p < size; p++)
        {
            double position = size == 1 ? 0 : (double)p * (nodes - 1) / (size - 1);
            int node = (int)position;
            double t = position - node;
            first[p] = node - 1;
            weights[4 * p] = ((-t + 2) * t - 1) * t / 2;
            weights[4 * p + 1] = ((3 * t - 5) * t * t + 2) / 2;
            weights[4 * p + 2] = ((-3 * t + 4) * t + 1) * t / 2;
            weights[4 * p + 3] = (t - 1) * t * t / 2;
        }
        return (first, weights);
    }
}
