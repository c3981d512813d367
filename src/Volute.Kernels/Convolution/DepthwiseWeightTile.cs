using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The micro-kernel of the weight pass of channels that meet only themselves: sum[tap] += Σ over rows and columns of dy[position] · x[position + tap] for up
/// to three taps of the height and of the width axis, whose sums are named registers. Lanes hold channels; the vectors of a block come one after the
/// other, and the last ends where the channels end.
/// </summary>
/// <remarks>
/// Where neighbouring outputs share what they read of x, the loop runs over x: a number read there meets dy of as many outputs as there are taps, which
/// wait in registers. Else it runs over dy. At the border each tap asks whether it has a partner.
/// </remarks>
internal unsafe struct DepthwiseWeightTile
{
    /// <summary>The most taps of an axis.</summary>
    public const int MaxTaps = 3;

    /// <summary>The first channel of the block at the first position, for x at its first tap.</summary>
    public float* X, Dy;

    /// <summary>The sums of the first tap and vector; those of neighbouring taps of the width axis lie side by side.</summary>
    public float* Sum;

    /// <summary>Elements between neighbouring positions and rows, and between taps.</summary>
    public nint XColumn, XRow, DyColumn, DyRow, TapWidth, TapHeight;

    /// <summary>Elements between the sums of neighbouring vectors, and of neighbouring taps of the height axis.</summary>
    public nint SumVector, SumHeight;

    /// <summary>Rows, and columns of dy.</summary>
    public int Rows, Columns;

    /// <summary>Columns that the loop runs over, of x where it slides, else of dy; in FirstInside..EndInside no tap lacks a partner.</summary>
    public int First, FirstInside, EndInside, End;

    /// <summary>What the first tap of column 0 meets on the width axis of x.</summary>
    public long FirstPosition;

    /// <summary>Positions of the width axis of x, and steps between what columns and what taps meet.</summary>
    public int Given, Stride, Dilation;

    /// <summary>What a row reads of x that the row before it did not: rows (0 not to ask for them ahead), and columns of each.</summary>
    public int NewRows, ReadColumns;

    /// <summary>Channels of the block, at least a vector.</summary>
    public int Channels;

    /// <summary>Adds to the sums of <paramref name="height"/> × <paramref name="width"/> taps.</summary>
    public readonly void Compute<L>(int height, int width) where L : struct, ILanes<L, float>
    {
        if (Stride == Dilation)
            Compute<L, On>(height, width);
        else
            Compute<L, Off>(height, width);
    }

    private readonly void Compute<L, TSlides>(int height, int width) where L : struct, ILanes<L, float> where TSlides : struct, ISwitch
    {
        switch (height)
        {
            case 1: Compute<L, TSlides, Count1>(width); break;
            case 2: Compute<L, TSlides, Count2>(width); break;
            case 3: Compute<L, TSlides, Count3>(width); break;
        }
    }

