using Volute.Formats;

namespace Volute.Training;

/// <summary>Volumes from files, and what was predicted for them back into files of the same geometry.</summary>
internal static class VolumeFiles
{
    /// <summary>A sample without labels.</summary>
    public static Sample Read(InputCase input)
    {
        StoredImage[] parts = [.. input.Files.Select(StoredImage.Read)];
        float[] image = ImageFiles.Join(parts, input.Name, out int[] shape);
        return new Sample(input.Name, image, shape, [], []) { Spacing = parts[0].Spacing, AxisCodes = parts[0].Placement?.Codes };
    }

    /// <summary>Where a case's labels go: a NIfTI file that is named as the case is, compressed unless the input is not.</summary>
    public static string MaskOf(InputCase input, string folder) => Path.Combine(folder, input.Name + Ending(input));

    /// <summary>The file of probabilities beside a mask.</summary>
    public static string ProbabilitiesOf(InputCase input, string folder) => Path.Combine(folder, input.Name + "-probabilities" + Ending(input));

    /// <summary>Writes raw label values with the header of the first input file.</summary>
    public static void WriteLabels(string path, InputCase input, int[] labels) => Nifti.Write(path, Header(input).WithLabels(labels));

    /// <summary>Writes [outputs, z, y, x]: float32, or bytes of which 255 are 1 by the file's slope.</summary>
    public static void WriteProbabilities(string path, InputCase input, float[] probabilities, int outputs, ProbabilityNumbers numbers)
    {
        NiftiVolume header = Header(input);
        int[] shape = [outputs, .. header.Voxels.Shape[^3..]];
        Nifti.Write(path, numbers == ProbabilityNumbers.Float32 ? header.WithVoxels(NumberArray.From(probabilities, shape))
            : header.WithVoxels(NumberArray.From(Array.ConvertAll(probabilities, p => (byte)MathF.Round(255 * p)), shape), slope: 1 / 255.0));
    }

    private static NiftiVolume Header(InputCase input) => Nifti.IsNamed(input.Files[0]) ? Nifti.Read(input.Files[0])
        : throw new InvalidArgumentException($"{input.Files[0]}: volumes are predicted from NIfTI files, whose place the labels take over; convert it");

    private static string Ending(InputCase input) => FileKinds.Extension(input.Files[0]) == ".nii" ? ".nii" : ".nii.gz";
}
