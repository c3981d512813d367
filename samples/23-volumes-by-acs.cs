// From 2D to 3D: a network that has learned slices goes on with volumes. An ACS convolution lays the 2D kernels in planes: a third of
// the channels looks at axial planes, a third at coronal, a third at sagittal ones (Yang et al., 2021).
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Training;

Settings.Seed = 1;
// One channel of three for each view: which neighbours of a single 1 does each of them see?
var acs = new AcsConv3d(1, 3, kernelSize: 3, padding: 1, bias: false);
acs.Weight.Assign(Tensor.Full([3, 1, 3, 3], 1));
Tensor dot = Tensor.Full([1, 1, 1, 1, 1], 1).Pad(2, 1, 1).Pad(3, 1, 1).Pad(4, 1, 1);
Tensor seen = acs.Forward(dot);
for (int view = 0; view < 3; view++)
{
    Tensor one = seen.Slice(1, view, 1);
    Console.WriteLine($"channel {view} reaches {Reach(one, 2)} slices x {Reach(one, 3)} rows x {Reach(one, 4)} columns");
}
long few = Summary.Of(acs, [1, 1, 8, 8, 8]).Multiplies, many = Summary.Of(new Conv3d(1, 3, 3, padding: 1), [1, 1, 8, 8, 8]).Multiplies;
Console.WriteLine($"weights {acs.Weight.Shape}, as in 2D; {few:N0} multiplications instead of {many:N0} in 3D");

// A U-Net learns organs on slices of CT-like volumes ...
Dataset volumes = SampleMaker.Phantom(count: 6, size: 32, seed: 1);
UNet network = Make();
Train(network, crop: [32, 32], batch: 16, epochs: 30);
long parameters = network.ParameterCount;

// ... and becomes a network of volumes that begins with what it knows. Another begins with nothing.
network.ToVolumes();
Console.WriteLine($"{parameters:N0} parameters in 2D, {network.ParameterCount:N0} in 3D: {network.Kind}");
UNet beginner = Make();
beginner.ToVolumes();
Console.WriteLine($"after three epochs of volumes: loss ≈ {Train(network, crop: [12, 32, 32], batch: 2, epochs: 3):F2}");
Console.WriteLine($"without slices before: loss ≈ {Train(beginner, crop: [12, 32, 32], batch: 2, epochs: 3):F2}");

static UNet Make()
    => new(new UNetOptions(1, SampleMaker.PhantomClasses.Count, BaseWidth: 8, Levels: 3, Padded: true, Normalization: Normalization.Batch));

// Trains, and tells the mean loss of the last epoch.
double Train(UNet net, int[] crop, int batch, int epochs)
{
    var optimizer = new Adam(net.Parameters(), learningRate: 5e-3);
    var loader = new Loader(volumes, new LoaderOptions { BatchSize = batch, Crop = crop, CropsPerSample = 4, Shuffle = true, Seed = 1 });
    double sum = 0;
    for (int epoch = 0; epoch < epochs; epoch++)
    {
        sum = 0;
        foreach (var (images, masks) in loader.Epoch(epoch))
        {
            Tensor loss = Loss.CrossEntropy(net.Forward(images), masks);
            optimizer.Step(loss);
            sum += loss.Item() / loader.BatchesPerEpoch;
        }
    }
    return sum;
}

// Positions of an axis at which something is not 0.
static int Reach(Tensor x, int axis) => x.Max([.. Enumerable.Range(0, 5).Where(other => other != axis)]).ToArray().Count(v => v != 0);

/* Prints
channel 0 reaches 1 slices x 3 rows x 3 columns
channel 1 reaches 3 slices x 1 rows x 3 columns
channel 2 reaches 3 slices x 3 rows x 1 columns
weights [3, 1, 3, 3], as in 2D; 13,824 multiplications instead of 41,472 in 3D
29,517 parameters in 2D, 29,517 in 3D: UNet 3D base 8, 3 levels, padded, Acs
after three epochs of volumes: loss ≈ 0.15
without slices before: loss ≈ 0.52
*/
