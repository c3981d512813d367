namespace Volute;

/// <summary>Gradients as a transformation of the graph: each operator writes its own with other operators, so gradients have gradients.</summary>
public static class Gradient
{
    /// <summary>∂loss/∂t for each of <paramref name="tensors"/>, with its shape; zeros where the loss does not depend on it.</summary>
    /// <param name="loss">One number, shape [].</param>
    /// <param name="tensors">Parameters, inputs or anything between.</param>
    /// <exception cref="ShapeException">The loss is not one number.</exception>
    public static Tensor[] Of(Tensor loss, IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(tensors);
        if (loss.Shape.Elements != 1)
            throw SourceLine.Error($"Gradient.Of needs a loss of one number, got shape {loss.Shape}; reduce it with Mean() or Sum()");
        return Of(loss, Tensor.Full(loss.Shape, 1, loss.Type), tensors);
    }

    /// <summary>Σ gradient·∂output/∂t for each of <paramref name="tensors"/>: the chain rule started from a given <paramref name="gradient"/> of <paramref name="output"/>.</summary>
    /// <exception cref="ShapeException">The gradient's shape is not the output's.</exception>
    public static Tensor[] Of(Tensor output, Tensor gradient, IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tensors);
        if (gradient.Shape != output.Shape)
            throw SourceLine.Error($"Gradient.Of: the gradient has shape {gradient.Shape}, the output {output.Shape}; they must be equal");

        var (order, onPath) = Between(output.Node, tensors);
        Dictionary<Node, Tensor> gradients = new() { [output.Node] = gradient };
        // Creation order is a topological order: from the output down every consumer comes before what it consumed.
        for (int i = order.Count - 1; i >= 0; i--)
        {
            Node node = order[i];
            if (!gradients.TryGetValue(node, out Tensor? flowing))
                continue;
            using var scope = Scope.Enter(node.Scope);
            Application application = new(node);
            // The last input first: a convolution's weight gradient is the last reader of its activation, whose place the gradient of the map can then take.
            for (int input = node.Inputs.Length - 1; input >= 0; input--)
            {
                Node source = node.Inputs[input];
                if (!onPath.Contains(source) || node.Operator.Gradient(input, application, flowing) is not { } share)
                    continue;
                gradients[source] = gradients.TryGetValue(source, out Tensor? sum) ? sum + share : share;
            }
        }
        return [.. tensors.Select(t => gradients.TryGetValue(t.Node, out Tensor? g) ? g : Tensor.Full(t.Shape, 0, t.Type))];
    }

    /// <summary>The nodes from which the output can be reached and which reach a wanted one, in creation order; without recursion, however deep the graph.</summary>
    /// <exception cref="VoluteException">The output was built from what one of the wanted parameters was before it changed.</exception>
    private static (List<Node> Order, HashSet<Node> All) Between(Node output, IReadOnlyList<Tensor> tensors)
    {
        HashSet<Node> seen = [output], leads = [];
        List<Node> reached = [output];
        for (int i = 0; i < reached.Count; i++)
        {
            foreach (Node input in reached[i].Inputs)
            {
                if (seen.Add(input))
                    reached.Add(input);
            }
        }
        HashSet<Parameter> parameters = [];
        foreach (Tensor tensor in tensors)
        {
            leads.Add(tensor.Node);
            if (tensor is Parameter parameter)
                parameters.Add(parameter);
        }
        foreach (Node node in reached)
        {
            // The old value of a parameter is another node: without this its gradient would silently be zero.
            if (node.Parameter is { } parameter && parameters.Contains(parameter))
                node.CheckCurrent();
        }
        reached.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        reached.RemoveAll(node => !leads.Contains(node) && !Leads(node, leads));
        return (reached, leads);
    }

    /// <summary>Whether a node reads one that leads to a wanted one; then it leads there too.</summary>
    private static bool Leads(Node node, HashSet<Node> leads)
    {
        foreach (Node input in node.Inputs)
        {
            if (leads.Contains(input))
                return leads.Add(node);
        }
        return false;
    }
}
