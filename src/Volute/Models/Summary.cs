using System.Globalization;
using System.Text;
using Volute.Kernels;

namespace Volute;

/// <summary>One layer of a summary.</summary>
/// <param name="Name">Its path in the network.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Output">The shape that it gave.</param>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="Multiplies">As papers count: every tap of every output (of every input for a transposed convolution); no bias, no norms.</param>
/// <param name="UsefulMultiplies">Without those that padding makes products with zero.</param>
public sealed record LayerSummary(string Name, string Kind, Shape Output, long Parameters, long Multiplies, long UsefulMultiplies);

/// <summary>What a network does with an input of one shape: layers, shapes, parameters, multiplications, memory. Nothing is computed.</summary>
/// <param name="Layers">The layers in the order in which they ran.</param>
/// <param name="Output">The network's output.</param>
/// <param name="Parameters">All trainable numbers.</param>
/// <param name="PeakBytes">All tensor memory in use while a forward plan runs.</param>
public sealed record Summary(IReadOnlyList<LayerSummary> Layers, Shape Output, long Parameters, long PeakBytes)
{
    /// <summary>Multiplications of all layers.</summary>
    public long Multiplies => Layers.Sum(l => l.Multiplies);

    /// <summary>Useful multiplications of all layers.</summary>
    public long UsefulMultiplies => Layers.Sum(l => l.UsefulMultiplies);

    /// <summary>The summary of <paramref name="network"/>, in the mode it is in, for an input of <paramref name="input"/>.</summary>
    /// <exception cref="ShapeException">The input does not fit.</exception>
    public static Summary Of(Module network, Shape input)
    {
        ArgumentNullException.ThrowIfNull(network);
        List<LayerSummary> layers = [];
        Tensor output;
        using (LayerTrace.Start((layer, _, y) => layers.Add(Describe(layer, y))))
            output = network.Forward(Tensor.Full(input, 0));
        return new Summary(layers, output.Shape, network.ParameterCount, output.Plan().PeakBytes);
    }

    /// <summary>A table: a row for each layer, then the sums.</summary>
    public override string ToString()
    {
        int name = Width("layer", l => l.Name), kind = Width("kind", l => l.Kind), output = Width("output", l => l.Output.ToString());
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{"layer".PadRight(name)} {"kind".PadRight(kind)} {"output".PadRight(output)} {"parameters",12} {"multiplies",17}\n");
        foreach (LayerSummary layer in Layers)
            text.Append(CultureInfo.InvariantCulture, $"{layer.Name.PadRight(name)} {layer.Kind.PadRight(kind)} {layer.Output.ToString().PadRight(output)} {layer.Parameters,12:N0} {layer.Multiplies,17:N0}\n");
        return text.Append(CultureInfo.InvariantCulture, $"output {Output}, {Parameters:N0} parameters, {Multiplies:N0} multiplies").ToString();
    }

    private int Width(string title, Func<LayerSummary, string> column) => Layers.Select(column).Append(title).Max(text => text.Length);

    private static LayerSummary Describe(Layer layer, Tensor output)
    {
        long multiplies = 0, useful = 0;
        // The layer's own convolution is near its output: look through what the layer put behind it.
        Stack<Node> open = new([output.Node]);
        HashSet<Node> seen = [output.Node];
        while (open.TryPop(out Node? node))
        {
            if (node.Scope != output.Node.Scope)
                continue;
            if (node.Inputs.Length > 0)
            {
                multiplies += node.Operator.Multiplies([.. node.Inputs.Select(i => i.Spec)], node.Spec);
                useful += node.Operator.UsefulMultiplies([.. node.Inputs.Select(i => i.Spec)], node.Spec);
            }
            foreach (Node input in node.Inputs.Where(seen.Add))
                open.Push(input);
        }
        return new LayerSummary(layer.Path, layer.Kind, output.Shape, layer.ParameterCount, multiplies, useful);
    }
}

/// <summary>Tells of every layer that runs on this thread.</summary>
internal sealed class LayerTrace : IDisposable
{
    [ThreadStatic]
    private static Action<Layer, Tensor, Tensor>? s_seen;

    public static LayerTrace Start(Action<Layer, Tensor, Tensor> seen)
    {
        s_seen = seen;
        return new LayerTrace();
    }

    public static void Report(Layer layer, Tensor input, Tensor output) => s_seen?.Invoke(layer, input, output);

    public void Dispose() => s_seen = null;
}
