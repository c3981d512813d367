using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// The micro-kernel of every convolution: c[row][vector] += Σ over depth, height, width and k of
/// A[row·ARow + k·AStep + …] · B[k·BStep + vector·BVector + …], up to 14 rows × 2 vectors held in registers. All steps are in elements.
/// </summary>
internal unsafe struct Tile
{
    /// <summary>The most rows of any tile.</summary>
    public const int MaxRows = 14;

    /// <summary>Elements of a line of the caches.</summary>
    public const int Line = 16;

    /// <summary>A, B and C of row 0, vector 0, first term.</summary>
    public float* A, B, C;

    /// <summary>What the accumulators begin with, a number a column; padded to whole vectors.</summary>
    public float* Start;

    /// <summary>MaxRows · 2 vectors, where the dot form's wait for their sums.</summary>
    public float* Scratch;

    public nint ARow, AStep, BStep, BVector, CRow;
    public nint ADepth, AHeight, AWidth, BDepth, BHeight, BWidth;

    /// <summary>What a fetching form asks for at the first term, and the steps to the other terms of the depth, the height and the run.</summary>
    public float* Fetch;

    /// <summary>Where all that tiles are to ask for, one after the other, ends; null where each tile has its own place to ask for, by its rows.</summary>
    public float* FetchEnd;

    /// <inheritdoc cref="Fetch"/>
    public nint FetchDepth, FetchHeight, FetchStep;

    /// <summary>How far apart rows lie in what is asked for, where each tile has its own place.</summary>
    public nint FetchRow;

    /// <summary>The place of a row's first position there, where that is not A.</summary>
    public float* FetchOrigin;

    /// <summary>From a tile of a run to the next one in A, in C and in what has its own place to be asked for, where they do not follow each other; else 0.</summary>
    public nint ATile, CTile, FetchTile;

    // The same for the tiles of a run at hand.
    private nint _aTile, _cTile, _fetchTile;

    /// <summary>Terms of the sum: three outer counts and the run of k.</summary>
    public int Depth, Height, Width, Run;

    /// <summary>Columns of C to write: channels, at most two vectors of them (at most 2 in the dot form).</summary>
    public int Columns;

    /// <summary>Rows of the tiles of a run.</summary>
    public int Size;

    /// <summary>The lanes that the forms of remainders read.</summary>
    public int MaskedLanes;

    /// <summary>Adds to C instead of overwriting it; <see cref="Start"/> is then not used.</summary>
    public bool Add;

    /// <summary>Whether sums of all taps of a row go to <see cref="SlidingTile"/>.</summary>
    public bool Slides;

    /// <summary>The most rows that fit the registers, with an operand and B beside them, and that do not drive each other out of the first cache.</summary>
    public static int RowsFor(int vectors, nint aRow)
    {
        // Rows of A a multiple of 4096 bytes apart all fall into one set of the cache, which holds 8 or 12 of them.
        int cache = aRow * sizeof(float) % 4096 == 0 ? (Isa.Registers == 32 ? 10 : 6) : MaxRows;
        return Math.Min(cache, Isa.Registers == 32 ? MaxRows : vectors == 1 ? 12 : 6);
    }

    /// <summary>The same with other terms.</summary>
    public readonly Tile Moved(nint a, nint b) => this with { A = A + a, B = B + b };

    /// <summary>The dot form for a run of any length: whole vectors first, then its remainder.</summary>
    public readonly void ComputeDot<L>(int rows) where L : struct, ILanes<L, float>
    {
        var (vectors, remainder) = Math.DivRem(Run, L.Count);
        Tile part = this with { Run = vectors };
        if (vectors > 0 || remainder == 0)
        {
            part.Compute<L, DotForm>(rows);
            part.Add = true;
        }
        if (remainder == 0)
            return;
        part.A += vectors * L.Count;
        part.B += vectors * L.Count;
        (part.Run, part.MaskedLanes) = (1, remainder);
        part.Compute<L, DotRemainderForm>(rows);
    }

    /// <summary>The least size of tiles of which no more are needed than of <paramref name="most"/> rows.</summary>
    public static int Even(int rows, int most) => (rows - 1) / ((rows - 1) / most + 1) + 1;

    /// <summary>Any number of rows in tiles of <see cref="Size"/>, the last of what is left; the first of them ask ahead until there is no more to ask for.</summary>
    public void ComputeRun<L>(int rows) where L : struct, ILanes<L, float>
    {
        if (FetchStep != 0)
        {
            nint step = FetchEnd != null ? Depth * FetchDepth : ATile != 0 ? FetchTile : Size * FetchRow;
            long asking = FetchEnd == null ? rows : step == 0 ? 0 : Math.Clamp((FetchEnd - Fetch + step - 1) / step * Size, 0, rows);
            ComputeTiles<L, FetchingForm>((int)asking, step);
            rows -= (int)asking;
        }
        ComputeTiles<L, SpreadForm>(rows, 0);
    }

