// The weights of a layer are numbers like any others: to print, to look at, to change.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
var net = new Sequential(new Conv2d(1, 2, kernelSize: 3), new ReLU(), new Conv2d(2, 1, kernelSize: 1));

// Every parameter has a name and a shape: (out, in, rows, columns) for a convolution, PyTorch's names.
foreach (Parameter parameter in net.Parameters())
    Console.WriteLine($"{parameter.Name,-8} {parameter.Shape}");

// A new layer begins with random numbers between -1/sqrt(fan) and 1/sqrt(fan); fan is what one output reads: 1 * 3 * 3.
var first = (Conv2d)net.Children[0].Child;
Console.WriteLine($"all within 1/3 of 0: {first.Weight.Abs().Max().Item() < 1.0 / 3}");
Console.WriteLine(first.Weight);

// Whoever knows a better kernel assigns it.
first.Weight.Assign([.. ClassicKernel.Named("sobel-vertical").Values, .. ClassicKernel.Named("laplacian").Values]);
Console.WriteLine("now a Sobel and a Laplace kernel:");
Console.WriteLine(first.Weight);

Console.WriteLine("all kernels with names:");
foreach (string[] names in ClassicKernel.Names.Keys.Chunk(7))
    Console.WriteLine($"    {string.Join(", ", names)}");

/* Prints
0.weight [2, 1, 3, 3]
0.bias   [2]
2.weight [1, 2, 1, 1]
2.bias   [1]
all within 1/3 of 0: True
float32 [2, 1, 3, 3]
[0, 0]
 0.2602  0.1147 -0.1684
 0.1718 -0.1682 -0.2265
-0.0364 -0.0129  0.2342
[1, 0]
-0.1873 -0.1488  0.0793
-0.0560 -0.0682  0.1747
-0.0478  0.2631  0.2494
now a Sobel and a Laplace kernel:
float32 [2, 1, 3, 3]
[0, 0]
-1  0  1
-2  0  2
-1  0  1
[1, 0]
 0  1  0
 1 -4  1
 0  1  0
all kernels with names:
    identity, box, gaussian, sharpen, emboss, outline, sobel-vertical
    sobel-horizontal, prewitt-vertical, prewitt-horizontal, laplacian, motion-blur, unsharp
*/
