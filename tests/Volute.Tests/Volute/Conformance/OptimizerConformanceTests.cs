using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class OptimizerConformanceTests
{
    [Theory, Golden("optimizers", "SGD", "Adam", "AdamW", "RMSprop")]
    public void Optimizers_agree_in_float64(GoldenCase golden) => Walk(golden, ElementType.Float64, 1e-13);

    // Five steps; an almost vanishing second moment magnifies roundings of the gradient.
    [Theory, Golden("optimizers", "SGD", "Adam", "AdamW", "RMSprop")]
    public void Optimizers_agree_in_float32(GoldenCase golden) => Walk(golden, ElementType.Float32, 2e-6);

    [Theory, Golden("optimizers", "clip_grad_norm_", "clip_grad_value_")]
    public void Clipping_agrees_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-14, (a, _) => BuildClipping(golden, a));

    [Theory, Golden("optimizers", "clip_grad_norm_", "clip_grad_value_")]
    public void Clipping_agrees_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-6, (a, _) => BuildClipping(golden, a));

    [Theory, Golden("optimizers", "StepLR", "MultiStepLR", "ExponentialLR", "CosineAnnealingLR", "PolynomialLR", "OneCycleLR", "LinearLR", "CosineAnnealingWarmRestarts")]
    public void Schedules_agree(GoldenCase golden)
    {
        GoldenArguments arguments = golden.ReadArguments();
        double rate = arguments.Double("lr", 0);
        Schedule schedule = BuildSchedule(golden.Kind, arguments);
        arguments.AssertAllRead();
        double[] rates = [.. Enumerable.Range(0, golden.Outputs[0].Data.Length).Select(step => schedule.Rate(step, rate))];
        // PyTorch multiplies from step to step, so its values carry some roundings.
        golden.AssertClose("rate", golden.Outputs[0], rates, golden.Outputs[0].Shape, 1e-14);
    }

    private static void Walk(GoldenCase golden, ElementType type, double tolerance)
    {
        GoldenArguments arguments = golden.ReadArguments();
        Parameter[] parameters = [.. golden.State.Values.Select(recorded =>
        {
            Parameter parameter = new(recorded.Shape, 0, type: type);
            parameter.Assign(recorded.Data);
            return parameter;
        })];
        Optimizer optimizer = Build(golden.Kind, arguments, parameters);
        arguments.AssertAllRead();
        Tensor[] gradients = [.. golden.Inputs.Select(input => Recorded.ToTensor(input, type))];
        List<Tensor>[] after = [.. parameters.Select(_ => new List<Tensor>())];
        for (int step = 0; step < golden.Inputs[0].Shape[0]; step++)
        {
            optimizer.Step([.. gradients.Select(g => g.Slice(0, step, 1).Squeeze(0))]);
            for (int i = 0; i < parameters.Length; i++)
                after[i].Add(Tensor.FromArray(parameters[i].ToArray<double>(), parameters[i].Shape));
        }
        for (int i = 0; i < parameters.Length; i++)
            Recorded.AssertClose(golden, $"{type.Name()} parameter {i}", golden.Outputs[i], Tensor.Stack(after[i], 0), tolerance);
    }

    private static Optimizer Build(string kind, GoldenArguments a, Parameter[] parameters)
    {
        double decay = a.Double("weightDecay", kind == "AdamW" ? 1e-2 : 0), momentum = a.Double("momentum", 0);
        if (kind == "SGD")
            return new SGD(parameters, a.Double("lr", 0), momentum, a.Double("dampening", 0), decay, a.Bool("nesterov", false));
        double eps = a.Double("eps", 1e-8);
        if (kind == "RMSprop")
            return new RMSprop(parameters, a.Double("lr", 1e-2), a.Double("alpha", 0.99), eps, decay, momentum, a.Bool("centered", false));
        double[] betas = a.Doubles("betas", 2) ?? [0.9, 0.999];
        return kind == "Adam" ? new Adam(parameters, a.Double("lr", 1e-3), betas[0], betas[1], eps, decay, a.Bool("amsgrad", false))
            : new AdamW(parameters, a.Double("lr", 1e-3), betas[0], betas[1], eps, decay, a.Bool("amsgrad", false));
    }

    private static Subject BuildClipping(GoldenCase golden, GoldenArguments a)
    {
        if (golden.Kind == "clip_grad_value_")
        {
            double limit = a.Double("clipValue", 0);
            return new(x => [.. Clipping.ByValue(x, limit)]);
        }
        double norm = a.Double("maxNorm", 0), order = a.Double("normType", 2);
        return new(x => [Clipping.Norm(x, order), .. Clipping.ByNorm(x, norm, order)]);
    }

    private static Schedule BuildSchedule(string kind, GoldenArguments a)
    {
        int total = a.Int("totalIters", 5);
        return kind switch
        {
            "StepLR" => Schedule.Step(a.Int("stepSize", 0), a.Double("gamma", 0.1)),
            "MultiStepLR" => Schedule.MultiStep(a.Ints("milestones", 1)!, a.Double("gamma", 0.1)),
            "ExponentialLR" => Schedule.Exponential(a.Double("gamma", 0)),
            "CosineAnnealingLR" => Schedule.Cosine(a.Int("TMax", 0), a.Double("etaMin", 0)),
            "CosineAnnealingWarmRestarts" => Schedule.CosineRestarts(a.Int("T0", 0), a.Int("TMult", 1), a.Double("etaMin", 0)),
            "PolynomialLR" => Schedule.Polynomial(total, a.Double("power", 1)),
            "LinearLR" => Schedule.Linear(a.Double("startFactor", 1.0 / 3), a.Double("endFactor", 1), total),
            "OneCycleLR" => Schedule.OneCycle(a.Double("maxLr", 0), a.Int("totalSteps", 0), a.Double("pctStart", 0.3), a.Double("divFactor", 25), a.Double("finalDivFactor", 1e4),
                a.Text("annealStrategy", "cos") == "linear", a.Bool("threePhase", false)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such schedule"),
        };
    }
}
