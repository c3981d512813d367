// A transposed convolution by hand: put zeros between the pixels, pad, and convolve with the kernel turned round.
#:project ../src/Volute/Volute.csproj
using Volute;

const int Kernel = 3, Stride = 2, Padding = 1;
Tensor x = Tensor.FromArray([1f, 2, 3, 4], [1, 1, 2, 2]);
var transposed = new ConvTranspose2d(1, 1, Kernel, Stride, Padding, bias: false);
transposed.Weight.Assign([1, 2, 3, 4, 5, 6, 7, 8, 9]);

// 1. stride - 1 zeros behind each pixel of each axis, but none behind the last.
Tensor spread = InsertZeros(InsertZeros(x, axis: 2), axis: 3);
Console.WriteLine("zeros between the pixels:");
Console.WriteLine(spread);

// 2. kernel - 1 - padding zeros around.
int border = Kernel - 1 - Padding;
Tensor padded = spread.Pad(2, border, border).Pad(3, border, border);
Console.WriteLine("and around them:");
Console.WriteLine(padded);

// 3. An ordinary convolution of stride 1, the kernel turned by 180 degrees.
var conv = new Conv2d(1, 1, Kernel, bias: false);
conv.Weight.Assign(transposed.Weight.Flip(2).Flip(3));
Console.WriteLine("convolved with the kernel turned round:");
Tensor byHand = conv.Forward(padded);
Console.WriteLine(byHand);

Tensor y = transposed.Forward(x);
Console.WriteLine($"ConvTranspose2d gives the same: {y.Shape == byHand.Shape && y.EqualTo(byHand).Min().Item() == 1}");
Console.WriteLine($"(n - 1) * stride - 2 * padding + kernel = (2 - 1) * 2 - 2 + 3 = {y.Shape[2]}");
Console.WriteLine($"outputPadding 1 makes it {new ConvTranspose2d(1, 1, Kernel, Stride, Padding, outputPadding: 1).Forward(x).Shape[2]}");

// The library multiplies no zeros: each of 4 pixels meets each of 9 weights once.
Console.WriteLine($"multiplications: {Summary.Of(transposed, x.Shape).Multiplies} instead of {Summary.Of(conv, padded.Shape).Multiplies}");

static Tensor InsertZeros(Tensor x, int axis)
{
    // (…, n, …) -> (…, n, 1, …) -> n times a pixel and its zeros -> (…, n * stride, …), without the last zeros.
    Tensor pairs = x.Unsqueeze(axis + 1).Pad(axis + 1, 0, Stride - 1);
    int size = x.Shape[axis] * Stride;
    return pairs.Reshape(x.Shape.With(axis, size)).Slice(axis, 0, size - (Stride - 1));
}

/* Prints
zeros between the pixels:
float32 [1, 1, 3, 3]
1 0 2
0 0 0
3 0 4
and around them:
float32 [1, 1, 5, 5]
0 0 0 0 0
0 1 0 2 0
0 0 0 0 0
0 3 0 4 0
0 0 0 0 0
convolved with the kernel turned round:
float32 [1, 1, 3, 3]
 5 14 10
14 36 24
15 34 20
ConvTranspose2d gives the same: True
(n - 1) * stride - 2 * padding + kernel = (2 - 1) * 2 - 2 + 3 = 3
outputPadding 1 makes it 4
multiplications: 36 instead of 81
*/
