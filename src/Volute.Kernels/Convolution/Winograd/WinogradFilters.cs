using System.Runtime.CompilerServices;

namespace Volute.Kernels;

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

/// <summary>
/// F(4, 2): nodes 0, 1, −1, 2, ∞, for what a stride leaves of a window: two taps of each phase (<see cref="WinogradPhase"/>). 2.56 times fewer products in 2D,
/// of a kernel of 3 at stride 2 1.78 times, for a rounding error of three to five times the direct sum's.
/// </summary>
internal readonly struct FourByTwo : IWinogradAxis
{
    public static int Outputs => 4;
    public static int Taps => 2;
    public static int TapScale => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<L>(Side side, ref L a, ref L b, ref L c, ref L d, ref L e, ref L f) where L : struct, ILanes<L, float>
    {
        L two = L.Broadcast(2), three = L.Broadcast(3), six = L.Broadcast(6);
        switch (side)
        {
            case Side.Given:
                {
                    L slope = d - b;
                    (a, b, c, d, e) = (two * (a - c) + slope, slope - (b + c), slope + three * (b - c), slope, e - c - two * slope);
                    break;
                }
            case Side.Sought:
                {
                    L near = b + c, steep = b - c;
                    (a, b, c, d) = (a + near + d, steep + two * d, near + L.Broadcast(4) * d, steep + L.Broadcast(8) * d + e);
                    break;
                }
            case Side.Taps:
                (a, b, c, d, e) = (three * a, L.Broadcast(-3) * (a + b), b - a, a + two * b, six * b);
                break;
            case Side.Gradient:
                {
                    L even = a + c, odd = b + d;
                    (b, c, d, e) = (even + odd, even - odd, a + two * b + L.Broadcast(4) * c + L.Broadcast(8) * d, d);
                    break;
                }
            case Side.TapGradient:
                {
                    L near = L.Broadcast(-3) * b;
                    (a, b) = (three * a + near - c + d, near + c + two * d + six * e);
                    break;
                }
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

/// <summary>
/// F(3, 4): the nodes of F(4, 3), and so its way to them. Two of them make seven or eight taps: 1.9 times fewer products for seven, 3.6 times in 2D, for a
/// rounding error of up to twice the direct sum's.
/// </summary>
internal readonly struct ThreeByFour : IWinogradAxis
{
    public static int Outputs => 3;
    public static int Taps => 4;
    public static int TapScale => FourByThree.TapScale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<L>(Side side, ref L a, ref L b, ref L c, ref L d, ref L e, ref L f) where L : struct, ILanes<L, float>
    {
        L two = L.Broadcast(2), four = L.Broadcast(4), eight = L.Broadcast(8);
        switch (side)
        {
            case Side.Given:
                FourByThree.Line(side, ref a, ref b, ref c, ref d, ref e, ref f);
                break;
            case Side.Sought:
                {
                    L near = b + c, far = d + e;
                    (a, b, c) = (a + near + far, b - c + two * (d - e), near + four * far + f);
                    break;
                }
            case Side.Taps:
                {
                    L near = L.Broadcast(-4) * (a + c), middle = four * (b + d), far = a + four * c, steep = two * b + eight * d;
                    (a, b, c, d, e, f) = (L.Broadcast(6) * a, near - middle, near + middle, far + steep, far - steep, L.Broadcast(24) * d);
                    break;
                }
            case Side.Gradient:
                {
                    L even = a + c, far = a + four * c, steep = two * b;
                    (b, c, d, e, f) = (even + b, even - b, far + steep, far - steep, c);
                    break;
                }
            case Side.TapGradient:
                {
                    L near = L.Broadcast(-4) * (b + c), slope = four * (c - b), far = d + e, steep = d - e;
                    (a, b, c, d) = (L.Broadcast(6) * a + near + far, slope + two * steep, near + four * far, slope + eight * steep + L.Broadcast(24) * f);
                    break;
                }
        }
    }
}
