using System.Text.Json;
using Xunit.Sdk;

namespace Volute.Tests.Golden;

/// <summary>One case that PyTorch computed; record.py describes the fields and made the files.</summary>
public sealed class GoldenCase : IXunitSerializable
{
    private static readonly Dictionary<string, JsonElement> s_noArguments = [];
    private static readonly Dictionary<string, GoldenTensor> s_noTensors = [];
    private GoldenCaseData _data = new();

    public string Family { get; private set; } = "";

    public int Index { get; private set; }

    public string Kind => _data.Kind;

    public string About => _data.About;

    /// <summary>Newly made at each call: it remembers what was read of it.</summary>
    public GoldenArguments ReadArguments() => new(_data.Arguments);

    /// <summary>Arguments of the forward call. Newly made at each call.</summary>
    public GoldenArguments ReadCall() => new(_data.Call ?? s_noArguments);

    public bool Training => _data.Training;

    public IReadOnlyDictionary<string, GoldenTensor> State => _data.State ?? s_noTensors;

    public IReadOnlyDictionary<string, GoldenTensor> StateGradients => _data.StateGradients ?? s_noTensors;

    public IReadOnlyDictionary<string, GoldenTensor> StateAfter => _data.StateAfter ?? s_noTensors;

    public IReadOnlyDictionary<string, double> Values => _data.Values ?? [];

    public GoldenTensor[] Inputs => _data.Inputs ?? [];

    public GoldenTensor[] Outputs => _data.Outputs ?? [];

    /// <summary>One for each output, null where an output has no gradient; empty where the case records none.</summary>
    public GoldenTensor?[] OutputGradients => _data.OutputGradients ?? [];

    /// <summary>One for each input, null where an input has no gradient; empty where the case records none.</summary>
    public GoldenTensor?[] InputGradients => _data.InputGradients ?? [];

    internal static GoldenCase From(string family, int index, GoldenCaseData data) => new() { Family = family, Index = index, _data = data };

    /// <summary>Fails, naming the case and the worst element, unless the values agree: tolerance is relative to the largest recorded magnitude.</summary>
    public void AssertClose(string what, GoldenTensor expected, ReadOnlySpan<double> actual, ReadOnlySpan<int> shape, double tolerance)
    {
        if (expected.Difference(actual, shape, tolerance) is { } difference)
            Assert.Fail($"{this}: {what} {difference}");
    }

    /// <inheritdoc cref="AssertClose(string, GoldenTensor, ReadOnlySpan{double}, ReadOnlySpan{int}, double)"/>
    public void AssertClose(string what, GoldenTensor expected, ReadOnlySpan<float> actual, ReadOnlySpan<int> shape, double tolerance)
    {
        double[] wide = new double[actual.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = actual[i];
        AssertClose(what, expected, wide, shape, tolerance);
    }

    public override string ToString() =>
        $"{Family} {Index}: {Kind}({new GoldenArguments(_data.Arguments)}) on {string.Join(", ", Inputs.Select(input => $"[{string.Join(", ", input.Shape)}]"))}"
        + (About.Length > 0 ? $", {About}" : "") + (Training ? "" : ", evaluating");

    void IXunitSerializable.Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(Family), Family);
        info.AddValue(nameof(Index), Index);
    }

    void IXunitSerializable.Deserialize(IXunitSerializationInfo info)
    {
        Family = info.GetValue<string>(nameof(Family))!;
        Index = info.GetValue<int>(nameof(Index));
        _data = GoldenFile.Of(Family).Cases[Index]._data;
    }
}

/// <summary>The fields of a case as they stand in the file.</summary>
internal sealed record GoldenCaseData
{
    public string Kind { get; init; } = "";
    public string About { get; init; } = "";
    public Dictionary<string, JsonElement> Arguments { get; init; } = [];
    public Dictionary<string, JsonElement>? Call { get; init; }
    public bool Training { get; init; } = true;
    public Dictionary<string, GoldenTensor>? State { get; init; }
    public GoldenTensor[]? Inputs { get; init; }
    public GoldenTensor[]? Outputs { get; init; }
    public GoldenTensor?[]? OutputGradients { get; init; }
    public GoldenTensor?[]? InputGradients { get; init; }
    public Dictionary<string, GoldenTensor>? StateGradients { get; init; }
    public Dictionary<string, GoldenTensor>? StateAfter { get; init; }
    public Dictionary<string, double>? Values { get; init; }
}
