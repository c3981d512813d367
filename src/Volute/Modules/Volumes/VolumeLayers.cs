namespace Volute;

/// <summary>Convolutions of volumes by their form.</summary>
internal static class VolumeLayers
{
    /// <summary>Whether a network of a given number of axes can be made of convolutions of a form.</summary>
    /// <exception cref="InvalidArgumentException">It cannot.</exception>
    public static void Check(string network, VolumeForm? form, int rank)
    {
        if (form is not null && rank != 3)
            throw new InvalidArgumentException($"{network}: volumes of the form {form} need rank 3, got {rank}");
        if (form == VolumeForm.Inflated)
            throw new InvalidArgumentException($"{network}: {form} says how a 3D network begins, not what it is made of; turn the 2D network into one of volumes, or leave Volumes out");
    }

    public static Conv Conv(VolumeForm form, int from, int to, int kernel, PerAxis? stride = null, Padding? padding = null, PerAxis? dilation = null, int groups = 1, bool bias = true,
        PaddingMode mode = PaddingMode.Zeros) => form switch
        {
            VolumeForm.Acs => new AcsConv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            VolumeForm.MeanAcs => new MeanAcsConv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            VolumeForm.SoftAcs => new SoftAcsConv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            VolumeForm.Conv2p5d => new Conv2p5d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
            _ => new Conv3d(from, to, kernel, stride, padding, dilation, groups, bias, mode),
        };

    public static ConvTranspose ConvTranspose(VolumeForm form, int from, int to, int kernel, PerAxis? stride = null, Padding? padding = null, PerAxis? outputPadding = null,
        int groups = 1, bool bias = true, PerAxis? dilation = null) => form switch
        {
            VolumeForm.Acs => new AcsConvTranspose3d(from, to, kernel, stride, padding, outputPadding, groups, bias, dilation),
            VolumeForm.MeanAcs => new MeanAcsConvTranspose3d(from, to, kernel, stride, padding, outputPadding, groups, bias, dilation),
            VolumeForm.SoftAcs => new SoftAcsConvTranspose3d(from, to, kernel, stride, padding, outputPadding, groups, bias, dilation),
            VolumeForm.Conv2p5d => new ConvTranspose2p5d(from, to, kernel, stride, padding, outputPadding, groups, bias, dilation),
            _ => new ConvTranspose3d(from, to, kernel, stride, padding, outputPadding, groups, bias, dilation),
        };
}
