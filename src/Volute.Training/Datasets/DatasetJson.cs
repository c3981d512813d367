using System.Globalization;
using System.Text.Json;

namespace Volute.Training;

/// <summary>nnU-Net's dataset.json, and its older form (modality, labels counted by number).</summary>
/// <param name="Labels">The classes; null where there are none.</param>
/// <param name="Channels">The name of each channel ("CT" is one that recipes know); null where there are none.</param>
/// <param name="Cases">How many training cases there should be (numTraining); null where it is not said.</param>
/// <param name="Ending">The extension of all files (file_ending); null where it is not said.</param>
internal sealed record DatasetJson(NamedLabels? Labels, string[]? Channels, int? Cases, string? Ending)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="FileFormatException">No JSON, or not what nnU-Net writes.</exception>
    public static DatasetJson Read(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement root = document.RootElement;
            string[]? channels = root.TryGetProperty("channel_names", out JsonElement names) || root.TryGetProperty("modality", out names)
                ? [.. names.EnumerateObject().OrderBy(c => int.Parse(c.Name, CultureInfo.InvariantCulture)).Select(c => c.Value.GetString()!)] : null;
            return new(
                root.TryGetProperty("labels", out JsonElement labels) ? DatasetJsonLabels.Read(file, labels, root) : null,
                channels,
                root.TryGetProperty("numTraining", out JsonElement count) ? count.GetInt32() : null,
                root.TryGetProperty("file_ending", out JsonElement ending) ? ending.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or InvalidArgumentException or FormatException or OverflowException)
        {
            throw new FileFormatException(file, -1, $"this is not nnU-Net's dataset.json: {e.Message}", e);
        }
    }

    /// <summary>Compares what the file says with what is there.</summary>
    public void Check(ImagePair[] pairs, int channels, DatasetProblems problems)
    {
        const string File = "dataset.json";
        if (Channels != null && channels > 0 && Channels.Length != channels)
            problems.Add(FindingKind.BrokenDescription, $"{File} names {DatasetException.Count(Channels.Length, "channel")} "
                + $"({DatasetException.List(Channels)}), the images have {channels}",
                "name each channel in channel_names, or bring the missing files case_0001, …", File);
        if (Cases is { } cases && cases != pairs.Length)
            problems.Warn(FindingKind.BrokenDescription, $"{File} says numTraining {cases}, there {(pairs.Length == 1 ? "is" : "are")} {DatasetException.Count(pairs.Length, "case")} "
                + "with image and label", "bring the missing cases, or correct numTraining", File);
        string[] others = [.. pairs.Where(pair => pair.Images.Append(pair.Mask).Any(f => !f.EndsWith(Ending ?? "", StringComparison.Ordinal))).Select(pair => pair.Name)];
        if (others.Length > 0)
            problems.Warn(FindingKind.BrokenDescription, $"{File} says file_ending {Ending}, {DatasetException.Count(others.Length, "case")} "
                + $"{(others.Length == 1 ? "has" : "have")} another: {DatasetException.List(others)}",
                "convert the files, or correct file_ending: nnU-Net reads files of one ending only", others);
        if (Labels?.Map is { } map)
            CheckNumbers(map, problems);
    }

    private static void CheckNumbers(LabelMap map, DatasetProblems problems)
    {
        int[] values = [.. map.Values.Order()];
        if (!values.SequenceEqual(Enumerable.Range(0, values.Length)))
            problems.Warn(FindingKind.LabelGap, $"the labels of dataset.json are {string.Join(", ", values)}, not 0 to {values.Length - 1}",
                "nothing is needed here, where values are mapped; nnU-Net wants consecutive labels from 0 (background) on", "dataset.json");
        if (map.IgnoredValue is { } ignored && ignored < values[^1])
            problems.Warn(FindingKind.LabelGap, $"the ignore label of dataset.json is {ignored}, not the highest ({values[^1]} is higher)",
                "nothing is needed here; nnU-Net wants the ignore label to be the highest integer", "dataset.json");
    }
}
