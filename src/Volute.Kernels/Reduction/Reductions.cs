namespace Volute.Kernels;

/// <summary>
/// How many elements become one: each is lifted to a partial result of one or two numbers, partial results are joined pairwise, and the last one is
/// finished. A readonly struct; its fields are the reduction's parameters.
/// </summary>
public interface IReduction
{
    /// <summary>The name in messages, as in "the maximum of no elements".</summary>
    static abstract string Name { get; }

    /// <summary>Whether a partial result has a second number.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>Whether the reduction of no elements is defined; it is then <see cref="Finish"/> of zeros.</summary>
    static abstract bool HasEmpty { get; }

    /// <summary>The partial result of a single element.</summary>
    void Lift<L, T>(L x, out L first, out L second) where L : struct, ILanes<L, T> where T : unmanaged;

    /// <summary>Joins another partial result to this one.</summary>
    /// <param name="first">This one's first number.</param>
    /// <param name="second">This one's second number.</param>
    /// <param name="otherFirst">The other's first number.</param>
    /// <param name="otherSecond">The other's second number.</param>
    /// <param name="share">n/(m + n), for m elements in this one and n in the other.</param>
    /// <param name="weight">m·n/(m + n).</param>
    void Join<L, T>(ref L first, ref L second, L otherFirst, L otherSecond, L share, L weight) where L : struct, ILanes<L, T> where T : unmanaged;

    /// <summary>The result from the partial result of all <paramref name="count"/> elements.</summary>
    L Finish<L, T>(L first, L second, double count) where L : struct, ILanes<L, T> where T : unmanaged;
}

/// <summary>Σ x; 0 of no elements.</summary>
public readonly struct SumReduction : IReduction
{
    /// <inheritdoc/>
    public static string Name => "sum";

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    public static bool HasEmpty => true;

    /// <inheritdoc/>
    public void Lift<L, T>(L x, out L first, out L second) where L : struct, ILanes<L, T> where T : unmanaged => (first, second) = (x, default);

    /// <inheritdoc/>
    public void Join<L, T>(ref L first, ref L second, L otherFirst, L otherSecond, L share, L weight)
        where L : struct, ILanes<L, T> where T : unmanaged => first += otherFirst;

    /// <inheritdoc/>
    public L Finish<L, T>(L first, L second, double count) where L : struct, ILanes<L, T> where T : unmanaged => first;
}

/// <summary>Σ x² ; 0 of no elements.</summary>
public readonly struct SumOfSquaresReduction : IReduction
{
    /// <inheritdoc/>
    public static string Name => "sum of squares";

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    public static bool HasEmpty => true;

    /// <inheritdoc/>
    public void Lift<L, T>(L x, out L first, out L second) where L : struct, ILanes<L, T> where T : unmanaged => (first, second) = (x * x, default);

    /// <inheritdoc/>
    public void Join<L, T>(ref L first, ref L second, L otherFirst, L otherSecond, L share, L weight)
        where L : struct, ILanes<L, T> where T : unmanaged => first += otherFirst;

    /// <inheritdoc/>
    public L Finish<L, T>(L first, L second, double count) where L : struct, ILanes<L, T> where T : unmanaged => first;
}

/// <summary>Σ x / N; NaN of no elements.</summary>
public readonly struct MeanReduction : IReduction
{
    /// <inheritdoc/>
    public static string Name => "mean";

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    public static bool HasEmpty => true;

    /// <inheritdoc/>
    public void Lift<L, T>(L x, out L first, out L second) where L : struct, ILanes<L, T> where T : unmanaged => (first, second) = (x, default);

    /// <inheritdoc/>
    public void Join<L, T>(ref L first, ref L second, L otherFirst, L otherSecond, L share, L weight)
        where L : struct, ILanes<L, T> where T : unmanaged => first += otherFirst;

    /// <inheritdoc/>
    public L Finish<L, T>(L first, L second, double count) where L : struct, ILanes<L, T> where T : unmanaged => first / L.Broadcast(count);
}

/// <summary>
/// Σ (x − mean)² / (N − correction), and the mean as its first number. Partial results are a mean and a sum of squared differences from it, joined as
/// Chan, Golub and LeVeque do (1983): nothing cancels, however far the mean is from 0. Where N ≤ correction the divisor is 0.
/// </summary>
public readonly struct VarianceReduction(double correction) : IReduction
{
    /// <inheritdoc/>
    public static string Name => "variance";

    /// <inheritdoc/>
    public static bool HasSecond => true;

    /// <inheritdoc/>
    public static bool HasEmpty => true;

    /// <inheritdoc/>
    public void Lift<L, T>(L x, out L first, out L second) where L : struct, ILanes<L, T> where T : unmanaged
        => (first, second) = (x, L.Broadcast(0));

    /// <inheritdoc/>
    public void Join<L, T>(ref L first, ref L second, L otherFirst, L otherSecond, L share, L weight)
        where L : struct, ILanes<L, T> where T : unmanaged
    {
        L difference = otherFirst - first;
        first = L.MultiplyAdd(difference, share, first);
        second = L.MultiplyAdd(difference * difference, weight, second + otherSecond);
    }

    /// <inheritdoc/>
    public L Finish<L, T>(L first, L second, double count) where L : struct, ILanes<L, T> where T : unmanaged
        => second / L.Broadcast(Math.Max(0, count - correction));
}

/// <summary>The largest element; NaN if any is NaN. Not defined for no elements.</summary>
public readonly struct MaximumReduction : IReduction
{
    /// <inheritdoc/>
    public static string Name => "maximum";

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    public static bool HasEmpty => false;

    /// <inheritdoc/>
    public void Lift<L, T>(L x, out L first, out L second) where L : struct, ILanes<L, T> where T : unmanaged => (first, second) = (x, default);

    /// <inheritdoc/>
    public void Join<L, T>(ref L first, ref L second, L otherFirst, L otherSecond, L share, L weight)
        where L : struct, ILanes<L, T> where T : unmanaged => first = L.Max(first, otherFirst);

    /// <inheritdoc/>
    public L Finish<L, T>(L first, L second, double count) where L : struct, ILanes<L, T> where T : unmanaged => first;
}

/// <summary>The smallest element; NaN if any is NaN. Not defined for no elements.</summary>
public readonly struct MinimumReduction : IReduction
{
    /// <inheritdoc/>
    public static string Name => "minimum";

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    public static bool HasEmpty => false;

    /// <inheritdoc/>
    public void Lift<L, T>(L x, out L first, out L second) where L : struct, ILanes<L, T> where T : unmanaged => (first, second) = (x, default);

    /// <inheritdoc/>
    public void Join<L, T>(ref L first, ref L second, L otherFirst, L otherSecond, L share, L weight)
        where L : struct, ILanes<L, T> where T : unmanaged => first = L.Min(first, otherFirst);

    /// <inheritdoc/>
    public L Finish<L, T>(L first, L second, double count) where L : struct, ILanes<L, T> where T : unmanaged => first;
}
