using Volute.Kernels;

namespace Volute.Tests;

public class NamedNetworkTests
{
    /// <summary>Positions of an axis: small enough to be computed, large enough for every network that is.</summary>
    private const int Small = 32;

    /// <summary>Tens of millions of parameters: looked at without being computed.</summary>
    private static readonly string[] s_large = ["unet", "alexnet", "vgg16", "resnet34", "resnet50", "resnet101", "c3d", "deeplabv3", "fcn"];

    public static TheoryData<string> Names => [.. NamedNetwork.All.Select(n => n.Name)];

    public static TheoryData<string> OfAnyOutputs => [.. NamedNetwork.All.Where(n => n.Task != NetworkTask.Reconstruction).Select(n => n.Name)];

    public static TheoryData<string> Computed => [.. NamedNetwork.All.Select(n => n.Name).Except(s_large)];

    [Fact]
    public void Names_are_unique_lower_case_and_found()
    {
        Assert.Equal(NamedNetwork.All.Count, NamedNetwork.All.Select(n => n.Name).Distinct().Count());
        Assert.All(NamedNetwork.All, n => Assert.Matches("^[a-z][a-z0-9-]*$", n.Name));
        Assert.All(NamedNetwork.All, n => Assert.Same(n, NamedNetwork.Find(n.Name)));
        Assert.Null(NamedNetwork.Find("ResNet18"));
        Assert.Equal(string.Join(", ", NamedNetwork.All.Select(n => n.Name)), NamedNetwork.Names);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_output_fits_the_task_and_every_trainable_parameter_has_a_part_in_it(string name)
    {
        NamedNetwork known = NamedNetwork.Find(name)!;
        Module network = known.Create().Eval();
        Tensor y = network.Forward(Tensor.Full(known.Input, 0));
        AssertFits(known, known.Outputs, y.Shape);
        // What is seen of a parameter in the loss flows from these weights of the scores back to it.
        Tensor weights = Tensor.FromArray(new float[y.Shape.Elements], y.Shape);
        IReadOnlyList<Parameter> parameters = network.Parameters();
        Tensor[] gradients = Gradient.Of((y * weights).Sum(), parameters);
        Assert.Empty(parameters.Where((_, i) => !DependsOn(gradients[i].Node, weights.Node)).Select(p => p.Name));
    }

    [Theory, MemberData(nameof(OfAnyOutputs))]
    public void Other_numbers_of_outputs_are_made_as_asked_for(string name)
    {
        NamedNetwork known = NamedNetwork.Find(name)!;
        AssertFits(known, 3, known.Make(known.Input, 3).Eval().Forward(Tensor.Full(known.Input, 0)).Shape);
    }

    [Theory, MemberData(nameof(Computed))]
    public void Gradients_of_a_small_input_reach_every_trainable_parameter(string name)
    {
        NamedNetwork known = NamedNetwork.Find(name)!;
        Shape input = [1, known.Input[1], .. known.Input.Skip(2).Select(n => Math.Min(n, Small))];
        Module network = known.Make(input, known.Outputs).Eval();
        Tensor y = network.Forward(Tensor.Normal(input));
        IReadOnlyList<Parameter> parameters = network.Parameters();
        Tensor[] gradients = Gradient.Of((y * Tensor.Normal(y.Shape)).Sum(), parameters);
        Tensor.Evaluate([y, .. gradients]);
        Assert.All(y.ToArray(), v => Assert.True(float.IsFinite(v)));
        Assert.Empty(parameters.Where((_, i) => !gradients[i].ToArray().Any(v => v != 0)).Select(p => p.Name));
    }

    private static void AssertFits(NamedNetwork known, int outputs, Shape output)
    {
        Shape input = known.Input;
        switch (known.Task)
        {
            case NetworkTask.Classification:
                Assert.Equal([input[0], outputs], output);
                break;
            case NetworkTask.Segmentation:
                Assert.Equal([input[0], outputs], output.Take(2));
                Assert.Equal(input.Rank, output.Rank);
                Assert.All(Enumerable.Range(2, input.Rank - 2), axis => Assert.InRange(output[axis], 1, input[axis]));
                break;
            case NetworkTask.Reconstruction:
                Assert.Equal(input, output);
                break;
            default:
                Assert.Equal([input[0], outputs], output.Take(2));
                Assert.All(output.Skip(2), n => Assert.True(n > 1));
                break;
        }
    }

    private static bool DependsOn(Node node, Node wanted)
    {
        HashSet<Node> seen = [node];
        Stack<Node> open = new(seen);
        while (open.TryPop(out Node? next))
        {
            if (next == wanted)
                return true;
            foreach (Node input in next.Inputs)
            {
                if (seen.Add(input))
                    open.Push(input);
            }
        }
        return false;
    }
}
