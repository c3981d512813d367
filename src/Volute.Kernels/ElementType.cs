namespace Volute.Kernels;

/// <summary>What a tensor's elements are.</summary>
public enum ElementType
{
    /// <summary>32-bit floating point: what networks compute in.</summary>
    Float32,

    /// <summary>64-bit floating point: the reference path, for checks.</summary>
    Float64,

    /// <summary>32-bit integers: labels and indices.</summary>
    Int32,
}

/// <summary>Sizes and names of element types.</summary>
public static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Bytes(this ElementType type) => type == ElementType.Float64 ? 8 : 4;

    /// <summary>The name that people write: float32, float64, int32.</summary>
    public static string Name(this ElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>The element type of <typeparamref name="T"/>: float, double or int.</summary>
    public static ElementType Of<T>() where T : unmanaged
        => typeof(T) == typeof(float) ? ElementType.Float32
            : typeof(T) == typeof(double) ? ElementType.Float64
            : typeof(T) == typeof(int) ? ElementType.Int32
            : throw new InvalidArgumentException($"tensors hold float, double or int, not {typeof(T).Name}");
}
