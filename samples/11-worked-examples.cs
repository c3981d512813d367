// Two convolutions to do with a pencil: 5x5 numbers, a kernel of 3x3, nine sums of nine products.
#:project ../src/Volute/Volute.csproj
using Volute;

Tensor picture = Tensor.FromArray([
    1f, 1, 1, 0, 0,
    0, 1, 1, 1, 0,
    0, 0, 1, 1, 1,
    0, 0, 1, 1, 0,
    0, 1, 1, 0, 0], [1, 1, 5, 5]);
Tensor cross = Tensor.FromArray([
    1f, 0, 1,
    0, 1, 0,
    1, 0, 1], [1, 1, 3, 3]);
Show("a cross of ones", picture, cross);

Tensor numbers = Tensor.FromArray([
    3f, 3, 2, 1, 0,
    0, 0, 1, 3, 1,
    3, 1, 2, 2, 3,
    2, 0, 0, 2, 2,
    2, 0, 0, 0, 1], [1, 1, 5, 5]);
Tensor filter = Tensor.FromArray([
    0f, 1, 2,
    2, 2, 0,
    0, 1, 2], [1, 1, 3, 3]);
Show("a kernel with other weights", numbers, filter);

static void Show(string name, Tensor x, Tensor kernel)
{
    var conv = new Conv2d(1, 1, kernelSize: 3, bias: false);
    conv.Weight.Assign(kernel);
    Tensor y = conv.Forward(x);
    Console.WriteLine($"{name}:");
    Console.WriteLine(y);
    // The first sum in full: the kernel lies on the upper left corner.
    float[] pixels = x.Slice(2, 0, 3).Slice(3, 0, 3).ToArray(), weights = kernel.ToArray();
    Console.WriteLine($"{string.Join(" + ", pixels.Zip(weights, (pixel, weight) => $"{pixel}*{weight}"))} = {y.ToArray()[0]}");
}

/* Prints
a cross of ones:
float32 [1, 1, 3, 3]
4 3 4
2 4 3
2 3 4
1*1 + 1*0 + 1*1 + 0*0 + 1*1 + 1*0 + 0*1 + 0*0 + 1*1 = 4
a kernel with other weights:
float32 [1, 1, 3, 3]
12 12 17
10 17 19
 9  6 14
3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 + 2*2 = 12
*/
