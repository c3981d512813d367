using Volute.Kernels;

namespace Volute.Training;

/// <summary>
/// Classes of a volume's own voxels, from the scores of what the network saw of it: slab by slab scores are brought to the volume's spacing, the largest is
/// taken (of regions, all that are above 0) and laid where the voxel is stored. What was cut off before is the first class.
/// </summary>
internal sealed class StoredClasses
{
    // Voxels of the volume whose scores are there at once, more or less.
    private const int MostVoxels = 1 << 21;

    private readonly PreparedGrid _grid;
    private readonly PixelScores _meaning;
    private readonly AxisTaps[] _taps; // from prepared voxels to those of the box
    private float[] _held = []; // [classes, slices, area] that following slices of the box need too
    private int _first, _next; // the first slice held, and the next one of the box to be made

    /// <param name="grid">Where the voxels lie.</param>
    /// <param name="meaning">What scores say.</param>
    /// <param name="probabilities">Whether they are wanted too.</param>
    public StoredClasses(PreparedGrid grid, PixelScores meaning, bool probabilities)
    {
        (_grid, _meaning, _taps, Classes) = (grid, meaning, grid.ToStored(), new int[grid.StoredVoxels]);
        if (!probabilities)
            return;
        Probabilities = new float[Sizes.Product([meaning.Outputs, grid.StoredVoxels], "probabilities")];
        Probabilities.AsSpan(0, grid.StoredVoxels).Fill(meaning.UnseenFirst);
    }

    /// <summary>Of each voxel.</summary>
    public int[] Classes { get; }

    /// <summary>[outputs, voxels]: what the scores are softened to; empty where they are not wanted.</summary>
    public float[] Probabilities { get; } = [];

    /// <summary>Takes the slices of a slab from its first to before <paramref name="end"/>.</summary>
    public void Take(ScoreSlab slab, int end)
    {
        int area = slab.Area, before = _held.Length / (slab.Classes * area), slices = before + end - slab.First;
        float[] held = new float[slab.Classes * slices * area];
        for (int c = 0; c < slab.Classes; c++)
        {
            _held.AsSpan(c * before * area, before * area).CopyTo(held.AsSpan(c * slices * area));
            for (int d = slab.First; d < end; d++)
                slab.Slice(c, d).CopyTo(held.AsSpan((c * slices + before + d - slab.First) * area));
        }
        _held = held;
        int most = Math.Max(1, MostVoxels / (_grid.Box[1] * _grid.Box[2]));
        while (_next < _taps[0].Outputs && Last(_next) < end)
        {
            int count = 1;
            while (count < most && _next + count < _taps[0].Outputs && Last(_next + count) < end)
                count++;
            Lay(Restored(slab.Classes, slices, _next, count), slab.Classes, count);
            _next += count;
        }
        int keep = _next < _taps[0].Outputs ? Math.Min(First(_next), end) : end;
        Keep(slab.Classes, slices, area, keep - _first);
        _first = keep;
    }

    /// <summary>The first and the last prepared slice that a slice of the box is made of.</summary>
    private int First(int slice) => _taps[0].Positions[_taps[0].Starts[slice]];

    private int Last(int slice) => _taps[0].Positions[_taps[0].Starts[slice + 1] - 1];

    /// <summary>Scores [classes, count, H, W] of some slices of the box.</summary>
    private float[] Restored(int classes, int slices, int slice, int count)
    {
        AxisTaps depth = _taps[0];
        int start = depth.Starts[slice], end = depth.Starts[slice + count];
        int[] starts = new int[count + 1], positions = [.. depth.Positions[start..end]];
        for (int i = 0; i <= count; i++)
            starts[i] = depth.Starts[slice + i] - start;
        for (int i = 0; i < positions.Length; i++)
            positions[i] -= _first;
        return PreparedGrid.Resampled(_held, classes, [AxisTaps.Create(slices, starts, positions, depth.Weights[start..end]), _taps[1], _taps[2]]);
    }

    private void Lay(float[] scores, int classes, int count)
    {
        int height = _grid.Box[1], width = _grid.Box[2], voxels = count * height * width, stored = _grid.StoredVoxels;
        for (int d = 0, i = 0; d < count; d++)
        {
            for (int h = 0; h < height; h++)
            {
                var (at, step) = _grid.StoredRow(_next + d, h);
                for (int w = 0; w < width; w++, i++, at += step)
                {
                    Classes[at] = _meaning.Class(scores, i, voxels);
                    if (Probabilities.Length == 0)
                        continue;
                    _meaning.Soften(scores, i, voxels);
                    for (int c = 0; c < classes; c++)
                        Probabilities[c * stored + at] = scores[c * voxels + i];
                }
            }
        }
    }

    private void Keep(int classes, int slices, int area, int gone)
    {
        int left = slices - gone;
        float[] kept = new float[classes * left * area];
        for (int c = 0; c < classes; c++)
            _held.AsSpan((c * slices + gone) * area, left * area).CopyTo(kept.AsSpan(c * left * area));
        _held = kept;
    }
}
