// LeNet from the first epoch to the prediction: train, test, save, load, and ask about single digits.
// Argument: a folder with the four files of MNIST, or with a folder of pictures for each class; without it digits are drawn.
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Training;

Settings.Seed = 1;
Dataset digits = args.Length > 0 ? Dataset.Open(args[0]) : SampleMaker.Digits(count: 3000, size: 28, seed: 1);
Dataset test = digits.Test ?? throw new VoluteException("the data have no test samples");
Console.WriteLine(digits.Describe());

var net = new LeNet(digits.Channels, digits.Classes.Count);
var optimizer = new Adam(net.Parameters(), learningRate: 2e-3);
var loader = new Loader(digits, new LoaderOptions { BatchSize = 50, Shuffle = true, Seed = 1 });
for (int epoch = 0; epoch < 3; epoch++)
{
    double sum = 0;
    foreach (var (images, labels) in loader.Epoch(epoch))
    {
        Tensor loss = Loss.CrossEntropy(net.Forward(images), labels);
        optimizer.Step(loss);                                   // forward, backward and update in one plan
        sum += loss.Item();
    }
    Console.WriteLine($"epoch {epoch + 1}: loss ≈ {sum / loader.BatchesPerEpoch:F2}, test digits right ≈ {Accuracy(net):F1} %");
}

// Weights are a safetensors file, which Python reads too.
string file = Path.Combine(Path.GetTempPath(), $"lenet-{Environment.ProcessId}.safetensors");
Checkpoint.Save(file, net);
var loaded = new LeNet(digits.Channels, digits.Classes.Count);
Checkpoint.Load(file, loaded);
File.Delete(file);
Console.WriteLine($"the loaded network is as good as the saved one: {Accuracy(loaded) == Accuracy(net)}");

// One by one: the class with the highest probability.
for (int i = 0; i < 5; i++)
{
    Sample sample = test[i];
    float[] pixels = [.. sample.Image];
    digits.Standardization.Apply(pixels, digits.Channels);      // as the loader does
    Tensor scores = loaded.Forward(Tensor.FromArray(pixels, [1, .. sample.ImageShape]));
    int found = scores.ArgMax(1).ToArray<int>()[0];
    Console.WriteLine($"{sample.Name}: {digits.Classes[found]}, probability ≈ {scores.Softmax(1).Max().Item():F2}");
}

double Accuracy(Module network)
{
    network.Eval();
    int right = 0;
    foreach (var (images, labels) in new Loader(test, new LoaderOptions { BatchSize = 100 }).Epoch(0))
        right += (int)network.Forward(images).ArgMax(1).EqualTo(labels).Sum().Item();
    network.Train();
    return 100.0 * right / test.Count;
}

/* Prints
3000 samples in memory, 1 channels, 10 classes; 750 test samples
epoch 1: loss ≈ 1.08, test digits right ≈ 91.3 %
epoch 2: loss ≈ 0.22, test digits right ≈ 94.5 %
epoch 3: loss ≈ 0.09, test digits right ≈ 98.0 %
the loaded network is as good as the saved one: True
0/00000: 0, probability ≈ 1.00
1/00000: 1, probability ≈ 1.00
2/00000: 2, probability ≈ 1.00
3/00000: 3, probability ≈ 0.99
4/00000: 4, probability ≈ 1.00
*/
