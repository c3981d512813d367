using Volute.Kernels;

namespace Volute;

/// <summary>Convolutions of volumes whose kernels lie in planes: of the three axes of a K×K×K window one has a single tap, the middle one of its K.</summary>
internal static class PlaneConvolution
{
    /// <summary>The convolution of the planes across one axis; that axis reads position o·stride + dilation·⌊(K − 1)/2⌋ − pad.</summary>
    /// <param name="x">(N, C, D, H, W).</param>
    /// <param name="weight">(O, C/groups, K, K).</param>
    /// <param name="bias">(O), or null.</param>
    /// <param name="cube">The window K×K×K whose sizes the result has.</param>
    /// <param name="across">The axis across the planes: 0 depth, 1 height, 2 width.</param>
    /// <param name="groups">Groups of channels.</param>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Window cube, int across, int groups)
    {
        WindowAxis axis = cube[across];
        int before = axis.Dilation * ((axis.Kernel - 1) / 2), behind = (int)(axis.Reach - 1) - before, begin = axis.PadBegin - before;
        // Positions that no middle tap reads are not looked at.
        if (begin < 0)
            x = x.Slice(across + 2, -begin, x.Shape[across + 2] + begin);
        WindowAxis single = new(1, axis.Stride, 1, Math.Max(begin, 0), axis.PadEnd - behind);
        return x.Convolve(weight.Unsqueeze(across + 2), bias, cube.Select((i, a) => i == across ? single : a), groups);
    }

    /// <summary>
    /// The transposed convolution of the planes across one axis; along that axis each position is repeated stride times, in the middle of what K taps
    /// would reach, so that the same slice again and again gives the same slice again and again. Nothing but the bias is where no position reaches.
    /// </summary>
    /// <param name="x">(N, C, D, H, W).</param>
    /// <param name="weight">(C, O/groups, K, K).</param>
    /// <param name="bias">(O), or null.</param>
    /// <param name="cube">The window K×K×K whose sizes the result has.</param>
    /// <param name="outputPadding">Positions added at the end of each axis.</param>
    /// <param name="across">The axis across the planes: 0 depth, 1 height, 2 width.</param>
    /// <param name="groups">Groups of channels.</param>
    public static Tensor ConvolveTransposed(Tensor x, Tensor weight, Tensor? bias, Window cube, IReadOnlyList<int> outputPadding, int across, int groups)
    {
        WindowAxis axis = cube[across];
        int given = x.Shape[across + 2], wanted = Convolutions.TransposedSize(axis, x.Shape, across + 2, outputPadding[across]);
        int start = (int)Math.Ceiling((axis.Reach - axis.Stride) / 2.0) - axis.PadBegin;
        bool reached = start <= 0 && start + (long)given * axis.Stride >= wanted;
        Window planes = cube.Select((i, a) => i == across ? new WindowAxis(1) : a);
        Tensor y = x.ConvolveTransposed(weight.Unsqueeze(across + 2), reached ? bias : null, planes, [.. outputPadding.Select((extra, i) => i == across ? 0 : extra)], groups);
        if (axis.Stride > 1 || start != 0 || wanted != given)
            y = y.ResampleAxis("repeat", across, Repeated(given, axis.Stride, start, wanted));
        return reached || bias is null ? y : y + bias.Reshape([1, bias.Shape[0], 1, 1, 1]);
    }

    /// <summary>Outputs 0..wanted − 1, of which start + i·times and the times − 1 after it are input i.</summary>
    private static AxisTaps Repeated(int given, int times, int start, int wanted)
    {
        List<int> starts = [0], positions = [];
        for (int output = 0; output < wanted; output++)
        {
            int input = (int)Math.Floor((output - start) / (double)times);
            if (input >= 0 && input < given)
                positions.Add(input);
            starts.Add(positions.Count);
        }
        double[] ones = new double[positions.Count];
        Array.Fill(ones, 1);
        return AxisTaps.Create(given, starts.ToArray(), positions.ToArray(), ones);
    }
}
