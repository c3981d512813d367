namespace Volute.Training;

/// <summary>Kernels and strides of each stage, and the patch that fits them.</summary>
/// <param name="Kernels">Of each stage, the finest first, along each axis.</param>
/// <param name="Strides">From the stage before; ones at the first.</param>
/// <param name="Patch">The patch, padded so that every axis divides by its strides' product.</param>
internal sealed record Topology(IReadOnlyList<int[]> Kernels, IReadOnlyList<int[]> Strides, int[] Patch)
{
    // An axis is as fine as the finest within a factor of this.
    private const double AsFine = 2;

    /// <summary>The product of the strides along each axis.</summary>
    public int[] Divisors { get; } = [.. Enumerable.Range(0, Patch.Length).Select(axis => Strides.Aggregate(1, (product, stride) => product * stride[axis]))];

    /// <summary>
    /// nnU-Net's rule: again and again the axes that are long enough to be halved (at least twice the least edge, three times where one is alone) and whose
    /// spacing is below twice the finest of them are halved. A kernel has 3 taps along an axis from the stage on at which its spacing is below twice the
    /// finest of all, and everywhere at the bottom; until then 1.
    /// </summary>
    public static Topology Of(IReadOnlyList<double> spacing, IReadOnlyList<int> patch, int leastEdge)
    {
        int rank = patch.Count;
        double[] now = [.. spacing];
        int[] size = [.. patch], kernel = [.. Enumerable.Repeat(1, rank)];
        List<int[]> kernels = [], strides = [[.. Enumerable.Repeat(1, rank)]];
        while (Halved(now, size, leastEdge) is { Length: > 0 } halved)
        {
            for (int axis = 0; axis < rank; axis++)
            {
                if (now[axis] / now.Min() < AsFine)
                    kernel[axis] = 3;
            }
            kernels.Add([.. kernel]);
            strides.Add([.. Enumerable.Range(0, rank).Select(axis => halved.Contains(axis) ? 2 : 1)]);
            foreach (int axis in halved)
            {
                now[axis] *= 2;
                size[axis] = (size[axis] + 1) / 2;
            }
        }
        kernels.Add([.. Enumerable.Repeat(3, rank)]);
        Topology found = new(kernels, strides, [.. patch]);
        return found with { Patch = [.. patch.Select((n, axis) => (n + found.Divisors[axis] - 1) / found.Divisors[axis] * found.Divisors[axis])] };
    }

    /// <summary>
    /// The same for convolutions whose kernels lie in planes, k×k×k or 1×k×k: the axes behind the first are halved together, the first with them; a stage that
    /// halves nothing then is left out.
    /// </summary>
    public Topology OfPlanes()
    {
        List<int[]> kernels = [], strides = [];
        for (int s = 0; s < Strides.Count; s++)
        {
            int plane = Math.Min(Strides[s][1], Strides[s][2]);
            if (s > 0 && plane == 1)
                continue;
            kernels.Add([Kernels[s][0], 3, 3]);
            strides.Add([Math.Min(Strides[s][0], plane), plane, plane]);
        }
        return new Topology(kernels, strides, Patch);
    }

    /// <summary>The axes that the next stage halves.</summary>
    private static int[] Halved(double[] spacing, int[] size, int leastEdge)
    {
        int[] longEnough = [.. Enumerable.Range(0, size.Length).Where(axis => size[axis] >= 2 * leastEdge)];
        if (longEnough.Length == 0)
            return [];
        double finest = longEnough.Min(axis => spacing[axis]);
        int[] halved = [.. longEnough.Where(axis => spacing[axis] / finest < AsFine)];
        return halved.Length == 1 && size[halved[0]] < 3 * leastEdge ? [] : halved;
    }
}
