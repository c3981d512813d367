namespace Volute.Training;

/// <summary>
/// Where each pixel of a result comes from: source(p) = Matrix · (p − (size − 1)/2) + Centre + elastic(p), with positions (depth, height, width)
/// in pixels. Crop, flips, rotation, scale, shift and elastic deformation are all in it, so that an image is sampled only once.
/// </summary>
internal sealed class CoordinateMap
{
    private readonly double[] matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    private readonly double[] centre;
    private readonly bool[] flips = new bool[3];
    private ElasticField? elastic;
    private bool isCopy = true;

    private CoordinateMap(int[] size, int[] start)
    {
        Size = size;
        Start = start;
        centre = [start[0] + (size[0] - 1) / 2.0, start[1] + (size[1] - 1) / 2.0, start[2] + (size[2] - 1) / 2.0];
    }

    /// <summary>D, H, W of the result.</summary>
    public int[] Size { get; }

    /// <summary>The source position of the result's first pixel while nothing but the crop moves it.</summary>
    public int[] Start { get; }

    /// <summary>Whether each pixel of the result is a pixel of the source: result(p) = source(Start + p), p counted from the far end along axes of <see cref="Flips"/>.</summary>
    public bool IsCopy => isCopy;

    /// <summary>Whether depth, height, width are exchanged end for end.</summary>
    public ReadOnlySpan<bool> Flips => flips;

    /// <summary>
    /// Draws the geometric changes of <paramref name="options"/> around the box of <paramref name="size"/> at <paramref name="start"/>.
    /// </summary>
    public static CoordinateMap Draw(AugmentationOptions options, int[] size, int[] start, ref SeededRandom random)
    {
        CoordinateMap map = new(size, start);
        if (!options.IsGeometric)
            return map;
        bool volume = size[0] > 1;
        // source = rotation · (1/scale) · flip · offset: the first factor is applied to the picture last.
        // One number for rotation and tilt: of equal probabilities both happen or none.
        double turn = random.Uniform();
        if (turn < options.Rotation.Probability)
            map.Rotate(1, 2, options.Rotation.Amount(ref random));
        for (int axis = 1; volume && turn < options.Tilt.Probability && axis <= 2; axis++)
            map.Rotate(0, axis, options.Tilt.Amount(ref random));
        if (random.Happens(options.Scale.Probability))
            map.Magnify(Math.Exp(-random.Uniform(Math.Log(options.Scale.Min), Math.Log(options.Scale.Max))), options.InPlane ? [1, 2] : [0, 1, 2]);
        ReadOnlySpan<double> probabilities = [options.FlipDepth, options.FlipHeight, options.FlipWidth];
        for (int axis = 0; axis < 3; axis++)
            if (random.Happens(probabilities[axis]))
                map.Flip(axis);
        for (int axis = 0; axis < 3; axis++)
            if (options.Shift.Draw(ref random, out double shift) && size[axis] > 1)
                map.Shift(axis, shift * size[axis]);
        if (options.Elastic.Draw(ref random, out double deviation))
        {
            map.elastic = new ElasticField(size, options.ElasticGrid, deviation, ref random, options.InPlane);
            map.isCopy = false;
        }
        return map;
    }

    /// <summary>The source positions of the pixels of row (<paramref name="d"/>, <paramref name="h"/>) of the result.</summary>
    public void Row(int d, int h, Span<double> depths, Span<double> heights, Span<double> widths)
    {
        double offsetDepth = d - (Size[0] - 1) / 2.0, offsetHeight = h - (Size[1] - 1) / 2.0;
        for (int axis = 0; axis < 3; axis++)
        {
            double first = matrix[3 * axis] * offsetDepth + matrix[3 * axis + 1] * offsetHeight, step = matrix[3 * axis + 2],
                middle = (Size[2] - 1) / 2.0, end = centre[axis];
            Span<double> positions = (axis switch { 0 => depths, 1 => heights, _ => widths })[..Size[2]];
            for (int w = 0; w < positions.Length; w++)
                positions[w] = first + step * (w - middle) + end;
        }
        if (elastic == null)
            return;
        if (Size[0] > 1)
            elastic.AddRow(0, d, h, depths);
        elastic.AddRow(1, d, h, heights);
        elastic.AddRow(2, d, h, widths);
    }

    /// <summary>The part of a source that is sampled: all positions, mirrored at its borders, with the pixels around them. It may be a little more.</summary>
    /// <param name="size">D, H, W of the source.</param>
    /// <param name="offset">How much further on images are sampled than masks, on each axis; null for none.</param>
    public Box Seen(ReadOnlySpan<int> size, double[]? offset = null)
    {
        int[] first = new int[3], count = new int[3];
        for (int axis = 0; axis < 3; axis++)
        {
            double reach = (elastic?.Reach(axis) ?? 0) + Math.Abs(offset?[axis] ?? 0);
            for (int j = 0; j < 3; j++)
                reach += Math.Abs(matrix[3 * axis + j]) * (Size[j] - 1) / 2.0;
            // One more for the neighbour, and for what rounding moves.
            double low = Math.Floor(centre[axis] - reach) - 1, high = Math.Ceiling(centre[axis] + reach) + 1;
            int last = size[axis] - 1;
            // What lies outside is folded inwards; the part reaches from the border to the farthest of it.
            double from = high > last ? Math.Min(low, 2.0 * last - high) : low, to = low < 0 ? Math.Max(high, -low) : high;
            first[axis] = (int)Math.Clamp(low < 0 ? 0 : from, 0, last);
            count[axis] = (int)Math.Clamp(high > last ? last : to, 0, last) - first[axis] + 1;
        }
        return new(first, count);
    }

    /// <summary>matrix ← matrix · rotation in the plane of two axes; for height and width, the picture turns counter-clockwise.</summary>
    private void Rotate(int first, int second, double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        for (int row = 0; row < 9; row += 3)
        {
            double a = matrix[row + first], b = matrix[row + second];
            matrix[row + first] = a * cos - b * sin;
            matrix[row + second] = a * sin + b * cos;
        }
        isCopy &= degrees == 0;
    }

    private void Magnify(double factor, params ReadOnlySpan<int> axes)
    {
        foreach (int axis in axes)
            Multiply(factor, axis);
        isCopy &= factor == 1;
    }

    private void Flip(int axis)
    {
        Multiply(-1, axis);
        flips[axis] = true;
    }

    private void Multiply(double factor, int axis)
    {
        for (int row = 0; row < 9; row += 3)
            matrix[row + axis] *= factor;
    }

    /// <summary>Moves the content towards higher positions: the source position falls.</summary>
    private void Shift(int axis, double pixels)
    {
        centre[axis] -= pixels;
        isCopy &= pixels == 0;
    }
}
