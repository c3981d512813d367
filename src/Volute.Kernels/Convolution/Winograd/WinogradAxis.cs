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

/// <summary>An axis of one tap: nothing to transform.</summary>
internal readonly struct OneByOne : IWinogradAxis
{
    public static int Outputs => 1;
    public static int Taps => 1;
    public static int TapScale => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<L>(Side side, ref L a, ref L b, ref L c, ref L d, ref L e, ref L f) where L : struct, ILanes<L, float>
    {
    }
}

/// <summary>F(2, 3): nodes 0, 1, −1, ∞. 2.25 times fewer products in 2D; as exact as the direct sum.</summary>
internal readonly struct TwoByThree : IWinogradAxis
{
    public static int Outputs => 2;
    public static int Taps => 3;
    public static int TapScale => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<L>(Side side, ref L a, ref L b, ref L c, ref L d, ref L e, ref L f) where L : struct, ILanes<L, float>
    {
        switch (side)
        {
            case Side.Given:
                (a, b, c, d) = (a - c, b + c, c - b, d - b);
                break;
            case Side.Sought:
                (a, b) = (a + b + c, b - c + d);
                break;
            case Side.Taps:
                L ends = a + c;
                (a, b, c, d) = (a + a, ends + b, ends - b, c + c);
                break;
            case Side.Gradient:
                (c, d, b) = (a - b, b, a + b);
                break;
            case Side.TapGradient:
                (a, b, c) = (a + a + b + c, b - c, b + c + d + d);
                break;
        }
    }
}

/// <summary>F(4, 3): nodes 0, 1, −1, 2, −2, ∞. Four times fewer products in 2D, for a rounding error of some ten times the direct sum's.</summary>
internal readonly struct FourByThree : IWinogradAxis
{
    public static int Outputs => 4;
    public static int Taps => 3;
    public static int TapScale => 24;

    // Products and sums stay separate: with whole numbers every step is then exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<L>(Side side, ref L a, ref L b, ref L c, ref L d, ref L e, ref L f) where L : struct, ILanes<L, float>
    {
        L two = L.Broadcast(2), four = L.Broadcast(4);
        switch (side)
        {
            case Side.Given:
                {
                    L five = L.Broadcast(5);
                    L even = e - four * c, odd = d - four * b, far = e - c, near = two * (d - b);
                    (a, f) = (four * a - five * c + e, four * b - five * d + f);
                    (b, c, d, e) = (even + odd, even - odd, far + near, far - near);
                    break;
                }
            case Side.Sought:
                {
                    L near = b + c, slope = b - c, far = d + e, steep = d - e;
                    (a, b, c, d) = (a + near + far, slope + two * steep, near + four * far, slope + L.Broadcast(8) * steep + f);
                    break;
                }
            case Side.Taps:
                {
                    L near = L.Broadcast(-4) * (a + c), middle = four * b, far = a + four * c, steep = two * b;
                    (a, b, c, d, e, f) = (L.Broadcast(6) * a, near - middle, near + middle, far + steep, far - steep, L.Broadcast(24) * c);
                    break;
                }
            case Side.Gradient:
                {
                    L even = a + c, odd = b + d, far = a + four * c, steep = two * b + L.Broadcast(8) * d;
                    (b, c, e, f, d) = (even + odd, even - odd, far - steep, d, far + steep);
                    break;
                }
            case Side.TapGradient:
                {
                    L near = L.Broadcast(-4) * (b + c), far = d + e;
                    (a, b, c) = (L.Broadcast(6) * a + near + far, four * (c - b) + two * (d - e), near + four * far + L.Broadcast(24) * f);
                    break;
                }
        }
    }
}

/// <summary>
/// F(2, 5): the nodes of F(4, 3), and so its way to them. 2.8 times fewer products in 2D, for a rounding error of some three times the direct sum's, nine where
/// channels are few: as large as F(4, 3)'s.
/// </summary>
internal readonly struct TwoByFive : IWinogradAxis
{
    public static int Outputs => 2;
    public static int Taps => 5;
    public static int TapScale => FourByThree.TapScale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<L>(Side side, ref L a, ref L b, ref L c, ref L d, ref L e, ref L f) where L : struct, ILanes<L, float>
    {
        L two = L.Broadcast(2), four = L.Broadcast(4), sixteen = L.Broadcast(16);
        switch (side)
        {
            case Side.Given:
                FourByThree.Line(side, ref a, ref b, ref c, ref d, ref e, ref f);
                break;
            case Side.Sought:
                (a, b) = (a + (b + c) + (d + e), b - c + two * (d - e) + f);
                break;
            case Side.Taps:
                {
                    L near = L.Broadcast(-4) * (a + c + e), middle = four * (b + d), far = a + four * c + sixteen * e, steep = two * b + L.Broadcast(8) * d;
                    (a, b, c, d, e, f) = (L.Broadcast(6) * a, near - middle, near + middle, far + steep, far - steep, L.Broadcast(24) * e);
                    break;
                }
            case Side.Gradient:
                {
                    L steep = two * b;
                    (b, c, d, e, f) = (a + b, a - b, a + steep, a - steep, b);
                    break;
                }
            case Side.TapGradient:
                {
                    L near = L.Broadcast(-4) * (b + c), slope = four * (c - b), far = d + e, steep = d - e;
                    (a, b, c) = (L.Broadcast(6) * a + near + far, slope + two * steep, near + four * far);
                    (d, e) = (slope + L.Broadcast(8) * steep, near + sixteen * far + L.Broadcast(24) * f);
                    break;
                }
        }
    }
}
