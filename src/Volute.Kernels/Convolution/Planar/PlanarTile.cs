using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The micro-kernel of planes: up to 6 rows × 4 vectors of accumulators, c[row][vector] += Σ over terms of a[row] · b[vector]. Lanes hold positions.
/// </summary>
/// <remarks>
/// Where A is spread (<see cref="SpreadForm"/>), a term is a tap of a given channel: a[row] is its weight for a sought channel, and b are neighbouring
/// vectors of its plane. Else a term is a vector of positions, a[row] lies in a plane of dy and b[vector] in a plane of x, each moved to the place of a tap.
/// </remarks>
internal unsafe struct PlanarTile
{
    /// <summary>The most rows and vectors.</summary>
    public const int MaxRows = 6, MaxVectors = 4;

    /// <summary>A and B of the first term.</summary>
    public float* A, B;

    /// <summary>Vector 0 of row 0; written over where A is spread, else added to.</summary>
    public float* C;

    /// <summary>Where A is spread: what the accumulators begin with, one number a row.</summary>
    public float* Start;

    /// <summary>From B to where a term (A spread) or a vector is read.</summary>
    public int* Offsets;

    /// <summary>Elements between rows.</summary>
    public nint ARow, CRow;

    /// <summary>Terms of a run, how many runs there are, and elements between these.</summary>
    public int Terms, Runs;
    public nint ARun, BRun;

    /// <summary>The most vectors that fit the registers beside <paramref name="rows"/> rows.</summary>
    public static int VectorsFor(int rows) => Isa.Registers == 32 || rows <= 2 ? MaxVectors : 2;

    /// <summary>Computes 1..MaxRows rows of 1..VectorsFor(rows) vectors.</summary>
    public readonly void Compute<L, TForm>(int rows, int vectors) where L : struct, ILanes<L, float> where TForm : struct, ITileForm
    {
        switch (vectors)
        {
            case 1: Compute<L, TForm, Count1>(rows); break;
            case 2: Compute<L, TForm, Count2>(rows); break;
            case 3: Compute<L, TForm, Count3>(rows); break;
            case 4: Compute<L, TForm, Count4>(rows); break;
        }
    }

