using Volute.Kernels;

namespace Volute.Training;

/// <summary>The voxels that a network sees of one volume, and where they lie among those that are stored.</summary>
/// <remarks>Three steps, each of which may be none: axes turned, a box cut out, and resampled to other sizes, separably.</remarks>
internal sealed class PreparedGrid
{
    // Slices this many times as far apart as their pixels are not interpolated across. nnU-Net's rule.
    private const double FarApart = 3;

    private readonly (int Source, bool Flipped)[] _axes; // of each turned axis the stored one
    private readonly int[] _strides; // of the stored axes
    private readonly int[] _stored; // sizes
    private readonly int[] _start, _box; // of the box, along turned axes
    private readonly int _across = -1; // the turned axis that is not interpolated

    /// <param name="preprocessing">What is asked for.</param>
    /// <param name="sample">A volume [C, D, H, W]; a picture is one of one slice.</param>
    public PreparedGrid(Preprocessing preprocessing, Sample sample)
    {
        int[] stored = Augmentation.SpatialSize(sample);
        _stored = stored;
        _strides = [stored[1] * stored[2], stored[2], 1];
        _axes = AxisCodes.Between(sample.AxisCodes, preprocessing.Axes) ?? [(0, false), (1, false), (2, false)];
        Codes = sample.AxisCodes == null ? null : preprocessing.Axes ?? sample.AxisCodes;
        (_start, _box) = preprocessing.Crop ? NonZero(sample) : ([0, 0, 0], [.. _axes.Select(a => stored[a.Source])]);
        double[]? spacing = sample.Spacing is { Length: 3 } given ? [.. _axes.Select(a => given[a.Source])] : null;
        if (preprocessing.Spacing is not { } wanted || spacing is null)
        {
            (Size, Spacing) = (_box, spacing);
            return;
        }
        Spacing = [.. wanted];
        Size = [.. _box.Select((n, axis) => Math.Max(1, (int)Math.Round(n * spacing[axis] / wanted[axis])))];
        foreach (double[] s in (double[][])[spacing, Spacing])
        {
            if (_across < 0 && s.Max() > FarApart * s.Min())
                _across = Array.IndexOf(s, s.Max());
        }
    }

    /// <summary>D, H, W of what the network sees.</summary>
    public int[] Size { get; }

    /// <summary>Millimetres along each of these axes; null where the file tells none.</summary>
    public double[]? Spacing { get; }

    /// <summary>Where these axes point; null where the file tells nothing.</summary>
    public string? Codes { get; }

    /// <summary>Voxels that are stored.</summary>
    public int StoredVoxels => _stored[0] * _stored[1] * _stored[2];

    /// <summary>The box's sizes: of what comes back from <see cref="ToStored"/>.</summary>
    public IReadOnlyList<int> Box => _box;

    /// <summary>Values as the network sees them: cubic (Keys 1981, a = −1/2, widened where voxels become fewer), nearest across slices that are far apart.</summary>
    public float[] ToPrepared(float[] image, int channels)
    {
        float[] turned = new float[channels * Count(_box)];
        Turned(image, turned, channels);
        return Resampled(turned, channels, Taps(_box, Size, (n, m) => AxisTaps.Antialiased(n, m, cubic: true)));
    }

    /// <summary>Labels as the network is to learn them: of all that occur, ignored ones too, the one with the largest share of a voxel, shares interpolated linearly.</summary>
    public int[] ToPrepared(int[] labels)
    {
        int[] turned = new int[Count(_box)];
        Turned(labels, turned, 1);
        if (Size.AsSpan().SequenceEqual(_box))
            return turned;
        AxisTaps[] taps = Taps(_box, Size, (n, m) => AxisTaps.Linear(n, m));
        int[] best = new int[Count(Size)];
        float[] largest = new float[best.Length];
        foreach (int label in turned.Distinct().Order())
        {
            float[] share = Resampled(Array.ConvertAll(turned, l => l == label ? 1f : 0), 1, taps);
            for (int i = 0; i < best.Length; i++)
            {
                if (share[i] > largest[i])
                    (best[i], largest[i]) = (label, share[i]);
            }
        }
        return best;
    }

    /// <summary>The linear maps that bring scores back to the box, along each axis.</summary>
    public AxisTaps[] ToStored() => Taps(Size, _box, (n, m) => AxisTaps.Linear(n, m));

    /// <summary>Where voxel (d, h, 0) of the box is stored, and the step from one w to the next.</summary>
    public (int First, int Step) StoredRow(int d, int h)
    {
        int first = 0;
        ReadOnlySpan<int> place = [_start[0] + d, _start[1] + h, _start[2]];
        for (int axis = 0; axis < 3; axis++)
        {
            var (source, flipped) = _axes[axis];
            first += (flipped ? _stored[source] - 1 - place[axis] : place[axis]) * _strides[source];
        }
        return (first, _axes[2].Flipped ? -_strides[_axes[2].Source] : _strides[_axes[2].Source]);
    }

    /// <summary>[C, D, H, W] at other sizes.</summary>
    public static float[] Resampled(float[] values, int channels, AxisTaps[] taps)
        => taps.All(t => t.IsIdentity) ? values
            : Tensor.FromArray(values, [1, channels, taps[0].Inputs, taps[1].Inputs, taps[2].Inputs]).Resample(taps).ToArray();

    private AxisTaps[] Taps(int[] from, int[] to, Func<int, int, AxisTaps> kind)
        => [.. Enumerable.Range(0, 3).Select(axis => from[axis] == to[axis] ? AxisTaps.Identity(from[axis])
            : axis == _across ? AxisTaps.NearestExact(from[axis], to[axis]) : kind(from[axis], to[axis]))];

    private void Turned<T>(ReadOnlySpan<T> stored, Span<T> turned, int channels)
    {
        int at = 0, voxels = StoredVoxels;
        for (int c = 0; c < channels; c++)
        {
            for (int d = 0; d < _box[0]; d++)
            {
                for (int h = 0; h < _box[1]; h++)
                {
                    var (first, step) = StoredRow(d, h);
                    for (int w = 0, from = c * voxels + first; w < _box[2]; w++, from += step)
                        turned[at++] = stored[from];
                }
            }
        }
    }

    /// <summary>The smallest box around every voxel that is not 0 in all channels, along turned axes; all where there is none.</summary>
    private (int[] Start, int[] Box) NonZero(Sample sample)
    {
        ContentBox content = new(_stored);
        content.Add(sample.Image, global::Volute.Training.Box.Whole(_stored));
        int[] start = content.Start, size = content.Size;
        return ([.. _axes.Select(a => a.Flipped ? _stored[a.Source] - start[a.Source] - size[a.Source] : start[a.Source])], [.. _axes.Select(a => size[a.Source])]);
    }

    private static int Count(int[] size) => (int)Sizes.Product(size, "a prepared volume");
}
