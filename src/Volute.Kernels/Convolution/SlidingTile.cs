using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The micro-kernel for one vector of channels under three neighbouring taps at stride 1. Neighbouring rows of C share what they read of A, so
/// each number read meets the three taps at once: c[row] += a[row]·b[0] + a[row + 1]·b[1] + a[row + 2]·b[2]. With so few columns a plain
/// <see cref="Tile"/> would load more than it multiplies.
/// </summary>
internal static unsafe class SlidingTile
{
    /// <summary>Taps of the width axis that this kernel is for.</summary>
    public const int Taps = 3;

    /// <summary>The most rows that fit the registers beside three vectors of B.</summary>
    public static int MostRows => Isa.Registers == 32 ? Tile.MaxRows : 10;

    /// <summary>Computes all columns of <paramref name="tile"/>, a vector at a time, and overwrites C; <paramref name="run"/> terms a tap, BWidth elements of B between taps.</summary>
    public static void Compute<L, TForm>(in Tile tile, int rows, int run) where L : struct, ILanes<L, float> where TForm : struct, ITileForm
    {
        Tile part = tile;
        for (int column = 0; column < tile.Columns; column += L.Count)
        {
            part.Columns = Math.Min(L.Count, tile.Columns - column);
            if (part.Columns < L.Count)
                ComputeVector<L, CutForm<TForm>>(part, rows, run);
            else
                ComputeVector<L, TForm>(part, rows, run);
            part.B += L.Count;
            part.C += L.Count;
            part.Start += L.Count;
        }
    }

