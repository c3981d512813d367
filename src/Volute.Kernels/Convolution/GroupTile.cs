using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The micro-kernel of small groups: up to 6 positions × 4 accumulators, s[position][accumulator] += Σ over taps and vectors of given channels of
/// a[position] · b[accumulator]. Lanes hold given channels of several groups (<see cref="GroupBlocks"/>); no number is spread.
/// </summary>
internal unsafe struct GroupTile
{
    /// <summary>The most positions.</summary>
    public const int MaxPositions = 6;

    /// <summary>A at the first tap of position 0, B of the first accumulator.</summary>
    public float* A, B;

    /// <summary>Position 0, where accumulators go: a vector each, or where they are joined the sought channels.</summary>
    public float* C;

    /// <summary>Where accumulators are joined: what the first of them are added to, and how the lanes of each are turned, two vectors apart.</summary>
    public float* Start, Turns;

    /// <summary>Elements between positions of A and of C, and between vectors of B for neighbouring vectors of A.</summary>
    public nint ARow, CRow, BStep;

    public nint ADepth, AHeight, AWidth, BDepth, BHeight, BWidth;

    /// <summary>Taps of the axes and the vectors of given channels of one.</summary>
    public int Depth, Height, Width, Run;

    /// <summary>Lanes to join; 0 where accumulators are kept as they are.</summary>
    public int Joined;

    /// <summary>The most accumulators that fit the registers beside an operand and their weights.</summary>
    public static int MostAccumulators => Isa.Registers == 32 ? 4 : 2;

    /// <summary>Computes 1..MaxPositions positions of 1..MostAccumulators accumulators.</summary>
    public readonly void Compute<L>(int positions, int accumulators) where L : struct, ILanes<L, float>
    {
        switch (accumulators)
        {
            case 1: Compute<L, Count1>(positions); break;
            case 2: Compute<L, Count2>(positions); break;
            case 3: Compute<L, Count3>(positions); break;
            case 4: Compute<L, Count4>(positions); break;
        }
    }

