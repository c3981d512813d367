using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Volute.Formats;

namespace Volute.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="Batch">Batches done of the next epoch.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="RandomStream">How many random tensors were drawn.</param>
/// <param name="Seconds">Time spent.</param>
/// <param name="BestEpoch">The epoch whose weights are in model.safetensors, 0 before the first validation.</param>
/// <param name="BestScore">Its score, null before the first validation.</param>
/// <param name="LossSum">The sum of the losses of the batches done of this epoch.</param>
public sealed record CheckpointState(int Epoch, int Batch, int Step, long RandomStream, double Seconds, int BestEpoch, double? BestScore, double LossSum)
{
    /// <summary>Seconds that were spent before the first step: by planning, and by a stage on slices.</summary>
    public double Begun { get; init; }

    /// <summary>Seconds of the minutes that were kept for what follows the last step; null where epochs are trained.</summary>
    public double? Reserve { get; init; }

    /// <summary>The moving average of the scores, where the recipe asks for one.</summary>
    public double? MovingScore { get; init; }
}

/// <summary>
/// Weights on disk: the network alone, or with all that goes on from there. The file is a plain safetensors file; a digest among its metadata tells
/// a damaged one from a whole one, and files of other programs, which have none, are read too.
/// </summary>
public static class Checkpoint
{
    private const string StateKey = "volute.state", DigestKey = "volute.sha256", OptimizerPrefix = "optimizer.";

    /// <summary>Writes the network's state, and with an optimizer what a resumed training needs, in one file: whole or not at all.</summary>
    public static void Save(string path, Module network, Optimizer? optimizer = null, CheckpointState? state = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Dictionary<string, NumberArray> entries = network.State().ToDictionary(p => p.Name, Values);
        foreach (var (name, parameter) in optimizer?.State ?? new Dictionary<string, Parameter>())
            entries.Add(OptimizerPrefix + name, Values(parameter));
        Dictionary<string, string> metadata = [];
        if (state is not null)
            metadata[StateKey] = JsonSerializer.Serialize(state, RecipeJson.Default.CheckpointState);
        metadata[DigestKey] = Digest(entries, metadata.GetValueOrDefault(StateKey));
        Safetensors.Write(path, entries, metadata);
    }

    /// <summary>Reads a network's state, and with an optimizer what a resumed training needs. After an error the network is as it was.</summary>
    /// <returns>Where the training stood; null without an optimizer.</returns>
    /// <exception cref="FileFormatException">The file is damaged, or is asked for a training and holds weights alone.</exception>
    /// <exception cref="VoluteException">Names or shapes are not the network's: the first mismatch.</exception>
    public static CheckpointState? Load(string path, Module network, Optimizer? optimizer = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Dictionary<string, NumberArray> entries;
        string? text;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            entries = file.Entries.ToDictionary(e => e.Name, e => file.Read(e.Name));
            text = file.Metadata.GetValueOrDefault(StateKey);
            // Only weights may come from elsewhere; a training goes on from what was written here.
            if (optimizer is not null && text is null)
                throw new FileFormatException(path, -1, "the file holds weights, but no training to go on with");
            string? digest = file.Metadata.GetValueOrDefault(DigestKey);
            if ((digest is not null || text is not null) && digest != Digest(entries, text))
                throw new FileFormatException(path, -1, "the file is damaged: its contents do not match the digest written with them");
        }
        network.MakeParameters(name => entries.TryGetValue(name, out NumberArray? values) ? Shape.Create(values.Shape) : null);
        IReadOnlyList<Parameter> parameters = network.State();
        Check(path, entries, parameters);
        CheckpointState? state = optimizer is null ? null : ReadState(path, text!);
        foreach (Parameter parameter in parameters)
            parameter.Assign((ReadOnlySpan<double>)entries[parameter.Name].ToDoubles());
        if (state is null)
            return null;
        foreach (var (name, values) in entries.Where(e => e.Key.StartsWith(OptimizerPrefix, StringComparison.Ordinal)))
            optimizer!.Restore(name[OptimizerPrefix.Length..], values.ToDoubles());
        optimizer!.Steps = state.Step;
        return state;
    }

    /// <summary>The file must hold what the network has, and nothing else but what an optimizer remembers.</summary>
    private static void Check(string path, Dictionary<string, NumberArray> entries, IReadOnlyList<Parameter> parameters)
    {
        foreach (Parameter parameter in parameters)
        {
            if (!entries.TryGetValue(parameter.Name, out NumberArray? values))
                throw new VoluteException($"{path} has no '{parameter.Name}', which the network has: it belongs to another network");
            if (!values.Shape.SequenceEqual(parameter.Shape.AsSpan()))
                throw new VoluteException($"{path}: '{parameter.Name}' has shape [{string.Join(", ", values.Shape.ToArray())}], the network's has {parameter.Shape}: it belongs to another network");
        }
        HashSet<string> known = [.. parameters.Select(p => p.Name)];
        if (entries.Keys.FirstOrDefault(name => !known.Contains(name) && !name.StartsWith(OptimizerPrefix, StringComparison.Ordinal)) is { } stranger)
            throw new VoluteException($"{path} has '{stranger}', which the network has not: it belongs to another network");
    }

    private static CheckpointState ReadState(string path, string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, RecipeJson.Default.CheckpointState) ?? throw new FileFormatException(path, -1, "the training's state is empty");
        }
        catch (JsonException e)
        {
            throw new FileFormatException(path, -1, $"the training's state cannot be read: {e.Message}", e);
        }
    }

    /// <summary>SHA-256 over names, shapes and numbers in the order of the names, and the training's state.</summary>
    private static string Digest(Dictionary<string, NumberArray> entries, string? state)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, values) in entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {values.Type} [{string.Join(", ", values.Shape.ToArray())}]\n"));
            hash.AppendData(values.Type == NumberType.Float32 ? MemoryMarshal.AsBytes(values.As<float>()) : MemoryMarshal.AsBytes<double>(values.ToDoubles()));
        }
        hash.AppendData(Encoding.UTF8.GetBytes(state ?? ""));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static NumberArray Values(Parameter parameter) => NumberArray.From(parameter.ToArray(), parameter.Shape.AsSpan());
}
