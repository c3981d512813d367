using Volute.Formats;
using Volute.Tests.Formats;

namespace Volute.Tests.Training.Runs;

/// <summary>nnU-Net folders whose dataset.json names regions within each other: rings around a spot, of brighter and brighter labels.</summary>
internal static class RegionData
{
    private const string Description = """{"labels":{"background":0,"whole":[1,2,3],"core":[2,3],"enhancing":[3],"ignore":4},"regions_class_order":[1,2,3]}""";

    /// <summary>Pictures of this side; nothing is known of a corner of each.</summary>
    public static TemporaryFolder Pictures(int count, int side)
    {
        TemporaryFolder folder = new();
        for (int i = 0; i < count; i++)
        {
            var (image, labels) = Rings(new Random(i), 1, side);
            folder.Gray($"imagesTr/r{i}_0000.png", side, side, image);
            folder.Gray($"labelsTr/r{i}.png", side, side, labels);
        }
        folder.Text("dataset.json", Description);
        return folder;
    }

    /// <summary>Volumes of this side.</summary>
    public static TemporaryFolder Volumes(int count, int side)
    {
        TemporaryFolder folder = new();
        for (int i = 0; i < count; i++)
        {
            var (image, labels) = Rings(new Random(i), side, side);
            double[,] place = { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1.5, 0 }, { 0, 0, 0, 1 } };
            Nifti.Write(folder.At($"imagesTr/r{i}_0000.nii.gz"), new NiftiVolume(NumberArray.From(image, side, side, side), place));
            Nifti.Write(folder.At($"labelsTr/r{i}.nii.gz"), new NiftiVolume(NumberArray.From(labels, side, side, side), place));
        }
        folder.Text("dataset.json", Description);
        return folder;
    }

    private static (byte[] Image, byte[] Labels) Rings(Random random, int depth, int side)
    {
        byte[] image = new byte[depth * side * side], labels = new byte[image.Length];
        double z0 = depth * (0.4 + 0.2 * random.NextDouble()), y0 = side * (0.4 + 0.2 * random.NextDouble()), x0 = side * (0.4 + 0.2 * random.NextDouble()), radius = side * (0.3 + 0.08 * random.NextDouble());
        for (int i = 0; i < image.Length; i++)
        {
            int z = i / (side * side), y = i / side % side, x = i % side;
            double far = Math.Sqrt((depth == 1 ? 0 : Math.Pow(z - z0, 2)) + Math.Pow(y - y0, 2) + Math.Pow(x - x0, 2)) / radius;
            int label = far > 1 ? 0 : far > 0.75 ? 1 : far > 0.5 ? 2 : 3;
            labels[i] = (byte)(y < side / 8 && x < side / 8 ? 4 : label);
            image[i] = (byte)(30 + 55 * label + random.Next(25));
        }
        return (image, labels);
    }
}