    private readonly void Compute<L, TSlides, H>(int width) where L : struct, ILanes<L, float> where TSlides : struct, ISwitch where H : struct, ICount
    {
        switch (width)
        {
            case 1: Compute<L, TSlides, H, Count1>(); break;
            case 2: Compute<L, TSlides, H, Count2>(); break;
            case 3: Compute<L, TSlides, H, Count3>(); break;
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private readonly void Compute<L, TSlides, H, W>()
        where L : struct, ILanes<L, float> where TSlides : struct, ISwitch where H : struct, ICount where W : struct, ICount
    {
        nint tap = TapWidth, xColumn = XColumn, yColumn = DyColumn;
        float* sum = Sum;
        for (int last = Channels - L.Count, channel = 0; ; channel = Math.Min(channel + L.Count, last), sum += SumVector)
        {
            L p0 = default, p1 = default, p2 = default, q0 = default, q1 = default, q2 = default, r0 = default, r1 = default, r2 = default;
            for (int row = 0; row < Rows; row++)
            {
                if (NewRows > 0)
                    FetchAhead<L>(X + channel + (row + Rows) * XRow + (H.Value - 1) * TapHeight, Dy + channel + (row + Rows) * DyRow);
                float* y = Dy + channel + row * DyRow + First * yColumn, a = X + channel + row * XRow + First * xColumn, b = a + TapHeight, c = b + TapHeight;
                for (int k = First; ; k++, a += xColumn, b += xColumn, c += xColumn, y += yColumn)
                {
                    if (k == FirstInside && k < EndInside)
                    {
                        L y1 = TSlides.IsOn && W.Value > 1 ? L.Load(y - yColumn) : default, y2 = TSlides.IsOn && W.Value > 2 ? L.Load(y - 2 * yColumn) : default;
                        for (; k < EndInside; k++, a += xColumn, b += xColumn, c += xColumn, y += yColumn)
                        {
                            L y0 = L.Load(y);
                            if (TSlides.IsOn)
                            {
                                Slide<L, W>(y0, y1, y2, L.Load(a), ref p0, ref p1, ref p2);
                                if (H.Value > 1)
                                    Slide<L, W>(y0, y1, y2, L.Load(b), ref q0, ref q1, ref q2);
                                if (H.Value > 2)
                                    Slide<L, W>(y0, y1, y2, L.Load(c), ref r0, ref r1, ref r2);
                                (y1, y2) = (y0, y1);
                                continue;
                            }
                            Add<L, H>(y0, a, b, c, ref p0, ref q0, ref r0);
                            if (W.Value > 1)
                                Add<L, H>(y0, a + tap, b + tap, c + tap, ref p1, ref q1, ref r1);
                            if (W.Value > 2)
                                Add<L, H>(y0, a + 2 * tap, b + 2 * tap, c + 2 * tap, ref p2, ref q2, ref r2);
                        }
                    }
                    if (k >= End)
                        break;
                    AddAtBorder<L, H, TSlides>(k, 0, y, a, b, c, ref p0, ref q0, ref r0);
                    if (W.Value > 1)
                        AddAtBorder<L, H, TSlides>(k, 1, y, a, b, c, ref p1, ref q1, ref r1);
                    if (W.Value > 2)
                        AddAtBorder<L, H, TSlides>(k, 2, y, a, b, c, ref p2, ref q2, ref r2);
                }
            }
            Join<L, W>(sum, p0, p1, p2);
            if (H.Value > 1)
                Join<L, W>(sum + SumHeight, q0, q1, q2);
            if (H.Value > 2)
                Join<L, W>(sum + 2 * SumHeight, r0, r1, r2);
            if (channel == last)
                return;
        }
    }

    /// <summary>Asks for what the next tile will read of a vector of channels in a row, <paramref name="x"/> of its last tap, while this one computes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void FetchAhead<L>(float* x, float* dy) where L : struct, ILanes<L, float>
    {
        for (int h = 0; h < NewRows; h++)
            LineFetch.Ask<L>(x - h * TapHeight, TapWidth, ReadColumns);
        LineFetch.Ask<L>(dy, DyColumn, Columns);
    }

    /// <summary>What one number of x gives to the taps of a kernel row, with dy of the outputs whose first, second and third tap it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Slide<L, W>(L y0, L y1, L y2, L x, ref L s0, ref L s1, ref L s2) where L : struct, ILanes<L, float> where W : struct, ICount
    {
        s0 = L.MultiplyAdd(x, y0, s0);
        if (W.Value > 1)
            s1 = L.MultiplyAdd(x, y1, s1);
        if (W.Value > 2)
            s2 = L.MultiplyAdd(x, y2, s2);
    }

    /// <summary>What one number of dy gives to one tap of the kernel rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<L, H>(L dy, float* a, float* b, float* c, ref L p, ref L q, ref L r) where L : struct, ILanes<L, float> where H : struct, ICount
    {
        p = L.MultiplyAdd(dy, a, p);
        if (H.Value > 1)
            q = L.MultiplyAdd(dy, b, q);
        if (H.Value > 2)
            r = L.MultiplyAdd(dy, c, r);
    }

    /// <summary>What column <paramref name="k"/> gives to tap <paramref name="t"/> of the kernel rows, if both exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AddAtBorder<L, H, TSlides>(int k, int t, float* y, float* a, float* b, float* c, ref L p, ref L q, ref L r)
        where L : struct, ILanes<L, float> where H : struct, ICount where TSlides : struct, ISwitch
    {
        if (TSlides.IsOn ? (uint)(k - t) >= (uint)Columns : (ulong)(FirstPosition + (long)k * Stride + (long)t * Dilation) >= (ulong)Given)
            return;
        nint x = TSlides.IsOn ? 0 : t * TapWidth;
        Add<L, H>(L.Load(TSlides.IsOn ? y - t * DyColumn : y), a + x, b + x, c + x, ref p, ref q, ref r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join<L, W>(float* sum, L s0, L s1, L s2) where L : struct, ILanes<L, float> where W : struct, ICount
    {
        L.Store(L.Load(sum) + s0, sum);
        if (W.Value > 1)
            L.Store(L.Load(sum + L.Count) + s1, sum + L.Count);
        if (W.Value > 2)
            L.Store(L.Load(sum + 2 * L.Count) + s2, sum + 2 * L.Count);
    }
}
