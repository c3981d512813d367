using Volute.Kernels;

namespace Volute;

/// <summary>What random numbers are drawn from.</summary>
internal enum RandomKind
{
    Uniform,
    Normal,
    KeepMask,
}

/// <summary>Random numbers from a counter: element i depends only on the key (seed and stream, which are data) and on i.</summary>
internal sealed record RandomOperator(RandomKind Kind, Shape Shape, ElementType Type, double Keep = 1) : Operator
{
    public override string Name => $"random {Kind.ToString().ToLowerInvariant()}";

    public override Spec Infer(ReadOnlySpan<Spec> inputs) => new(Shape, Type);

    public override Tensor? Gradient(int input, in Application application, Tensor gradient) => null;

    public override unsafe Lowered Lower(in Operands operands)
    {
        RandomKernel kernel = Kind switch
        {
            RandomKind.Uniform => RandomKernel.Create(default(UniformDistribution), Type, Shape.Elements),
            RandomKind.Normal => RandomKernel.Create(default(NormalDistribution), Type, Shape.Elements),
            _ => RandomKernel.Create(new KeepMaskDistribution(Keep), Type, Shape.Elements),
        };
        return new Lowered("philox", (p, _) =>
        {
            uint* key = (uint*)p[1];
            kernel.Run(p[0], key[0] | (ulong)key[1] << 32, 0, key[2] | (ulong)key[3] << 32);
        });
    }
}

/// <summary>Tensors of random numbers; see <see cref="Settings.Seed"/>.</summary>
public static class RandomTensors
{
    extension(Tensor)
    {
        /// <summary>Uniform in [low, high).</summary>
        public static Tensor Uniform(Shape shape, double low = 0, double high = 1, ElementType type = ElementType.Float32)
            => Draw(new RandomOperator(RandomKind.Uniform, shape, type)) * (high - low) + low;

        /// <summary>Normal with this mean and standard deviation.</summary>
        public static Tensor Normal(Shape shape, double mean = 0, double deviation = 1, ElementType type = ElementType.Float32)
            => Draw(new RandomOperator(RandomKind.Normal, shape, type)) * deviation + mean;

        /// <summary>1/keep with probability keep, else 0: the mask of dropout.</summary>
        public static Tensor KeepMask(Shape shape, double keep, ElementType type = ElementType.Float32)
            => Draw(new RandomOperator(RandomKind.KeepMask, shape, type, keep));
    }

    private static Tensor Draw(RandomOperator random) => Tensor.Apply(random, Tensor.FromArray(RandomSource.NextKey(), [4]));
}