    /// <summary>So many rows, and on to the next; <paramref name="fetch"/> lies between what one tile asks for and what the next does.</summary>
    private void ComputeTiles<L, TForm>(int rows, nint fetch) where L : struct, ILanes<L, float> where TForm : struct, ITileForm
    {
        _fetchTile = fetch;
        for (int count; rows > 0; rows -= count)
        {
            int size = Math.Min(Size, rows), tiles = rows / size;
            count = tiles * size;
            (_aTile, _cTile) = ATile != 0 ? (ATile, CTile) : (size * ARow, size * CRow);
            Compute<L, TForm>(size, tiles);
            A += tiles * _aTile;
            C += tiles * _cTile;
            Fetch += tiles * fetch;
        }
    }

    /// <summary>Computes <paramref name="tiles"/> of <paramref name="rows"/> rows, 1..MaxRows, one behind the other.</summary>
    public readonly void Compute<L, TForm>(int rows, int tiles = 1) where L : struct, ILanes<L, float> where TForm : struct, ITileForm
    {
        if (!TForm.Sums && Columns % L.Count != 0)
            ComputeColumns<L, CutForm<TForm>>(rows, tiles);
        else
            ComputeColumns<L, TForm>(rows, tiles);
    }

    private readonly void ComputeColumns<L, TForm>(int rows, int tiles) where L : struct, ILanes<L, float> where TForm : struct, ITileForm
    {
        if (Columns > (TForm.Sums ? 1 : L.Count))
            Compute<L, TForm, Count2>(rows, tiles);
        else
            Compute<L, TForm, Count1>(rows, tiles);
    }

