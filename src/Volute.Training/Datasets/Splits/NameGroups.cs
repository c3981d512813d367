using System.Text.RegularExpressions;

namespace Volute.Training;

/// <summary>
/// Groups that names show: patient01_slice03, P01-T1, case_0001_0002, scan7/axial12. A name is a group, a separator (one of _ - . / and space), perhaps
/// letters, and a number; the group holds a number too. They count only where every name is so and at least 3 groups have at least 2 samples: what
/// is just numbered (slice_01, slice_02) shows none.
/// </summary>
internal static partial class NameGroups
{
    private const int LeastGroups = 3;

    /// <summary>The group of each name, or null where names show none.</summary>
    public static string[]? Find(IReadOnlyList<string> names)
    {
        string[] groups = new string[names.Count];
        for (int i = 0; i < groups.Length; i++)
        {
            if (Of(names[i]) is not { } group)
                return null;
            groups[i] = group;
        }
        return groups.GroupBy(g => g).Count(g => g.Count() > 1) >= LeastGroups ? groups : null;
    }

    /// <summary>What a single name shows; null for nothing.</summary>
    public static string? Of(string name) => Name().Match(name) is { Success: true } match ? match.Groups["group"].Value : null;

    [GeneratedRegex("^(?<group>.*[0-9].*)[_. /-][A-Za-z]*[0-9]+$", RegexOptions.Singleline)]
    private static partial Regex Name();
}
