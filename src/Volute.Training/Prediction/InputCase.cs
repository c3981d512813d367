using System.Text.RegularExpressions;

namespace Volute.Training;

/// <summary>What is predicted at a time: a file, or the files of a case's channels.</summary>
/// <param name="Name">What the prediction is called.</param>
/// <param name="Files">One path, or one for each channel in their order.</param>
public sealed partial record InputCase(string Name, IReadOnlyList<string> Files)
{
    /// <summary>A file by itself.</summary>
    internal static InputCase Of(string file) => new(FileKinds.Stem(Path.GetFileName(file)), [file]);

    /// <summary>The cases of some files: where channels are files of their own (case_0000, case_0001), those of one case together.</summary>
    /// <param name="files">Paths.</param>
    /// <param name="recipe">Of the network: how many channels it wants.</param>
    /// <exception cref="InvalidArgumentException">A case has too few files or too many.</exception>
    internal static IReadOnlyList<InputCase> Of(IReadOnlyList<string> files, Recipe recipe)
    {
        InputCase[] single = [.. files.Select(Of)];
        bool byChannel = (recipe.Channels > 1 || recipe.ChannelNames is not null) && recipe.InputSize.Count == 3 && single.Length > 0 && single.All(c => ChannelEnding().IsMatch(c.Name));
        if (!byChannel)
            return single;
        List<InputCase> cases = [];
        foreach (var files1 in single.GroupBy(c => Path.Combine(Path.GetDirectoryName(c.Files[0]) ?? "", c.Name[..^5])))
        {
            string[] channels = [.. files1.Select(c => c.Files[0]).Order(StringComparer.Ordinal)];
            if (channels.Length != recipe.Channels)
                throw new InvalidArgumentException($"{files1.Key}: the network was trained on {DatasetException.Count(recipe.Channels, "channel")}, a file each, got {DatasetException.Count(channels.Length, "file")}: {string.Join(", ", channels.Select(Path.GetFileName))}");
            cases.Add(new InputCase(Path.GetFileName(files1.Key), channels));
        }
        return cases;
    }

    [GeneratedRegex(@"_\d{4}$")]
    private static partial Regex ChannelEnding();
}