    private readonly void Compute<L, V>(int positions) where L : struct, ILanes<L, float> where V : struct, ICount
    {
        switch (positions)
        {
            case 1: Compute<L, V, Count1>(); break;
            case 2: Compute<L, V, Count2>(); break;
            case 3: Compute<L, V, Count3>(); break;
            case 4: Compute<L, V, Count4>(); break;
            case 5: Compute<L, V, Count5>(); break;
            case 6: Compute<L, V, Count6>(); break;
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private readonly void Compute<L, V, R>() where L : struct, ILanes<L, float> where V : struct, ICount where R : struct, ICount
    {
        L p0 = default, p1 = default, p2 = default, p3 = default;
        L q0 = default, q1 = default, q2 = default, q3 = default;
        L r0 = default, r1 = default, r2 = default, r3 = default;
        L s0 = default, s1 = default, s2 = default, s3 = default;
        L t0 = default, t1 = default, t2 = default, t3 = default;
        L u0 = default, u1 = default, u2 = default, u3 = default;
        nint row = ARow * sizeof(float);
        for (int d = 0; d < Depth; d++)
        {
            for (int h = 0; h < Height; h++)
            {
                for (int w = 0; w < Width; w++)
                {
                    float* a = A + d * ADepth + h * AHeight + w * AWidth, a3 = Tile.At(a, 3 * row), b = B + d * BDepth + h * BHeight + w * BWidth;
                    for (int k = Run; k > 0; k--)
                    {
                        L b0 = L.Load(b), b1 = V.Value > 1 ? L.Load(b + L.Count) : default;
                        L b2 = V.Value > 2 ? L.Load(b + 2 * L.Count) : default, b3 = V.Value > 3 ? L.Load(b + 3 * L.Count) : default;
                        Term<L, V>(a, b0, b1, b2, b3, ref p0, ref p1, ref p2, ref p3);
                        if (R.Value > 1)
                            Term<L, V>(Tile.At(a, row), b0, b1, b2, b3, ref q0, ref q1, ref q2, ref q3);
                        if (R.Value > 2)
                            Term<L, V>(Tile.At(a, 2 * row), b0, b1, b2, b3, ref r0, ref r1, ref r2, ref r3);
                        if (R.Value > 3)
                            Term<L, V>(a3, b0, b1, b2, b3, ref s0, ref s1, ref s2, ref s3);
                        if (R.Value > 4)
                            Term<L, V>(Tile.At(a3, row), b0, b1, b2, b3, ref t0, ref t1, ref t2, ref t3);
                        if (R.Value > 5)
                            Term<L, V>(Tile.At(a3, 2 * row), b0, b1, b2, b3, ref u0, ref u1, ref u2, ref u3);
                        a += L.Count;
                        a3 += L.Count;
                        b += BStep;
                    }
                }
            }
        }
        if (Joined > 0)
        {
            L turn0 = L.Load(Turns), turn1 = V.Value > 1 ? L.Load(Turns + 2 * L.Count) : default;
            L turn2 = V.Value > 2 ? L.Load(Turns + 4 * L.Count) : default, turn3 = V.Value > 3 ? L.Load(Turns + 6 * L.Count) : default;
            Join<L, V>(C, p0, p1, p2, p3, turn0, turn1, turn2, turn3);
            if (R.Value > 1)
                Join<L, V>(C + CRow, q0, q1, q2, q3, turn0, turn1, turn2, turn3);
            if (R.Value > 2)
                Join<L, V>(C + 2 * CRow, r0, r1, r2, r3, turn0, turn1, turn2, turn3);
            if (R.Value > 3)
                Join<L, V>(C + 3 * CRow, s0, s1, s2, s3, turn0, turn1, turn2, turn3);
            if (R.Value > 4)
                Join<L, V>(C + 4 * CRow, t0, t1, t2, t3, turn0, turn1, turn2, turn3);
            if (R.Value > 5)
                Join<L, V>(C + 5 * CRow, u0, u1, u2, u3, turn0, turn1, turn2, turn3);
            return;
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
    private static void Term<L, V>(float* a, L b0, L b1, L b2, L b3, ref L s0, ref L s1, ref L s2, ref L s3)
        where L : struct, ILanes<L, float> where V : struct, ICount
    {
        L x = L.Load(a);
        s0 = L.MultiplyAdd(x, b0, s0);
        if (V.Value > 1)
            s1 = L.MultiplyAdd(x, b1, s1);
        if (V.Value > 2)
            s2 = L.MultiplyAdd(x, b2, s2);
        if (V.Value > 3)
            s3 = L.MultiplyAdd(x, b3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Join<L, V>(float* c, L s0, L s1, L s2, L s3, L turn0, L turn1, L turn2, L turn3)
        where L : struct, ILanes<L, float> where V : struct, ICount
    {
        L sum = (Start != null ? L.Load(Start) : Joined == L.Count ? L.Load(c) : L.Load(c, Joined)) + L.Permute(s0, turn0);
        if (V.Value > 1)
            sum += L.Permute(s1, turn1);
        if (V.Value > 2)
            sum += L.Permute(s2, turn2);
        if (V.Value > 3)
            sum += L.Permute(s3, turn3);
        if (Joined == L.Count)
            L.Store(sum, c);
        else
            L.Store(sum, c, Joined);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<L, V>(float* c, L s0, L s1, L s2, L s3) where L : struct, ILanes<L, float> where V : struct, ICount
    {
        L.Store(s0, c);
        if (V.Value > 1)
            L.Store(s1, c + L.Count);
        if (V.Value > 2)
            L.Store(s2, c + 2 * L.Count);
        if (V.Value > 3)
            L.Store(s3, c + 3 * L.Count);
    }
}
