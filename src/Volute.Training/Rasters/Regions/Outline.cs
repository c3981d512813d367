namespace Volute.Training;

/// <summary>A connected region of one class: pixels that touch by their sides.</summary>
/// <param name="Label">Its class.</param>
/// <param name="Pixels">How many pixels it has.</param>
/// <param name="Rings">
/// Corners x, y, x, y, … in pixels, the last not the first again: first the outer ring, clockwise as one sees the raster, then holes,
/// counter-clockwise. No ring meets itself; rings may touch at corners.
/// </param>
internal sealed record Outline(int Label, long Pixels, IReadOnlyList<int[]> Rings)
{
    /// <summary>That of columns [left, right) of rows [top, bottom).</summary>
    public static Outline Of(int left, int top, int right, int bottom)
        => new(0, (long)(right - left) * (bottom - top), [[left, top, right, top, right, bottom, left, bottom]]);
}

/// <summary>An open part of a ring, region on its right hand. Its ends move with the row that is being read.</summary>
internal sealed class Chain
{
    private Corner first, last;

    public Chain(int x, int y)
    {
        first = last = new Corner(x, y);
        Head = new ChainEnd(this);
        Tail = new ChainEnd(this);
    }

    /// <summary>The end that corners are put before.</summary>
    public ChainEnd Head { get; }

    /// <summary>The end that corners are put behind.</summary>
    public ChainEnd Tail { get; private set; }

    public void Append(int x, int y) => last = last.Next = new Corner(x, y);

    public void Prepend(int x, int y) => first = new Corner(x, y) { Next = first };

    /// <summary>Takes another chain behind its own last corner.</summary>
    public void Join(Chain other)
    {
        last.Next = other.first;
        last = other.last;
        // Whoever holds the other's tail holds this one's from now on.
        Tail = other.Tail;
        Tail.Chain = this;
    }

    public List<(int X, int Y)> Corners()
    {
        List<(int, int)> corners = [];
        for (Corner? corner = first; corner != null; corner = corner.Next)
            corners.Add((corner.X, corner.Y));
        return corners;
    }

    private sealed class Corner(int x, int y)
    {
        public readonly int X = x, Y = y;
        public Corner? Next;
    }
}

/// <summary>One end of a chain, whichever chain it has become part of.</summary>
internal sealed class ChainEnd(Chain chain)
{
    public Chain Chain { get; set; } = chain;
}
