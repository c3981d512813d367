namespace Volute.Kernels;

/// <summary>y[k…] = reduction of x[k…, r…] over every r: any subset of the axes, any strides, prepared once and run often. x may be the results of a chain of
/// maps, which then never reach memory: each has a y of its own.</summary>
/// <remarks>
/// The kept positions are cut into tiles; the elements of one tile at one reduced position, or at several in a row where the tile is narrow, are a row
/// of vectors, and rows are joined element by element (<see cref="RowBatch{TReduction, L, T}"/>): channels lie in the lanes where channels lie side by
/// side. Where a long reduced axis does, a row is a piece of it and its elements are joined with each other (<see cref="Line"/>). Rows that memory does
/// not offer are gathered. Long reductions are cut into blocks by shape, joined in order: the same bits for any number of threads.
/// </remarks>
public abstract unsafe class ReduceKernel
{
    /// <summary>The widest row: four kilobytes of float32 less a cache line, so that eight rows do not fall on the same sets of the cache.</summary>
    internal const int MaxWidth = 1008;

    /// <summary>Where the operands stand among those of the loop nest: behind the one that decides the order, and y.</summary>
    internal const int FirstOperand = 2;

    /// <summary>The longest row whose elements are all joined to one.</summary>
    internal const int LongestLine = 4096;

    private const int Vector = 16, LineElements = 32;
    private const int ChunkElements = 16384, BlockElements = 32768, MaxChunks = 64;

    private readonly FillKernel? _fill;

    private protected ReduceKernel(ElementType type, Layout y, Layout order, Chain chain, ReadOnlySpan<Layout> operands)
    {
        (Type, Chain) = (type, chain);
        // The order and y alone decide what a row is: the bits are those of a reduction of values that are written first.
        int rank = new LoopNest(order, y).Rank;
        Layout[] walked = [.. operands];
        Gathers = new RowGather?[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            Gathers[i] = RowGather.Where(rank, order, y, operands[i]);
            if (Gathers[i] != null)
                walked[i] = order;
        }
        LoopNest nest = new([order, y, .. walked]);
        (LoopNest kept, LoopNest reduced) = nest.Split(1);
        int inside = 0;
        long insideKept = 1;
        while (inside < nest.Rank && nest.Strides(1)[inside] != 0)
            insideKept *= nest.Sizes[inside++];
        IsLine = kept.Elements == 1 || (inside == 0 && reduced.Sizes[0] >= LineElements);
        // Narrow tiles of kept axes inside a reduced one stay as they lie, unless too few elements come together.
        bool isNarrow = inside > 0 && insideKept * reduced.Sizes[0] >= 4 * Vector;
        Kept = new(kept, IsLine ? 1 : isNarrow ? Math.Min(insideKept, MaxWidth) : MaxWidth);
        Reduced = new(reduced, IsLine ? reduced.Strides(0)[0] == 1 ? LongestLine : MaxWidth : RowsAbreast(Kept.Elements));
        IsGathered = new bool[operands.Length];
        for (int i = 0; i < operands.Length; i++)
            IsGathered[i] = Gathers[i] != null || !IsContiguous(FirstOperand + i);
        ResultOf = new int[chain.Values];
        Array.Fill(ResultOf, -1);
        for (int i = 0; i < chain.Results.Count; i++)
            ResultOf[chain.Results[i]] = i;
        if (y.Elements > 0 && order.Elements == 0)
            _fill = new(type, y);
        if (nest.Elements == 0)
            return;

        Blocks = (int)Math.Clamp(Math.Min(nest.Elements / Kept.Count / BlockElements, Reduced.Count), 1, Math.Max(1, MaxChunks / Kept.Count));
        RowsPerBlock = (Reduced.Count + Blocks - 1) / Blocks;
        Blocks = (int)((Reduced.Count + RowsPerBlock - 1) / RowsPerBlock);
        TilesPerChunk = Blocks > 1 ? 1 : (int)Math.Clamp(Kept.Count * ChunkElements / nest.Elements, 1, int.MaxValue);
        Chunks = checked((int)((Kept.Count + TilesPerChunk - 1) / TilesPerChunk * Blocks));
    }

    /// <summary>float32 or float64.</summary>
    public ElementType Type { get; }

    /// <summary>Whether a row's elements are all joined to one.</summary>
    internal bool IsLine { get; }

    internal Tiling Kept { get; }

    internal Tiling Reduced { get; }

    internal Chain Chain { get; }

    /// <summary>For each operand, null or its own loops; the nest then has the order in its place.</summary>
    internal RowGather?[] Gathers { get; }

