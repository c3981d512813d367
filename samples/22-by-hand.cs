// The definition of a convolution in plain loops, with stride, padding, dilation and groups, beside the library.
#:project ../src/Volute/Volute.csproj
using System.Diagnostics;
using Volute;
using Volute.Kernels;

Settings.Seed = 1;
Tensor x = Tensor.Normal([2, 4, 17, 20]).Evaluate();
var conv = new Conv2d(4, 6, kernelSize: [3, 5], stride: [2, 1], padding: [1, 4], dilation: [1, 2], groups: 2);

float[] byHand = Convolve(x.ToArray(), x.Shape, conv, out Shape shape);
Tensor y = conv.Forward(x);
Console.WriteLine($"{conv.Kind}: {x.Shape} -> {y.Shape}, by hand {shape}");
float largest = y.ToArray().Zip(byHand, (a, b) => Math.Abs(a - b)).Max();
Console.WriteLine($"the same: {largest < 1e-5}");

// y[n, o, p, q] = bias[o] + sum over channels i of o's group and taps (j, k) of x[n, i, row(p, j), column(q, k)] * w[o, i, j, k]
static float[] Convolve(float[] x, Shape input, Conv2d conv, out Shape output)
{
    // The window knows where a tap reads: position = output * stride + tap * dilation - padding. It is the same for every rank and for pooling.
    Window window = conv.WindowFor(input);
    WindowAxis rows = window[0], columns = window[1];
    int outputsInGroup = conv.OutChannels / conv.Groups, channels = conv.InChannels / conv.Groups;
    output = [input[0], conv.OutChannels, (int)rows.Outputs(input[2]), (int)columns.Outputs(input[3])];
    float[] w = conv.Weight.ToArray(), bias = conv.Bias!.ToArray(), y = new float[output.Elements];
    int at = 0;
    for (int n = 0; n < output[0]; n++)
        for (int o = 0; o < output[1]; o++)
            for (int p = 0; p < output[2]; p++)
                for (int q = 0; q < output[3]; q++)
                {
                    double sum = bias[o];
                    for (int i = 0; i < channels; i++)
                        for (int tap = 0; tap < window.Taps; tap++)
                        {
                            (int j, int k) = (tap / columns.Kernel, tap % columns.Kernel);
                            long row = rows.Position(p, j), column = columns.Position(q, k);
                            if (row < 0 || row >= input[2] || column < 0 || column >= input[3])
                                continue;                       // in the padding: times zero
                            int channel = o / outputsInGroup * channels + i;
                            sum += x[((n * input[1] + channel) * input[2] + row) * input[3] + column] * w[(o * channels + i) * window.Taps + tap];
                        }
                    y[at++] = (float)sum;
                }
    return y;
}

/* Prints
Conv2d 4->6 k3x5 s2x1 d1x2 p[1, 4] g2: [2, 4, 17, 20] -> [2, 6, 9, 20], by hand [2, 6, 9, 20]
the same: True
*/
