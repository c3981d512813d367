using System.Globalization;

namespace Volute.Training;

/// <summary>What the held-out samples decide once the weights are chosen: what is done to predictions of volumes, and whether those of pictures average mirror images.</summary>
internal static class OutcomeChoices
{
    /// <summary>Predictions that average mirror images of a picture take so many times the work.</summary>
    public const int MirroredWork = 4;

    // Of the error, 1 − Dice, that mirror images must take away to be worth their work.
    private const double WorthMirroring = 0.01;

    /// <summary>The recipe with what was decided.</summary>
    /// <param name="recipe">Of the training.</param>
    /// <param name="network">Its best weights.</param>
    /// <param name="data">Its data.</param>
    public static Recipe Of(Recipe recipe, Module network, TrainingData data)
    {
        if (recipe.Preprocessing is not null)
        {
            Predictor predictor = new(recipe, network);
            return OfVolumes(recipe, data.Validation.Select(index => new JudgedSample(predictor, data.Source, index)));
        }
        if (!TriesMirrors(recipe, data))
            return recipe;
        Recipe mirrored = recipe with { Mirrors = true };
        double plain = Dice(recipe, network, data), mean = Dice(mirrored, network, data);
        return !(1 - mean <= (1 - WorthMirroring) * (1 - plain)) ? recipe : mirrored with
        {
            Choices = [.. recipe.Choices, new("Mirrors", "predictions are the mean of all mirror images", string.Create(CultureInfo.InvariantCulture, $"the Dice of the held-out pictures rises from {plain:0.0000} to {mean:0.0000}, for {MirroredWork} times the work"), "nnU-Net; Volute")],
        };
    }

    /// <summary>The recipe with what is done to predictions of volumes: whether only the largest components stay.</summary>
    /// <param name="recipe">Of the training.</param>
    /// <param name="heldOut">Volumes with networks that were not trained on them.</param>
    public static Recipe OfVolumes(Recipe recipe, IEnumerable<JudgedSample> heldOut)
    {
        Postprocessing.Choice choice = RegionLabels.Of(recipe) is { } labels ? new(labels.Sets) : new(recipe.Classes.Count);
        foreach (JudgedSample judged in heldOut)
        {
            Sample sample = judged.Sample;
            choice.Add(judged.Segment(sample, probabilities: false).Classes, sample.Labels, new PixelGrid(sample.LabelShape));
        }
        return choice.Decide() is not { IsNothing: false } found ? recipe : recipe with
        {
            Postprocessing = found,
            Choices = [.. recipe.Choices, new("After prediction", found.Describe(recipe.Regions is { } regions ? [.. regions.Select(region => region.Name)] : recipe.Classes), $"it raises the Dice of the held-out volumes and lowers that of no {(recipe.Regions is null ? "class" : "region")}", "nnU-Net")],
        };
    }

    /// <summary>Whether mirror images are tried: on pictures of which each is one tile, where the network has met mirrored ones.</summary>
    public static bool TriesMirrors(Recipe recipe, TrainingData data)
        => recipe is { Task: DatasetTask.Segmentation, Preprocessing: null, Mirrors: false, InputSize.Count: 2, ValidationBatches: not null }
            && AugmentationOptions.Named(recipe.Augmentation, recipe.InputSize) is { FlipHeight: > 0, FlipWidth: > 0 }
            && data.Validation.All(index => !data.Source.IsLarge(index) && data.Source.ShapeOf(index).Skip(1).Max() <= recipe.Tile);

    private static double Dice(Recipe recipe, Module network, TrainingData data)
        => Scoring.PixelsAlone(new Predictor(recipe, network), data.Source, data.Validation).Metrics["dice"] ?? double.NaN;
}
