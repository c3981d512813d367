using Volute.Kernels;

namespace Volute;

/// <summary>Random numbers from a counter: element i depends only on the key (seed and stream, which are data) and on i.</summary>
internal sealed record RandomOperator(RandomKind Kind, Shape Shape, ElementType Type, double A, double B) : Operator
{
    public override string Name => $"random {Kind.ToString().ToLowerInvariant()}";

    public override Spec Infer(ReadOnlySpan<Spec> inputs)
    {
        // Wrong parameters are found here, at the user's line.
        _ = new RandomKernel(Kind, Type, 0, A, B);
        return new Spec(Shape, Type);
    }

    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => null;

    public override unsafe Lowered Lower(in Operands operands)
    {
        RandomKernel kernel = new(Kind, Type, Shape.Elements, A, B);
        return new Lowered("philox", (p, _) => kernel.Run(p[0], (int*)p[1]));
    }
}

/// <summary>Tensors of random numbers; see <see cref="Settings.Seed"/>.</summary>
public static class RandomTensors
{
    extension(Tensor)
    {
        /// <summary>Uniform in [low, high).</summary>
        public static Tensor Uniform(Shape shape, double low = 0, double high = 1, ElementType type = ElementType.Float32)
            => Random(RandomKind.Uniform, shape, type, low, high);

        /// <summary>Normal with this mean and standard deviation.</summary>
        public static Tensor Normal(Shape shape, double mean = 0, double deviation = 1, ElementType type = ElementType.Float32)
            => Random(RandomKind.Normal, shape, type, mean, deviation);

        /// <summary>1/keep with probability keep, else 0: the mask of dropout.</summary>
        public static Tensor KeepMask(Shape shape, double keep, ElementType type = ElementType.Float32)
            => Random(RandomKind.KeepMask, shape, type, keep, 0);
    }

    private static Tensor Random(RandomKind kind, Shape shape, ElementType type, double a, double b)
        => Tensor.Apply(new RandomOperator(kind, shape, type, a, b), RandomSource.NextKey());
}
