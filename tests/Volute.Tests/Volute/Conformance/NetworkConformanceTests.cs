using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class NetworkConformanceTests
{
    [Theory, Golden("networks", "Sequential", "UNetBlock", "Residual")]
    public void Networks_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-13, (a, _) => new Recording(golden.Kind, a.Texts("layers")));

    // Batch norms over few values magnify roundings of what comes before them.
    [Theory, Golden("networks", "Sequential", "UNetBlock", "Residual")]
    public void Networks_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, new(1e-5, 5e-5), (a, _) => new Recording(golden.Kind, a.Texts("layers")));

    [Theory, Golden("networks", "Training")]
    public void Ten_steps_of_training_agree_in_float64(GoldenCase golden) => Train(golden, ElementType.Float64, 1e-13);

    [Theory, Golden("networks", "Training")]
    public void Ten_steps_of_training_agree_in_float32(GoldenCase golden) => Train(golden, ElementType.Float32, 1e-5);

    private static void Train(GoldenCase golden, ElementType type, double tolerance)
    {
        GoldenArguments arguments = golden.ReadArguments();
        Recording network = new(golden.Kind, arguments.Texts("layers"));
        Parameter[] state = Recorded.Assigned(golden, network, type);
        SGD optimizer = new(network.Parameters(), arguments.Double("lr", 0), arguments.Double("momentum", 0));
        Tensor images = Recorded.ToTensor(golden.Inputs[0], type), labels = Recorded.ToTensor(golden.Inputs[1], type);
        double[] losses = new double[arguments.Int("steps", 0)];
        arguments.AssertAllRead();
        for (int step = 0; step < losses.Length; step++)
        {
            Tensor loss = Loss.CrossEntropy(network.Forward(images), labels);
            optimizer.Step(loss);
            losses[step] = loss.Item();
        }
        golden.AssertClose($"{type.Name()} losses", golden.Outputs[0], losses, golden.Outputs[0].Shape, tolerance);
        foreach (Parameter parameter in state)
            Recorded.AssertClose(golden, $"{type.Name()} {parameter.Name} afterwards", golden.StateAfter[parameter.Name], parameter, tolerance);
    }

    /// <summary>The recorded network: children by their recorded names, and the forward that the case describes.</summary>
    private sealed class Recording : Module
    {
        private readonly string _kind;
        private readonly Dictionary<string, Module> _layers = [];

        public Recording(string kind, string[] layers)
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
            return Run("head", Run("merge", Tensor.Concat([skip.CenterCrop(deep.Shape[2], deep.Shape[3]), deep], 1)).Relu());
        }

        private Tensor Run(string name, Tensor x) => _layers[name].Forward(x);

        /// <summary>A layer from PyTorch's spelling, for example "Conv2d(3, 4, 1, stride=2, bias=False)".</summary>
        private static Module Parse(string text)
        {
            string[] parts = text.TrimEnd(')').Split('(');
            string[] all = parts[1].Split(", ", StringSplitOptions.RemoveEmptyEntries);
            int[] n = [.. all.Where(a => !a.Contains('=')).Select(int.Parse)];
            Dictionary<string, string> named = all.Where(a => a.Contains('=')).Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[1]);
            int stride = Take("stride", 1), padding = Take("padding", 0);
            bool bias = !named.Remove("bias", out string? given) || given == "True";
            Assert.Empty(named);
            return parts[0] switch
            {
                "Conv2d" => new Conv2d(n[0], n[1], n[2], stride, padding, bias: bias),
                "ConvTranspose2d" => new ConvTranspose2d(n[0], n[1], n[2], stride, padding, bias: bias),
                "BatchNorm2d" => new BatchNorm2d(n[0]),
                "MaxPool2d" => new MaxPool2d(n[0]),
                "ReLU" => new ReLU(),
                "Flatten" => new Flatten(),
                "Linear" => new Linear(n[0], n[1]),
                _ => throw new ArgumentOutOfRangeException(nameof(text), text, "no such layer"),
            };

            int Take(string name, int otherwise) => named.Remove(name, out string? value) ? int.Parse(value) : otherwise;
        }
    }
}
