namespace Volute.Training;

/// <summary>
/// A smooth field of displacements over a box of pixels: Gaussian vectors at the nodes of a coarse grid whose outer nodes lie on the box's corners,
/// in between a Catmull–Rom spline along each axis (bicubic; Keys 1981, a = −1/2), the outermost nodes repeated.
/// </summary>
internal sealed class ElasticField
{
    private readonly int depthNodes, nodes, width;
    private readonly double[][] displacements = new double[3][]; // of axis D, H, W: [depth node, height node, width node]
    private readonly (int First, double[] Weights)[] depthTaps, heightTaps, widthTaps;
    private readonly double[] row;

    /// <param name="size">D, H, W of the box.</param>
    /// <param name="grid">Nodes along each axis of more than one pixel.</param>
    /// <param name="deviation">Standard deviation of each displacement, in pixels.</param>
    /// <param name="random">Where the displacements are drawn from.</param>
    public ElasticField(ReadOnlySpan<int> size, int grid, double deviation, ref SeededRandom random)
    {
        nodes = grid;
        depthNodes = size[0] == 1 ? 1 : grid;
        width = size[2];
        double depthDeviation = size[0] == 1 ? 0 : deviation * Math.Min(1, (double)size[0] / Math.Max(size[1], size[2]));
        for (int axis = 0; axis < 3; axis++)
        {
            displacements[axis] = new double[depthNodes * nodes * nodes];
            foreach (ref double displacement in displacements[axis].AsSpan())
                displacement = random.Normal() * (axis == 0 ? depthDeviation : deviation);
        }
        depthTaps = Taps(size[0], depthNodes);
        heightTaps = Taps(size[1], nodes);
        widthTaps = Taps(size[2], nodes);
        row = new double[nodes];
    }

    /// <summary>Adds the displacement along <paramref name="axis"/> (0 depth, 1 height, 2 width) to the positions of row (<paramref name="d"/>, <paramref name="h"/>).</summary>
    public void AddRow(int axis, int d, int h, Span<double> positions)
    {
        (int firstDepth, double[] depthWeights) = depthTaps[d];
        (int firstHeight, double[] heightWeights) = heightTaps[h];
        double[] values = displacements[axis];
        for (int node = 0; node < nodes; node++)
        {
            double sum = 0;
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++)
                    sum += depthWeights[i] * heightWeights[j]
                        * values[(Inside(firstDepth + i, depthNodes) * nodes + Inside(firstHeight + j, nodes)) * nodes + node];
            row[node] = sum;
        }
        for (int w = 0; w < width; w++)
        {
            (int first, double[] weights) = widthTaps[w];
            positions[w] += weights[0] * row[Inside(first, nodes)] + weights[1] * row[Inside(first + 1, nodes)]
                + weights[2] * row[Inside(first + 2, nodes)] + weights[3] * row[Inside(first + 3, nodes)];
        }
    }

    private static int Inside(int node, int count) => Math.Clamp(node, 0, count - 1);

    /// <summary>For each pixel of an axis the four nodes around it and their weights.</summary>
    private static (int, double[])[] Taps(int size, int nodes)
    {
        (int, double[])[] taps = new (int, double[])[size];
        for (int p = 0; p < size; p++)
        {
            double position = size == 1 ? 0 : (double)p * (nodes - 1) / (size - 1);
            int node = (int)position;
            double t = position - node;
            taps[p] = (node - 1,
            [
                ((-t + 2) * t - 1) * t / 2,
                ((3 * t - 5) * t * t + 2) / 2,
                ((-3 * t + 4) * t + 1) * t / 2,
                (t - 1) * t * t / 2,
            ]);
        }
        return taps;
    }
}
