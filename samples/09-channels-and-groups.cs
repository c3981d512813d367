// Channels make weights: a 3x3 layer from 64 to 128 has 128 * 64 * 9 of them, and half with two groups.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
foreach (int groups in (int[])[1, 2, 4, 64])
{
    var conv = new Conv2d(64, 128, kernelSize: 3, padding: 1, groups: groups, bias: false);
    Console.WriteLine($"groups {groups,2}: {conv.Weight.Shape} = {conv.ParameterCount:N0} weights");
}

// Wrong numbers are told at once, with the rule.
try
{
    _ = new Conv2d(64, 128, kernelSize: 3, groups: 3);
}
catch (VoluteException error)
{
    Console.WriteLine(error.Message);
}

// Two groups, as two graphics cards of 2012 had them (AlexNet): the upper half of the channels never meets the lower one.
var halves = new Conv2d(64, 128, kernelSize: 3, padding: 1, groups: 2, bias: false);
var left = new Conv2d(32, 64, kernelSize: 3, padding: 1, bias: false);
var right = new Conv2d(32, 64, kernelSize: 3, padding: 1, bias: false);
left.Weight.Assign(halves.Weight.Slice(0, 0, 64));
right.Weight.Assign(halves.Weight.Slice(0, 64, 64));
Tensor x = Tensor.Normal([1, 64, 12, 12]).Evaluate();
Tensor joined = Tensor.Concat([left.Forward(x.Slice(1, 0, 32)), right.Forward(x.Slice(1, 32, 32))], axis: 1);
Console.WriteLine($"two halves joined {joined.Shape}, the same as two groups: {(joined - halves.Forward(x)).Abs().Max().Item() < 1e-5}");

// The same layer with everything else that it can have.
Console.WriteLine(Summary.Of(new Conv2d(64, 128, kernelSize: 3, stride: 2, padding: 2, dilation: 2, groups: 2), [1, 64, 56, 56]));

/* Prints
groups  1: [128, 64, 3, 3] = 73,728 weights
groups  2: [128, 32, 3, 3] = 36,864 weights
groups  4: [128, 16, 3, 3] = 18,432 weights
groups 64: [128, 1, 3, 3] = 1,152 weights
Conv2d: 64 input and 128 output channels must both divide into 3 groups
two halves joined [1, 128, 12, 12], the same as two groups: True
layer kind                                output             parameters        multiplies
      Conv2d 64->128 k3x3 s2x2 d2x2 p2 g2 [1, 128, 28, 28]       36,992        28,901,376
output [1, 128, 28, 28], 36,992 parameters, 28,901,376 multiplies
*/
