using Volute.Kernels;

namespace Volute;

/// <summary>The few switches of the whole process.</summary>
public static class Settings
{
    /// <summary>
    /// Evaluates every tensor as soon as it is made: slow, and what one wants in a debugger. The numbers are those of plans, but for last bits of what batch
    /// normalization learns of a convolution's result: a plan has it from the convolution, part by part.
    /// </summary>
    public static bool Eager { get; set; }

    /// <summary>
    /// Checks every computed value and names the first operator that made a NaN or an infinity. The numbers are those of other plans, but for last bits of
    /// batch normalization behind an activation or a sum.
    /// </summary>
    public static bool CheckNumerics { get; set; }

    /// <summary>Measures every step of every plan; <see cref="Plan.ToString"/> then shows milliseconds.</summary>
    public static bool Profile { get; set; }

    /// <summary>
    /// Keeps convolutions to algorithms that add up their products as they are. Otherwise axes of 2, 3 or 5 taps, with a stride at most as many for each of its
    /// steps, may go by Winograd's minimal filtering: two to three times faster (1.2 to 2 with a stride), with a relative error of about 2e-6 where a plain sum
    /// has 5e-7 (64 channels), an infinity spreading over its tile, and last bits that depend on where a position lies in its map.
    /// </summary>
    public static bool Exact
    {
        get => ConvolutionRegistry.Exact;
        set => ConvolutionRegistry.Exact = value;
    }

    /// <summary>
    /// The most bytes that a plan may take: parameters, inputs, results and all between; null, as it is unless set, for no limit. What does not fit is
    /// forgotten and computed again, the cheapest first, and <see cref="Plan.RecomputedShare"/> says what that costs.
    /// </summary>
    /// <exception cref="InvalidArgumentException">Less than 1.</exception>
    public static long? MemoryLimit
    {
        get;
        set => field = value is null or >= 1 ? value : throw new InvalidArgumentException($"MemoryLimit: must be at least 1 byte, got {value}");
    }

    /// <summary>The threads that kernels use; results have the same bits for any number. All processors unless set.</summary>
    /// <exception cref="InvalidArgumentException">Less than 1.</exception>
    public static int Threads
    {
        get => Team.Threads;
        set => Team.Threads = value;
    }

    /// <summary>The seed of everything random: initial weights, dropout, shuffles. Setting it starts the sequence anew.</summary>
    public static long Seed
    {
        get => RandomSource.Seed;
        set => RandomSource.Reset(value);
    }

    /// <summary>How many random tensors were drawn since <see cref="Seed"/> was set, less one: a checkpoint keeps it, so that a resumed training draws on.</summary>
    public static long RandomPosition
    {
        get => RandomSource.Stream;
        set => RandomSource.Stream = value;
    }
}
