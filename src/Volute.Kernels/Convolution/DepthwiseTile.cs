using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>The columns of a tile for which a tap lies inside the given map: First..First + Count, not bound to the tile.</summary>
internal readonly record struct TapRange(int First, int Count)
{
    /// <summary>The range of a tap that column 0 meets at <paramref name="position"/>, on a map of <paramref name="given"/> positions.</summary>
    public static TapRange Of(long position, int stride, int given)
    {
        long first = Ceiling(-position, stride);
        return new(checked((int)first), checked((int)(Ceiling(given - position, stride) - first)));
    }

    private static long Ceiling(long a, int b) => a > 0 ? (a - 1) / b + 1 : a / b;
}

/// <summary>
/// The micro-kernel of channels that meet only themselves: some neighbouring columns of some rows times a block of channels,
/// sought[position] = start + Σ over taps of given[position + tap] · weight[tap]. Lanes hold channels, the sums of a row's columns are named registers, and
/// the vectors of the block come one after the other. The last vector ends where the channels end and may repeat some of the one before it.
/// </summary>
internal unsafe struct DepthwiseTile
{
    /// <summary>The first channel of the block at the first position, and at its first tap.</summary>
    public float* Sought, Given;

    /// <summary>The weights of the first tap and vector, a vector each; taps of the width axis lie side by side.</summary>
    public float* Weight;

    /// <summary>What the sums begin with, a number a channel, or null for 0.</summary>
    public float* Start;

    /// <summary>What is done to the sums on their way to memory.</summary>
    public NormRows Norm;

    /// <summary>For each tap of the width axis the columns where it lies inside; null where all do.</summary>
    public TapRange* Ranges;

    /// <summary>Elements between neighbouring columns, rows and taps of the given map.</summary>
    public nint Column, Row, TapWidth, TapHeight, TapDepth;

    /// <summary>Elements between neighbouring columns and rows of the sought map.</summary>
    public nint SoughtColumn, SoughtRow;

    /// <summary>Elements between weights of neighbouring vectors, and of neighbouring taps of an axis.</summary>
    public nint WeightVector, WeightHeight, WeightDepth;

    /// <summary>Taps.</summary>
    public int Depth, Height, Width;

    /// <summary>Rows, and channels of the block, at least a vector.</summary>
    public int Rows, Channels;

    /// <summary>Whether neighbouring columns share what they read: three taps are then taken at once, and each number read meets them all.</summary>
    public bool Slides;

    /// <summary>What the next row will read and this one does not: rows (0 not to ask for them ahead), and columns of each.</summary>
    public int NewRows, ReadColumns;

    /// <summary>The most columns that fit the registers beside three weights.</summary>
    public static int MaxColumns => Isa.Registers == 32 ? 14 : 10;

    /// <summary>Columns that neighbouring columns of the sought map read, a dilation apart; 0 where they leave some out, which are not to be asked for.</summary>
    public static int ColumnsRead(in WindowAxis window, int columns)
        => window.Stride > window.Reach ? 0 : (int)(((columns - 1L) * window.Stride + window.Reach - 1) / window.Dilation) + 1;

    /// <summary>Computes <paramref name="columns"/> columns, 1..MaxColumns.</summary>
    public readonly void Compute<L>(int columns) where L : struct, ILanes<L, float>
    {
        if (Ranges == null)
            Compute<L, Off>(columns);
        else
            Compute<L, On>(columns);
    }

