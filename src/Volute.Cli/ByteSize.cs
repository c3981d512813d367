using System.Globalization;

namespace Volute.Cli;

/// <summary>An amount of memory on the command line: --memory 8GB.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, double Bytes)[] s_units = [("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1)];

    /// <summary>The bytes that <paramref name="text"/> says.</summary>
    /// <exception cref="InvalidArgumentException">Not a number with a unit.</exception>
    public static long Parse(string text)
    {
        foreach (var (unit, bytes) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double amount)
                && amount * bytes is >= 1 and < long.MaxValue)
            {
                return (long)(amount * bytes);
            }
        }
        throw new InvalidArgumentException($"--memory needs a number with a unit, such as 8GB or 512MiB; got '{text}'");
    }
}
