// A grouped convolution: the channels are dealt into groups that do not see each other.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
var grouped = new Conv2d(32, 256, kernelSize: 3, padding: 1, groups: 8);
var plain = new Conv2d(32, 256, kernelSize: 3, padding: 1);

// Counting needs no computing: a summary only looks at shapes.
Shape large = [1, 32, 512, 512];
foreach (Conv2d conv in (Conv2d[])[plain, grouped])
{
    Summary summary = Summary.Of(conv, large);
    Console.WriteLine($"{conv.Kind}: {large} -> {summary.Output}");
    Console.WriteLine($"    weights {conv.Weight.Shape}, {summary.Parameters:N0} parameters, {summary.Multiplies:N0} multiplications");
}

// Each group reads 32 / 8 = 4 channels and makes 256 / 8 = 32. Which outputs change when input channel 5 does?
Tensor x = Tensor.Normal([1, 32, 16, 16]).Evaluate();
Tensor bump = Tensor.FromArray([.. Enumerable.Range(0, 32).Select(channel => channel == 5 ? 1f : 0)], [1, 32, 1, 1]);
Console.WriteLine($"plain: channel 5 changes outputs {Changed(plain)}");
Console.WriteLine($"groups 8: channel 5 changes outputs {Changed(grouped)}");

// A grouped convolution is eight small ones side by side.
Tensor[] parts = new Tensor[8];
for (int group = 0; group < 8; group++)
{
    var part = new Conv2d(4, 32, kernelSize: 3, padding: 1);
    part.Weight.Assign(grouped.Weight.Slice(0, 32 * group, 32));
    part.Bias!.Assign(grouped.Bias!.Slice(0, 32 * group, 32));
    parts[group] = part.Forward(x.Slice(1, 4 * group, 4));
}
double difference = (Tensor.Concat(parts, axis: 1) - grouped.Forward(x)).Abs().Max().Item();
Console.WriteLine($"eight small ones side by side are the same: {difference < 1e-5}");

// Groups never mix; shuffling the channels between two grouped layers makes them (ShuffleNet).
Tensor channels = Tensor.FromArray([.. Enumerable.Range(0, 8).Select(i => (float)i)], [1, 8, 1, 1]);
Console.WriteLine($"shuffled: {string.Join(' ', new ChannelShuffle(4).Forward(channels).ToArray())}");

string Changed(Conv2d conv)
{
    float[] change = (conv.Forward(x + bump) - conv.Forward(x)).Abs().Max([0, 2, 3]).ToArray();
    int[] changed = [.. Enumerable.Range(0, change.Length).Where(output => change[output] > 1e-4)];
    return $"{changed[0]} to {changed[^1]}, {changed.Length} of {change.Length}";
}

/* Prints
Conv2d 32->256 k3x3 p1: [1, 32, 512, 512] -> [1, 256, 512, 512]
    weights [256, 32, 3, 3], 73,984 parameters, 19,327,352,832 multiplications
Conv2d 32->256 k3x3 p1 g8: [1, 32, 512, 512] -> [1, 256, 512, 512]
    weights [256, 4, 3, 3], 9,472 parameters, 2,415,919,104 multiplications
plain: channel 5 changes outputs 0 to 255, 256 of 256
groups 8: channel 5 changes outputs 32 to 63, 32 of 256
eight small ones side by side are the same: True
shuffled: 0 2 4 6 1 3 5 7
*/