    private readonly void Compute<L, TClips>(int columns) where L : struct, ILanes<L, float> where TClips : struct, ISwitch
    {
        switch (columns)
        {
            case 1: Compute<L, Count1, TClips>(); break;
            case 2: Compute<L, Count2, TClips>(); break;
            case 3: Compute<L, Count3, TClips>(); break;
            case 4: Compute<L, Count4, TClips>(); break;
            case 5: Compute<L, Count5, TClips>(); break;
            case 6: Compute<L, Count6, TClips>(); break;
            case 7: Compute<L, Count7, TClips>(); break;
            case 8: Compute<L, Count8, TClips>(); break;
            case 9: Compute<L, Count9, TClips>(); break;
            case 10: Compute<L, Count10, TClips>(); break;
            case 11: Compute<L, Count11, TClips>(); break;
            case 12: Compute<L, Count12, TClips>(); break;
            case 13: Compute<L, Count13, TClips>(); break;
            case 14: Compute<L, Count14, TClips>(); break;
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private readonly void Compute<L, R, TClips>() where L : struct, ILanes<L, float> where R : struct, ICount where TClips : struct, ISwitch
    {
        L none = default, low = Norm.IsNone ? default : L.Broadcast(Norm.Low), high = Norm.IsNone ? default : L.Broadcast(Norm.High);
        nint column = Column * sizeof(float), tap = TapWidth, to = SoughtColumn;
        for (int row = 0; row < Rows; row++)
        {
            float* given = Given + row * Row, vector = Weight, c = Sought + row * SoughtRow;
            for (int last = Channels - L.Count, channel = 0, next; ; channel = next, vector += WeightVector)
            {
                if (NewRows > 0)
                    FetchNext<L, R>(given, c);
                L start = Start == null ? default : L.Load(Start + channel);
                L p0 = start, p1 = start, p2 = start, p3 = start, p4 = start, p5 = start, p6 = start, p7 = start, p8 = start, p9 = start, p10 = start, p11 = start, p12 = start, p13 = start;
                for (int d = 0; d < Depth; d++)
                    for (int h = 0; h < Height; h++)
                    {
                        float* a0 = given + d * TapDepth + h * TapHeight, b = vector + d * WeightDepth + h * WeightHeight;
                        int k = 0;
                        for (int end = Slides ? Width - 2 : 0; k < end; k += 3, a0 += 3 * tap, b += 3 * L.Count)
                        {
                            TapRange range = TClips.IsOn ? Ranges[k] : default;
                            L w0 = L.Load(b), w1 = L.Load(b + L.Count), w2 = L.Load(b + 2 * L.Count);
                            float* a3 = Tile.At(a0, 3 * column), a6 = Tile.At(a3, 3 * column), a9 = Tile.At(a6, 3 * column), a12 = Tile.At(a9, 3 * column), a15 = Tile.At(a12, 3 * column);
                            Step<L, R, TClips>(0, range, a0, w0, w1, w2, ref p0, ref none, ref none);
                            Step<L, R, TClips>(1, range, Tile.At(a0, column), w0, w1, w2, ref p1, ref p0, ref none);
                            Step<L, R, TClips>(2, range, Tile.At(a0, 2 * column), w0, w1, w2, ref p2, ref p1, ref p0);
                            if (R.Value > 1)
                                Step<L, R, TClips>(3, range, a3, w0, w1, w2, ref p3, ref p2, ref p1);
                            if (R.Value > 2)
                                Step<L, R, TClips>(4, range, Tile.At(a3, column), w0, w1, w2, ref p4, ref p3, ref p2);
                            if (R.Value > 3)
                                Step<L, R, TClips>(5, range, Tile.At(a3, 2 * column), w0, w1, w2, ref p5, ref p4, ref p3);
                            if (R.Value > 4)
                                Step<L, R, TClips>(6, range, a6, w0, w1, w2, ref p6, ref p5, ref p4);
                            if (R.Value > 5)
                                Step<L, R, TClips>(7, range, Tile.At(a6, column), w0, w1, w2, ref p7, ref p6, ref p5);
                            if (R.Value > 6)
                                Step<L, R, TClips>(8, range, Tile.At(a6, 2 * column), w0, w1, w2, ref p8, ref p7, ref p6);
                            if (R.Value > 7)
                                Step<L, R, TClips>(9, range, a9, w0, w1, w2, ref p9, ref p8, ref p7);
                            if (R.Value > 8)
                                Step<L, R, TClips>(10, range, Tile.At(a9, column), w0, w1, w2, ref p10, ref p9, ref p8);
                            if (R.Value > 9)
                                Step<L, R, TClips>(11, range, Tile.At(a9, 2 * column), w0, w1, w2, ref p11, ref p10, ref p9);
                            if (R.Value > 10)
                                Step<L, R, TClips>(12, range, a12, w0, w1, w2, ref p12, ref p11, ref p10);
                            if (R.Value > 11)
                                Step<L, R, TClips>(13, range, Tile.At(a12, column), w0, w1, w2, ref p13, ref p12, ref p11);
                            if (R.Value > 12)
                                Step<L, R, TClips>(14, range, Tile.At(a12, 2 * column), w0, w1, w2, ref none, ref p13, ref p12);
                            if (R.Value > 13)
                                Step<L, R, TClips>(15, range, a15, w0, w1, w2, ref none, ref none, ref p13);
                        }
                        for (; k < Width; k++, a0 += tap, b += L.Count)
                        {
                            TapRange range = TClips.IsOn ? Ranges[k] : default;
                            L w = L.Load(b);
                            float* a3 = Tile.At(a0, 3 * column), a6 = Tile.At(a3, 3 * column), a9 = Tile.At(a6, 3 * column), a12 = Tile.At(a9, 3 * column);
                            Term<L, TClips>(0, range, a0, w, ref p0);
                            if (R.Value > 1)
                                Term<L, TClips>(1, range, Tile.At(a0, column), w, ref p1);
                            if (R.Value > 2)
                                Term<L, TClips>(2, range, Tile.At(a0, 2 * column), w, ref p2);
                            if (R.Value > 3)
                                Term<L, TClips>(3, range, a3, w, ref p3);
                            if (R.Value > 4)
                                Term<L, TClips>(4, range, Tile.At(a3, column), w, ref p4);
                            if (R.Value > 5)
                                Term<L, TClips>(5, range, Tile.At(a3, 2 * column), w, ref p5);
                            if (R.Value > 6)
                                Term<L, TClips>(6, range, a6, w, ref p6);
                            if (R.Value > 7)
                                Term<L, TClips>(7, range, Tile.At(a6, column), w, ref p7);
                            if (R.Value > 8)
                                Term<L, TClips>(8, range, Tile.At(a6, 2 * column), w, ref p8);
                            if (R.Value > 9)
                                Term<L, TClips>(9, range, a9, w, ref p9);
                            if (R.Value > 10)
                                Term<L, TClips>(10, range, Tile.At(a9, column), w, ref p10);
                            if (R.Value > 11)
                                Term<L, TClips>(11, range, Tile.At(a9, 2 * column), w, ref p11);
                            if (R.Value > 12)
                                Term<L, TClips>(12, range, a12, w, ref p12);
                            if (R.Value > 13)
                                Term<L, TClips>(13, range, Tile.At(a12, column), w, ref p13);
                        }
                    }
                bool norms = !Norm.IsNone;
                L mean = norms ? L.Load(Norm.Mean + channel) : default, scale = norms ? L.Load(Norm.Scale + channel) : default, shift = norms ? L.Load(Norm.Shift + channel) : default;
                Put(p0, c, norms, mean, scale, shift, low, high);
                if (R.Value > 1)
                    Put(p1, c + to, norms, mean, scale, shift, low, high);
                if (R.Value > 2)
                    Put(p2, c + 2 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 3)
                    Put(p3, c + 3 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 4)
                    Put(p4, c + 4 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 5)
                    Put(p5, c + 5 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 6)
                    Put(p6, c + 6 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 7)
                    Put(p7, c + 7 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 8)
                    Put(p8, c + 8 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 9)
                    Put(p9, c + 9 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 10)
                    Put(p10, c + 10 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 11)
                    Put(p11, c + 11 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 12)
                    Put(p12, c + 12 * to, norms, mean, scale, shift, low, high);
                if (R.Value > 13)
                    Put(p13, c + 13 * to, norms, mean, scale, shift, low, high);
                if (channel == last)
                    break;
                next = Math.Min(channel + L.Count, last);
                given += next - channel;
                c += next - channel;
            }
        }
    }

    /// <summary>Asks for what the next row will read and write of a vector of channels, while this row computes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void FetchNext<L, R>(float* given, float* c) where L : struct, ILanes<L, float> where R : struct, ICount
    {
        float* last = given + Row + (Height - 1) * TapHeight;
        for (int d = 0; d < Depth; d++, last += TapDepth)
            for (int h = 0; h < NewRows; h++)
                LineFetch.Ask<L>(last - h * TapHeight, TapWidth, ReadColumns);
        LineFetch.Ask<L>(c + SoughtRow, SoughtColumn, R.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<L>(L sum, float* c, bool norms, L mean, L scale, L shift, L low, L high) where L : struct, ILanes<L, float>
        => L.Store(norms ? ClippedNorm.Invoke<L, float>(sum, mean, scale, shift, low, high) : sum, c);

    /// <summary>What column <paramref name="j"/> of the given map gives to the columns j, j − 1 and j − 2 of the sought one, as far as there are such.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<L, R, TClips>(int j, TapRange range, float* a, L w0, L w1, L w2, ref L c0, ref L c1, ref L c2)
        where L : struct, ILanes<L, float> where R : struct, ICount where TClips : struct, ISwitch
    {
        if (TClips.IsOn && (uint)(j - range.First) >= (uint)range.Count)
            return;
        L x = L.Load(a);
        if (j < R.Value)
            c0 = L.MultiplyAdd(x, w0, c0);
        if (j >= 1 && j - 1 < R.Value)
            c1 = L.MultiplyAdd(x, w1, c1);
        if (j >= 2 && j - 2 < R.Value)
            c2 = L.MultiplyAdd(x, w2, c2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<L, TClips>(int j, TapRange range, float* a, L w, ref L c) where L : struct, ILanes<L, float> where TClips : struct, ISwitch
    {
        if (!TClips.IsOn || (uint)(j - range.First) < (uint)range.Count)
            c = L.MultiplyAdd(w, a, c);
    }
}
