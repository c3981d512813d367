// A residual block learns what to add to its input: y = x + f(x). The shortcut keeps signals and gradients alive in deep networks.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
var block = new Residual(new Sequential(
    new Conv2d(16, 16, 3, padding: 1, bias: false), new BatchNorm2d(16), new ReLU(),
    new Conv2d(16, 16, 3, padding: 1, bias: false), new BatchNorm2d(16)));
Tensor x = Tensor.Normal([1, 16, 8, 8]).Evaluate();
Console.WriteLine($"{x.Shape} -> {block.Forward(x).Shape}, {block.ParameterCount:N0} parameters");

// Where channels or sizes change, a 1x1 convolution with the same stride makes the shortcut fit.
var smaller = new Residual(
    new Sequential(new Conv2d(16, 32, 3, stride: 2, padding: 1), new ReLU(), new Conv2d(32, 32, 3, padding: 1)),
    shortcut: new Conv2d(16, 32, 1, stride: 2));
Console.WriteLine($"{x.Shape} -> {smaller.Forward(x).Shape}, the shortcut has {16 * 32 + 32} of {smaller.ParameterCount:N0} parameters");

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

// A module of one's own: children by name, and a forward.
class Residual : Module
{
    private readonly Module _body, _shortcut;

    public Residual(Module body, Module? shortcut = null)
        => (_body, _shortcut) = (Add("body", body), Add("shortcut", shortcut ?? new Identity()));

    public override Tensor Forward(Tensor x) => (_shortcut.Forward(x) + _body.Forward(x)).Relu();
}

/* Prints
[1, 16, 8, 8] -> [1, 16, 8, 8], 4,672 parameters
[1, 16, 8, 8] -> [1, 32, 4, 4], the shortcut has 544 of 14,432 parameters
weights 0: the output is the input: True (after the ReLU)
slope through 20 plain layers: 0.1^20 = 1.0e-20
slope through 20 residual ones: 1.1^20 = 6.728
*/
