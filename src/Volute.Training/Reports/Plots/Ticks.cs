using System.Globalization;

namespace Volute.Training;

/// <summary>The marks of an axis: round numbers that people count in.</summary>
/// <param name="Low">The axis' lower end.</param>
/// <param name="High">The axis' upper end.</param>
/// <param name="Logarithmic">Whether equal ratios are equally far apart.</param>
/// <param name="Marks">The marked values with their texts.</param>
internal sealed record Ticks(double Low, double High, bool Logarithmic, IReadOnlyList<(double Value, string Text)> Marks)
{
    /// <summary>Steps of 1, 2 or 5 times a power of ten, about <paramref name="wanted"/> of them; the axis is widened to whole steps where <paramref name="widen"/>.</summary>
    public static Ticks Linear(double low, double high, int wanted, bool whole = false, bool widen = true)
    {
        if (!(high > low))
            (low, high) = whole ? (low - 1, high + 1) : (low - Math.Max(Math.Abs(low) * 0.1, 1e-3), high + Math.Max(Math.Abs(high) * 0.1, 1e-3));
        double raw = (high - low) / wanted, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        if (whole)
            step = Math.Max(1, step);
        long first = (long)(widen ? Math.Floor(low / step + 1e-9) : Math.Ceiling(low / step - 1e-9));
        long last = (long)(widen ? Math.Ceiling(high / step - 1e-9) : Math.Floor(high / step + 1e-9));
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step)), 0, 12);
        List<(double, string)> marks = [];
        for (long k = first; k <= last; k++)
            marks.Add((k * step, (k * step).ToString("F" + decimals, CultureInfo.InvariantCulture)));
        return widen ? new Ticks(first * step, last * step, false, marks) : new Ticks(low, high, false, marks);
    }

    /// <summary>Powers of ten; below two decades their halves and fifths too. Both ends must be above 0.</summary>
    public static Ticks Log(double low, double high)
    {
        int[] digits = Math.Log10(high / low) < 2 ? [1, 2, 5] : [1];
        List<(double, string)> marks = [];
        for (int power = (int)Math.Floor(Math.Log10(low)); power <= Math.Ceiling(Math.Log10(high)); power++)
            foreach (int digit in digits)
                if (digit * Math.Pow(10, power) is var value && value >= low * 0.999 && value <= high * 1.001)
                    marks.Add((value, value is >= 1e-4 and < 1e5 ? value.ToString("0.####", CultureInfo.InvariantCulture) : value.ToString("0e0", CultureInfo.InvariantCulture)));
        return new Ticks(low, high, true, marks);
    }

    /// <summary>Where <paramref name="value"/> lies: 0 at the lower end, 1 at the upper.</summary>
    public double Place(double value)
        => Logarithmic ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);
}
