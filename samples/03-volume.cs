// A 3D convolution of a CT-like volume: the kernel slides along the depth too, here 2 slices, 3 rows and 3 columns at a time.
// Arguments: --full for 301 slices of 512x512, or a NIfTI file (.nii, .nii.gz).
#:project ../src/Volute.Training/Volute.Training.csproj
using System.Diagnostics;
using Volute;
using Volute.Formats;
using Volute.Training;

Settings.Seed = 1;
Tensor x = args.FirstOrDefault() switch
{
    null => FromSample(SampleMaker.Phantom(count: 1, size: 64, seed: 1)[0]),
    "--full" => Tensor.Uniform([1, 1, 301, 512, 512], -1000, 1000),
    var file => FromFile(Nifti.Read(file)),
};

// (N, C, D, H, W) with one channel becomes two: 2 * 1 * 2 * 3 * 3 weights and 2 biases.
var conv = new Conv3d(1, 2, kernelSize: [2, 3, 3]);
// The first output: how much the mean of 3x3 voxels changes from a slice to the next. The second: the mean of all 18.
float[] slice = [.. Enumerable.Repeat(1 / 9f, 9)];
conv.Weight.Assign([.. slice.Select(v => -v), .. slice, .. slice.Concat(slice).Select(v => v / 2)]);
conv.Bias!.Assign([0f, 0]);

Tensor y = conv.Forward(x);
Console.WriteLine($"{x.Shape} becomes {y.Shape}");
Console.WriteLine($"weights {conv.Weight.Shape}, {conv.ParameterCount} parameters, {Summary.Of(conv, x.Shape).Multiplies:N0} multiplications");

var clock = Stopwatch.StartNew();
Tensor change = y.Slice(1, 0, 1).Abs(), mean = y.Slice(1, 1, 1);
Tensor.Evaluate(change, mean);
if (args.Length > 0)
    Console.WriteLine($"computed in {clock.Elapsed.TotalSeconds:F2} s");
Console.WriteLine($"Hounsfield values from {x.Min().Item():F0} to {x.Max().Item():F0}");
Console.WriteLine($"means of 2x3x3 voxels from {mean.Min().Item():F0} to {mean.Max().Item():F0}");
int most = change.Mean([0, 1, 3, 4]).ArgMax(0).ToArray<int>()[0];
Console.WriteLine($"the volume changes most between slices {most} and {most + 1}");

static Tensor FromSample(Sample sample) => Tensor.FromArray(sample.Image, [1, .. sample.ImageShape]);

static Tensor FromFile(NiftiVolume volume) => Tensor.FromArray(volume.ToFloats(), [1, 1, .. volume.Voxels.Shape]);

/* Prints
[1, 1, 24, 64, 64] becomes [1, 2, 23, 62, 62]
weights [2, 1, 2, 3, 3], 38 parameters, 3,182,832 multiplications
Hounsfield values from -1024 to 444
means of 2x3x3 voxels from -1024 to 342
the volume changes most between slices 15 and 16
*/
