using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class LossConformanceTests
{
    [Theory, Golden("loss")]
    public void Losses_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (a, _) => Build(golden, a, ElementType.Float64), Slopes(golden));

    [Theory, Golden("loss")]
    public void Losses_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 2e-6, (a, _) => Build(golden, a, ElementType.Float32), Slopes(golden));

    /// <summary>With β = 0 PyTorch's SmoothL1Loss has slope −1 at difference 0, its L1Loss has 0. Ours is the L1 loss, with its slope.</summary>
    private static GoldenTensor?[]? Slopes(GoldenCase golden)
    {
        if (golden.Kind != "SmoothL1Loss" || golden.ReadArguments().Double("beta", 1) != 0)
            return null;
        bool[] equal = [.. golden.Inputs[0].Data.Zip(golden.Inputs[1].Data, (x, t) => x == t)];
        Assert.Contains(true, equal);
        return [.. golden.InputGradients.Select(g => g is null ? null : g with { Data = [.. g.Data.Select((slope, i) => equal[i] ? 0 : slope)] })];
    }

    private static Subject Build(GoldenCase golden, GoldenArguments a, ElementType type)
    {
        Reduction reduction = a.Text("reduction", golden.Kind == "SigmoidFocalLoss" ? "none" : "mean") switch
        {
            "none" => Reduction.None,
            "sum" => Reduction.Sum,
            _ => Reduction.Mean,
        };
        Tensor? weight = Optional("weight"), positive = Optional("posWeight");
        int ignore = a.Int("ignoreIndex", -100);
        double alpha = a.Double("alpha", 0.25);
        switch (golden.Kind)
        {
            case "CrossEntropyLoss":
                double smoothing = a.Double("labelSmoothing", 0);
                return Subject.Of((x, t) => Loss.CrossEntropy(x, t, weight, ignore, smoothing, reduction: reduction));
            case "WeightMapCrossEntropy": return new(x => [Loss.CrossEntropy(x[0], x[1], pixelWeights: x[2])]);
            case "NLLLoss": return Subject.Of((x, t) => Loss.NegativeLogLikelihood(x, t, weight, ignore, reduction));
            case "BCEWithLogitsLoss": return Subject.Of((x, t) => Loss.BinaryCrossEntropyWithLogits(x, t, weight, positive, reduction));
            case "BCELoss": return Subject.Of((x, t) => Loss.BinaryCrossEntropy(x, t, weight, reduction));
            case "MSELoss": return Subject.Of((x, t) => Loss.MeanSquaredError(x, t, reduction));
            case "L1Loss": return Subject.Of((x, t) => Loss.L1(x, t, reduction));
            case "SmoothL1Loss":
                double bound = a.Double("beta", 1);
                return Subject.Of((x, t) => Loss.SmoothL1(x, t, bound, reduction));
            case "HuberLoss":
                double delta = a.Double("delta", 1);
                return Subject.Of((x, t) => Loss.Huber(x, t, delta, reduction));
            case "SigmoidFocalLoss":
                double gamma = a.Double("gamma", 2);
                return Subject.Of((x, t) => Loss.Focal(x, t, alpha, gamma, reduction));
        }
        Probabilities probabilities = a.Text("activation", "") == "softmax" ? Probabilities.Softmax : Probabilities.Sigmoid;
        double smooth = a.Double("smooth", 1e-5), beta = a.Double("beta", 0.5);
        bool background = a.Bool("includeBackground", true), batch = a.Bool("batch", false);
        return golden.Kind switch
        {
            "DiceLoss" => Subject.Of((x, t) => Loss.Dice(x, t, probabilities, smooth, background, batch)),
            "TverskyLoss" => Subject.Of((x, t) => Loss.Tversky(x, t, alpha, beta, probabilities, smooth)),
            _ => throw new ArgumentOutOfRangeException(nameof(golden), golden.Kind, "no such loss"),
        };

        Tensor? Optional(string name) => a.Tensor(name) is { } values ? Recorded.ToTensor(values, type) : null;
    }
}
