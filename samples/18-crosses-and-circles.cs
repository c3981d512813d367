// X against O: what a convolution keeps when a pattern is moved, and a fully connected layer does not.
// Both networks train on patterns in the upper left corner alone, and are asked about patterns everywhere.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
string[] cross = ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"], circle = [".###.", "#...#", "#...#", "#...#", ".###."];
const int Size = 12, Places = Size - 5 + 1;

// Fully connected: a weight for each pixel. Convolutional: kernels of 5x5, then 1x1 layers at each place, then the mean over all places.
var connected = new Sequential(new Flatten(), new Linear(Size * Size, 8), new ReLU(), new Linear(8, 2));
var convolutional = new Sequential(
    new Conv2d(1, 4, kernelSize: 5, padding: 4), new ReLU(),
    new Conv2d(4, 8, kernelSize: 1), new ReLU(),
    new Conv2d(8, 2, kernelSize: 1), new AdaptiveAvgPool2d(1), new Flatten());

foreach (var (name, net) in new (string, Module)[] { ("fully connected", connected), ("convolution and 1x1", convolutional) })
{
    var (images, labels) = Patterns([(0, 0), (0, 1), (1, 0), (1, 1)]);
    var optimizer = new Adam(net.Parameters(), learningRate: 0.02);
    for (int step = 0; step < 150; step++)
        optimizer.Step(Loss.CrossEntropy(net.Forward(images), labels));
    int inCorner = Right(net, images, labels), all = 2 * Places * Places;
    (images, labels) = Patterns([.. Enumerable.Range(0, Places * Places).Select(place => (place / Places, place % Places))]);
    Console.WriteLine($"{name}, {net.ParameterCount} parameters");
    Console.WriteLine($"    right on {inCorner} of 8 in the corner, on {Right(net, images, labels)} of {all} everywhere");
    // A cross at (0, 0) and at (6, 3): are the scores those of the same thing?
    Tensor scores = net.Forward(Patterns([(0, 0), (6, 3)]).Images);
    double moved = (scores.Slice(0, 0, 1) - scores.Slice(0, 2, 1)).Abs().Max().Item();
    Console.WriteLine($"    moving a cross changes its scores: {moved > 1e-4}");
}

static int Right(Module net, Tensor images, Tensor labels) => (int)net.Forward(images).ArgMax(1).EqualTo(labels).Sum().Item();

// A cross (class 0) and a circle (class 1) at each of the given places.
(Tensor Images, Tensor Labels) Patterns((int Row, int Column)[] places)
{
    float[] pixels = new float[places.Length * 2 * Size * Size];
    for (int i = 0; i < 2 * places.Length; i++)
        for (int p = 0; p < 25; p++)
            if ((i % 2 == 0 ? cross : circle)[p / 5][p % 5] == '#')
                pixels[(i * Size + places[i / 2].Row + p / 5) * Size + places[i / 2].Column + p % 5] = 1;
    int[] classes = [.. Enumerable.Range(0, 2 * places.Length).Select(i => i % 2)];
    return (Tensor.FromArray(pixels, [classes.Length, 1, Size, Size]), Tensor.FromArray(classes, [classes.Length]));
}

/* Prints
fully connected, 1178 parameters
    right on 8 of 8 in the corner, on 67 of 128 everywhere
    moving a cross changes its scores: True
convolution and 1x1, 162 parameters
    right on 8 of 8 in the corner, on 128 of 128 everywhere
    moving a cross changes its scores: False
*/
