using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>How a tile reads A.</summary>
internal unsafe interface ITileForm
{
    /// <summary>A is one number a row, spread over all lanes; else it is a vector a row.</summary>
    static abstract bool Spreads { get; }

    /// <summary>The lanes of an accumulator are summed at the end: C is one number a row and vector.</summary>
    static abstract bool Sums { get; }

    /// <summary>Only the first lanes of A and B are read.</summary>
    static abstract bool Masks { get; }

    /// <summary>Only the first lanes of the last vector of C are written.</summary>
    static abstract bool Cuts { get; }

    /// <summary>Each step asks for a line of what later tiles will read.</summary>
    static abstract bool Fetches { get; }

    /// <summary>One row's share of a step. What meets one vector alone needs no register: the multiplication reads it.</summary>
    static abstract void Term<L, V>(float* a, L b0, L b1, int masked, ref L c0, ref L c1) where L : struct, ILanes<L, float> where V : struct, ICount;
}

/// <summary>Lanes hold sought channels: c[row][vector] += a[row] · b[vector].</summary>
internal readonly unsafe struct SpreadForm : ITileForm
{
    public static bool Spreads => true;
    public static bool Sums => false;
    public static bool Masks => false;
    public static bool Cuts => false;
    public static bool Fetches => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Term<L, V>(float* a, L b0, L b1, int masked, ref L c0, ref L c1) where L : struct, ILanes<L, float> where V : struct, ICount
    {
        if (V.Value == 1)
        {
            c0 = L.MultiplySpreadAdd(b0, a, c0);
            return;
        }
        L x = L.Broadcast(a);
        c0 = L.MultiplyAdd(x, b0, c0);
        c1 = L.MultiplyAdd(x, b1, c1);
    }
}

/// <summary>The spread form that brings what comes next into the second cache while it computes.</summary>
internal readonly unsafe struct FetchingForm : ITileForm
{
    public static bool Spreads => true;
    public static bool Sums => false;
    public static bool Masks => false;
    public static bool Cuts => false;
    public static bool Fetches => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Term<L, V>(float* a, L b0, L b1, int masked, ref L c0, ref L c1) where L : struct, ILanes<L, float> where V : struct, ICount
        => SpreadForm.Term<L, V>(a, b0, b1, masked, ref c0, ref c1);
}

/// <summary>Lanes hold channels that meet only themselves: c[row][vector] += a[row][vector] · b[vector].</summary>
internal readonly unsafe struct LanewiseForm : ITileForm
{
    public static bool Spreads => false;
    public static bool Sums => false;
    public static bool Masks => false;
    public static bool Cuts => false;
    public static bool Fetches => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Term<L, V>(float* a, L b0, L b1, int masked, ref L c0, ref L c1) where L : struct, ILanes<L, float> where V : struct, ICount
    {
        c0 = L.MultiplyAdd(b0, a, c0);
        if (V.Value > 1)
            c1 = L.MultiplyAdd(b1, a + L.Count, c1);
    }
}

/// <summary>Lanes hold terms of the sum: c[row][vector] = Σ lanes of a[row] · b[vector].</summary>
internal readonly unsafe struct DotForm : ITileForm
{
    public static bool Spreads => false;
    public static bool Sums => true;
    public static bool Masks => false;
    public static bool Cuts => false;
    public static bool Fetches => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Term<L, V>(float* a, L b0, L b1, int masked, ref L c0, ref L c1) where L : struct, ILanes<L, float> where V : struct, ICount
    {
        L x = L.Load(a);
        c0 = L.MultiplyAdd(x, b0, c0);
        if (V.Value > 1)
            c1 = L.MultiplyAdd(x, b1, c1);
    }
}

/// <summary>The remainder of the dot form: fewer terms than lanes.</summary>
internal readonly unsafe struct DotRemainderForm : ITileForm
{
    public static bool Spreads => false;
    public static bool Sums => true;
    public static bool Masks => true;
    public static bool Cuts => false;
    public static bool Fetches => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Term<L, V>(float* a, L b0, L b1, int masked, ref L c0, ref L c1) where L : struct, ILanes<L, float> where V : struct, ICount
    {
        L x = L.Load(a, masked);
        c0 = L.MultiplyAdd(x, b0, c0);
        if (V.Value > 1)
            c1 = L.MultiplyAdd(x, b1, c1);
    }
}

/// <summary>A form whose last vector of C is not whole.</summary>
internal readonly unsafe struct CutForm<TForm> : ITileForm where TForm : struct, ITileForm
{
    public static bool Spreads => TForm.Spreads;
    public static bool Sums => TForm.Sums;
    public static bool Masks => TForm.Masks;
    public static bool Cuts => true;
    public static bool Fetches => TForm.Fetches;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Term<L, V>(float* a, L b0, L b1, int masked, ref L c0, ref L c1) where L : struct, ILanes<L, float> where V : struct, ICount
        => TForm.Term<L, V>(a, b0, b1, masked, ref c0, ref c1);
}
