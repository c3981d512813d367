// A U-Net from the first step to the masks: it learns where cells are in drawn microscope pictures. Draws what it finds, cells.png:
// the picture, the cells that it finds, and its errors. Arguments: a folder with images/ and masks/, and one for the result.
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Formats;
using Volute.Training;

Settings.Seed = 1;
Dataset cells = args.Length > 0 ? Dataset.Open(args[0]) : SampleMaker.Cells(count: 24, size: 96, seed: 1);
Dataset test = cells.Test ?? throw new VoluteException("the data have no test samples");
string folder = args.Length > 1 ? args[1] : Path.Combine(Path.GetTempPath(), "volute-samples");
Directory.CreateDirectory(folder);
Console.WriteLine(cells.Describe());

var net = new UNet(new UNetOptions(cells.Channels, cells.Classes.Count, BaseWidth: 8, Levels: 3, Padded: true, Normalization: Normalization.Batch));
Console.WriteLine($"{net.Kind}: {net.ParameterCount:N0} parameters");
Console.WriteLine($"before training: Dice ≈ {Dice():F2}");

// Random patches, some mirrored. Cross-entropy judges pixel by pixel, Dice the overlap of whole regions.
AugmentationOptions mirrored = new() { FlipWidth = 0.5, FlipHeight = 0.5 };
var loader = new Loader(cells, new LoaderOptions { BatchSize = 4, Crop = [64, 64], Shuffle = true, Seed = 1, Augmentation = mirrored });
var optimizer = new Adam(net.Parameters(), learningRate: 5e-3);
for (int epoch = 0; epoch < 12; epoch++)
{
    double sum = 0;
    foreach (var (images, masks) in loader.Epoch(epoch))
    {
        Tensor scores = net.Forward(images);
        Tensor loss = Loss.CrossEntropy(scores, masks) + Loss.Dice(scores, masks);
        optimizer.Step(loss);
        sum += loss.Item();
    }
    if (epoch % 4 == 3)
        Console.WriteLine($"epoch {epoch + 1}: loss ≈ {sum / loader.BatchesPerEpoch:F2}");
}
Console.WriteLine($"after training: Dice ≈ {Dice():F2}");

// The first test picture, three times side by side.
Sample sample = test[0];
int[] found = Found(sample.Image, sample.ImageShape);
Picture picture = Picture.FromTensor(Tensor.FromArray(sample.Image, sample.ImageShape));
Picture plain = LabelPictures.Overlay(picture, new int[sample.Labels.Length]);
Picture[] row = [plain, LabelPictures.Overlay(picture, found), LabelPictures.Errors(picture, found, sample.Labels)];
string file = Path.Combine(folder, "cells.png");
ImageFile.Write(file, Picture.FromTensor(Tensor.Concat([.. row.Select(part => part.ToTensor())], axis: 0), columns: 3));
Console.WriteLine($"{Path.GetFileName(file)}: {ImageFile.Read(file).Width} x {ImageFile.Read(file).Height} pixels");

// The class with the highest score at every pixel.
int[] Found(float[] image, int[] shape)
{
    float[] values = [.. image];
    cells.Standardization.Apply(values, cells.Channels);        // as the loader does
    Tensor scores = net.Eval().Forward(Tensor.FromArray(values, [1, .. shape]));
    net.Train();
    return scores.ArgMax(1).ToArray<int>();
}

// 2 * overlap / (found + true), over all test pictures.
double Dice()
{
    double overlap = 0, sizes = 0;
    for (int i = 0; i < test.Count; i++)
    {
        int[] classes = Found(test[i].Image, test[i].ImageShape), labels = test[i].Labels;
        overlap += classes.Zip(labels, (a, b) => a * b).Sum();
        sizes += classes.Sum() + labels.Sum();
    }
    return 2 * overlap / sizes;
}

/* Prints
24 samples in memory, 1 channels, 2 classes; 6 test samples
UNet 2D base 8, 3 levels, padded: 29,490 parameters
before training: Dice ≈ 0.42
epoch 4: loss ≈ 0.64
epoch 8: loss ≈ 0.35
epoch 12: loss ≈ 0.22
after training: Dice ≈ 0.92
cells.png: 292 x 98 pixels
*/
