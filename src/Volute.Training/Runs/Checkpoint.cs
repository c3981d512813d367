using System.Text.Json;
using Volute.Formats;

namespace Volute.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="Batch">Batches done of the next epoch.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="RandomStream">How many random tensors were drawn.</param>
/// <param name="Seconds">Time spent.</param>
/// <param name="BestEpoch">The epoch whose weights are in model.safetensors.</param>
/// <param name="BestScore">Its score.</param>
/// <param name="LossSum">The sum of the losses of the batches done of this epoch.</param>
public sealed record CheckpointState(int Epoch, int Batch, int Step, long RandomStream, double Seconds, int BestEpoch, double BestScore, double LossSum);

/// <summary>Weights on disk: the network alone, or with all that goes on from there.</summary>
public static class Checkpoint
{
    private const string StateKey = "volute.state", OptimizerPrefix = "optimizer.";

    /// <summary>Writes the network's state, and with an optimizer what a resumed training needs, in one file: whole or not at all.</summary>
    public static void Save(string path, Module network, Optimizer? optimizer = null, CheckpointState? state = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        List<KeyValuePair<string, NumberArray>> entries = [.. network.State().Select(p => Entry(p.Name, p))];
        if (optimizer is not null)
            entries.AddRange(optimizer.State.Select(s => Entry(OptimizerPrefix + s.Key, s.Value)));
        Dictionary<string, string> metadata = [];
        if (state is not null)
            metadata[StateKey] = JsonSerializer.Serialize(state, RecipeJson.Default.CheckpointState);
        Safetensors.Write(path, entries, metadata);
    }

    /// <summary>Reads a network's state, and with an optimizer what a resumed training needs.</summary>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="VoluteException">Names or shapes are not the network's: the first mismatch.</exception>
    public static CheckpointState? Load(string path, Module network, Optimizer? optimizer = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (Parameter parameter in network.State())
        {
            if (!file.Contains(parameter.Name))
                throw new VoluteException($"{path} has no '{parameter.Name}': it belongs to another network");
            NumberArray values = file.Read(parameter.Name);
            if (!values.Shape.SequenceEqual(parameter.Shape.AsSpan()))
                throw new VoluteException($"{path}: '{parameter.Name}' has shape [{string.Join(", ", values.Shape.ToArray())}], the network's has {parameter.Shape}");
            parameter.Assign((ReadOnlySpan<double>)values.ToDoubles());
        }
        if (optimizer is null || !file.Metadata.TryGetValue(StateKey, out string? text))
            return null;
        foreach (string name in file.Entries.Select(e => e.Name).Where(n => n.StartsWith(OptimizerPrefix, StringComparison.Ordinal)))
            optimizer.Restore(name[OptimizerPrefix.Length..], file.Read(name).ToDoubles());
        try
        {
            CheckpointState state = JsonSerializer.Deserialize(text, RecipeJson.Default.CheckpointState)
                ?? throw new FileFormatException(path, -1, "the training's state is empty");
            optimizer.Steps = state.Step;
            return state;
        }
        catch (JsonException e)
        {
            throw new FileFormatException(path, -1, $"the training's state cannot be read: {e.Message}", e);
        }
    }

    private static KeyValuePair<string, NumberArray> Entry(string name, Parameter parameter)
        => new(name, NumberArray.From(parameter.ToArray(), parameter.Shape.AsSpan()));
}
