namespace Volute.Kernels;

/// <summary>A map ready to work on runs of contiguous elements: its lanes are chosen, its arity no longer shows.</summary>
public abstract unsafe class RunMap
{
    private protected RunMap() { }

    /// <summary>y = map(a).</summary>
    /// <exception cref="InvalidArgumentException">The type is not float32 or float64.</exception>
    public static RunMap Of1<TMap>(TMap map, ElementType type) where TMap : struct, IMap1 => Choose(new OperandMap1<TMap>(map), type);

    /// <summary>y = map(a, b).</summary>
    /// <inheritdoc cref="Of1{TMap}(TMap, ElementType)"/>
    public static RunMap Of2<TMap>(TMap map, ElementType type) where TMap : struct, IMap2 => Choose(new OperandMap2<TMap>(map), type);

    /// <summary>y = map(a, b, c).</summary>
    /// <inheritdoc cref="Of1{TMap}(TMap, ElementType)"/>
    public static RunMap Of3<TMap>(TMap map, ElementType type) where TMap : struct, IMap3 => Choose(new OperandMap3<TMap>(map), type);

    /// <summary>y = map(a, b, c, d).</summary>
    /// <inheritdoc cref="Of1{TMap}(TMap, ElementType)"/>
    public static RunMap Of4<TMap>(TMap map, ElementType type) where TMap : struct, IMap4 => Choose(new OperandMap4<TMap>(map), type);

    /// <summary>y[i] = map(a[i], …) for i &lt; count; y may be one of the operands, and those that the map does not have are not read.</summary>
    internal abstract void Run(void* y, void* a, void* b, void* c, void* d, long count);

    private static RunMap Choose<TMap>(TMap map, ElementType type) where TMap : struct, IOperandMap
    {
        Choice<TMap> choice = new() { Map = map };
        Isa.Run(type, ref choice);
        return choice.Chosen!;
    }

    private struct Choice<TMap> : ILaneKernel where TMap : struct, IOperandMap
    {
        public TMap Map;
        public RunMap? Chosen;

        public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged => Chosen = new Typed<TMap, L, T>(Map);
    }

    private sealed class Typed<TMap, L, T>(TMap map) : RunMap where TMap : struct, IOperandMap where L : struct, ILanes<L, T> where T : unmanaged
    {
        internal override void Run(void* y, void* a, void* b, void* c, void* d, long count)
            => MapRun.Run<TMap, L, T>(map, (T*)y, (T*)a, (T*)b, (T*)c, (T*)d, count);
    }
}

/// <summary>One map of a chain and where its operands come from: those of the chain by number, then the values of earlier links.</summary>
/// <param name="Map">The map.</param>
/// <param name="Sources">One to four numbers: below the chain's operands an operand, from there on a link.</param>
public readonly record struct Link(RunMap Map, params int[] Sources);

/// <summary>
/// Maps one after another on runs of elements that stay in the first cache: what lies between them never reaches memory.
/// </summary>
public sealed unsafe class Chain
{
    /// <summary>The most operands from outside.</summary>
    public const int MostOperands = OperandPositions.Most - 2;

    private readonly Link[] _links;
    private readonly int[] _sources, _slots;

    /// <summary>A chain of links in order.</summary>
    /// <param name="operands">How many operands come from outside.</param>
    /// <param name="links">The links; each reads operands and earlier links.</param>
    /// <param name="results">The values that are wanted, operands or links; the last link unless given.</param>
    public Chain(int operands, ReadOnlySpan<Link> links, params ReadOnlySpan<int> results)
    {
        Operands = operands;
        _links = links.ToArray();
        Results = results.Length == 0 ? [operands + links.Length - 1] : results.ToArray();
        _sources = new int[4 * links.Length];
        for (int i = 0; i < links.Length; i++)
        {
            for (int k = 0; k < 4; k++)
                _sources[4 * i + k] = links[i].Sources[Math.Min(k, links[i].Sources.Length - 1)];
        }
        _slots = FindSlots(out int count);
        Slots = count;
    }

    /// <summary>Operands from outside.</summary>
    public int Operands { get; }

    /// <summary>Links.</summary>
    public int Links => _links.Length;

    /// <summary>Operands and links: all values that there are.</summary>
    public int Values => Operands + _links.Length;

    /// <summary>The values that are wanted.</summary>
    public IReadOnlyList<int> Results { get; }

    /// <summary>Places that the values of the links take when each is forgotten after its last reader.</summary>
    internal int Slots { get; }

    /// <summary>The chain of a single map of <paramref name="operands"/>.</summary>
    public static Chain Single(RunMap map, int operands) => new(operands, [new Link(map, [.. Enumerable.Range(0, operands)])]);

    /// <summary>The place of a link's value.</summary>
    internal int Slot(int link) => _slots[link];

    /// <summary>What a link reads.</summary>
    internal ReadOnlySpan<int> Sources(int link) => _links[link].Sources;

    /// <summary>Computes the links for <paramref name="count"/> elements.</summary>
    /// <param name="values">Where each value lies: the operands are read, the links written.</param>
    /// <param name="count">Elements of each.</param>
    /// <param name="first">The first link to compute; the values of those before it are read.</param>
    internal void Run(void** values, long count, int first = 0)
    {
        void** y = values + Operands + first;
        fixed (int* sources = _sources)
        {
            int* s = sources + 4 * first;
            foreach (ref readonly Link link in _links.AsSpan(first))
            {
                link.Map.Run(*y++, values[s[0]], values[s[1]], values[s[2]], values[s[3]], count);
                s += 4;
            }
        }
    }

    private int[] FindSlots(out int count)
    {
        int[] last = new int[Values], slots = new int[Links];
        for (int link = 0; link < Links; link++)
        {
            foreach (int source in _links[link].Sources)
                last[source] = link;
        }
        foreach (int result in Results)
            last[result] = Links;
        List<int> free = [];
        count = 0;
        for (int link = 0; link < Links; link++)
        {
            // A map may write where it reads.
            foreach (int source in _links[link].Sources.Distinct())
            {
                if (source >= Operands && last[source] == link)
                    free.Add(slots[source - Operands]);
            }
            if (free.Count == 0)
                slots[link] = count++;
            else
            {
                slots[link] = free[^1];
                free.RemoveAt(free.Count - 1);
            }
        }
        return slots;
    }
}
