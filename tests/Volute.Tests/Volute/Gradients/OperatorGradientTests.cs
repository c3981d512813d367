using Volute.Kernels;

namespace Volute.Tests;

public class OperatorGradientTests
{
    public static TheoryData<string> Cases => [.. GradientCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_agree_with_finite_differences(string name)
    {
        GradientCase tested = GradientCases.All[name];
        FiniteDifferences.Check(tested.Function, tested.Inputs);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_of_gradients_agree_with_finite_differences(string name)
    {
        GradientCase tested = GradientCases.All[name];
        FiniteDifferences.Check(t =>
        {
            // The square makes the gradient depend on the function's value even where the function is linear.
            Tensor y = tested.Function(t);
            Tensor[] slopes = Gradient.Of((y * y).Sum(), t);
            return Tensor.Concat([.. slopes.Select(s => s.Flatten())], 0);
        }, tested.Inputs);
    }

    [Fact]
    public void Every_operator_is_checked_or_listed_as_having_no_gradient()
    {
        HashSet<string> known = [.. Operators()], used = [];
        foreach (GradientCase tested in GradientCases.All.Values)
            used.UnionWith(Used(tested.Function([.. tested.Inputs.Select(i => Tensor.FromArray(i.Values, i.Shape))])));
        HashSet<string> listed = [.. GradientCases.WithoutGradient.Keys, .. GradientCases.CheckedElsewhere.Keys];
        Assert.Empty(known.Except(used).Except(listed));
        Assert.Empty(listed.Except(known));
    }

    [Fact]
    public void A_conversion_passes_the_gradient_in_the_type_of_its_input()
    {
        Tensor x = Tensor.FromArray([1.0, 2, 3], [3]);
        Tensor slope = Gradient.Of((x.To(ElementType.Float32) * 0.5).Sum(), [x])[0];
        Assert.Equal(ElementType.Float64, slope.Type);
        Assert.Equal([0.5, 0.5, 0.5], slope.ToArray<double>());
        Tensor none = Gradient.Of(x.To(ElementType.Int32).To(ElementType.Float64).Sum(), [x])[0];
        Assert.Equal([0, 0, 0], none.ToArray<double>());
    }

    [Fact]
    public void No_gradient_flows_through_steps_and_an_update_says_so()
    {
        Tensor x = Tensor.FromArray([0.25, -0.5, 3], [3]);
        Func<Tensor, Tensor>[] steps =
        [
            t => t.Floor(), t => t.Sign(), t => t.GreaterThan(t.Scalar(0)), t => t.GreaterOrEqualTo(t.Scalar(0)), t => t.EqualTo(t.Scalar(0.25)), t => t.Inside(0, 1), t => t.Between(0, 1), t => t.Detach(),
            t => t.ArgMax(0).To(ElementType.Float64),
        ];
        foreach (Func<Tensor, Tensor> step in steps)
            Assert.Equal([0, 0, 0], Gradient.Of(step(x).Sum(), [x])[0].ToArray<double>());
        Tensor update = Tensor.Apply(new Ternary<Descend>(new Descend(0)), x, x, x);
        Assert.Equal("no gradient flows through an optimizer's update", Assert.Throws<VoluteException>(() => Gradient.Of(update.Sum(), [x])).Message);
    }

    /// <summary>All operators that a graph is made of: records that derive from Operator, but for those that the planner makes, and the element-wise structs.</summary>
    private static IEnumerable<string> Operators()
        => typeof(Operator).Assembly.GetTypes()
            .Where(t => (typeof(Operator).IsAssignableFrom(t) && !typeof(JoinedOperator).IsAssignableFrom(t) && !t.IsAbstract && !t.IsGenericType) || (t.IsValueType && typeof(IElementwise).IsAssignableFrom(t)))
            .Select(t => t.Name);

    private static IEnumerable<string> Used(Tensor y)
    {
        HashSet<Node> seen = [y.Node];
        Stack<Node> open = new(seen);
        while (open.TryPop(out Node? node))
        {
            Type type = node.Operator.GetType();
            yield return type.IsGenericType ? type.GetGenericArguments()[0].Name : type.Name;
            foreach (Node input in node.Inputs.Where(seen.Add))
                open.Push(input);
        }
    }
}
