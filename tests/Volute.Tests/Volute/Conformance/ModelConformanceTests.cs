using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

/// <summary>Networks too large to record: state and input by the formula of golden/families/models.py, the scores recorded.</summary>
public class ModelConformanceTests
{
    [Theory, Golden("models")]
    public void Scores_agree_in_float32(GoldenCase golden) => Check(golden, 2e-5);

    /// <summary>Compares the scores of a model, turned into a network of volumes where the case has a form for it.</summary>
    internal static void Check(GoldenCase golden, double tolerance)
    {
        GoldenArguments arguments = golden.ReadArguments();
        Shape shape = arguments.Ints("inputShape", 4)!;
        string form = arguments.Text("form", "");
        Module network = Make(golden.Kind, arguments);
        arguments.AssertAllRead();
        IReadOnlyList<Parameter> state = network.Eval().State();
        for (int t = 0; t < state.Count; t++)
            state[t].Assign(Made(t, state[t]));
        if (form.Length > 0)
            network.ToVolumes(Enum.Parse<VolumeForm>(form));
        Tensor x = Tensor.FromArray(Array.ConvertAll(Values(-1, shape.Elements), v => (float)v), shape);
        IReadOnlyList<Tensor> scores = network is ResNetSegmenter segmenter ? segmenter.Outputs(x) : [network.Forward(x)];
        Assert.Equal(golden.Outputs.Length, scores.Count);
        for (int i = 0; i < scores.Count; i++)
            Recorded.AssertClose(golden, $"scores {i}", golden.Outputs[i], scores[i], tolerance);
    }

    private static Module Make(string kind, GoldenArguments a)
    {
        int classes = a.Int("classes", 0), channels = a.Int("channels", 0), width = a.Int("width", 64), hidden = a.Int("hidden", 0), depth = a.Int("depth", 0);
        bool auxiliary = a.Bool("auxiliary", false);
        return kind switch
        {
            "AlexNet" => new AlexNet(classes, form: Enum.Parse<AlexNetForm>(a.Text("variant", "")), hidden: hidden),
            "Autoencoder" => new Autoencoder(channels, width, a.Int("levels", 0)),
            "C3D" => new C3D(classes, hidden: hidden),
            "CifarResNet" => new CifarResNet(depth, classes),
            "DcganDiscriminator" => new DcganDiscriminator(channels, a.Int("last", 0) << a.Int("halvings", 0), width),
            "DcganGenerator" => new DcganGenerator(100, channels, a.Int("first", 0) << a.Int("doublings", 0), width),
            "DeepLabV3" => new DeepLabV3(classes, 3, auxiliary, width),
            "FCN" => new FCN(classes, 3, auxiliary, width),
            "GoogLeNet" => new GoogLeNet(classes),
            "LeNet5Original" => new LeNet5Original(1, classes),
            "M5" => new M5(classes, 1, width),
            "MobileNetV1" => new MobileNetV1(classes, 3, a.Double("multiplier", 0)),
            "MobileNetV2" => new MobileNetV2(classes),
            "NiN" => new NiN(classes),
            "ResNet18" => new ResNet18(classes),
            "ResNet34" => new ResNet34(classes, 3, width),
            "ResNet50" => new ResNet50(classes, 3, a.Bool("strideFirst", false), width),
            "ResNet101" => new ResNet101(classes, 3, false, width),
            "ResNet152" => new ResNet152(classes, 3, false, width),
            "ShuffleNet" => new ShuffleNet(classes, 3, a.Int("groups", 0)),
            "VGG" when depth == 11 => new VGG11(classes, hidden: hidden),
            "VGG" when depth == 16 => new VGG16(classes, batchNorm: a.Bool("batchNorm", false), hidden: hidden),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such model"),
        };
    }

    private static double[] Values(int t, long count)
    {
        double[] values = new double[count];
        for (uint i = 0; i < count; i++)
            values[i] = unchecked((i + 1) * 2654435761u + (uint)(t + 1) * 40503u * 65537u) / 65536 / 65536.0 - 0.5;
        return values;
    }

    private static double[] Made(int t, Parameter parameter)
    {
        Shape shape = parameter.Shape;
        string last = parameter.Name.Split('.')[^1];
        (double scale, double shift) = last switch
        {
            "num_batches_tracked" => (0, 0),
            "running_var" => (1, 1),
            "running_mean" or "bias" => (0.25, 0),
            _ when shape.Rank > 1 => (Math.Sqrt(24.0 * shape[0] / shape.Elements), 0),
            _ => (0.5, 1),
        };
        return Array.ConvertAll(Values(t, shape.Elements), v => scale * v + shift);
    }
}