    private readonly void Compute<L, TForm, V>(int rows, int tiles)
        where L : struct, ILanes<L, float> where TForm : struct, ITileForm where V : struct, ICount
    {
        switch (rows)
        {
            case 1: Compute<L, TForm, V, Count1>(tiles); break;
            case 2: Compute<L, TForm, V, Count2>(tiles); break;
            case 3: Compute<L, TForm, V, Count3>(tiles); break;
            case 4: Compute<L, TForm, V, Count4>(tiles); break;
            case 5: Compute<L, TForm, V, Count5>(tiles); break;
            case 6: Compute<L, TForm, V, Count6>(tiles); break;
            case 7: Compute<L, TForm, V, Count7>(tiles); break;
            case 8: Compute<L, TForm, V, Count8>(tiles); break;
            case 9: Compute<L, TForm, V, Count9>(tiles); break;
            case 10: Compute<L, TForm, V, Count10>(tiles); break;
            case 11: Compute<L, TForm, V, Count11>(tiles); break;
            case 12: Compute<L, TForm, V, Count12>(tiles); break;
            case 13: Compute<L, TForm, V, Count13>(tiles); break;
            case 14: Compute<L, TForm, V, Count14>(tiles); break;
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private readonly void Compute<L, TForm, V, R>(int tiles)
        where L : struct, ILanes<L, float> where TForm : struct, ITileForm where V : struct, ICount where R : struct, ICount
    {
        bool add = !TForm.Sums && Add;
        int count = Columns - (V.Value - 1) * L.Count;
        nint row = ARow * sizeof(float), step = AStep, next = BStep, vector = BVector, ahead = FetchStep;
        int masked = MaskedLanes;
        // Vectors of sums wait where their lanes are added up.
        float* first = A, c = TForm.Sums ? Scratch : C, asked = Fetch;
        nint to = TForm.Sums ? V.Value * L.Count : CRow;
        for (; tiles > 0; tiles--)
        {
            bool begin = !TForm.Sums && !Add;
            L s0 = begin ? L.Load(Start) : default, s1 = begin && V.Value > 1 ? L.Load(Start + L.Count) : default;
            L p0 = s0, p1 = s0, p2 = s0, p3 = s0, p4 = s0, p5 = s0, p6 = s0, p7 = s0, p8 = s0, p9 = s0, p10 = s0, p11 = s0, p12 = s0, p13 = s0;
            L q0 = s1, q1 = s1, q2 = s1, q3 = s1, q4 = s1, q5 = s1, q6 = s1, q7 = s1, q8 = s1, q9 = s1, q10 = s1, q11 = s1, q12 = s1, q13 = s1;
            for (int d = 0; d < Depth; d++)
            {
                for (int h = 0; h < Height; h++)
                {
                    for (int w = 0; w < Width; w++)
                    {
                        // Rows three apart share a pointer: the others are reached by row and 2·row, which an address can hold.
                        float* a0 = first + d * ADepth + h * AHeight + w * AWidth, a3 = At(a0, 3 * row), a6 = At(a3, 3 * row), a9 = At(a6, 3 * row), a12 = At(a9, 3 * row);
                        float* b = B + d * BDepth + h * BHeight + w * BWidth, fetch = TForm.Fetches ? asked + d * FetchDepth + h * FetchHeight : null;
                        for (int k = Run; k > 0; k--)
                        {
                            L b0 = Read<L, TForm>(b, masked), b1 = V.Value > 1 ? Read<L, TForm>(b + vector, masked) : default;
                            TForm.Term<L, V>(a0, b0, b1, masked, ref p0, ref q0);
                            if (R.Value > 1)
                                TForm.Term<L, V>(At(a0, row), b0, b1, masked, ref p1, ref q1);
                            if (R.Value > 2)
                                TForm.Term<L, V>(At(a0, 2 * row), b0, b1, masked, ref p2, ref q2);
                            if (R.Value > 3)
                                TForm.Term<L, V>(a3, b0, b1, masked, ref p3, ref q3);
                            if (R.Value > 4)
                                TForm.Term<L, V>(At(a3, row), b0, b1, masked, ref p4, ref q4);
                            if (R.Value > 5)
                                TForm.Term<L, V>(At(a3, 2 * row), b0, b1, masked, ref p5, ref q5);
                            if (R.Value > 6)
                                TForm.Term<L, V>(a6, b0, b1, masked, ref p6, ref q6);
                            if (R.Value > 7)
                                TForm.Term<L, V>(At(a6, row), b0, b1, masked, ref p7, ref q7);
                            if (R.Value > 8)
                                TForm.Term<L, V>(At(a6, 2 * row), b0, b1, masked, ref p8, ref q8);
                            if (R.Value > 9)
                                TForm.Term<L, V>(a9, b0, b1, masked, ref p9, ref q9);
                            if (R.Value > 10)
                                TForm.Term<L, V>(At(a9, row), b0, b1, masked, ref p10, ref q10);
                            if (R.Value > 11)
                                TForm.Term<L, V>(At(a9, 2 * row), b0, b1, masked, ref p11, ref q11);
                            if (R.Value > 12)
                                TForm.Term<L, V>(a12, b0, b1, masked, ref p12, ref q12);
                            if (R.Value > 13)
                                TForm.Term<L, V>(At(a12, row), b0, b1, masked, ref p13, ref q13);
                            a0 += step;
                            a3 += step;
                            a6 += step;
                            a9 += step;
                            a12 += step;
                            b += next;
                            if (TForm.Fetches)
                            {
                                L.Prefetch(fetch);
                                fetch += ahead;
                            }
                        }
                    }
                }
            }
            Put<L, TForm, V>(c, p0, q0, count, add);
            if (R.Value > 1)
                Put<L, TForm, V>(c + to, p1, q1, count, add);
            if (R.Value > 2)
                Put<L, TForm, V>(c + 2 * to, p2, q2, count, add);
            if (R.Value > 3)
                Put<L, TForm, V>(c + 3 * to, p3, q3, count, add);
            if (R.Value > 4)
                Put<L, TForm, V>(c + 4 * to, p4, q4, count, add);
            if (R.Value > 5)
                Put<L, TForm, V>(c + 5 * to, p5, q5, count, add);
            if (R.Value > 6)
                Put<L, TForm, V>(c + 6 * to, p6, q6, count, add);
            if (R.Value > 7)
                Put<L, TForm, V>(c + 7 * to, p7, q7, count, add);
            if (R.Value > 8)
                Put<L, TForm, V>(c + 8 * to, p8, q8, count, add);
            if (R.Value > 9)
                Put<L, TForm, V>(c + 9 * to, p9, q9, count, add);
            if (R.Value > 10)
                Put<L, TForm, V>(c + 10 * to, p10, q10, count, add);
            if (R.Value > 11)
                Put<L, TForm, V>(c + 11 * to, p11, q11, count, add);
            if (R.Value > 12)
                Put<L, TForm, V>(c + 12 * to, p12, q12, count, add);
            if (R.Value > 13)
                Put<L, TForm, V>(c + 13 * to, p13, q13, count, add);
            if (TForm.Sums)
                Finish<L, V>(R.Value);
            first += _aTile;
            c += _cTile;
            asked += _fetchTile;
        }
    }

    internal static float* At(float* a, nint bytes) => (float*)((byte*)a + bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Read<L, TForm>(float* source, int masked) where L : struct, ILanes<L, float> where TForm : struct, ITileForm
        => TForm.Masks ? L.Load(source, masked) : L.Load(source);

    /// <summary>A row of C; <paramref name="count"/> lanes of its last vector where a form cuts it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<L, TForm, V>(float* c, L c0, L c1, int count, bool add)
        where L : struct, ILanes<L, float> where TForm : struct, ITileForm where V : struct, ICount
    {
        if (V.Value > 1)
        {
            L.Store(add ? L.Load(c) + c0 : c0, c);
            c += L.Count;
            c0 = c1;
        }
        if (TForm.Cuts)
            L.Store(add ? L.Load(c, count) + c0 : c0, c, count);
        else
            L.Store(add ? L.Load(c) + c0 : c0, c);
    }

    /// <summary>From the scratch to C: sums of lanes.</summary>
    private readonly void Finish<L, V>(int rows) where L : struct, ILanes<L, float> where V : struct, ICount
    {
        for (int r = 0; r < rows; r++)
        {
            float* from = Scratch + r * V.Value * L.Count, to = C + r * CRow;
            for (int v = 0; v < V.Value; v++, from += L.Count)
                to[v] = L.Sum(L.Load(from)) + (Add ? to[v] : Start[v]);
        }
    }
}