    private static void ComputeVector<L, TForm>(in Tile tile, int rows, int run) where L : struct, ILanes<L, float> where TForm : struct, ITileForm
    {
        switch (rows)
        {
            case 1: Compute<L, TForm, Count1>(tile, run); break;
            case 2: Compute<L, TForm, Count2>(tile, run); break;
            case 3: Compute<L, TForm, Count3>(tile, run); break;
            case 4: Compute<L, TForm, Count4>(tile, run); break;
            case 5: Compute<L, TForm, Count5>(tile, run); break;
            case 6: Compute<L, TForm, Count6>(tile, run); break;
            case 7: Compute<L, TForm, Count7>(tile, run); break;
            case 8: Compute<L, TForm, Count8>(tile, run); break;
            case 9: Compute<L, TForm, Count9>(tile, run); break;
            case 10: Compute<L, TForm, Count10>(tile, run); break;
            case 11: Compute<L, TForm, Count11>(tile, run); break;
            case 12: Compute<L, TForm, Count12>(tile, run); break;
            case 13: Compute<L, TForm, Count13>(tile, run); break;
            case 14: Compute<L, TForm, Count14>(tile, run); break;
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private static void Compute<L, TForm, R>(in Tile tile, int run)
        where L : struct, ILanes<L, float> where TForm : struct, ITileForm where R : struct, ICount
    {
        L s = L.Load(tile.Start), none = default;
        L p0 = s, p1 = s, p2 = s, p3 = s, p4 = s, p5 = s, p6 = s, p7 = s, p8 = s, p9 = s, p10 = s, p11 = s, p12 = s, p13 = s;
        nint row = tile.ARow * sizeof(float), step = tile.AStep, next = tile.BStep, tap = tile.BWidth;
        for (int d = 0; d < tile.Depth; d++)
        {
            for (int h = 0; h < tile.Height; h++)
            {
                float* a0 = tile.A + d * tile.ADepth + h * tile.AHeight, a3 = Tile.At(a0, 3 * row), a6 = Tile.At(a3, 3 * row);
                float* a9 = Tile.At(a6, 3 * row), a12 = Tile.At(a9, 3 * row), a15 = Tile.At(a12, 3 * row);
                float* b = tile.B + d * tile.BDepth + h * tile.BHeight;
                for (int k = run; k > 0; k--)
                {
                    L w0 = L.Load(b), w1 = L.Load(b + tap), w2 = L.Load(b + 2 * tap);
                    Step<L, TForm, R>(0, a0, w0, w1, w2, ref p0, ref none, ref none);
                    Step<L, TForm, R>(1, Tile.At(a0, row), w0, w1, w2, ref p1, ref p0, ref none);
                    Step<L, TForm, R>(2, Tile.At(a0, 2 * row), w0, w1, w2, ref p2, ref p1, ref p0);
                    if (R.Value > 1)
                        Step<L, TForm, R>(3, a3, w0, w1, w2, ref p3, ref p2, ref p1);
                    if (R.Value > 2)
                        Step<L, TForm, R>(4, Tile.At(a3, row), w0, w1, w2, ref p4, ref p3, ref p2);
                    if (R.Value > 3)
                        Step<L, TForm, R>(5, Tile.At(a3, 2 * row), w0, w1, w2, ref p5, ref p4, ref p3);
                    if (R.Value > 4)
                        Step<L, TForm, R>(6, a6, w0, w1, w2, ref p6, ref p5, ref p4);
                    if (R.Value > 5)
                        Step<L, TForm, R>(7, Tile.At(a6, row), w0, w1, w2, ref p7, ref p6, ref p5);
                    if (R.Value > 6)
                        Step<L, TForm, R>(8, Tile.At(a6, 2 * row), w0, w1, w2, ref p8, ref p7, ref p6);
                    if (R.Value > 7)
                        Step<L, TForm, R>(9, a9, w0, w1, w2, ref p9, ref p8, ref p7);
                    if (R.Value > 8)
                        Step<L, TForm, R>(10, Tile.At(a9, row), w0, w1, w2, ref p10, ref p9, ref p8);
                    if (R.Value > 9)
                        Step<L, TForm, R>(11, Tile.At(a9, 2 * row), w0, w1, w2, ref p11, ref p10, ref p9);
                    if (R.Value > 10)
                        Step<L, TForm, R>(12, a12, w0, w1, w2, ref p12, ref p11, ref p10);
                    if (R.Value > 11)
                        Step<L, TForm, R>(13, Tile.At(a12, row), w0, w1, w2, ref p13, ref p12, ref p11);
                    if (R.Value > 12)
                        Step<L, TForm, R>(14, Tile.At(a12, 2 * row), w0, w1, w2, ref none, ref p13, ref p12);
                    if (R.Value > 13)
                        Step<L, TForm, R>(15, a15, w0, w1, w2, ref none, ref none, ref p13);
                    a0 += step;
                    a3 += step;
                    a6 += step;
                    a9 += step;
                    a12 += step;
                    a15 += step;
                    b += next;
                }
            }
        }
        float* c = tile.C;
        nint to = tile.CRow;
        Put<L, TForm>(c, p0, tile.Columns);
        if (R.Value > 1)
            Put<L, TForm>(c + to, p1, tile.Columns);
        if (R.Value > 2)
            Put<L, TForm>(c + 2 * to, p2, tile.Columns);
        if (R.Value > 3)
            Put<L, TForm>(c + 3 * to, p3, tile.Columns);
        if (R.Value > 4)
            Put<L, TForm>(c + 4 * to, p4, tile.Columns);
        if (R.Value > 5)
            Put<L, TForm>(c + 5 * to, p5, tile.Columns);
        if (R.Value > 6)
            Put<L, TForm>(c + 6 * to, p6, tile.Columns);
        if (R.Value > 7)
            Put<L, TForm>(c + 7 * to, p7, tile.Columns);
        if (R.Value > 8)
            Put<L, TForm>(c + 8 * to, p8, tile.Columns);
        if (R.Value > 9)
            Put<L, TForm>(c + 9 * to, p9, tile.Columns);
        if (R.Value > 10)
            Put<L, TForm>(c + 10 * to, p10, tile.Columns);
        if (R.Value > 11)
            Put<L, TForm>(c + 11 * to, p11, tile.Columns);
        if (R.Value > 12)
            Put<L, TForm>(c + 12 * to, p12, tile.Columns);
        if (R.Value > 13)
            Put<L, TForm>(c + 13 * to, p13, tile.Columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<L, TForm>(float* c, L value, int count) where L : struct, ILanes<L, float> where TForm : struct, ITileForm
    {
        if (TForm.Cuts)
            L.Store(value, c, count);
        else
            L.Store(value, c);
    }

    /// <summary>What row <paramref name="j"/> of A gives to the rows j, j − 1 and j − 2 of C, as far as there are such.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<L, TForm, R>(int j, float* a, L w0, L w1, L w2, ref L c0, ref L c1, ref L c2)
        where L : struct, ILanes<L, float> where TForm : struct, ITileForm where R : struct, ICount
    {
        L x = TForm.Spreads ? L.Broadcast(a) : L.Load(a);
        if (j < R.Value)
            c0 = L.MultiplyAdd(x, w0, c0);
        if (j >= 1 && j - 1 < R.Value)
            c1 = L.MultiplyAdd(x, w1, c1);
        if (j >= 2 && j - 2 < R.Value)
            c2 = L.MultiplyAdd(x, w2, c2);
    }
}
