using System.Text.Json;

namespace Volute.Training;

/// <summary>How much something that was found matters.</summary>
public enum FindingSeverity
{
    /// <summary>Training would fail, or its score would not be true.</summary>
    Fault,

    /// <summary>Training works; somebody should have a look.</summary>
    Warning,
}

/// <summary>Something that was found in a dataset, and what to do about it.</summary>
/// <param name="Severity">Fault or warning.</param>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Message">What was found and where, a sentence.</param>
/// <param name="Files">The files or cases it is about, all of them.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record Finding(FindingSeverity Severity, FindingKind Kind, string Message, IReadOnlyList<string> Files, string Cure)
{
    /// <summary>The kind as JSON and people write it: unmatched-files.</summary>
    public string KindName => JsonNamingPolicy.KebabCaseLower.ConvertName(Kind.ToString());

    /// <summary>"message; cure".</summary>
    public override string ToString() => $"{Message}; {Cure}";
}