    private readonly void Compute<L, TForm, V>(int rows) where L : struct, ILanes<L, float> where TForm : struct, ITileForm where V : struct, ICount
    {
        switch (rows)
        {
            case 1: Compute<L, TForm, V, Count1>(); break;
            case 2: Compute<L, TForm, V, Count2>(); break;
            case 3: Compute<L, TForm, V, Count3>(); break;
            case 4: Compute<L, TForm, V, Count4>(); break;
            case 5: Compute<L, TForm, V, Count5>(); break;
            case 6: Compute<L, TForm, V, Count6>(); break;
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private readonly void Compute<L, TForm, V, R>()
        where L : struct, ILanes<L, float> where TForm : struct, ITileForm where V : struct, ICount where R : struct, ICount
    {
        L p0 = Begin<L, TForm, V, R>(0, 0), p1 = Begin<L, TForm, V, R>(0, 1), p2 = Begin<L, TForm, V, R>(0, 2), p3 = Begin<L, TForm, V, R>(0, 3);
        L q0 = Begin<L, TForm, V, R>(1, 0), q1 = Begin<L, TForm, V, R>(1, 1), q2 = Begin<L, TForm, V, R>(1, 2), q3 = Begin<L, TForm, V, R>(1, 3);
        L r0 = Begin<L, TForm, V, R>(2, 0), r1 = Begin<L, TForm, V, R>(2, 1), r2 = Begin<L, TForm, V, R>(2, 2), r3 = Begin<L, TForm, V, R>(2, 3);
        L s0 = Begin<L, TForm, V, R>(3, 0), s1 = Begin<L, TForm, V, R>(3, 1), s2 = Begin<L, TForm, V, R>(3, 2), s3 = Begin<L, TForm, V, R>(3, 3);
        L t0 = Begin<L, TForm, V, R>(4, 0), t1 = Begin<L, TForm, V, R>(4, 1), t2 = Begin<L, TForm, V, R>(4, 2), t3 = Begin<L, TForm, V, R>(4, 3);
        L u0 = Begin<L, TForm, V, R>(5, 0), u1 = Begin<L, TForm, V, R>(5, 1), u2 = Begin<L, TForm, V, R>(5, 2), u3 = Begin<L, TForm, V, R>(5, 3);
        nint row = ARow * sizeof(float);
        for (int run = 0; run < Runs; run++)
        {
            float* from = A + run * ARun, from3 = Tile.At(from, 3 * row), start = B + run * BRun, b0 = start, b1 = start, b2 = start, b3 = start;
            int* offsets = Offsets;
            if (!TForm.Spreads)
            {
                b0 += offsets[0];
                b1 += V.Value > 1 ? offsets[1] : 0;
                b2 += V.Value > 2 ? offsets[2] : 0;
                b3 += V.Value > 3 ? offsets[3] : 0;
            }
            for (int k = Terms; k > 0; k--)
            {
                if (TForm.Spreads)
                {
                    b0 = start + *offsets++;
                    b1 = b0 + L.Count;
                    b2 = b1 + L.Count;
                    b3 = b2 + L.Count;
                }
                L x0 = L.Load(b0), x1 = V.Value > 1 ? L.Load(b1) : default, x2 = V.Value > 2 ? L.Load(b2) : default, x3 = V.Value > 3 ? L.Load(b3) : default;
                Term<L, TForm, V>(from, x0, x1, x2, x3, ref p0, ref p1, ref p2, ref p3);
                if (R.Value > 1)
                    Term<L, TForm, V>(Tile.At(from, row), x0, x1, x2, x3, ref q0, ref q1, ref q2, ref q3);
                if (R.Value > 2)
                    Term<L, TForm, V>(Tile.At(from, 2 * row), x0, x1, x2, x3, ref r0, ref r1, ref r2, ref r3);
                if (R.Value > 3)
                    Term<L, TForm, V>(from3, x0, x1, x2, x3, ref s0, ref s1, ref s2, ref s3);
                if (R.Value > 4)
                    Term<L, TForm, V>(Tile.At(from3, row), x0, x1, x2, x3, ref t0, ref t1, ref t2, ref t3);
                if (R.Value > 5)
                    Term<L, TForm, V>(Tile.At(from3, 2 * row), x0, x1, x2, x3, ref u0, ref u1, ref u2, ref u3);
                if (TForm.Spreads)
                {
                    from += R.Value;
                    from3 += R.Value;
                    continue;
                }
                from += L.Count;
                from3 += L.Count;
                b0 += L.Count;
                b1 += L.Count;
                b2 += L.Count;
                b3 += L.Count;
            }
        }
        Put<L, V>(C, p0, p1, p2, p3);
        if (R.Value > 1)
            Put<L, V>(C + CRow, q0, q1, q2, q3);
        if (R.Value > 2)
            Put<L, V>(C + 2 * CRow, r0, r1, r2, r3);
        if (R.Value > 3)
            Put<L, V>(C + 3 * CRow, s0, s1, s2, s3);
        if (R.Value > 4)
            Put<L, V>(C + 4 * CRow, t0, t1, t2, t3);
        if (R.Value > 5)
            Put<L, V>(C + 5 * CRow, u0, u1, u2, u3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly L Begin<L, TForm, V, R>(int row, int vector)
        where L : struct, ILanes<L, float> where TForm : struct, ITileForm where V : struct, ICount where R : struct, ICount
    {
        if (row >= R.Value || vector >= V.Value)
            return default;
        return TForm.Spreads ? L.Broadcast(Start + row) : L.Load(C + row * CRow + vector * L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<L, TForm, V>(float* a, L b0, L b1, L b2, L b3, ref L c0, ref L c1, ref L c2, ref L c3)
        where L : struct, ILanes<L, float> where TForm : struct, ITileForm where V : struct, ICount
    {
        L x = TForm.Spreads ? L.Broadcast(a) : L.Load(a);
        c0 = L.MultiplyAdd(x, b0, c0);
        if (V.Value > 1)
            c1 = L.MultiplyAdd(x, b1, c1);
        if (V.Value > 2)
            c2 = L.MultiplyAdd(x, b2, c2);
        if (V.Value > 3)
            c3 = L.MultiplyAdd(x, b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<L, V>(float* c, L c0, L c1, L c2, L c3) where L : struct, ILanes<L, float> where V : struct, ICount
    {
        L.Store(c0, c);
        if (V.Value > 1)
            L.Store(c1, c + L.Count);
        if (V.Value > 2)
            L.Store(c2, c + 2 * L.Count);
        if (V.Value > 3)
            L.Store(c3, c + 3 * L.Count);
    }
}
