using Volute.Kernels;

namespace Volute;

/// <summary>Axes startDim to endDim joined into one.</summary>
public class Flatten(int startDim = 1, int endDim = -1) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => x.Flatten(startDim, endDim);
}

/// <summary>One axis split into several; one of their sizes may be −1: what is left.</summary>
public class Unflatten(int dim, int[] unflattenedSize) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        int axis = x.Shape.Axis(dim), size = x.Shape[axis];
        int unknown = unflattenedSize.Count(n => n == -1);
        long known = unflattenedSize.Any(n => n < -1) ? -1 : Sizes.Product([.. unflattenedSize.Where(n => n != -1)], "the split axis");
        if (unknown > 1 || known < 0 || (unknown == 0 ? known != size : known == 0 || size % known != 0))
            throw SourceLine.Error($"Unflatten: the {size} positions of axis {axis} of shape {x.Shape} do not split into [{string.Join(", ", unflattenedSize)}]");
        int[] sizes = [.. unflattenedSize.Select(n => n == -1 ? (int)(size / known) : n)];
        int[] shape = [.. x.Shape.Take(axis), .. sizes, .. x.Shape.Skip(axis + 1)];
        return x.Reshape(shape);
    }
}

/// <summary>(…, C·r², H, W) to (…, C, H·r, W·r): channels become pixels (Shi et al., 2016).</summary>
public class PixelShuffle(int upscaleFactor) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        int r = upscaleFactor;
        if (r < 1 || x.Shape.Rank < 3 || x.Shape[^3] % ((long)r * r) != 0)
            throw SourceLine.Error($"PixelShuffle: expected [..., C*{r}*{r}, H, W], got shape {x.Shape}");
        (int c, int h, int w) = ((int)(x.Shape[^3] / ((long)r * r)), x.Shape[^2], x.Shape[^1]);
        int batch = (int)Sizes.Product(x.Shape.AsSpan()[..^3]);
        return x.Reshape([batch, c, r, r, h, w]).Permute(0, 1, 4, 2, 5, 3).Reshape([.. x.Shape.SkipLast(3), c, h * r, w * r]);
    }

    internal override Module InVolumes(VolumeForm form) => throw HasNoVolumes("its channels hold r x r pixels, those of volumes r x r x r");
}

/// <summary>(…, C, H·r, W·r) to (…, C·r², H, W): the inverse of <see cref="PixelShuffle"/>.</summary>
public class PixelUnshuffle(int downscaleFactor) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        int r = downscaleFactor;
        if (r < 1 || x.Shape.Rank < 3 || x.Shape[^2] % r != 0 || x.Shape[^1] % r != 0)
            throw SourceLine.Error($"PixelUnshuffle: expected [..., C, H*{r}, W*{r}], got shape {x.Shape}");
        (int c, int h, int w) = (x.Shape[^3], x.Shape[^2] / r, x.Shape[^1] / r);
        int batch = (int)Sizes.Product(x.Shape.AsSpan()[..^3]);
        return x.Reshape([batch, c, h, r, w, r]).Permute(0, 1, 3, 5, 2, 4).Reshape([.. x.Shape.SkipLast(3), c * r * r, h, w]);
    }

    internal override Module InVolumes(VolumeForm form) => throw HasNoVolumes("its channels hold r x r pixels, those of volumes r x r x r");
}

/// <summary>(N, g·C, …): channel i of group j goes to place i·g + j, so that the next groups see all of these (Zhang et al., 2018).</summary>
public class ChannelShuffle(int groups) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x)
    {
        if (groups < 1 || x.Shape.Rank < 3 || x.Shape[1] % groups != 0)
            throw SourceLine.Error($"ChannelShuffle: expected [N, {groups}*C, ...], got shape {x.Shape}");
        int[] spatial = [.. x.Shape.Skip(2)];
        return x.Reshape([x.Shape[0], groups, x.Shape[1] / groups, .. spatial]).Transpose(1, 2).Reshape(x.Shape);
    }
}

/// <summary>(N, C, H, W) to (N, C·kH·kW, L): every window of the input as a column. It is a convolution with one-hot kernels.</summary>
public class Unfold(PerAxis kernelSize, PerAxis? dilation = null, PerAxis? padding = null, PerAxis? stride = null) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, 2, batch =>
    {
        Window window = Patches.Window(kernelSize, stride ?? 1, dilation ?? 1, padding ?? 0);
        int channels = batch.Shape[1];
        Tensor columns = batch.Convolve(Patches.OneHotKernels(channels, window, x.Type), null, window, channels);
        return columns.Flatten(2);
    });

    internal override Module InVolumes(VolumeForm form) => throw HasNoVolumes("its columns hold windows of pictures");
}

/// <summary>(N, C·kH·kW, L) to (N, C, H, W): columns added where their windows were: the transpose of <see cref="Unfold"/>.</summary>
public class Fold(PerAxis outputSize, PerAxis kernelSize, PerAxis? dilation = null, PerAxis? padding = null, PerAxis? stride = null) : Layer
{
    /// <inheritdoc/>
    protected override Tensor Apply(Tensor x) => Batched(x, 1, batch =>
    {
        Window window = Patches.Window(kernelSize, stride ?? 1, dilation ?? 1, padding ?? 0);
        int[] size = outputSize.For(2, "outputSize");
        long rows = window[0].Outputs(size[0]), columns = window[1].Outputs(size[1]);
        if (batch.Shape[1] % window.Taps != 0 || rows * columns != batch.Shape[2])
            throw SourceLine.Error($"Fold: expected [N, C*{window.Taps}, {rows * columns}] for an output of {size[0]}x{size[1]}, got shape {x.Shape}");
        int channels = batch.Shape[1] / window.Taps;
        Tensor map = batch.Reshape([batch.Shape[0], batch.Shape[1], (int)rows, (int)columns]);
        return Tensor.Apply(new ConvolutionInputGradient(window, channels, [batch.Shape[0], channels, .. size]), map, Patches.OneHotKernels(channels, window, x.Type));
    });

    internal override Module InVolumes(VolumeForm form) => throw HasNoVolumes("its columns hold windows of pictures");
}

internal static class Patches
{
    public static Window Window(PerAxis kernelSize, PerAxis stride, PerAxis dilation, PerAxis padding)
    {
        int[] k = kernelSize.For(2, "kernelSize"), s = stride.For(2, "stride"), d = dilation.For(2, "dilation"), p = padding.For(2, "padding");
        return new Window(new WindowAxis(k[0], s[0], d[0], p[0], p[0]), new WindowAxis(k[1], s[1], d[1], p[1], p[1]));
    }

    /// <summary>(C·taps, 1, kH, kW): kernel (c, t) is 1 at tap t.</summary>
    public static Tensor OneHotKernels(int channels, Window window, ElementType type)
    {
        int taps = window.Taps;
        double[] values = new double[Sizes.Product([channels, taps, window[0].Kernel, window[1].Kernel], "the windows' one-hot kernels")];
        for (int i = 0; i < channels * taps; i++)
            values[(long)i * taps + i % taps] = 1;
        return Tensor.FromArray(values, [channels * taps, 1, window[0].Kernel, window[1].Kernel]).To(type);
    }
}
