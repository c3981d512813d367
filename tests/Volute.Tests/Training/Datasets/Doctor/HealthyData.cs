using Volute.Formats;
using Volute.Tests.Formats;

namespace Volute.Tests.Training;

/// <summary>Small data without a fault, for tests to spoil.</summary>
internal static class HealthyData
{
    public const int Size = 16;

    /// <summary>Noise that no two numbers share; values 1 to 250.</summary>
    public static byte[] Noise(int number, int count = Size * Size)
    {
        Random random = new(number);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(1, 251))];
    }

    /// <summary>A mask whose left half is <paramref name="value"/>.</summary>
    public static byte[] HalfMask(byte value = 1) => [.. Enumerable.Range(0, Size * Size).Select(i => i % Size < Size / 2 ? value : (byte)0)];

    public static void Pair(this TemporaryFolder folder, string name, int number, string images = "images", string masks = "masks")
    {
        folder.Gray($"{images}/{name}.png", Size, Size, Noise(number));
        folder.Gray($"{masks}/{name}.png", Size, Size, HalfMask());
    }

    /// <summary>images/ and masks/ of s0 to s5.</summary>
    public static TemporaryFolder Pictures()
    {
        TemporaryFolder folder = new();
        for (int i = 0; i < 6; i++)
            folder.Pair($"s{i}", i);
        return folder;
    }

    /// <summary>nnU-Net's folders of v0 to v4, volumes of 4 x 16 x 16 with labels 0 and 1.</summary>
    public static TemporaryFolder Volumes()
    {
        TemporaryFolder folder = new();
        for (int i = 0; i < 5; i++)
        {
            folder.Volume($"imagesTr/v{i}_0000.nii.gz", Noise(i, 4 * Size * Size));
            folder.Volume($"labelsTr/v{i}.nii.gz", [.. Enumerable.Repeat(HalfMask(), 4).SelectMany(m => m)]);
        }
        folder.Text("dataset.json", """{"channel_names":{"0":"CT"},"labels":{"background":0,"liver":1},"numTraining":5,"file_ending":".nii.gz"}""");
        return folder;
    }

    public static void Volume(this TemporaryFolder folder, string name, byte[] voxels, double z = 3, double x = 0)
        => Nifti.Write(folder.At(name), new NiftiVolume(NumberArray.From(voxels, 4, Size, Size), new[,] { { 1, 0, 0, x }, { 0, 1, 0, 0 }, { 0, 0, z, 0 }, { 0, 0, 0, 1 } }));
}
