using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

/// <summary>What a recorded case is compared with: a function of the inputs, and the module that holds its state, if it has one.</summary>
internal sealed record Subject(Func<Tensor[], Tensor[]> Forward, Module? Module = null)
{
    public static implicit operator Subject(Module module) => new(inputs => [module.Forward(inputs[0])], module);

    public static Subject Of(Func<Tensor, Tensor> function) => new(inputs => [function(inputs[0])]);

    public static Subject Of(Func<Tensor, Tensor, Tensor> function) => new(inputs => [function(inputs[0], inputs[1])]);
}

/// <summary>How near the results must come, relative to the largest recorded magnitude.</summary>
/// <param name="Value">Outputs and state.</param>
/// <param name="Gradient">Gradients, which add more numbers.</param>
internal readonly record struct Tolerance(double Value, double Gradient)
{
    public static implicit operator Tolerance(double both) => new(both, both);
}

/// <summary>Runs a recorded case and compares everything that was recorded: state names and shapes, outputs, all gradients, the state afterwards.</summary>
internal static class Recorded
{
    /// <summary>Compares a case in <paramref name="type"/>: in float64 outputs and gradients are asked for one after another, in float32 in one plan.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="tolerance">How near.</param>
    /// <param name="build">The subject from the arguments of construction and of the call.</param>
    /// <param name="inputGradients">The gradients of the inputs, where the recorded ones are not what we want.</param>
    public static void Check(GoldenCase golden, ElementType type, Tolerance tolerance, Func<GoldenArguments, GoldenArguments, Subject> build,
        GoldenTensor?[]? inputGradients = null)
    {
        inputGradients ??= golden.InputGradients;
        GoldenArguments arguments = golden.ReadArguments(), call = golden.ReadCall();
        Subject subject = build(arguments, call);
        Tensor[] inputs = [.. golden.Inputs.Select(input => ToTensor(input, type))];
        Parameter[] state = Assigned(golden, subject.Module, type);
        Tensor[] outputs = subject.Forward(inputs);
        arguments.AssertAllRead();
        call.AssertAllRead();
        Assert.Equal(golden.Outputs.Length, outputs.Length);

        Parameter[] trained = [.. state.Where(p => golden.StateGradients.ContainsKey(p.Name))];
        Tensor[] gradients = Gradients(golden, outputs, [.. inputs, .. trained], type);
        if (type == ElementType.Float32)
            Tensor.Evaluate([.. outputs, .. gradients]);
        for (int i = 0; i < outputs.Length; i++)
            AssertClose(golden, $"{type.Name()} output {i}", golden.Outputs[i], outputs[i], tolerance.Value);
        for (int i = 0; i < inputGradients.Length; i++)
        {
            if (inputGradients[i] is { } expected)
                AssertClose(golden, $"{type.Name()} gradient of input {i}", expected, gradients[i], tolerance.Gradient);
        }
        for (int i = 0; i < trained.Length; i++)
            AssertClose(golden, $"{type.Name()} gradient of {trained[i].Name}", golden.StateGradients[trained[i].Name], gradients[inputs.Length + i], tolerance.Gradient);
        foreach (Parameter parameter in state)
            AssertClose(golden, $"{type.Name()} {parameter.Name} afterwards", After(golden, parameter.Name), parameter, tolerance.Value);
    }

    /// <summary>Fails unless the tensor has the recorded shape and values.</summary>
    public static void AssertClose(GoldenCase golden, string what, GoldenTensor expected, Tensor actual, double tolerance)
        => golden.AssertClose(what, expected, actual.ToArray<double>(), actual.Shape.AsSpan(), tolerance);

    /// <summary>The recorded values in the given type; whole numbers as int32.</summary>
    public static Tensor ToTensor(GoldenTensor recorded, ElementType type)
        => !recorded.IsReal ? Tensor.FromArray(recorded.Integers, recorded.Shape)
            : type == ElementType.Float64 ? Tensor.FromArray(recorded.Data, recorded.Shape)
            : Tensor.FromArray(recorded.Floats, recorded.Shape);

    /// <summary>The module's state, which must have PyTorch's names in PyTorch's order, filled with the recorded values.</summary>
    public static Parameter[] Assigned(GoldenCase golden, Module? module, ElementType type)
    {
        Parameter[] state = module is null ? [] : [.. module.To(type).Train(golden.Training).State()];
        Assert.Equal(golden.State.Keys, state.Select(p => p.Name));
        foreach (Parameter parameter in state)
        {
            GoldenTensor recorded = golden.State[parameter.Name];
            Assert.Equal(recorded.Shape, parameter.Shape);
            Assert.Equal(golden.StateGradients.Count == 0 || golden.StateGradients.ContainsKey(parameter.Name), parameter.IsTrainable || golden.StateGradients.Count == 0);
            parameter.Assign(recorded.Data);
        }
        return state;
    }

    /// <summary>A list of numbers as modules take it, or null where the argument was not given.</summary>
    public static PerAxis? Each(this GoldenArguments arguments, string name, int axes) => arguments.Ints(name, axes) is { } values ? (PerAxis?)(PerAxis)values : null;

    private static GoldenTensor After(GoldenCase golden, string name)
        => (golden.StateAfter.TryGetValue(name, out GoldenTensor? after) ? after : golden.State[name]) with { Type = "float64" };

    private static Tensor[] Gradients(GoldenCase golden, Tensor[] outputs, Tensor[] wanted, ElementType type)
    {
        Tensor[] sums = [];
        for (int i = 0; i < golden.OutputGradients.Length; i++)
        {
            if (golden.OutputGradients[i] is not { } slope)
                continue;
            Tensor[] shares = Gradient.Of(outputs[i], ToTensor(slope, type), wanted);
            sums = sums.Length == 0 ? shares : [.. sums.Zip(shares, (a, b) => a + b)];
        }
        return sums;
    }
}
