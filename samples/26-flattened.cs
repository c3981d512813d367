// A flattened convolution: three one-dimensional ones, across the channels, down the columns and along the rows (Jin et al., 2015).
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
const int Channels = 16, Filters = 32, Size = 3;
var across = new Conv2d(Channels, Filters, kernelSize: 1, bias: false);
var down = new Conv2d(Filters, Filters, kernelSize: [Size, 1], groups: Filters, bias: false);
var along = new Conv2d(Filters, Filters, kernelSize: [1, Size], groups: Filters, bias: false);
var flattened = new Sequential(across, down, along);
var plain = new Conv2d(Channels, Filters, kernelSize: Size, bias: false);

Shape input = [1, Channels, 34, 34];
Console.WriteLine(Summary.Of(flattened, input));
Console.WriteLine($"the library's module: {new FlattenedConv2d(Channels, Filters, Size, bias: false).ParameterCount} parameters");
Console.WriteLine($"each filter has {Channels} + {Size} + {Size} weights instead of {Channels} * {Size} * {Size}");
Console.WriteLine($"weights: {flattened.ParameterCount:N0} instead of {plain.ParameterCount:N0}");
long few = Summary.Of(flattened, input).Multiplies, many = Summary.Of(plain, input).Multiplies;
Console.WriteLine($"multiplications: {few:N0} instead of {many:N0}, {(double)few / many:P0}");

// It is the plain convolution whose kernels are products of three vectors: w[o, i, j, k] = a[o, i] * b[o, j] * c[o, k].
plain.Weight.Assign(across.Weight * down.Weight * along.Weight);
Console.WriteLine($"{across.Weight.Shape} * {down.Weight.Shape} * {along.Weight.Shape} = {plain.Weight.Shape}");
Tensor x = Tensor.Normal(input).Evaluate();
Console.WriteLine($"the same: {(flattened.Forward(x) - plain.Forward(x)).Abs().Max().Item() < 1e-5}");

// What is given up: a kernel of rank 1 answers to one direction that lies along the axes. A diagonal is none.
Tensor diagonal = Tensor.FromArray([1f, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]);
Tensor column = diagonal.Mean([1], keepAxes: true), row = diagonal.Mean([0], keepAxes: true);
Console.WriteLine("the diagonal kernel, and the product of the means of its rows and columns, which is all the same:");
Console.WriteLine(diagonal);
Console.WriteLine(column * row * 3);

/* Prints
layer kind                   output            parameters        multiplies
0     Conv2d 16->32 k1x1     [1, 32, 34, 34]          512           591,872
1     Conv2d 32->32 k3x1 g32 [1, 32, 32, 34]           96           104,448
2     Conv2d 32->32 k1x3 g32 [1, 32, 32, 32]           96            98,304
output [1, 32, 32, 32], 704 parameters, 794,624 multiplies
the library's module: 704 parameters
each filter has 16 + 3 + 3 weights instead of 16 * 3 * 3
weights: 704 instead of 4,608
multiplications: 794,624 instead of 4,718,592, 17 %
[32, 16, 1, 1] * [32, 1, 3, 1] * [32, 1, 1, 3] = [32, 16, 3, 3]
the same: True
the diagonal kernel, and the product of the means of its rows and columns, which is all the same:
float32 [3, 3]
1 0 0
0 1 0
0 0 1
float32 [3, 3]
0.3333 0.3333 0.3333
0.3333 0.3333 0.3333
0.3333 0.3333 0.3333
*/
