using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The micro-kernel of the weight pass of channels that meet only themselves: sum[tap] += Σ over rows and columns of dy[position] · x[position + tap] for some
/// taps of the height and the width axis, whose sums are named registers. Lanes hold channels; the vectors of a block come one after the other, and the last
/// ends where the channels end.
/// </summary>
internal unsafe struct DepthwiseWeightTile
{
    /// <summary>The most taps of the height and the width axis.</summary>
    public const int MaxHeight = 3, MaxWidth = 8;

    /// <summary>The first channel of the block at the first position, for x at its first tap.</summary>
    public float* X, Dy;

    /// <summary>The sums of the first tap and vector; those of neighbouring taps of the width axis lie side by side.</summary>
    public float* Sum;

    /// <summary>Elements between neighbouring positions and rows, and between taps.</summary>
    public nint XColumn, XRow, DyColumn, DyRow, TapWidth, TapHeight;

    /// <summary>Elements between the sums of neighbouring vectors, and of neighbouring taps of the height axis.</summary>
    public nint SumVector, SumHeight;

    /// <summary>Positions.</summary>
    public int Rows, Columns;

    /// <summary>Channels of the block, at least a vector.</summary>
    public int Channels;

    /// <summary>The most taps of the height axis that fit the registers beside <paramref name="width"/> of the width axis.</summary>
    public static int HeightFor(int width) => Math.Min(MaxHeight, (Isa.Registers == 32 ? 24 : 12) / width);

    /// <summary>Adds to the sums of <paramref name="height"/> × <paramref name="width"/> taps.</summary>
    public readonly void Compute<L>(int height, int width) where L : struct, ILanes<L, float>
    {
        switch (height)
        {
            case 1: Compute<L, Count1>(width); break;
            case 2: Compute<L, Count2>(width); break;
            case 3: Compute<L, Count3>(width); break;
        }
    }

    private readonly void Compute<L, H>(int width) where L : struct, ILanes<L, float> where H : struct, ICount
    {
        switch (width)
        {
            case 1: Compute<L, H, Count1>(); break;
            case 2: Compute<L, H, Count2>(); break;
            case 3: Compute<L, H, Count3>(); break;
            case 4: Compute<L, H, Count4>(); break;
            case 5: Compute<L, H, Count5>(); break;
            case 6: Compute<L, H, Count6>(); break;
            case 7: Compute<L, H, Count7>(); break;
            case 8: Compute<L, H, Count8>(); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Compute<L, H, W>() where L : struct, ILanes<L, float> where H : struct, ICount where W : struct, ICount
    {
        nint tap = TapWidth * sizeof(float), tap3 = 3 * tap, tap5 = 5 * tap, tap7 = 7 * tap, xColumn = XColumn, yColumn = DyColumn;
        float* sum = Sum;
        for (int last = Channels - L.Count, channel = 0; ; channel = Math.Min(channel + L.Count, last), sum += SumVector)
        {
            float* sum1 = sum + SumHeight, sum2 = sum1 + SumHeight;
            L p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
            L q0 = default, q1 = default, q2 = default, q3 = default, q4 = default, q5 = default, q6 = default, q7 = default;
            L r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default, r6 = default, r7 = default;
            for (int row = 0; row < Rows; row++)
            {
                float* y = Dy + channel + row * DyRow, a = X + channel + row * XRow, b = a + TapHeight, c = b + TapHeight;
                for (int k = Columns; k > 0; k--)
                {
                    L dy = L.Load(y);
                    Add<L, W>(dy, a, tap, tap3, tap5, tap7, ref p0, ref p1, ref p2, ref p3, ref p4, ref p5, ref p6, ref p7);
                    if (H.Value > 1)
                        Add<L, W>(dy, b, tap, tap3, tap5, tap7, ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
                    if (H.Value > 2)
                        Add<L, W>(dy, c, tap, tap3, tap5, tap7, ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
                    a += xColumn;
                    b += xColumn;
                    c += xColumn;
                    y += yColumn;
                }
            }
            Join<L, W>(sum, p0, p1, p2, p3, p4, p5, p6, p7);
            if (H.Value > 1)
                Join<L, W>(sum1, q0, q1, q2, q3, q4, q5, q6, q7);
            if (H.Value > 2)
                Join<L, W>(sum2, r0, r1, r2, r3, r4, r5, r6, r7);
            if (channel == last)
                return;
        }
    }

    /// <summary>What one position gives to the taps of one kernel row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<L, W>(
        L dy, float* x, nint tap, nint tap3, nint tap5, nint tap7, ref L s0, ref L s1, ref L s2, ref L s3, ref L s4, ref L s5, ref L s6, ref L s7)
        where L : struct, ILanes<L, float> where W : struct, ICount
    {
        s0 = L.MultiplyAdd(L.Load(x), dy, s0);
        if (W.Value > 1)
            s1 = L.MultiplyAdd(L.Load(Tile.At(x, tap)), dy, s1);
        if (W.Value > 2)
            s2 = L.MultiplyAdd(L.Load(Tile.At(x, 2 * tap)), dy, s2);
        if (W.Value > 3)
            s3 = L.MultiplyAdd(L.Load(Tile.At(x, tap3)), dy, s3);
        if (W.Value > 4)
            s4 = L.MultiplyAdd(L.Load(Tile.At(x, 4 * tap)), dy, s4);
        if (W.Value > 5)
            s5 = L.MultiplyAdd(L.Load(Tile.At(x, tap5)), dy, s5);
        if (W.Value > 6)
            s6 = L.MultiplyAdd(L.Load(Tile.At(x, 2 * tap3)), dy, s6);
        if (W.Value > 7)
            s7 = L.MultiplyAdd(L.Load(Tile.At(x, tap7)), dy, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join<L, W>(float* sum, L s0, L s1, L s2, L s3, L s4, L s5, L s6, L s7) where L : struct, ILanes<L, float> where W : struct, ICount
    {
        Join(sum, s0);
        if (W.Value > 1)
            Join(sum + L.Count, s1);
        if (W.Value > 2)
            Join(sum + 2 * L.Count, s2);
        if (W.Value > 3)
            Join(sum + 3 * L.Count, s3);
        if (W.Value > 4)
            Join(sum + 4 * L.Count, s4);
        if (W.Value > 5)
            Join(sum + 5 * L.Count, s5);
        if (W.Value > 6)
            Join(sum + 6 * L.Count, s6);
        if (W.Value > 7)
            Join(sum + 7 * L.Count, s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join<L>(float* sum, L value) where L : struct, ILanes<L, float> => L.Store(L.Load(sum) + value, sum);
}
