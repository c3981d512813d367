// A 3x1 and a 1x3 convolution, one after the other, see 3x3 pixels: down the columns first, along the rows then.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
Shape input = [1, 32, 214, 214];
var pair = new Sequential(
    new Conv2d(32, 64, kernelSize: [3, 1], bias: false),
    new Conv2d(64, 16, kernelSize: [1, 3], bias: false));
Console.WriteLine($"a pair 32 -> 64 -> 16 on {input}:");
Console.WriteLine(Summary.Of(pair, input));

// What it saves depends on what it is compared with. The library has such pairs as a module.
Count("plain 3x3 layers 32 -> 64 -> 16", new Sequential(new Conv2d(32, 64, 3, bias: false), new Conv2d(64, 16, 3, bias: false)));
Count("one plain 3x3 layer 32 -> 16", new Conv2d(32, 16, 3, bias: false));
Count("a pair 32 -> 16 -> 16", new SpatiallySeparableConv2d(32, 16, 3, middleChannels: 16, bias: false));

// Not every 3x3 kernel is such a pair: only a column times a row, as the Sobel kernel is.
var column = new Conv2d(1, 1, [3, 1], bias: false);
var row = new Conv2d(1, 1, [1, 3], bias: false);
var sobel = new Conv2d(1, 1, 3, bias: false);
column.Weight.Assign([1, 2, 1]);
row.Weight.Assign([-1, 0, 1]);
sobel.Weight.Assign(ClassicKernel.Named("sobel-vertical").Values);
Console.WriteLine("1 2 1 downwards times -1 0 1 to the right:");
Console.WriteLine(column.Weight * row.Weight);
Tensor x = Tensor.FromArray([.. Enumerable.Range(0, 64).Select(i => (float)(i * i % 10))], [1, 1, 8, 8]);
Tensor once = sobel.Forward(x), twice = row.Forward(column.Forward(x));
Console.WriteLine($"the same on a picture: {once.EqualTo(twice).Min().Item() == 1}, with 6 multiplications a pixel instead of 9");

void Count(string name, Module net)
{
    Summary summary = Summary.Of(net, input);
    Console.WriteLine($"{name}: {summary.Parameters:N0} weights, {summary.Multiplies:N0} multiplications");
}

/* Prints
a pair 32 -> 64 -> 16 on [1, 32, 214, 214]:
layer kind               output              parameters        multiplies
0     Conv2d 32->64 k3x1 [1, 64, 212, 214]        6,144       278,740,992
1     Conv2d 64->16 k1x3 [1, 16, 212, 212]        3,072       138,067,968
output [1, 16, 212, 212], 9,216 parameters, 416,808,960 multiplies
plain 3x3 layers 32 -> 64 -> 16: 27,648 weights, 1,234,833,408 multiplications
one plain 3x3 layer 32 -> 16: 4,608 weights, 207,101,952 multiplications
a pair 32 -> 16 -> 16: 2,304 weights, 104,202,240 multiplications
1 2 1 downwards times -1 0 1 to the right:
float32 [1, 1, 3, 3]
-1  0  1
-2  0  2
-1  0  1
the same on a picture: True, with 6 multiplications a pixel instead of 9
*/
