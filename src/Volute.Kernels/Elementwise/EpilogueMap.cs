namespace Volute.Kernels;

/// <summary>A map of at most two parameters, which a convolution can apply to its result while it is in cache.</summary>
public interface IEpilogueMap<TSelf> : IMap1 where TSelf : struct, IEpilogueMap<TSelf>
{
    /// <summary>The map's parameters; those it does not have are 0.</summary>
    (double A, double B) Parameters { get; }

    /// <summary>The map with these parameters.</summary>
    static abstract TSelf From(double a, double b);
}

/// <summary>Maps made into an <see cref="Epilogue"/>.</summary>
public static unsafe class EpilogueMap
{
    /// <summary>The epilogue that applies <paramref name="map"/> in place to elements of <paramref name="type"/>.</summary>
    public static Epilogue Create<TMap>(TMap map, ElementType type) where TMap : struct, IEpilogueMap<TMap>
    {
        (double a, double b) = map.Parameters;
        return type == ElementType.Float64 ? new(&ApplyFloat64<TMap>, a, b) : new(&ApplyFloat32<TMap>, a, b);
    }

    private static void ApplyFloat32<TMap>(void* values, long count, double a, double b) where TMap : struct, IEpilogueMap<TMap>
    {
        InPlace<TMap> kernel = new(TMap.From(a, b), values, count);
        Isa.Run(ElementType.Float32, ref kernel);
    }

    private static void ApplyFloat64<TMap>(void* values, long count, double a, double b) where TMap : struct, IEpilogueMap<TMap>
    {
        InPlace<TMap> kernel = new(TMap.From(a, b), values, count);
        Isa.Run(ElementType.Float64, ref kernel);
    }

    private readonly struct InPlace<TMap>(TMap map, void* values, long count) : ILaneKernel where TMap : struct, IMap1
    {
        public void Run<L, T>() where L : struct, ILanes<L, T> where T : unmanaged
            => MapRun.Run<OperandMap1<TMap>, L, T>(new(map), (T*)values, (T*)values, null, null, null, count);
    }
}
