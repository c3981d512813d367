namespace Volute.Training;

/// <summary>How the network of volumes begins: its slices' network learns from slices first, and its weights go on in volumes.</summary>
/// <param name="Patch">Height and width of the patches of slices.</param>
/// <param name="BatchSize">Patches of a batch.</param>
/// <param name="Share">The share of the training, of its minutes or its epochs, that goes to slices.</param>
public sealed record Growth(IReadOnlyList<int> Patch, int BatchSize, double Share);
