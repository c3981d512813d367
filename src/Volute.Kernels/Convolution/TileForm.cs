namespace Volute.Kernels;

/// <summary>How a tile reads A.</summary>
internal interface ITileForm
{
    /// <summary>A is one number a row, spread over all lanes; else it is a vector a row.</summary>
    static abstract bool Spreads { get; }

    /// <summary>The lanes of an accumulator are summed at the end: C is one number a row and vector.</summary>
    static abstract bool Sums { get; }

    /// <summary>The vectors of a row meet the same A; else each has its own.</summary>
    static abstract bool Shares { get; }

    /// <summary>Only the first lanes of A and B are read.</summary>
    static abstract bool Masks { get; }

    /// <summary>Only the first lanes of the last vector of C are written.</summary>
    static abstract bool Cuts { get; }

    /// <summary>Each step asks for a line of what later tiles will read.</summary>
    static abstract bool Fetches { get; }
}

/// <summary>Lanes hold sought channels: c[row][vector] += a[row] · b[vector].</summary>
internal readonly struct SpreadForm : ITileForm
{
    public static bool Spreads => true;
    public static bool Sums => false;
    public static bool Shares => true;
    public static bool Masks => false;
    public static bool Cuts => false;
    public static bool Fetches => false;
}

/// <summary>The spread form that brings what comes next into the second cache while it computes.</summary>
internal readonly struct FetchingForm : ITileForm
{
    public static bool Spreads => true;
    public static bool Sums => false;
    public static bool Shares => true;
    public static bool Masks => false;
    public static bool Cuts => false;
    public static bool Fetches => true;
}

/// <summary>Lanes hold channels that meet only themselves: c[row][vector] += a[row][vector] · b[vector].</summary>
internal readonly struct LanewiseForm : ITileForm
{
    public static bool Spreads => false;
    public static bool Sums => false;
    public static bool Shares => false;
    public static bool Masks => false;
    public static bool Cuts => false;
    public static bool Fetches => false;
}

/// <summary>Lanes hold terms of the sum: c[row][vector] = Σ lanes of a[row] · b[vector].</summary>
internal readonly struct DotForm : ITileForm
{
    public static bool Spreads => false;
    public static bool Sums => true;
    public static bool Shares => true;
    public static bool Masks => false;
    public static bool Cuts => false;
    public static bool Fetches => false;
}

/// <summary>The remainder of the dot form: fewer terms than lanes.</summary>
internal readonly struct DotRemainderForm : ITileForm
{
    public static bool Spreads => false;
    public static bool Sums => true;
    public static bool Shares => true;
    public static bool Masks => true;
    public static bool Cuts => false;
    public static bool Fetches => false;
}

/// <summary>A form whose last vector of C is not whole.</summary>
internal readonly struct CutForm<TForm> : ITileForm where TForm : struct, ITileForm
{
    public static bool Spreads => TForm.Spreads;
    public static bool Sums => TForm.Sums;
    public static bool Shares => TForm.Shares;
    public static bool Masks => TForm.Masks;
    public static bool Cuts => true;
    public static bool Fetches => TForm.Fetches;
}
