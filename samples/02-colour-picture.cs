// A picture of several channels: a kernel has a slice for each channel, and their answers are added up.
// A CIFAR binary (data_batch_1.bin) or any folder of labelled pictures may be given as an argument.
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Training;

Settings.Seed = 1;
Dataset pictures = args.Length > 0 ? Dataset.Open(args[0]) : SampleMaker.Scenes(count: 1, size: 32, seed: 1);
Sample picture = pictures[0];
Tensor x = Tensor.FromArray(picture.Image, [1, .. picture.ImageShape]);
int channels = x.Shape[1];

// 16 kernels, each 3x3 in every channel: 16 * 3 * 3 * 3 weights and 16 biases.
var conv = new Conv2d(channels, 16, kernelSize: 3);
Tensor y = conv.Forward(x);
Console.WriteLine($"{x.Shape} becomes {y.Shape}");
Console.WriteLine($"weights {conv.Weight.Shape} and biases {conv.Bias!.Shape}: {conv.ParameterCount} parameters");
Console.WriteLine($"multiplications: {Summary.Of(conv, x.Shape).Multiplies:N0}");

// A convolution of several channels is the sum of convolutions of one channel each.
Tensor sum = conv.Bias.Reshape(1, 16, 1, 1);
for (int c = 0; c < channels; c++)
{
    var single = new Conv2d(1, 16, kernelSize: 3, bias: false);
    single.Weight.Assign(conv.Weight.Slice(1, c, 1));
    sum += single.Forward(x.Slice(1, c, 1));
}
Console.WriteLine($"channel by channel, added up, it is the same: {(y - sum).Abs().Max().Item() < 1e-5}");

// padding: "same" keeps 32x32; stride 2 takes every second place.
Console.WriteLine($"padding 'same': {new Conv2d(channels, 16, 3, padding: "same").Forward(x).Shape}");
Console.WriteLine($"padding 1, stride 2: {new Conv2d(channels, 16, 3, padding: 1, stride: 2).Forward(x).Shape}");

/* Prints
[1, 3, 32, 32] becomes [1, 16, 30, 30]
weights [16, 3, 3, 3] and biases [16]: 448 parameters
multiplications: 388,800
channel by channel, added up, it is the same: True
padding 'same': [1, 16, 32, 32]
padding 1, stride 2: [1, 16, 16, 16]
*/