    /// <summary>Whether an operand's rows are not contiguous.</summary>
    internal bool[] IsGathered { get; }

    /// <summary>For each value of the chain, its number among the results, or −1.</summary>
    internal int[] ResultOf { get; }

    internal int Blocks { get; }

    internal long RowsPerBlock { get; }

    internal int TilesPerChunk { get; }

    internal int Chunks { get; }

    /// <summary>Reduces x to y. Each pointer is a buffer's start, to which its layout's offset is added.</summary>
    /// <param name="y">The results.</param>
    /// <param name="x">The elements.</param>
    /// <param name="first">Null, or where the first numbers of the partial results go, laid out as y: of a variance, the means.</param>
    public void Run(void* y, void* x, void* first = null)
    {
        void** operands = stackalloc void*[] { x };
        Run(&y, operands, first);
    }

    /// <summary>Reduces each result of the chain to a y of its own.</summary>
    /// <param name="y">Where the results of each go.</param>
    /// <param name="operands">The chain's operands.</param>
    /// <param name="first">Null, or where the first numbers of the partial results of the first one go.</param>
    public abstract void Run(void** y, void** operands, void* first = null);

    /// <summary>The kernel for y and x of the same rank; an axis is reduced where y has size 1, or repeats it.</summary>
    /// <exception cref="ShapeException">y is not the shape of x with some sizes 1.</exception>
    /// <exception cref="InvalidArgumentException">Nothing is reduced and the reduction of nothing is not defined.</exception>
    public static ReduceKernel Create<TReduction>(TReduction reduction, ElementType type, Layout y, Layout x) where TReduction : unmanaged, IReduction
        => Create(reduction, type, y, x, new Chain(1, [], 0), x);

    /// <summary>The kernel that reduces the results of <paramref name="chain"/>, whose operands are broadcast to <paramref name="order"/>.</summary>
    /// <param name="reduction">The reduction of each result.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="y">The layout of each y.</param>
    /// <param name="order">The shape that is reduced, and the layout in whose order it is walked: dense, unless it is that of the only operand.</param>
    /// <param name="chain">What is reduced; its results are all different.</param>
    /// <param name="operands">The layouts of its operands.</param>
    /// <inheritdoc cref="Create{TReduction}(TReduction, ElementType, Layout, Layout)"/>
    public static ReduceKernel Create<TReduction>(
        TReduction reduction, ElementType type, Layout y, Layout order, Chain chain, params ReadOnlySpan<Layout> operands) where TReduction : unmanaged, IReduction
    {
        if (y.Elements > 0 && order.Elements == 0 && !TReduction.HasEmpty)
            throw new InvalidArgumentException($"the {TReduction.Name} of no elements is not defined: {order} cannot be reduced to {y}");
        return new Typed<TReduction>(reduction, type, y, order, chain, operands);
    }

    /// <summary>How many reduced positions make a row with <paramref name="width"/> kept ones: whole vectors where possible.</summary>
    private static long RowsAbreast(long width)
    {
        long most = Math.Max(1, MaxWidth / Math.Max(1, width)), step = Vector;
        while (step > 1 && width * (step / 2) % Vector == 0)
            step /= 2;
        return most < step ? most : most - most % step;
    }

    private bool IsContiguous(int operand)
    {
        if (!Kept.IsContiguous(operand) && Kept.Elements > 1)
            return false;
        long expected = Kept.Elements;
        for (int axis = 0; axis <= Reduced.Axis && Reduced.Elements > 1; axis++)
        {
            if (Reduced.Nest.Strides(operand)[axis] != expected && (axis < Reduced.Axis ? Reduced.Nest.Sizes[axis] : Reduced.Piece) != 1)
                return false;
            expected *= Reduced.Nest.Sizes[axis];
        }
        return true;
    }

    private sealed class Typed<TReduction>(TReduction reduction, ElementType type, Layout y, Layout order, Chain chain, ReadOnlySpan<Layout> operands)
        : ReduceKernel(type, y, order, chain, operands) where TReduction : unmanaged, IReduction
    {
        public override void Run(void** y, void** operands, void* first)
        {
            if (_fill is not null)
            {
                double nothing = 0;
                Lane64.Store(reduction.Finish<Lane64, double>(default, default, 0), &nothing);
                for (int result = 0; result < Chain.Results.Count; result++)
                    _fill.Run(y[result], nothing);
                if (first != null)
                    _fill.Run(first, TReduction.HasSecond ? double.NaN : 0);
            }
            ReduceLoop<TReduction> loop = new(this, reduction, y, operands, first);
            Isa.Run(Type, ref loop);
        }
    }
}
