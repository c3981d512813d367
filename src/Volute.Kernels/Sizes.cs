using System.Diagnostics.CodeAnalysis;

namespace Volute.Kernels;

/// <summary>The one place where sizes are multiplied: every product is checked, so that no later index can overflow.</summary>
public static class Sizes
{
    /// <summary>The largest number of elements of one tensor: .NET's longest array, 2,147,483,591.</summary>
    public static readonly long MaxElements = Array.MaxLength;

    /// <summary>∏ sizes. A negative size is an <see cref="InvalidArgumentException"/>; too many elements, a <see cref="LimitException"/>.</summary>
    public static long Product(ReadOnlySpan<int> sizes, string what = "a tensor")
    {
        Int128 product = 1;
        bool empty = false;
        foreach (int size in sizes)
        {
            if (size < 0)
                throw new InvalidArgumentException($"every size of {what} must be >= 0, got [{string.Join(", ", sizes.ToArray())}]");
            empty |= size == 0;
            if (size > 0 && product <= long.MaxValue)
                product *= size;
        }
        if (empty)
            return 0;
        if (product > MaxElements)
            ThrowTooLarge(what, sizes);
        return (long)product;
    }

    [DoesNotReturn]
    private static void ThrowTooLarge(string what, ReadOnlySpan<int> sizes)
        => throw new LimitException($"{what} of shape [{string.Join(", ", sizes.ToArray())}]",
            sizes.ToArray().Aggregate(System.Numerics.BigInteger.One, (p, s) => p * s).ToString(), MaxElements.ToString(), "elements");
}
