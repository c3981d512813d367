using Volute.Kernels;

namespace Volute.Tests;

/// <summary>Checks gradients against central differences in float64 with PyTorch's constants: eps 1e-6, atol 1e-5, rtol 1e-3, the full Jacobian.</summary>
internal static class FiniteDifferences
{
    private const double Eps = 1e-6, Atol = 1e-5, Rtol = 1e-3;

    /// <summary>Compares ∂(Σ f·r)/∂inputs, r fixed and random, with differences at every element; fails naming input and element.</summary>
    public static void Check(Func<Tensor[], Tensor> function, params (double[] Values, int[] Shape)[] inputs)
    {
        string? fault = Fault(function, inputs);
        Assert.True(fault is null, fault);
    }

    /// <summary>Compares the gradients of a module's input and of all its parameters; the seed starts anew for each forward, so that dropout repeats.</summary>
    public static void Check(Module module, params (double[] Values, int[] Shape)[] inputs)
    {
        module.To(ElementType.Float64);
        Parameter[] parameters = [.. module.Parameters()];
        (double[], int[])[] weights = [.. parameters.Select((p, i) => Input(100 + i, p.Shape.ToArray()))];
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].Assign(weights[i].Item1);
        Dictionary<Parameter, double[]> statistics = module.State().Where(p => !p.IsTrainable).ToDictionary(p => p, p => p.ToArray<double>());
        string? fault = Fault(t =>
        {
            // Running statistics change with every forward, and are put back.
            foreach (var (parameter, values) in statistics)
                parameter.Assign(values);
            Settings.Seed = 3;
            return module.Forward(t[0]);
        }, [.. inputs.Select(i => Tensor.FromArray(i.Values, i.Shape)), .. parameters], [.. inputs, .. weights]);
        Assert.True(fault is null, $"{module.Kind}: {fault}");
    }

    /// <summary>The first disagreement in words, or null.</summary>
    public static string? Fault(Func<Tensor[], Tensor> function, params (double[] Values, int[] Shape)[] inputs)
        => Fault(function, [.. inputs.Select(i => Tensor.FromArray(i.Values, i.Shape))], inputs);

    private static string? Fault(Func<Tensor[], Tensor> function, Tensor[] tensors, (double[] Values, int[] Shape)[] inputs)
    {
        Random random = new(7);
        double[]? direction = null;
        Tensor Loss(Tensor[] at)
        {
            Tensor y = function(at);
            direction ??= [.. Enumerable.Range(0, (int)y.Shape.Elements).Select(_ => random.NextDouble() * 2 - 1)];
            return (y * Tensor.FromArray(direction, y.Shape)).Sum();
        }

        Tensor[] gradients = Gradient.Of(Loss(tensors), tensors);
        Tensor.Evaluate(gradients);
        for (int input = 0; input < inputs.Length; input++)
        {
            Assert.Equal(inputs[input].Shape, gradients[input].Shape);
            double[] analytic = gradients[input].ToArray<double>();
            for (int i = 0; i < analytic.Length; i++)
            {
                double numeric = (At(input, i, Eps) - At(input, i, -Eps)) / (2 * Eps);
                if (!(Math.Abs(numeric - analytic[i]) <= Atol + Rtol * Math.Abs(numeric)))
                    return $"input {input}, element {i}: the gradient is {analytic[i]}, finite differences give {numeric}";
            }
        }
        return null;

        double At(int input, int element, double step)
        {
            double[] moved = [.. inputs[input].Values];
            moved[element] += step;
            Tensor[] at = [.. tensors];
            if (tensors[input] is not Parameter parameter)
            {
                at[input] = Tensor.FromArray(moved, inputs[input].Shape);
                return Loss(at).Item();
            }
            parameter.Assign(moved);
            double loss = Loss(at).Item();
            parameter.Assign(inputs[input].Values);
            return loss;
        }
    }

    /// <summary>Random values in ±1 that keep a distance from 0 and from each other, so that kinks are not met.</summary>
    public static (double[] Values, int[] Shape) Input(int seed, params int[] shape)
    {
        Random random = new(seed);
        int count = shape.Aggregate(1, (a, b) => a * b);
        double[] values = [.. Enumerable.Range(0, count).Select(i => (i + 0.5 + 0.2 * (random.NextDouble() - 0.5)) / count * 2 - 1)];
        random.Shuffle(values);
        return (values, shape);
    }
}
