// Edges: the vertical Sobel kernel takes the left from the right. Draws a picture beside its edges, sobel.png.
// Arguments: a picture (PNG or Netpbm) and a folder for the result; without them a drawn one and the temporary folder.
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Formats;
using Volute.Training;

Tensor x = args.Length > 0 ? ImageFile.Read(args[0]).ToTensor() : FromSample(SampleMaker.Cells(count: 1, size: 128, seed: 2)[0]);
string folder = args.Length > 1 ? args[1] : Path.Combine(Path.GetTempPath(), "volute-samples");
Directory.CreateDirectory(folder);

// The mean of the colours; opacity, a second or fourth channel, does not count.
Tensor gray = x.Slice(1, 0, x.Shape[1] < 3 ? 1 : 3).Mean([1], keepAxes: true);

// In the horizontal direction a difference, in the vertical one a weighted mean against noise.
var sobel = new Conv2d(1, 1, kernelSize: 3, padding: 1, bias: false, paddingMode: PaddingMode.Replicate);
sobel.Weight.Assign([
    -1, 0, 1,
    -2, 0, 2,
    -1, 0, 1]);
Tensor edges = sobel.Forward(gray);

// On a step from 0 to 1 the answer is 1 + 2 + 1; on even ground, however bright, it is 0.
Tensor step = Tensor.FromArray([0f, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1], [1, 1, 3, 5]);
Console.WriteLine("a step and its edge:");
Console.WriteLine(sobel.Forward(step));

// Edges have a sign: 0 becomes middle gray, brighter to the right white, darker to the right black.
string file = Path.Combine(folder, "sobel.png");
Tensor sideBySide = Tensor.Concat([gray, edges * 0.5 + 0.5], axis: 3);
ImageFile.Write(file, Picture.FromTensor(sideBySide.Squeeze(0)));
Console.WriteLine($"picture {gray.Shape}, edges {edges.Shape} from {edges.Min().Item():F2} to {edges.Max().Item():F2}");
Console.WriteLine($"{Path.GetFileName(file)}: {ImageFile.Read(file).Width} x {ImageFile.Read(file).Height} pixels");

static Tensor FromSample(Sample sample) => Tensor.FromArray(sample.Image, [1, .. sample.ImageShape]);

/* Prints
a step and its edge:
float32 [1, 1, 3, 5]
0 4 4 0 0
0 4 4 0 0
0 4 4 0 0
picture [1, 1, 128, 128], edges [1, 1, 128, 128] from -1.13 to 1.29
sobel.png: 256 x 128 pixels
*/
