using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>Which of the transforms of y = Aᵀ[(G w) ⊙ (Bᵀ x)], or of its two transposes, is meant.</summary>
internal enum Side
{
    /// <summary>Bᵀ: a patch of the given map to its nodes.</summary>
    Given,

    /// <summary>Aᵀ: nodes to positions of the sought map.</summary>
    Sought,

    /// <summary>G: taps to nodes.</summary>
    Taps,

    /// <summary>A: positions of dy to nodes (weight pass).</summary>
    Gradient,

    /// <summary>Gᵀ: nodes to taps of dw (weight pass).</summary>
    TapGradient,
}

/// <summary>A <see cref="Side"/> that the JIT folds.</summary>
internal interface ISide
{
    static abstract Side Value { get; }
}

internal readonly struct GivenSide : ISide { public static Side Value => Side.Given; }
internal readonly struct SoughtSide : ISide { public static Side Value => Side.Sought; }
internal readonly struct TapsSide : ISide { public static Side Value => Side.Taps; }
internal readonly struct GradientSide : ISide { public static Side Value => Side.Gradient; }
internal readonly struct TapGradientSide : ISide { public static Side Value => Side.TapGradient; }

/// <summary>
/// The minimal filtering F(m, r) along one axis: m outputs of r taps from m + r − 1 products (Winograd 1980; Lavin and Gray 2015). The sum over channels
/// lies between the transforms, so these cost little where channels are many.
/// </summary>
internal interface IWinogradAxis
{
    /// <summary>m, outputs of a tile.</summary>
    static abstract int Outputs { get; }

    /// <summary>Taps along this axis.</summary>
    static abstract int Taps { get; }

    /// <summary>By what G is multiplied here so that its entries are whole numbers; the tap transforms undo it once, at their end.</summary>
    static abstract int TapScale { get; }

    /// <summary>One line of a transform, in place: as many values as <paramref name="side"/> has entries come in, those of its result go out; others are left alone.</summary>
    /// <remarks>
    /// The last node is ∞: <see cref="Side.Taps"/> makes it of the last tap alone, and <see cref="Side.TapGradient"/> gives it to the last tap alone. A phase that
    /// lacks this tap computes nothing there, so what lies there, uninitialised in the weight pass, must not reach the other taps.
    /// </remarks>
    static abstract void Line<L>(Side side, ref L a, ref L b, ref L c, ref L d, ref L e, ref L f) where L : struct, ILanes<L, float>;
}

/// <summary>How long lines are: the same rule for every F(m, r).</summary>
internal static class WinogradLines
{
    /// <summary>Products, m + r − 1.</summary>
    public static int Nodes<T>() where T : struct, IWinogradAxis => T.Outputs + T.Taps - 1;

    /// <summary>Values that a line of the transform takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int From<T>(Side side) where T : struct, IWinogradAxis => side switch
    {
        Side.Taps => T.Taps,
        Side.Gradient => T.Outputs,
        _ => T.Outputs + T.Taps - 1,
    };

    /// <summary>Values that it gives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int To<T>(Side side) where T : struct, IWinogradAxis => side switch
    {
        Side.Sought => T.Outputs,
        Side.TapGradient => T.Taps,
        _ => T.Outputs + T.Taps - 1,
    };
}
