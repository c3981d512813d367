// Making maps smaller: the largest of each window (max pooling), its mean (average pooling), or a convolution that takes steps.
#:project ../src/Volute/Volute.csproj
using Volute;

Tensor x = Tensor.FromArray([
    1f, 3, 2, 0,
    5, 7, 4, 2,
    0, 8, 6, 6,
    4, 4, 2, 2], [1, 1, 4, 4]);

Console.WriteLine("max pooling, 2x2:");
Console.WriteLine(new MaxPool2d(2).Forward(x));
Console.WriteLine("where the largest were, counted row by row:");
Console.WriteLine(new MaxPool2d(2).Indices(x));
Console.WriteLine("average pooling, 2x2:");
Console.WriteLine(new AvgPool2d(2).Forward(x));

// A convolution of stride 2 is a pooling that learns its weights; with four quarters it is the average.
var strided = new Conv2d(1, 1, kernelSize: 2, stride: 2, bias: false);
strided.Weight.Assign([0.25, 0.25, 0.25, 0.25]);
Tensor same = strided.Forward(x).EqualTo(new AvgPool2d(2).Forward(x));
Console.WriteLine($"a convolution of stride 2 with quarters is the same: {same.Min().Item() == 1}");

// A stride is every second place of the convolution without one.
var dense = new Conv2d(1, 1, kernelSize: 2, bias: false);
dense.Weight.Assign(strided.Weight);
Tensor every = dense.Forward(x);
Console.WriteLine($"{every.Shape} without a stride, {every.Slice(2, 0, 2, step: 2).Slice(3, 0, 2, step: 2).Shape} at every second place");

// Adaptive pooling asks for the result's size: pictures of any size end in the same number of features.
foreach (int size in (int[])[28, 32, 100])
    Console.WriteLine($"{size}x{size}: {new AdaptiveAvgPool2d(7).Forward(Tensor.Full([1, 16, size, size], 1)).Shape}");

// A gradient goes back to the largest alone, or to all alike.
Tensor map = x.Evaluate();
Console.WriteLine("slopes of the sum of max pooling:");
Console.WriteLine(Gradient.Of(new MaxPool2d(2).Forward(map).Sum(), [map])[0]);

/* Prints
max pooling, 2x2:
float32 [1, 1, 2, 2]
7 4
8 6
where the largest were, counted row by row:
int32 [1, 1, 2, 2]
 5  6
 9 10
average pooling, 2x2:
float32 [1, 1, 2, 2]
4 2
4 4
a convolution of stride 2 with quarters is the same: True
[1, 1, 3, 3] without a stride, [1, 1, 2, 2] at every second place
28x28: [1, 16, 7, 7]
32x32: [1, 16, 7, 7]
100x100: [1, 16, 7, 7]
slopes of the sum of max pooling:
float32 [1, 1, 4, 4]
0 0 0 0
0 1 1 0
0 1 1 0
0 0 0 0
*/
