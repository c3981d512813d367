// Two networks that learn from each other: a generator makes digits from random numbers, a discriminator tells them from drawn ones
// (DCGAN; Radford et al., 2016). Leaves what the generator makes of the same numbers before, amid and after its training: dcgan.png.
// Arguments: a folder with MNIST's files (or pictures in a folder for each class), and a folder for the result.
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Formats;
using Volute.Training;

const int Batch = 50, Latent = 32, Epochs = 15;
Settings.Seed = 1;
Dataset digits = args.Length > 0 ? Dataset.Open(args[0]) : SampleMaker.Digits(count: 2000, size: 28, seed: 1);
string folder = args.Length > 1 ? args[1] : Path.Combine(Path.GetTempPath(), "volute-samples");
Directory.CreateDirectory(folder);

// Transposed convolutions from 32 numbers to 7x7, 14x14 and 28x28 pixels; the discriminator goes the way back to one score.
var generator = new DcganGenerator(Latent, channels: 1, size: 28, width: 32);
var discriminator = new DcganDiscriminator(channels: 1, size: 28, width: 32);
var toDeceive = new Adam(generator.Parameters(), learningRate: 2e-3, beta1: 0.5);
var toJudge = new Adam(discriminator.Parameters(), learningRate: 5e-4, beta1: 0.5);
Console.WriteLine($"generator: {generator.ParameterCount:N0} parameters, discriminator: {discriminator.ParameterCount:N0}");

Tensor same = Tensor.Normal([16, Latent]).Evaluate();
List<Tensor> made = [Made()];
double judged = 0, deceived = 0;
var loader = new Loader(digits, new LoaderOptions { BatchSize = Batch, DropLast = true, Shuffle = true, Seed = 1, Standardize = false });
for (int epoch = 0; epoch < Epochs; epoch++)
{
    (judged, deceived) = (0, 0);
    foreach (var (images, _) in loader.Epoch(epoch))
    {
        Tensor real = images * 2 - 1, fake = generator.Forward(Tensor.Normal([Batch, Latent]));
        // The discriminator learns to say 1 to real digits and 0 to made ones ...
        Tensor judgement = Say(1, real) + Say(0, fake);
        toJudge.Step(judgement);
        // ... and the generator to make digits to which it says 1.
        Tensor deceit = Say(1, fake);
        toDeceive.Step(deceit);
        judged += judgement.Item() / loader.BatchesPerEpoch;
        deceived += deceit.Item() / loader.BatchesPerEpoch;
    }
    if (epoch is 4 or Epochs - 1)
    {
        made.Add(Made());
        Console.WriteLine($"epoch {epoch + 1}: loss of the discriminator ≈ {judged:F2}, of the generator ≈ {deceived:F2}");
    }
}
// Who guesses has the losses ln 4 = 1.39 and ln 2 = 0.69: neither wins, but the discriminator gets ahead.
Console.WriteLine($"the discriminator's falls below guessing: {judged < Math.Log(4)}, the generator's stays above: {deceived > Math.Log(2)}");

string file = Path.Combine(folder, "dcgan.png");
ImageFile.Write(file, Picture.FromTensor(Tensor.Concat(made, axis: 0), black: -1, white: 1, columns: 16));
Console.WriteLine($"{Path.GetFileName(file)}: {ImageFile.Read(file).Width} x {ImageFile.Read(file).Height} pixels");

// Binary cross-entropy of the discriminator's scores and one answer for all.
Tensor Say(double answer, Tensor pictures)
{
    Tensor scores = discriminator.Forward(pictures);
    return Loss.BinaryCrossEntropyWithLogits(scores, Tensor.Full(scores.Shape, answer));
}

// What the generator makes of the same numbers now.
Tensor Made()
{
    Tensor pictures = generator.Eval().Forward(same).Evaluate();
    generator.Train();
    return pictures;
}

/* Prints
generator: 133,824 parameters, discriminator: 36,544
epoch 5: loss of the discriminator ≈ 1.28, of the generator ≈ 0.91
epoch 15: loss of the discriminator ≈ 1.21, of the generator ≈ 1.02
the discriminator's falls below guessing: True, the generator's stays above: True
dcgan.png: 465 x 88 pixels
*/
