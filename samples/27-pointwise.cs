// A 1x1 convolution mixes the channels of each pixel by itself: a linear layer, the same one for every pixel.
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Training;

Settings.Seed = 1;
Sample scene = SampleMaker.Scenes(count: 1, size: 32, seed: 1)[0];
Tensor x = Tensor.FromArray(scene.Image, [1, .. scene.ImageShape]);

// Three colours become one brightness: a weight for each.
var gray = new Conv2d(3, 1, kernelSize: 1, bias: false);
gray.Weight.Assign([0.299, 0.587, 0.114]);
float[] pixel = x.Slice(2, 0, 1).Slice(3, 0, 1).ToArray();
Console.WriteLine($"{x.Shape} becomes {gray.Forward(x).Shape}");
Console.WriteLine($"0.299 * {pixel[0]:F3} + 0.587 * {pixel[1]:F3} + 0.114 * {pixel[2]:F3} = {gray.Forward(x).ToArray()[0]:F3}");

// The same weights in a linear layer, with a row for each pixel: (1, 3, 32, 32) -> (1024, 3) -> (1024, 8) -> (1, 8, 32, 32).
var conv = new Conv2d(3, 8, kernelSize: 1);
var linear = new Linear(3, 8);
linear.Weight.Assign(conv.Weight.Reshape(8, 3));
linear.Bias!.Assign(conv.Bias!);
Tensor pixels = x.Permute(0, 2, 3, 1).Reshape(32 * 32, 3);
Tensor back = linear.Forward(pixels).Reshape(1, 32, 32, 8).Permute(0, 3, 1, 2);
Console.WriteLine($"{pixels.Shape} through a linear layer and back: {back.Shape}");
Console.WriteLine($"the same: {(back - conv.Forward(x)).Abs().Max().Item() < 1e-5}, {conv.ParameterCount} parameters both");

// What it is for: fewer channels before a dear layer, more again behind it (the bottleneck of ResNet-50).
var bottleneck = new Sequential(
    new Conv2d(256, 64, 1, bias: false),
    new Conv2d(64, 64, 3, padding: 1, bias: false),
    new Conv2d(64, 256, 1, bias: false));
var plain = new Conv2d(256, 256, 3, padding: 1, bias: false);
Console.WriteLine(Summary.Of(bottleneck, [1, 256, 56, 56]));
Console.WriteLine($"a 3x3 layer from 256 to 256: {Summary.Of(plain, [1, 256, 56, 56]).Multiplies:N0} multiplies");

/* Prints
[1, 3, 32, 32] becomes [1, 1, 32, 32]
0.299 * 0.416 + 0.587 * 0.549 + 0.114 * 0.337 = 0.485
[1024, 3] through a linear layer and back: [1, 8, 32, 32]
the same: True, 32 parameters both
layer kind                  output             parameters        multiplies
0     Conv2d 256->64 k1x1   [1, 64, 56, 56]        16,384        51,380,224
1     Conv2d 64->64 k3x3 p1 [1, 64, 56, 56]        36,864       115,605,504
2     Conv2d 64->256 k1x1   [1, 256, 56, 56]       16,384        51,380,224
output [1, 256, 56, 56], 69,632 parameters, 218,365,952 multiplies
a 3x3 layer from 256 to 256: 1,849,688,064 multiplies
*/
