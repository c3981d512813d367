using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>A transform over height and width of one vector of channels: first down the columns, then along the rows.</summary>
/// <remarks>Places are tables of steps in elements, [row][column], from a base that moves from tile to tile and from channel to channel.</remarks>
internal static unsafe class WinogradTransform
{
    /// <summary>The most entries of a table, and vectors that wait between the two directions.</summary>
    public const int MostEntries = 36;

    /// <param name="from">Base of what is read.</param>
    /// <param name="fromSteps">A step for each value.</param>
    /// <param name="to">Base of what is written.</param>
    /// <param name="toSteps">A step for each value.</param>
    /// <param name="between">MostEntries vectors.</param>
    /// <param name="count">Channels, 1..L.Count: lanes to read of a map, or to write to a map or to dw; all others move whole vectors.</param>
    /// <param name="bias">What is added to a sought value, or null.</param>
    [MethodImpl(Compiled.AtOnce)]
    public static void Run<L, TH, TW, TSide>(float* from, nint* fromSteps, float* to, nint* toSteps, float* between, int count, float* bias)
        where L : struct, ILanes<L, float> where TH : struct, IWinogradAxis where TW : struct, IWinogradAxis where TSide : struct, ISide
    {
        int rows = WinogradLines.From<TH>(TSide.Value), columns = WinogradLines.From<TW>(TSide.Value);
        int newRows = WinogradLines.To<TH>(TSide.Value), newColumns = WinogradLines.To<TW>(TSide.Value);
        bool partRead = (TSide.Value is Side.Given or Side.Gradient) && count < L.Count, partWritten = (TSide.Value is Side.Sought or Side.TapGradient) && count < L.Count;
        L a, b, c, d, e, f;
        Unsafe.SkipInit(out b);
        Unsafe.SkipInit(out c);
        Unsafe.SkipInit(out d);
        Unsafe.SkipInit(out e);
        Unsafe.SkipInit(out f);
        for (int column = 0; column < columns; column++)
        {
            nint* steps = fromSteps + column;
            if (partRead)
            {
                a = L.Load(from + steps[0], count);
                if (rows > 1)
                    b = L.Load(from + steps[columns], count);
                if (rows > 2)
                    c = L.Load(from + steps[2 * columns], count);
                if (rows > 3)
                    d = L.Load(from + steps[3 * columns], count);
                if (rows > 4)
                    e = L.Load(from + steps[4 * columns], count);
                if (rows > 5)
                    f = L.Load(from + steps[5 * columns], count);
            }
            else
            {
                a = L.Load(from + steps[0]);
                if (rows > 1)
                    b = L.Load(from + steps[columns]);
                if (rows > 2)
                    c = L.Load(from + steps[2 * columns]);
                if (rows > 3)
                    d = L.Load(from + steps[3 * columns]);
                if (rows > 4)
                    e = L.Load(from + steps[4 * columns]);
                if (rows > 5)
                    f = L.Load(from + steps[5 * columns]);
            }
            TH.Line(TSide.Value, ref a, ref b, ref c, ref d, ref e, ref f);
            float* line = between + column * L.Count;
            nint next = columns * L.Count;
            L.Store(a, line);
            if (newRows > 1)
                L.Store(b, line + next);
            if (newRows > 2)
                L.Store(c, line + 2 * next);
            if (newRows > 3)
                L.Store(d, line + 3 * next);
            if (newRows > 4)
                L.Store(e, line + 4 * next);
            if (newRows > 5)
                L.Store(f, line + 5 * next);
        }
        // 1/6, 1/24 and their squares are so near to float32 numbers that a whole multiple of 6, 36, 24 or 576 still becomes the very quotient.
        L added = bias != null ? L.Load(bias) : L.Broadcast(0), factor = L.Broadcast(1f / (TH.TapScale * TW.TapScale));
        for (int row = 0; row < newRows; row++)
        {
            float* line = between + row * columns * L.Count;
            nint* steps = toSteps + row * newColumns;
            a = L.Load(line);
            if (columns > 1)
                b = L.Load(line + L.Count);
            if (columns > 2)
                c = L.Load(line + 2 * L.Count);
            if (columns > 3)
                d = L.Load(line + 3 * L.Count);
            if (columns > 4)
                e = L.Load(line + 4 * L.Count);
            if (columns > 5)
                f = L.Load(line + 5 * L.Count);
            TW.Line(TSide.Value, ref a, ref b, ref c, ref d, ref e, ref f);
            if (partWritten)
            {
                L.Store(Finish<L, TSide>(a, added, factor), to + steps[0], count);
                if (newColumns > 1)
                    L.Store(Finish<L, TSide>(b, added, factor), to + steps[1], count);
                if (newColumns > 2)
                    L.Store(Finish<L, TSide>(c, added, factor), to + steps[2], count);
                if (newColumns > 3)
                    L.Store(Finish<L, TSide>(d, added, factor), to + steps[3], count);
                if (newColumns > 4)
                    L.Store(Finish<L, TSide>(e, added, factor), to + steps[4], count);
                continue;
            }
            L.Store(Finish<L, TSide>(a, added, factor), to + steps[0]);
            if (newColumns > 1)
                L.Store(Finish<L, TSide>(b, added, factor), to + steps[1]);
            if (newColumns > 2)
                L.Store(Finish<L, TSide>(c, added, factor), to + steps[2]);
            if (newColumns > 3)
                L.Store(Finish<L, TSide>(d, added, factor), to + steps[3]);
            if (newColumns > 4)
                L.Store(Finish<L, TSide>(e, added, factor), to + steps[4]);
            if (newColumns > 5)
                L.Store(Finish<L, TSide>(f, added, factor), to + steps[5]);
        }
    }

    /// <summary>What is left to do to a value of the result: the bias, or the factor that makes whole numbers of G fractions again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Finish<L, TSide>(L value, L added, L factor) where L : struct, ILanes<L, float> where TSide : struct, ISide => TSide.Value switch
    {
        Side.Sought => value + added,
        Side.Taps or Side.TapGradient => value * factor,
        _ => value,
    };
}
