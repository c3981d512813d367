using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The loops of a <see cref="ResamplePass"/>. Lanes hold channels. Channels that do not fill a register are done by a last register that overlaps the one
/// before it (the same sums once more); with fewer channels than lanes, registers run over into the next position of a buffer, whose turn comes later.
/// </summary>
internal readonly unsafe partial struct ResampleRows<TLanes, T>(ResamplePass pass, T* x, T* y) : IChunks
    where TLanes : struct, ILanes<TLanes, T> where T : unmanaged
{
    [SkipLocalsInit]
    public void Run(int chunk)
    {
        T* row = stackalloc T[pass.RowBufferElements], outputs = stackalloc T[pass.OutputBufferElements];
        var (firstUnit, endUnit) = pass.Units[chunk];
        AxisTaps depth = pass.Depth.Taps, height = pass.Height.Taps;
        for (long unit = firstUnit; unit < endUnit; unit++)
        {
            var (rest, oh) = Math.DivRem(unit, height.Outputs);
            (rest, long od) = Math.DivRem(rest, depth.Outputs);
            (rest, long tileIndex) = Math.DivRem(rest, pass.Tiles.Tiles.Length);
            var (n, block) = Math.DivRem(rest, pass.Blocks.Count);
            var (channel, channels) = pass.Blocks[(int)block];
            WidthTile tile = pass.Tiles.Tiles[tileIndex];
            T* source = x + n * pass.X.Batch + channel;
            T* target = y + n * pass.Y.Batch + od * pass.Y.Depth + oh * pass.Y.Height + tile.First * pass.Y.Width + channel;
            Rows rows = new(pass, (int)od, (int)oh);
            if (rows.IsEmpty || tile.Steps == 0)
                Clear(target, tile.Count, channels);
            else if (tile.IsRun)
                SumRows(rows, source + pass.Tiles.Steps[tile.FirstStep].FirstInput * pass.X.Width, pass.X.Width, target, pass.Y.Width, tile.Count, channels);
            else if (pass.IsNested)
                SumTaps(rows, pass.Width, source, tile, target, pass.Y.Width, channels);
            else
                SumByRows(rows, source, tile, target, row, outputs, channels);
        }
    }

    /// <summary>The rows of x that a row of y sums: the taps of its depth and of its height.</summary>
    private readonly struct Rows
    {
        public readonly int FirstDepth, EndDepth, FirstHeight, EndHeight;
        public readonly long* DepthOffsets, HeightOffsets;
        public readonly T* DepthWeights, HeightWeights;

        public Rows(ResamplePass pass, int od, int oh)
        {
            (FirstDepth, EndDepth) = (pass.Depth.Starts[od], pass.Depth.Starts[od + 1]);
            (FirstHeight, EndHeight) = (pass.Height.Starts[oh], pass.Height.Starts[oh + 1]);
            DepthOffsets = pass.Depth.Offsets;
            HeightOffsets = pass.Height.Offsets;
            DepthWeights = (T*)pass.Depth.Weights;
            HeightWeights = (T*)pass.Height.Weights;
        }

        public bool IsEmpty => FirstDepth == EndDepth || FirstHeight == EndHeight;

        /// <summary>One row with weight 1.</summary>
        public bool IsPlain => EndDepth - FirstDepth == 1 && EndHeight - FirstHeight == 1 && IsOne(DepthWeights[FirstDepth]) && IsOne(HeightWeights[FirstHeight]);

        public long PlainOffset => DepthOffsets[FirstDepth] + HeightOffsets[FirstHeight];

        private static bool IsOne(T weight) => sizeof(T) == 8 ? *(double*)&weight == 1 : *(float*)&weight == 1;
    }

    private void Clear(T* target, int outputs, int channels)
    {
        for (int o = 0; o < outputs; o++)
            new Span<T>(target + o * pass.Y.Width, channels).Clear();
    }

    private void SumByRows(in Rows rows, T* source, in WidthTile tile, T* target, T* row, T* outputs, int channels)
    {
        // Outputs of one step with whole registers of channels go straight to y; others by way of a buffer, where registers may run over.
        bool direct = tile.Steps == 1 && !pass.IsNarrow;
        for (int i = 0; i < tile.Steps; i++)
        {
            WidthStep step = pass.Tiles.Steps[tile.FirstStep + i];
            SumRows(rows, source + step.FirstInput * pass.X.Width, pass.X.Width, row, pass.Blocks.Largest, step.Inputs, channels);
            // What registers run over into behind the row only costs time, but much of it where chance bits are denormal numbers.
            TLanes.Store(TLanes.Broadcast(0), row + (long)step.Inputs * pass.Blocks.Largest);
            T* origin = row - (long)step.FirstInput * pass.Blocks.Largest;
            if (direct)
                SumWidth(origin, tile, target, pass.Y.Width, channels);
            else if (tile.Steps == 1)
                SumWidthInBuffer(origin, tile, outputs, channels);
            else
                SumStep(origin, step, outputs, channels, accumulate: i > 0);
        }
        if (direct)
            return;
        if (pass.Y.Width == channels && pass.Blocks.Largest == channels)
        {
            new ReadOnlySpan<T>(outputs, tile.Count * channels).CopyTo(new Span<T>(target, tile.Count * channels));
            return;
        }
        for (int o = 0; o < tile.Count; o++)
        {
            for (int c = 0; c < channels; c++)
                target[o * pass.Y.Width + c] = outputs[o * pass.Blocks.Largest + c];
        }
    }
}
