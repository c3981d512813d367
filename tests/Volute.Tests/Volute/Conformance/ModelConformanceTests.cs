using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

/// <summary>Networks too large to record: state and input by the formula of golden/families/models.py, the scores recorded.</summary>
public class ModelConformanceTests
{
    [Theory, Golden("models", "ResNet18", "MobileNetV2")]
    public void Scores_agree_in_float32(GoldenCase golden) => Check(golden, 2e-5);

    /// <summary>Compares the scores of a model, turned into a network of volumes where the case has a form for it.</summary>
    internal static void Check(GoldenCase golden, double tolerance)
    {
        GoldenArguments arguments = golden.ReadArguments();
        int classes = arguments.Int("classes", 0);
        Shape shape = arguments.Ints("inputShape", 4)!;
        string form = arguments.Text("form", "");
        arguments.AssertAllRead();
        Module network = golden.Kind == "ResNet18" ? new ResNet18(classes) : new MobileNetV2(classes);
        IReadOnlyList<Parameter> state = network.Eval().State();
        for (int t = 0; t < state.Count; t++)
            state[t].Assign(Made(t, state[t]));
        if (form.Length > 0)
            network.ToVolumes(Enum.Parse<VolumeForm>(form));
        Tensor scores = network.Forward(Tensor.FromArray(Array.ConvertAll(Values(-1, shape.Elements), v => (float)v), shape));
        Recorded.AssertClose(golden, "scores", golden.Outputs[0], scores, tolerance);
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
