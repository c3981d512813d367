using System.Globalization;

namespace Volute.Training;

/// <summary>Numbers as people read them, the same everywhere: 0.871, 12,345, 1 h 2 min.</summary>
internal static class Wording
{
    /// <summary>Three decimals; four where only they tell a good score from a perfect one; n/a for NaN, nothing where it was not measured.</summary>
    public static string Score(double? score) => score switch
    {
        null => "",
        double.NaN => "n/a",
        > 0.995 and < 1 => Math.Min(0.9999, score.Value).ToString("0.0000", CultureInfo.InvariantCulture),
        _ => score.Value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    /// <summary>The value of a metric: a score, or a count.</summary>
    public static string Value(string metric, double? value)
        => metric == Metric.Missed.Name && value is { } count && double.IsFinite(count) ? Count((long)count) : Score(value);

    /// <summary>0.842 to 0.893.</summary>
    public static string Range(Interval interval) => $"{Score(interval.Low)} to {Score(interval.High)}";

    /// <summary>12,345.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 case", "6 cases".</summary>
    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Count(count)} {noun}s";

    /// <summary>950, 12.3 k, 4.5 M.</summary>
    public static string Short(long count) => count switch
    {
        < 10_000 => Count(count),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0.#} k"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.#} M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.#} G"),
    };

    /// <summary>4 significant digits, with a sign.</summary>
    public static string Signed(double? value, string? unit) => value switch
    {
        null => "",
        double.NaN => "n/a",
        0 => $"0 {unit}",
        _ => $"{(value > 0 ? "+" : "−")}{Significant(Math.Abs(value.Value))} {unit}",
    };

    /// <summary>The time in its two largest units.</summary>
    public static string Duration(double seconds)
    {
        if (seconds < 60)
            return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");
        TimeSpan time = TimeSpan.FromSeconds(Math.Round(seconds));
        return time.TotalDays >= 1 ? $"{(int)time.TotalDays} d {time.Hours} h"
            : time.TotalHours >= 1 ? $"{time.Hours} h {time.Minutes} min"
            : $"{time.Minutes} min {time.Seconds} s";
    }

    /// <summary>GiB with one decimal.</summary>
    public static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GiB");

    /// <summary>About four significant digits.</summary>
    public static string Significant(double value)
        => Math.Abs(value) is >= 1000 and < 1e9 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("G4", CultureInfo.InvariantCulture);
}
