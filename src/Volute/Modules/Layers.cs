namespace Volute;

/// <summary>Layers by their number of spatial axes; convolutions of volumes also by their form, where their kernels lie in planes.</summary>
internal static class Layers
{
    public static Conv Conv(int rank, int from, int to, PerAxis kernel, Padding? padding = null, bool bias = true, PerAxis? stride = null, VolumeForm? form = null,
        PerAxis? dilation = null, int groups = 1, PaddingMode mode = PaddingMode.Zeros) => (rank, form) switch
        {
            (1, _) => new Conv1d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            (2, _) => new Conv2d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            (_, null) => new Conv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            (_, { } planes) => VolumeLayers.Conv(planes, from, to, kernel.For(3, "kernel")[^1], stride, padding, dilation, groups, bias, mode),
        };

    public static ConvTranspose ConvTranspose(int rank, int from, int to, PerAxis kernel, PerAxis stride, Padding? padding = null, VolumeForm? form = null) => (rank, form) switch
    {
        (1, _) => new ConvTranspose1d(from, to, kernel, stride, padding),
        (2, _) => new ConvTranspose2d(from, to, kernel, stride, padding),
        (_, null) => new ConvTranspose3d(from, to, kernel, stride, padding),
        (_, { } planes) => VolumeLayers.ConvTranspose(planes, from, to, kernel.For(3, "kernel")[^1], stride, padding),
    };

    public static Layer MaxPool(int rank, int kernel) => rank switch
    {
        1 => new MaxPool1d(kernel),
        2 => new MaxPool2d(kernel),
        _ => new MaxPool3d(kernel),
    };

    public static Layer AvgPool(int rank, PerAxis kernel, PerAxis? stride = null, PerAxis? padding = null) => rank switch
    {
        1 => new AvgPool1d(kernel, stride, padding),
        2 => new AvgPool2d(kernel, stride, padding),
        _ => new AvgPool3d(kernel, stride, padding),
    };

    public static Layer AdaptiveAvgPool(int rank, PerAxis outputSize) => rank switch
    {
        1 => new AdaptiveAvgPool1d(outputSize),
        2 => new AdaptiveAvgPool2d(outputSize),
        _ => new AdaptiveAvgPool3d(outputSize),
    };

    public static Layer Norm(int rank, int channels, Normalization normalization) => (normalization, rank) switch
    {
        (Normalization.Batch, 1) => new BatchNorm1d(channels),
        (Normalization.Batch, 2) => new BatchNorm2d(channels),
        (Normalization.Batch, _) => new BatchNorm3d(channels),
        (_, 1) => new InstanceNorm1d(channels, affine: true),
        (_, 2) => new InstanceNorm2d(channels, affine: true),
        _ => new InstanceNorm3d(channels, affine: true),
    };

    /// <summary>Convolution without bias that keeps the size but for its stride, batch norm, activation: torchvision's unit, named 0, 1, 2.</summary>
    public static Sequential Unit(int rank, int from, int to, PerAxis kernel, Layer activation, PerAxis? stride = null, PerAxis? dilation = null, int groups = 1,
        PaddingMode mode = PaddingMode.Zeros)
        => new(Conv(rank, from, to, kernel, Half(rank, kernel, dilation ?? 1), bias: false, stride, null, dilation, groups, mode), Norm(rank, to, Normalization.Batch), activation);

    /// <summary>Two 3×3 convolutions, each with its normalization and ReLU; those before a normalization need no bias.</summary>
    public static Sequential Twice(int rank, int from, int to, bool padded, Normalization normalization, VolumeForm? form = null, PaddingMode mode = PaddingMode.Zeros)
    {
        Sequential block = new();
        for (int i = 0; i < 2; i++)
        {
            block.Append(Conv(rank, i == 0 ? from : to, to, 3, padded ? 1 : 0, bias: normalization == Normalization.None, form: form, mode: mode));
            if (normalization != Normalization.None)
                block.Append(Norm(rank, to, normalization));
            block.Append(new ReLU());
        }
        return block;
    }

    /// <summary>What makes a map twice as large along each axis.</summary>
    public static Module Enlarge(int rank, int from, int to, Upsampling upsampling, VolumeForm? form = null)
        => upsampling == Upsampling.Transposed ? ConvTranspose(rank, from, to, 2, 2, form: form)
            : new Sequential(Upsample(rank, 2, upsampling == Upsampling.Linear), Conv(rank, from, to, 1, form: form));

    public static Upsample Upsample(int rank, double factor, bool linear)
        => new(factor, !linear ? "nearest" : rank switch { 1 => "linear", 2 => "bilinear", _ => "trilinear" });

    /// <summary>d·(k − 1)/2 at both ends: what keeps the size with an odd kernel.</summary>
    public static Padding Half(int rank, PerAxis kernel, PerAxis dilation)
    {
        int[] half = [.. kernel.For(rank, "kernelSize").Zip(dilation.For(rank, "dilation"), (k, d) => (int)Math.Clamp((k - 1L) / 2 * d, 0, int.MaxValue))];
        return half.Distinct().Count() == 1 ? half[0] : half;
    }

    /// <summary>Raises the error of a rank that there are no layers for.</summary>
    public static void CheckRank(string name, int rank)
    {
        if (rank is < 1 or > 3)
            throw new InvalidArgumentException($"{name}: rank must be 1, 2 or 3, got {rank}");
    }

    /// <summary>channels·factor, where that is a number of channels.</summary>
    public static int Times(string name, int channels, string what, int factor)
        => channels < 1 ? throw new InvalidArgumentException($"{name}: channels must be >= 1, got {channels}")
            : factor >= 1 && (long)channels * factor <= int.MaxValue ? channels * factor
            : throw new InvalidArgumentException($"{name}: {what} must be from 1 to {int.MaxValue / channels} with {channels} channels, got {factor}");
}
