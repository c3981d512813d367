namespace Volute.Kernels;

/// <summary>y = f(a), lane by lane. A readonly struct; its fields are the function's parameters.</summary>
public interface IMap1
{
    /// <summary>f of every lane; must not depend on the lanes beside it.</summary>
    L Invoke<L, T>(L a) where L : struct, ILanes<L, T> where T : unmanaged;
}

/// <summary>y = f(a, b), lane by lane. A readonly struct; its fields are the function's parameters.</summary>
public interface IMap2
{
    /// <inheritdoc cref="IMap1.Invoke{L, T}(L)"/>
    L Invoke<L, T>(L a, L b) where L : struct, ILanes<L, T> where T : unmanaged;
}

/// <summary>y = f(a, b, c), lane by lane. A readonly struct; its fields are the function's parameters.</summary>
public interface IMap3
{
    /// <inheritdoc cref="IMap1.Invoke{L, T}(L)"/>
    L Invoke<L, T>(L a, L b, L c) where L : struct, ILanes<L, T> where T : unmanaged;
}

/// <summary>y = f(a, b, c, d), lane by lane. A readonly struct; its fields are the function's parameters.</summary>
public interface IMap4
{
    /// <inheritdoc cref="IMap1.Invoke{L, T}(L)"/>
    L Invoke<L, T>(L a, L b, L c, L d) where L : struct, ILanes<L, T> where T : unmanaged;
}

/// <summary>A map of any arity as the engine sees it: one to four contiguous operands, from which it takes what it needs.</summary>
internal unsafe interface IOperandMap
{
    /// <summary>f at elements i, i + 1, … of the operands.</summary>
    L At<L, T>(T* a, T* b, T* c, T* d, long i) where L : struct, ILanes<L, T> where T : unmanaged;

    /// <summary>f at the first <paramref name="count"/> elements, fewer than there are lanes.</summary>
    L Remainder<L, T>(T* a, T* b, T* c, T* d, int count) where L : struct, ILanes<L, T> where T : unmanaged;
}

internal readonly unsafe struct OperandMap1<TMap>(TMap map) : IOperandMap where TMap : struct, IMap1
{
    public L At<L, T>(T* a, T* b, T* c, T* d, long i) where L : struct, ILanes<L, T> where T : unmanaged
        => map.Invoke<L, T>(L.Load(a + i));

    public L Remainder<L, T>(T* a, T* b, T* c, T* d, int count) where L : struct, ILanes<L, T> where T : unmanaged
        => map.Invoke<L, T>(L.Load(a, count));
}

internal readonly unsafe struct OperandMap2<TMap>(TMap map) : IOperandMap where TMap : struct, IMap2
{
    public L At<L, T>(T* a, T* b, T* c, T* d, long i) where L : struct, ILanes<L, T> where T : unmanaged
        => map.Invoke<L, T>(L.Load(a + i), L.Load(b + i));

    public L Remainder<L, T>(T* a, T* b, T* c, T* d, int count) where L : struct, ILanes<L, T> where T : unmanaged
        => map.Invoke<L, T>(L.Load(a, count), L.Load(b, count));
}

internal readonly unsafe struct OperandMap3<TMap>(TMap map) : IOperandMap where TMap : struct, IMap3
{
    public L At<L, T>(T* a, T* b, T* c, T* d, long i) where L : struct, ILanes<L, T> where T : unmanaged
        => map.Invoke<L, T>(L.Load(a + i), L.Load(b + i), L.Load(c + i));

    public L Remainder<L, T>(T* a, T* b, T* c, T* d, int count) where L : struct, ILanes<L, T> where T : unmanaged
        => map.Invoke<L, T>(L.Load(a, count), L.Load(b, count), L.Load(c, count));
}

internal readonly unsafe struct OperandMap4<TMap>(TMap map) : IOperandMap where TMap : struct, IMap4
{
    public L At<L, T>(T* a, T* b, T* c, T* d, long i) where L : struct, ILanes<L, T> where T : unmanaged
        => map.Invoke<L, T>(L.Load(a + i), L.Load(b + i), L.Load(c + i), L.Load(d + i));

    public L Remainder<L, T>(T* a, T* b, T* c, T* d, int count) where L : struct, ILanes<L, T> where T : unmanaged
        => map.Invoke<L, T>(L.Load(a, count), L.Load(b, count), L.Load(c, count), L.Load(d, count));
}
