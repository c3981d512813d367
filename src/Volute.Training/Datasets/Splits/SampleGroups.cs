namespace Volute.Training;

/// <summary>The group of each sample: as groups.csv says, else as names show.</summary>
/// <param name="Training">Of each training sample.</param>
/// <param name="Test">Of each test sample; null where it has none.</param>
/// <param name="IsListed">Whether groups.csv says so.</param>
internal sealed record SampleGroups(string[] Training, string?[] Test, bool IsListed)
{
    /// <summary>The groups; null where there are none.</summary>
    /// <param name="root">Where groups.csv may lie.</param>
    /// <param name="names">The training samples.</param>
    /// <param name="tests">The test samples.</param>
    /// <param name="shown">What of a name may show a group: the folder of a class does not.</param>
    /// <param name="problems">Takes what does not fit.</param>
    public static SampleGroups? Find(string root, string[] names, string[] tests, Func<string, string> shown, DatasetProblems problems)
    {
        if (GroupFile.Read(root, names, tests, problems) is { } listed)
            return new([.. names.Select(name => listed.GetValueOrDefault(name, name))], [.. tests.Select(listed.GetValueOrDefault)], true);
        return NameGroups.Find([.. names.Select(shown)]) is { } groups ? new(groups, [.. tests.Select(name => NameGroups.Of(shown(name)))], false) : null;
    }

    /// <summary>"; 12 groups that names show (patient01, …), kept together".</summary>
    public string Describe()
    {
        string[] names = [.. Training.Distinct()];
        return $"; {DatasetException.Count(names.Length, "group")} {(IsListed ? "by groups.csv" : "that names show")} ({names[0]}{(names.Length > 1 ? ", …" : "")}), kept together";
    }
}
