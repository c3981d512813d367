// One kernel slides over a picture of one channel: each output is the sum of the products of the kernel and the pixels under it.
#:project ../src/Volute.Training/Volute.Training.csproj
using Volute;
using Volute.Training;

// A tensor of pictures has the axes (N, C, H, W): here one picture of one channel, 28 rows of 28 gray values from 0 to 255.
Sample digit = SampleMaker.Digits(count: 10, size: 28, seed: 1)[7];
float[] pixels = [.. digit.Image.Select(share => MathF.Round(255 * share))];
Tensor x = Tensor.FromArray(pixels, [1, .. digit.ImageShape]);

// Two kernels of 3x3: the first answers where it gets brighter to the right, the second where it gets brighter downwards.
var conv = new Conv2d(inChannels: 1, outChannels: 2, kernelSize: 3, bias: false);
conv.Weight.Assign([
    -1, 0, 1,
    -1, 0, 1,
    -1, 0, 1,

    -1, -1, -1,
    0, 0, 0,
    1, 1, 1]);

Tensor y = conv.Forward(x);                             // its shape is known at once; values are computed when somebody asks for them
Console.WriteLine($"the digit {digit.Labels[0]}: {x.Shape} becomes {y.Shape}, for 28 - 3 + 1 = 26");

// One place by hand: the 3x3 pixels whose upper left corner is (row 10, column 15).
Tensor patch = x.Slice(2, 10, 3).Slice(3, 15, 3);
float[] p = patch.ToArray();
Console.WriteLine("the pixels under the kernel:");
Console.WriteLine(patch);
Console.WriteLine($"right - left column = ({p[2]} + {p[5]} + {p[8]}) - ({p[0]} + {p[3]} + {p[6]}) = {p[2] + p[5] + p[8] - p[0] - p[3] - p[6]}");
Console.WriteLine($"the convolution there: {y.Slice(2, 10, 1).Slice(3, 15, 1).ToArray()[0]}");

// The same over the whole digit, coarsely: # brighter to the right, = darker to the right.
float[] slopes = new MaxPool2d(2).Forward(y).ToArray();
float[] falls = new MaxPool2d(2).Forward(-y).ToArray();
for (int row = 0; row < 13; row++)
    Console.WriteLine(string.Concat(Enumerable.Range(13 * row, 13).Select(i => slopes[i] > 255 ? '#' : falls[i] > 255 ? '=' : '.')));

/* Prints
the digit 7: [1, 1, 28, 28] becomes [1, 2, 26, 26], for 28 - 3 + 1 = 26
the pixels under the kernel:
float32 [1, 1, 3, 3]
  2  62 225
  1 151 221
 66 219 226
right - left column = (225 + 221 + 226) - (2 + 1 + 66) = 603
the convolution there: 603
.............
.............
....#....==..
...##....==..
....#..##==..
.......#==...
......##==...
......##=....
.....##==....
.....##=.....
....##==.....
....##=......
....##=......
*/
