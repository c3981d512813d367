namespace Volute;

/// <summary>Layers by their number of spatial axes; convolutions of volumes also by their form, where their kernels lie in planes.</summary>
internal static class Layers
{
    public static Conv Conv(int rank, int from, int to, PerAxis kernel, Padding? padding = null, bool bias = true, PerAxis? stride = null, VolumeForm? form = null) => (rank, form) switch
    {
        (1, _) => new Conv1d(from, to, kernel, stride, padding, bias: bias),
        (2, _) => new Conv2d(from, to, kernel, stride, padding, bias: bias),
        (_, null) => new Conv3d(from, to, kernel, stride, padding, bias: bias),
        (_, { } planes) => VolumeLayers.Conv(planes, from, to, kernel.For(3, "kernel")[^1], stride, padding, bias: bias),
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

    public static Layer AvgPool(int rank, PerAxis kernel) => rank switch
    {
        1 => new AvgPool1d(kernel),
        2 => new AvgPool2d(kernel),
        _ => new AvgPool3d(kernel),
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
}
