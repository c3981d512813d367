// A step up in a U-Net: a coarse map is doubled, joined with the fine map of the way down (the skip connection), and convolved twice.
#:project ../src/Volute/Volute.csproj
using Volute;

Settings.Seed = 1;
Tensor coarse = Tensor.Normal([1, 64, 32, 32]), fine = Tensor.Normal([1, 32, 64, 64]);

var doubling = new ConvTranspose2d(64, 32, kernelSize: 2, stride: 2);
var block = new Sequential(
    new Conv2d(64, 32, 3, padding: 1), new ReLU(),
    new Conv2d(32, 32, 3, padding: 1), new ReLU());

Tensor doubled = doubling.Forward(coarse);
Tensor joined = Tensor.Concat([fine, doubled], axis: 1);
Tensor y = block.Forward(joined);
Console.WriteLine($"coarse {coarse.Shape}, doubled {doubled.Shape}");
Console.WriteLine($"joined with {fine.Shape}: {joined.Shape}");
Console.WriteLine($"result {y.Shape}");
Console.WriteLine($"{doubling.ParameterCount:N0} + {block.ParameterCount:N0} parameters");

// The library has all of it as a module.
var up = new UpBlock(inChannels: 64, skipChannels: 32, outChannels: 32);
Console.WriteLine($"UpBlock: {up.Forward(coarse, fine).Shape}, {up.ParameterCount:N0} parameters");

// Without padding the fine map is larger than the doubled one: its middle is cut out, as in the paper of 2015.
Tensor large = Tensor.Normal([1, 32, 72, 72]);
Console.WriteLine($"cropped {large.Shape} -> {large.CenterCrop(64, 64).Shape}");

// A whole U-Net is such steps. Where do its shapes go?
var unet = new UNet(new UNetOptions(BaseWidth: 32, Levels: 3, Padded: true));
foreach (LayerSummary layer in Summary.Of(unet, [1, 1, 64, 64]).Layers.Where(layer => layer.Parameters > 0))
    Console.WriteLine($"{layer.Name,-9} {layer.Kind,-33} {layer.Output}");

// What the skip is for: the fine map reaches the result pixel by pixel, without having been through the bottom.
Tensor bump = Tensor.Full([1, 1, 1, 1], 1).Pad(2, 31, 32).Pad(3, 31, 32);
Tensor change = (block.Forward(Tensor.Concat([fine + bump, doubled], axis: 1)) - y).Abs().Max([0, 1]);
Console.WriteLine($"one pixel of the fine map changes {change.ToArray().Count(v => v > 1e-5)} pixels of the result: 5x5, by two convolutions");

/* Prints
coarse [1, 64, 32, 32], doubled [1, 32, 64, 64]
joined with [1, 32, 64, 64]: [1, 64, 64, 64]
result [1, 32, 64, 64]
8,224 + 27,712 parameters
UpBlock: [1, 32, 64, 64], 35,936 parameters
cropped [1, 32, 72, 72] -> [1, 32, 64, 64]
down0.0   Conv2d 1->32 k3x3 p1              [1, 32, 64, 64]
down0.2   Conv2d 32->32 k3x3 p1             [1, 32, 64, 64]
down1.0   Conv2d 32->64 k3x3 p1             [1, 64, 32, 32]
down1.2   Conv2d 64->64 k3x3 p1             [1, 64, 32, 32]
down2.0   Conv2d 64->128 k3x3 p1            [1, 128, 16, 16]
down2.2   Conv2d 128->128 k3x3 p1           [1, 128, 16, 16]
enlarge1  ConvTranspose2d 128->64 k2x2 s2x2 [1, 64, 32, 32]
up1.0     Conv2d 128->64 k3x3 p1            [1, 64, 32, 32]
up1.2     Conv2d 64->64 k3x3 p1             [1, 64, 32, 32]
enlarge0  ConvTranspose2d 64->32 k2x2 s2x2  [1, 32, 64, 64]
up0.0     Conv2d 64->32 k3x3 p1             [1, 32, 64, 64]
up0.2     Conv2d 32->32 k3x3 p1             [1, 32, 64, 64]
head      Conv2d 32->2 k1x1                 [1, 2, 64, 64]
one pixel of the fine map changes 25 pixels of the result: 5x5, by two convolutions
*/
