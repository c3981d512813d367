namespace Volute;

/// <summary>Layers by their number of spatial axes.</summary>
internal static class Layers
{
    public static Conv Conv(int rank, int from, int to, PerAxis kernel, Padding? padding = null, bool bias = true, PerAxis? stride = null) => rank switch
    {
        1 => new Conv1d(from, to, kernel, stride, padding, bias: bias),
        2 => new Conv2d(from, to, kernel, stride, padding, bias: bias),
        _ => new Conv3d(from, to, kernel, stride, padding, bias: bias),
    };

    public static ConvTranspose ConvTranspose(int rank, int from, int to, PerAxis kernel, PerAxis stride) => rank switch
    {
        1 => new ConvTranspose1d(from, to, kernel, stride),
        2 => new ConvTranspose2d(from, to, kernel, stride),
        _ => new ConvTranspose3d(from, to, kernel, stride),
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
