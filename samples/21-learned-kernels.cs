// What does a network look for? Its first kernels, before and after it has learned digits, drawn as a picture: kernels.png.
// Arguments: a folder with MNIST's files (or pictures in a folder for each class), and a folder for the result.
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Formats;
using Volute.Training;

Settings.Seed = 1;
Dataset digits = args.Length > 0 ? Dataset.Open(args[0]) : SampleMaker.Digits(count: 2000, size: 28, seed: 1);
string folder = args.Length > 1 ? args[1] : Path.Combine(Path.GetTempPath(), "volute-samples");
Directory.CreateDirectory(folder);

// Eight kernels of 7x7, then as little as possible, so that the kernels have to do the work.
var first = new Conv2d(digits.Channels, 8, kernelSize: 7);
var net = new Sequential(first, new ReLU(), new MaxPool2d(2), new AdaptiveAvgPool2d(4), new Flatten(), new Linear(8 * 4 * 4, digits.Classes.Count));
Tensor before = Copy(first.Weight);

var optimizer = new Adam(net.Parameters(), learningRate: 5e-3, weightDecay: 1e-4);
var loader = new Loader(digits, new LoaderOptions { BatchSize = 50, Shuffle = true, Seed = 1 });
for (int epoch = 0; epoch < 5; epoch++)
{
    int right = 0;
    foreach (var (images, labels) in loader.Epoch(epoch))
    {
        Tensor scores = net.Forward(images);
        optimizer.Step(Loss.CrossEntropy(scores, labels));
        right += (int)scores.ArgMax(1).EqualTo(labels).Sum().Item();
    }
    Console.WriteLine($"epoch {epoch + 1}: digits right ≈ {100.0 * right / digits.Count:F0} %");
}

Tensor after = Copy(first.Weight);
Console.WriteLine($"kernels {after.Shape}, mean size of a weight before {before.Abs().Mean().Item():F2}, after ≈ {after.Abs().Mean().Item():F2}");

// The upper row before, the lower one after: 0 is middle gray, each kernel as bright as its largest weight asks, every weight 12x12 pixels.
Tensor both = Tensor.Concat([before.Slice(1, 0, 1), after.Slice(1, 0, 1)], axis: 0);
Tensor scaled = both / both.Abs().Max([1, 2, 3], keepAxes: true);
Tensor large = new Upsample(scaleFactor: 12).Forward(scaled);
string file = Path.Combine(folder, "kernels.png");
ImageFile.Write(file, Picture.FromTensor(large, black: -1, white: 1, columns: 8));
Console.WriteLine($"{Path.GetFileName(file)}: {ImageFile.Read(file).Width} x {ImageFile.Read(file).Height} pixels");

// The values as they are now; the parameter itself changes.
static Tensor Copy(Parameter parameter) => Tensor.FromArray(parameter.ToArray(), parameter.Shape);

/* Prints
epoch 1: digits right ≈ 55 %
epoch 2: digits right ≈ 90 %
epoch 3: digits right ≈ 95 %
epoch 4: digits right ≈ 97 %
epoch 5: digits right ≈ 98 %
kernels [8, 1, 7, 7], mean size of a weight before 0.07, after ≈ 0.22
kernels.png: 681 x 171 pixels
*/
