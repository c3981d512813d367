using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The micro-kernel of channels that meet only themselves: a run of positions times a block of channels, sought[position] = start + Σ over taps of
/// given[position + tap] · weight[tap]. Lanes hold channels, the positions' accumulators are named registers, and the vectors of the block come one after
/// the other: their sums do not wait for each other. The last vector ends where the channels end and may repeat some of the one before it.
/// </summary>
internal unsafe struct DepthwiseTile
{
    /// <summary>The most positions of a tile.</summary>
    public const int MaxColumns = 8;

    /// <summary>The first channel of the block at the first position, and at its first tap.</summary>
    public float* Sought, Given;

    /// <summary>The weights of the first tap and vector, a vector each; taps of the width axis lie side by side.</summary>
    public float* Weight;

    /// <summary>What the sums begin with, a number a channel, or null for 0.</summary>
    public float* Start;

    /// <summary>Elements between neighbouring positions and taps of the given map, between positions of the sought one.</summary>
    public nint Column, TapWidth, TapHeight, TapDepth, SoughtColumn;

    /// <summary>Elements between weights of neighbouring vectors, and of neighbouring taps of an axis.</summary>
    public nint WeightVector, WeightHeight, WeightDepth;

    /// <summary>Taps.</summary>
    public int Depth, Height, Width;

    /// <summary>Channels of the block, at least a vector.</summary>
    public int Channels;

    /// <summary>Computes <paramref name="columns"/> positions, 1..MaxColumns.</summary>
    public readonly void Compute<L>(int columns) where L : struct, ILanes<L, float>
    {
        switch (columns)
        {
            case 1: Compute<L, Count1>(); break;
            case 2: Compute<L, Count2>(); break;
            case 3: Compute<L, Count3>(); break;
            case 4: Compute<L, Count4>(); break;
            case 5: Compute<L, Count5>(); break;
            case 6: Compute<L, Count6>(); break;
            case 7: Compute<L, Count7>(); break;
            case 8: Compute<L, Count8>(); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Compute<L, R>() where L : struct, ILanes<L, float> where R : struct, ICount
    {
        nint column = Column * sizeof(float), tap = TapWidth;
        float* vector = Weight;
        for (int last = Channels - L.Count, channel = 0; ; channel = Math.Min(channel + L.Count, last), vector += WeightVector)
        {
            L start = Start == null ? default : L.Load(Start + channel);
            L p0 = start, p1 = start, p2 = start, p3 = start, p4 = start, p5 = start, p6 = start, p7 = start;
            for (int d = 0; d < Depth; d++)
            {
                for (int h = 0; h < Height; h++)
                {
                    float* a0 = Given + channel + d * TapDepth + h * TapHeight, a3 = Tile.At(a0, 3 * column), a6 = Tile.At(a3, 3 * column);
                    float* b = vector + d * WeightDepth + h * WeightHeight;
                    for (int k = Width; k > 0; k--)
                    {
                        L w = L.Load(b);
                        p0 = L.MultiplyAdd(L.Load(a0), w, p0);
                        if (R.Value > 1)
                            p1 = L.MultiplyAdd(L.Load(Tile.At(a0, column)), w, p1);
                        if (R.Value > 2)
                            p2 = L.MultiplyAdd(L.Load(Tile.At(a0, 2 * column)), w, p2);
                        if (R.Value > 3)
                            p3 = L.MultiplyAdd(L.Load(a3), w, p3);
                        if (R.Value > 4)
                            p4 = L.MultiplyAdd(L.Load(Tile.At(a3, column)), w, p4);
                        if (R.Value > 5)
                            p5 = L.MultiplyAdd(L.Load(Tile.At(a3, 2 * column)), w, p5);
                        if (R.Value > 6)
                            p6 = L.MultiplyAdd(L.Load(a6), w, p6);
                        if (R.Value > 7)
                            p7 = L.MultiplyAdd(L.Load(Tile.At(a6, column)), w, p7);
                        a0 += tap;
                        a3 += tap;
                        a6 += tap;
                        b += L.Count;
                    }
                }
            }
            float* c = Sought + channel;
            nint to = SoughtColumn;
            L.Store(p0, c);
            if (R.Value > 1)
                L.Store(p1, c + to);
            if (R.Value > 2)
                L.Store(p2, c + 2 * to);
            if (R.Value > 3)
                L.Store(p3, c + 3 * to);
            if (R.Value > 4)
                L.Store(p4, c + 4 * to);
            if (R.Value > 5)
                L.Store(p5, c + 5 * to);
            if (R.Value > 6)
                L.Store(p6, c + 6 * to);
            if (R.Value > 7)
                L.Store(p7, c + 7 * to);
            if (channel == last)
                return;
        }
    }
}
