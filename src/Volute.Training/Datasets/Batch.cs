namespace Volute.Training;

/// <summary>Samples of one size, one after the other.</summary>
/// <param name="Images">The values, row-major in the order of <paramref name="ImageShape"/>.</param>
/// <param name="ImageShape">[N, C, H, W] of pictures, [N, C, D, H, W] of volumes.</param>
/// <param name="Labels">The class of each image, or of each of its pixels; <see cref="LabelMap.Ignored"/> where a pixel must not count.</param>
/// <param name="LabelShape">[N] of classes, [N, H, W] or [N, D, H, W] of masks.</param>
/// <param name="Names">What each sample is called.</param>
public sealed record Batch(float[] Images, int[] ImageShape, int[] Labels, int[] LabelShape, string[] Names) : IDisposable
{
    private Action<Batch>? giveBack;

    internal Batch(float[] images, int[] imageShape, int[] labels, int[] labelShape, string[] names, Action<Batch> giveBack)
        : this(images, imageShape, labels, labelShape, names) => this.giveBack = giveBack;

    // A copy shares the arrays, but only the original gives them back.
    private Batch(Batch original)
    {
        (Images, ImageShape, Labels, LabelShape) = (original.Images, original.ImageShape, original.Labels, original.LabelShape);
        Names = original.Names;
    }

    /// <summary>How many samples there are.</summary>
    public int Count => Names.Length;

    /// <summary>The batch as tensors: <c>foreach (var (images, labels) in loader.Epoch(0))</c>.</summary>
    /// <param name="images">float32, (N, C, H, W) of pictures, (N, C, D, H, W) of volumes.</param>
    /// <param name="labels">int32, (N) of classes, (N, H, W) or (N, D, H, W) of masks.</param>
    public void Deconstruct(out Tensor images, out Tensor labels)
        => (images, labels) = (Tensor.FromArray(Images, ImageShape), Tensor.FromArray(Labels, LabelShape));

    /// <summary>
    /// Gives the arrays back to the loader, which fills them again: for a caller who is done with them. A batch that is never disposed keeps its
    /// arrays for good.
    /// </summary>
    public void Dispose() => Interlocked.Exchange(ref giveBack, null)?.Invoke(this);
}
