namespace Volute.Training;

/// <summary>
/// Where the axes of a volume point, the slowest first: "SAR" for one whose slices go up, whose rows go to the front and whose columns go to the right of
/// the patient. L is the other end of R, P of A, I of S.
/// </summary>
internal static class AxisCodes
{
    private const string Towards = "RAS", Away = "LPI";

    /// <summary>For each wanted axis the stored one that lies along it, and whether it runs the other way; null where one of both tells no place.</summary>
    public static (int Source, bool Flipped)[]? Between(string? stored, string? wanted)
    {
        if (stored == null || wanted == null)
            return null;
        int[] lines = [.. stored.Select(Line)];
        return [.. wanted.Select(code => Array.IndexOf(lines, Line(code))).Zip(wanted, (source, code) => (source, stored[source] != code))];
    }

    /// <summary>The codes of axes that come in another order.</summary>
    public static string Ordered(string codes, IReadOnlyList<int> order) => string.Concat(order.Select(axis => codes[axis]));

    /// <summary>The axis of space: 0 from left to right, 1 to the front, 2 up.</summary>
    private static int Line(char code) => Math.Max(Towards.IndexOf(code), Away.IndexOf(code));
}
