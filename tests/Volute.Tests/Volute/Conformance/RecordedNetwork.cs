namespace Volute.Tests.Conformance;

/// <summary>A recorded network: children by their recorded names, and the forward that the case describes, for any number of axes.</summary>
internal sealed class RecordedNetwork : Module
{
    private readonly string _kind;
    private readonly Dictionary<string, Module> _layers = [];

    public RecordedNetwork(string kind, string[] layers)
    {
        _kind = kind;
        foreach (string layer in layers)
        {
            string[] parts = layer.Split(": ", 2), names = parts[0].Split('.');
            Module made = Parse(parts[1]);
            if (names.Length == 1)
                _layers[names[0]] = Add(names[0], made);
            else if (_layers.TryGetValue(names[0], out Module? chain))
                ((Sequential)chain).Append(made);
            else
                _layers[names[0]] = Add(names[0], new Sequential(made));
        }
    }

    public override Tensor Forward(Tensor x) => _kind switch
    {
        "UNetBlock" => UNet(x),
        "Residual" => (Run("bn2", Run("conv2", Run("bn1", Run("conv1", x)).Relu())) + Run("downsample", x)).Relu(),
        _ => _layers.Values.Aggregate(x, (y, layer) => layer.Forward(y)),
    };

    private Tensor UNet(Tensor x)
    {
        Tensor skip = Run("down", x).Relu(), deep = Run("up", Run("bottom", Run("pool", skip)).Relu());
        return Run("head", Run("merge", Tensor.Concat([skip.CenterCrop([.. deep.Shape.Skip(2)]), deep], 1)).Relu());
    }

    private Tensor Run(string name, Tensor x) => _layers[name].Forward(x);

    /// <summary>A layer from PyTorch's spelling, for example "Conv2d(3, 4, 1, stride=2, bias=False)".</summary>
    private static Module Parse(string text)
    {
        string[] parts = text.TrimEnd(')').Split('(');
        string[] all = parts[1].Split(", ", StringSplitOptions.RemoveEmptyEntries);
        int[] n = [.. all.Where(a => !a.Contains('=')).Select(int.Parse)];
        Dictionary<string, string> named = all.Where(a => a.Contains('=')).Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[1]);
        int stride = Take("stride", 1), padding = Take("padding", 0), dilation = Take("dilation", 1), groups = Take("groups", 1), factor = Take("scale_factor", 1);
        bool bias = TakeText("bias", "True") == "True", affine = TakeText("affine", "False") == "True";
        string mode = TakeText("mode", "").Trim('\'');
        Assert.Empty(named);
        return parts[0] switch
        {
            "Conv2d" => new Conv2d(n[0], n[1], n[2], stride, padding, dilation, groups, bias),
            "ConvTranspose2d" => new ConvTranspose2d(n[0], n[1], n[2], stride, padding, bias: bias),
            "BatchNorm2d" => new BatchNorm2d(n[0]),
            "InstanceNorm2d" => new InstanceNorm2d(n[0], affine: affine),
            "MaxPool2d" => new MaxPool2d(n[0]),
            "AvgPool2d" => new AvgPool2d(n[0]),
            "Upsample" => new Upsample(factor, mode),
            "ReLU" => new ReLU(),
            "ReLU6" => new ReLU6(),
            "LeakyReLU" => new LeakyReLU(),
            "Flatten" => new Flatten(),
            "Linear" => new Linear(n[0], n[1]),
            _ => throw new ArgumentOutOfRangeException(nameof(text), text, "no such layer"),
        };

        int Take(string name, int otherwise) => named.Remove(name, out string? value) ? int.Parse(value) : otherwise;
        string TakeText(string name, string otherwise) => named.Remove(name, out string? value) ? value : otherwise;
    }
}
