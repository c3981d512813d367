// A depthwise separable convolution: first each channel by itself (depthwise), then all channels of each pixel (pointwise, 1x1).
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
var depthwise = new Conv2d(8, 8, kernelSize: 3, groups: 8, bias: false);      // 8 kernels of 3x3x1: as many groups as channels
var pointwise = new Conv2d(8, 8, kernelSize: 1, bias: false);                 // 8 kernels of 1x1x8
var separable = new Sequential(depthwise, pointwise);
var plain = new Conv2d(8, 8, kernelSize: 3, bias: false);                     // 8 kernels of 3x3x8

Console.WriteLine($"depthwise {depthwise.Weight.Shape}: {depthwise.ParameterCount} weights");
Console.WriteLine($"pointwise {pointwise.Weight.Shape}: {pointwise.ParameterCount} weights");
Console.WriteLine($"plain     {plain.Weight.Shape}: {plain.ParameterCount} weights");

// The library has the pair as a module, too.
Console.WriteLine($"DepthwiseSeparableConv2d: {new DepthwiseSeparableConv2d(8, 8, kernelSize: 3, bias: false).ParameterCount} weights");

Shape input = [1, 8, 34, 34];
long fewer = Summary.Of(separable, input).Multiplies, all = Summary.Of(plain, input).Multiplies;
Console.WriteLine($"on {input}: {fewer:N0} multiplications instead of {all:N0}, {(double)fewer / all:P1} = 1/8 + 1/9");

// It is the plain convolution whose kernels are products: w[out, in, k] = pointwise[out, in] * depthwise[in, k].
Tensor product = pointwise.Weight * depthwise.Weight.Permute(1, 0, 2, 3);
Console.WriteLine($"(8, 8, 1, 1) times (1, 8, 3, 3) is {product.Shape}");
plain.Weight.Assign(product);
Tensor x = Tensor.Normal(input).Evaluate();
double difference = (separable.Forward(x) - plain.Forward(x)).Abs().Max().Item();
Console.WriteLine($"both give {plain.Forward(x).Shape}, and the same: {difference < 1e-5}");

/* Prints
depthwise [8, 1, 3, 3]: 72 weights
pointwise [8, 8, 1, 1]: 64 weights
plain     [8, 8, 3, 3]: 576 weights
DepthwiseSeparableConv2d: 136 weights
on [1, 8, 34, 34]: 139,264 multiplications instead of 589,824, 23.6 % = 1/8 + 1/9
(8, 8, 1, 1) times (1, 8, 3, 3) is [8, 8, 3, 3]
both give [1, 8, 32, 32], and the same: True
*/
