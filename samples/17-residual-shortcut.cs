// A residual block learns what to add to its input: y = x + f(x). The shortcut keeps signals and gradients alive in deep networks.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
var block = new ResidualBlock(inChannels: 16, outChannels: 16);
Tensor x = Tensor.Normal([1, 16, 8, 8]).Evaluate();
Console.WriteLine("two 3x3 layers, and the input added to their output:");
Console.WriteLine(Summary.Of(block, x.Shape));

// Where channels or sizes change, a 1x1 convolution with the same stride makes the shortcut fit.
Console.WriteLine("with other channels and sizes:");
Console.WriteLine(Summary.Of(new ResidualBlock(inChannels: 16, outChannels: 32, stride: 2), x.Shape));

// A block whose weights are 0 does nothing: depth does no harm.
var idle = new Residual(new Conv2d(16, 16, 3, padding: 1, bias: false));
((Conv2d)idle.Children[0].Child).Weight.Assign(new float[16 * 16 * 9]);
Console.WriteLine($"weights 0: the output is the input: {idle.Forward(x).EqualTo(x.Maximum(Tensor.Scalar(0))).Min().Item() == 1} (after the ReLU)");

// How a gradient gets through 20 layers, each of which multiplies by 0.1.
Tensor signal = Tensor.Full([1, 1, 1, 1], 1).Evaluate(), plain = signal, residual = signal;
for (int layer = 0; layer < 20; layer++)
{
    var weak = new Conv2d(1, 1, kernelSize: 1, bias: false);
    weak.Weight.Assign([0.1]);
    plain = weak.Forward(plain);
    residual = new Residual(weak).Forward(residual);
}
Console.WriteLine($"slope through 20 plain layers: 0.1^20 = {Gradient.Of(plain.Sum(), [signal])[0].Item():0.0e+0}");
Console.WriteLine($"slope through 20 residual ones: 1.1^20 = {Gradient.Of(residual.Sum(), [signal])[0].Item():F3}");

// A module of one's own, as small as can be: children by name, and a forward.
class Residual : Module
{
    private readonly Module _body;

    public Residual(Module body) => _body = Add("body", body);

    public override Tensor Forward(Tensor x) => (x + _body.Forward(x)).Relu();
}

/* Prints
two 3x3 layers, and the input added to their output:
layer kind                  output          parameters        multiplies
conv1 Conv2d 16->16 k3x3 p1 [1, 16, 8, 8]        2,304           147,456
bn1   BatchNorm2d 16        [1, 16, 8, 8]           32                 0
relu  ReLU                  [1, 16, 8, 8]            0                 0
conv2 Conv2d 16->16 k3x3 p1 [1, 16, 8, 8]        2,304           147,456
bn2   BatchNorm2d 16        [1, 16, 8, 8]           32                 0
relu  ReLU                  [1, 16, 8, 8]            0                 0
output [1, 16, 8, 8], 4,672 parameters, 294,912 multiplies
with other channels and sizes:
layer        kind                       output          parameters        multiplies
conv1        Conv2d 16->32 k3x3 s2x2 p1 [1, 32, 4, 4]        4,608            73,728
bn1          BatchNorm2d 32             [1, 32, 4, 4]           64                 0
relu         ReLU                       [1, 32, 4, 4]            0                 0
conv2        Conv2d 32->32 k3x3 p1      [1, 32, 4, 4]        9,216           147,456
bn2          BatchNorm2d 32             [1, 32, 4, 4]           64                 0
downsample.0 Conv2d 16->32 k1x1 s2x2    [1, 32, 4, 4]          512             8,192
downsample.1 BatchNorm2d 32             [1, 32, 4, 4]           64                 0
relu         ReLU                       [1, 32, 4, 4]            0                 0
output [1, 32, 4, 4], 14,528 parameters, 229,376 multiplies
weights 0: the output is the input: True (after the ReLU)
slope through 20 plain layers: 0.1^20 = 1.0e-20
slope through 20 residual ones: 1.1^20 = 6.728
*/
