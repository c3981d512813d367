using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// Records of a few elements, side by side in memory, and planes, in which each element of all records lies side by side: from one to the other by registers.
/// </summary>
/// <remarks>
/// N registers hold N parts of P records each, P·N = lanes; lane c·P + p is element c of record p. Exchanging the bits of the register's number with those
/// of c, one after another, leaves element c of all records in register c, and the same exchanges lead back. Where the records do not touch, or are longer
/// than half a register, P is 1 and longer ones are taken in blocks of a register. A remainder of records is read up to the memory's end and masked when stored.
/// </remarks>
internal unsafe struct Interleaver<L> where L : struct, ILanes<L, float>
{
    /// <summary>Vectors of the table that the caller provides.</summary>
    public const int TableVectors = 10;

    // In the table: four indices that flip a bit of the lane, the masks of these bits, and the order of a part's lanes on the way in and on the way out.
    private const int Masks = 4, Spread = 8, Gathered = 9;

    private readonly float* _table;
    private readonly int _elements, _registers;
    private readonly nint _step;

    /// <summary>For records of <paramref name="elements"/> elements that begin <paramref name="step"/> apart; <paramref name="table"/> has TableVectors registers.</summary>
    public Interleaver(int elements, nint step, float* table)
    {
        _table = table;
        (_elements, _step, _registers) = (elements, step, L.Count);
        if (elements == step && elements < L.Count)
            _registers = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)elements);
        int part = L.Count / _registers, bits = System.Numerics.BitOperations.Log2((uint)_registers);
        for (int lane = 0; lane < L.Count; lane++)
        {
            for (int bit = 0; bit < bits; bit++)
            {
                Set(bit, lane, lane ^ (part << bit));
                Set(Masks + bit, lane, (lane & (part << bit)) != 0 ? -1 : 0);
            }
            Set(Spread, lane, (lane % part * elements + lane / part) & (L.Count - 1));
            Set(Gathered, lane, (lane % elements * part + lane / elements) & (L.Count - 1));
        }
    }

    /// <summary>
    /// Records 0..count−1 at <paramref name="records"/> to planes: element e of record j goes to planes[offsets[e] + j], or nowhere where the offset is
    /// negative. Nothing is read from <paramref name="end"/> on; up to a register behind the last record of each plane is overwritten.
    /// </summary>
    public readonly void Split(float* records, float* end, int count, float* planes, int* offsets)
    {
        for (int first = 0; first < _elements; first += L.Count)
        {
            Run run = new() { Records = records + first, End = end, Count = count, Planes = planes, Offsets = offsets + first, Elements = Math.Min(_elements - first, L.Count) };
            Start<Splitting>(run);
        }
    }

    /// <summary>
    /// Planes, <paramref name="planeStep"/> apart, to records at <paramref name="records"/>, of which no more than <paramref name="limit"/> elements
    /// of memory are written: it may end within a record. The planes are read to the end of a register.
    /// </summary>
    public readonly void Join(float* planes, nint planeStep, float* records, nint limit)
    {
        for (int first = 0; first < _elements; first += L.Count)
        {
            Run run = new() { Records = records + first, Planes = planes + first * planeStep, PlaneStep = planeStep, Elements = Math.Min(_elements - first, L.Count) };
            run.End = records + limit;
            run.Count = (int)((limit - first + _step - 1) / _step);
            Start<Joining>(run);
        }
    }

    private readonly void Set(int vector, int lane, int value) => ((int*)_table)[vector * L.Count + lane] = value;

    private interface IWay
    {
        static abstract bool Joins { get; }
    }

    private readonly struct Splitting : IWay { public static bool Joins => false; }
    private readonly struct Joining : IWay { public static bool Joins => true; }

    /// <summary>What one run works on; at most a register's elements of each record.</summary>
    private struct Run
    {
        public float* Records, End, Planes;
        public int* Offsets;
        public nint PlaneStep;
        public int Elements, Count;
    }

    private readonly void Start<TWay>(in Run run) where TWay : struct, IWay
    {
        switch (_registers)
        {
            case 1: Compute<TWay, Count1>(run); break;
            case 2: Compute<TWay, Count2>(run); break;
            case 4: Compute<TWay, Count4>(run); break;
            case 8: Compute<TWay, Count8>(run); break;
            case 16: Compute<TWay, Count16>(run); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Compute<TWay, N>(in Run run) where TWay : struct, IWay where N : struct, ICount
    {
        L turn = N.Value > 1 ? At(0) : default, mask = N.Value > 1 ? At(Masks) : default;
        L turn1 = N.Value > 2 ? At(1) : default, mask1 = N.Value > 2 ? At(Masks + 1) : default;
        L turn2 = N.Value > 4 ? At(2) : default, mask2 = N.Value > 4 ? At(Masks + 2) : default;
        L turn3 = N.Value > 8 ? At(3) : default, mask3 = N.Value > 8 ? At(Masks + 3) : default;
        L order = At(TWay.Joins ? Gathered : Spread);
        for (int first = 0; first < run.Count; first += L.Count)
        {
            L r0 = Take<TWay, N>(run, first, 0, order), r1 = Take<TWay, N>(run, first, 1, order);
            L r2 = Take<TWay, N>(run, first, 2, order), r3 = Take<TWay, N>(run, first, 3, order);
            L r4 = Take<TWay, N>(run, first, 4, order), r5 = Take<TWay, N>(run, first, 5, order);
            L r6 = Take<TWay, N>(run, first, 6, order), r7 = Take<TWay, N>(run, first, 7, order);
            L r8 = Take<TWay, N>(run, first, 8, order), r9 = Take<TWay, N>(run, first, 9, order);
            L r10 = Take<TWay, N>(run, first, 10, order), r11 = Take<TWay, N>(run, first, 11, order);
            L r12 = Take<TWay, N>(run, first, 12, order), r13 = Take<TWay, N>(run, first, 13, order);
            L r14 = Take<TWay, N>(run, first, 14, order), r15 = Take<TWay, N>(run, first, 15, order);
            Exchange<N>(0, 1, ref r0, ref r1, turn, mask);
            Exchange<N>(2, 3, ref r2, ref r3, turn, mask);
            Exchange<N>(4, 5, ref r4, ref r5, turn, mask);
            Exchange<N>(6, 7, ref r6, ref r7, turn, mask);
            Exchange<N>(8, 9, ref r8, ref r9, turn, mask);
            Exchange<N>(10, 11, ref r10, ref r11, turn, mask);
            Exchange<N>(12, 13, ref r12, ref r13, turn, mask);
            Exchange<N>(14, 15, ref r14, ref r15, turn, mask);
            Exchange<N>(0, 2, ref r0, ref r2, turn1, mask1);
            Exchange<N>(1, 3, ref r1, ref r3, turn1, mask1);
            Exchange<N>(4, 6, ref r4, ref r6, turn1, mask1);
            Exchange<N>(5, 7, ref r5, ref r7, turn1, mask1);
            Exchange<N>(8, 10, ref r8, ref r10, turn1, mask1);
            Exchange<N>(9, 11, ref r9, ref r11, turn1, mask1);
            Exchange<N>(12, 14, ref r12, ref r14, turn1, mask1);
            Exchange<N>(13, 15, ref r13, ref r15, turn1, mask1);
            Exchange<N>(0, 4, ref r0, ref r4, turn2, mask2);
            Exchange<N>(1, 5, ref r1, ref r5, turn2, mask2);
            Exchange<N>(2, 6, ref r2, ref r6, turn2, mask2);
            Exchange<N>(3, 7, ref r3, ref r7, turn2, mask2);
            Exchange<N>(8, 12, ref r8, ref r12, turn2, mask2);
            Exchange<N>(9, 13, ref r9, ref r13, turn2, mask2);
            Exchange<N>(10, 14, ref r10, ref r14, turn2, mask2);
            Exchange<N>(11, 15, ref r11, ref r15, turn2, mask2);
            Exchange<N>(0, 8, ref r0, ref r8, turn3, mask3);
            Exchange<N>(1, 9, ref r1, ref r9, turn3, mask3);
            Exchange<N>(2, 10, ref r2, ref r10, turn3, mask3);
            Exchange<N>(3, 11, ref r3, ref r11, turn3, mask3);
            Exchange<N>(4, 12, ref r4, ref r12, turn3, mask3);
            Exchange<N>(5, 13, ref r5, ref r13, turn3, mask3);
            Exchange<N>(6, 14, ref r6, ref r14, turn3, mask3);
            Exchange<N>(7, 15, ref r7, ref r15, turn3, mask3);
            Give<TWay, N>(run, first, 0, order, r0);
            Give<TWay, N>(run, first, 1, order, r1);
            Give<TWay, N>(run, first, 2, order, r2);
            Give<TWay, N>(run, first, 3, order, r3);
            Give<TWay, N>(run, first, 4, order, r4);
            Give<TWay, N>(run, first, 5, order, r5);
            Give<TWay, N>(run, first, 6, order, r6);
            Give<TWay, N>(run, first, 7, order, r7);
            Give<TWay, N>(run, first, 8, order, r8);
            Give<TWay, N>(run, first, 9, order, r9);
            Give<TWay, N>(run, first, 10, order, r10);
            Give<TWay, N>(run, first, 11, order, r11);
            Give<TWay, N>(run, first, 12, order, r12);
            Give<TWay, N>(run, first, 13, order, r13);
            Give<TWay, N>(run, first, 14, order, r14);
            Give<TWay, N>(run, first, 15, order, r15);
        }
    }

    private readonly L At(int vector) => L.Load(_table + vector * L.Count);

    /// <summary>Register <paramref name="i"/>: a part of the records, or a plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly L Take<TWay, N>(in Run run, int first, int i, L order) where TWay : struct, IWay where N : struct, ICount
    {
        if (i >= N.Value)
            return default;
        if (TWay.Joins)
            return i < run.Elements ? L.Load(run.Planes + i * run.PlaneStep + first) : default;
        float* source = run.Records + (first + i * (L.Count / N.Value)) * _step;
        nint left = (nint)(run.End - source);
        L value = left >= L.Count ? L.Load(source) : L.Load(source, (int)Math.Max(left, 0));
        return N.Value > 1 && N.Value < L.Count ? L.Permute(value, order) : value;
    }

    /// <summary>The way back of <see cref="Take"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Give<TWay, N>(in Run run, int first, int i, L order, L value) where TWay : struct, IWay where N : struct, ICount
    {
        if (i >= N.Value)
            return;
        if (!TWay.Joins)
        {
            if (i < run.Elements && run.Offsets[i] >= 0)
                L.Store(value, run.Planes + run.Offsets[i] + first);
            return;
        }
        int part = L.Count / N.Value;
        float* target = run.Records + (first + i * part) * _step;
        nint left = (nint)(run.End - target);
        if (N.Value > 1 && N.Value < L.Count)
            value = L.Permute(value, order);
        // Records that touch are written in order: what a whole register writes too much, the next one sets right.
        if (left >= L.Count && _step == _elements && _elements <= L.Count)
            L.Store(value, target);
        else if (left > 0)
            L.Store(value, target, (int)Math.Min(left, part * run.Elements));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange<N>(int i, int j, ref L a, ref L b, L turn, L mask) where N : struct, ICount
    {
        if (j >= N.Value)
            return;
        L x = L.Permute(a, turn), y = L.Permute(b, turn);
        a = L.Select(mask, y, a);
        b = L.Select(mask, b, x);
    }
}
