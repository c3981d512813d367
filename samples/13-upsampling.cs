// Three ways to double a map: repeat pixels (nearest), draw lines between them (bilinear), or learn how (transposed convolution).
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
Tensor x = Tensor.FromArray([1f, 2, 3, 4], [1, 1, 2, 2]);

Console.WriteLine("nearest:");
Console.WriteLine(new Upsample(scaleFactor: 2, mode: "nearest").Forward(x));

// Pixels are small squares: the new centres lie a quarter to the left and to the right of the old ones.
Console.WriteLine("bilinear:");
Console.WriteLine(new Upsample(scaleFactor: 2, mode: "bilinear").Forward(x));
// Or points: the corners stay where they are.
Console.WriteLine("bilinear, corners aligned:");
Console.WriteLine(new Upsample(scaleFactor: 2, mode: "bilinear", alignCorners: true).Forward(x));

// Kernel = stride = 2: every pixel becomes 2x2 pixels of its own, as four learned weights say. With ones it is "nearest".
var doubling = new ConvTranspose2d(1, 1, kernelSize: 2, stride: 2, bias: false);
doubling.Weight.Assign([1, 10, 100, 1000]);
Console.WriteLine("transposed, with weights 1 10 100 1000:");
Console.WriteLine(doubling.Forward(x));

// Kernels that the stride does not divide overlap unevenly: the checkerboards of generated pictures.
var overlapping = new ConvTranspose2d(1, 1, kernelSize: 3, stride: 2, bias: false);
overlapping.Weight.Assign([1, 1, 1, 1, 1, 1, 1, 1, 1]);
Console.WriteLine("how many inputs reach each output, kernel 3 and stride 2:");
Console.WriteLine(overlapping.Forward(Tensor.Full([1, 1, 3, 3], 1)));

// In a network: 64 channels of 16x16 become 32 of 32x32.
foreach (Module way in (Module[])[new ConvTranspose2d(64, 32, 2, stride: 2), new Sequential(new Upsample(2, "bilinear"), new Conv2d(64, 32, 1))])
{
    Summary summary = Summary.Of(way, [1, 64, 16, 16]);
    Console.WriteLine($"{string.Join(", ", summary.Layers.Select(layer => layer.Kind))}: {summary.Output}, {summary.Parameters:N0} parameters");
}

/* Prints
nearest:
float32 [1, 1, 4, 4]
1 1 2 2
1 1 2 2
3 3 4 4
3 3 4 4
bilinear:
float32 [1, 1, 4, 4]
1.0000 1.2500 1.7500 2.0000
1.5000 1.7500 2.2500 2.5000
2.5000 2.7500 3.2500 3.5000
3.0000 3.2500 3.7500 4.0000
bilinear, corners aligned:
float32 [1, 1, 4, 4]
1.0000 1.3333 1.6667 2.0000
1.6667 2.0000 2.3333 2.6667
2.3333 2.6667 3.0000 3.3333
3.0000 3.3333 3.6667 4.0000
transposed, with weights 1 10 100 1000:
float32 [1, 1, 4, 4]
   1   10    2   20
 100 1000  200 2000
   3   30    4   40
 300 3000  400 4000
how many inputs reach each output, kernel 3 and stride 2:
float32 [1, 1, 7, 7]
1 1 2 1 2 1 1
1 1 2 1 2 1 1
2 2 4 2 4 2 2
1 1 2 1 2 1 1
2 2 4 2 4 2 2
1 1 2 1 2 1 1
1 1 2 1 2 1 1
ConvTranspose2d 64->32 k2x2 s2x2: [1, 32, 32, 32], 8,224 parameters
Upsample x2 bilinear, Conv2d 64->32 k1x1: [1, 32, 32, 32], 2,080 parameters
*/
