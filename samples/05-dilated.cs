// A dilated convolution leaves gaps between its taps: it sees farther with as many weights.
#:project ../src/Volute/Volute.csproj
using Volute;
using Volute.Kernels;

// Where the taps are: all weights 1, and a single 1 in the middle of a 7x7 picture.
var conv = new Conv2d(1, 1, kernelSize: 3, dilation: 2, padding: 2, bias: false);
conv.Weight.Assign([1, 1, 1, 1, 1, 1, 1, 1, 1]);
float[] picture = new float[49];
picture[24] = 1;
Console.WriteLine("a single 1 in the middle, seen through a 3x3 kernel of dilation 2:");
Console.WriteLine(conv.Forward(Tensor.FromArray(picture, [1, 1, 7, 7])));

// A kernel of k taps with dilation d reaches over (k - 1) * d + 1 positions.
foreach (int dilation in (int[])[1, 2, 4, 8])
{
    WindowAxis axis = new(Kernel: 3, Dilation: dilation), padded = axis with { PadBegin = dilation, PadEnd = dilation };
    Console.WriteLine($"dilation {dilation}: reach {axis.Reach}, 32 positions become {axis.Outputs(32)}, with padding {padded.Outputs(32)}");
}

// What one output of a stack depends on: the inputs at which its gradient is not 0.
Console.WriteLine($"three plain 3x3 layers, 27 weights: a pixel sees {Seen(1, 1, 1)} x {Seen(1, 1, 1)} pixels");
Console.WriteLine($"dilations 1, 2, 4, 27 weights: a pixel sees {Seen(1, 2, 4)} x {Seen(1, 2, 4)} pixels");

static int Seen(params int[] dilations)
{
    Tensor x = Tensor.Full([1, 1, 31, 31], 1).Evaluate(), y = x;
    foreach (int dilation in dilations)
    {
        var layer = new Conv2d(1, 1, 3, dilation: dilation, padding: dilation, bias: false);
        layer.Weight.Assign(Tensor.Full([1, 1, 3, 3], 1));
        y = layer.Forward(y);
    }
    Tensor middle = y.Slice(2, 15, 1).Slice(3, 15, 1).Sum();
    Tensor row = Gradient.Of(middle, [x])[0].Slice(2, 15, 1);
    return row.ToArray().Count(slope => slope != 0);
}

/* Prints
a single 1 in the middle, seen through a 3x3 kernel of dilation 2:
float32 [1, 1, 7, 7]
0 0 0 0 0 0 0
0 1 0 1 0 1 0
0 0 0 0 0 0 0
0 1 0 1 0 1 0
0 0 0 0 0 0 0
0 1 0 1 0 1 0
0 0 0 0 0 0 0
dilation 1: reach 3, 32 positions become 30, with padding 32
dilation 2: reach 5, 32 positions become 28, with padding 32
dilation 4: reach 9, 32 positions become 24, with padding 32
dilation 8: reach 17, 32 positions become 16, with padding 32
three plain 3x3 layers, 27 weights: a pixel sees 7 x 7 pixels
dilations 1, 2, 4, 27 weights: a pixel sees 15 x 15 pixels
*/
