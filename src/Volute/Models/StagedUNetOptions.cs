namespace Volute;

/// <summary>One resolution of a <see cref="StagedUNet"/>.</summary>
/// <param name="Width">Channels.</param>
/// <param name="Kernel">Taps of its convolutions along each axis, odd: [1, 3, 3] while slices are far apart.</param>
/// <param name="Stride">The step from the stage before along each axis; ones at the first stage.</param>
/// <param name="Down">Convolutions of the way down, or residual blocks of two.</param>
/// <param name="Up">Convolutions of the way up; the last stage, the bottom, has none.</param>
public sealed record UNetStage(int Width, int[] Kernel, int[] Stride, int Down = 2, int Up = 2);

/// <summary>What makes one <see cref="StagedUNet"/> differ from another.</summary>
public sealed record StagedUNetOptions
{
    /// <summary>Channels of the input.</summary>
    public int InChannels { get; init; } = 1;

    /// <summary>Channels of the output: one score for each class.</summary>
    public int Classes { get; init; } = 2;

    /// <summary>The resolutions, the finest first.</summary>
    public required IReadOnlyList<UNetStage> Stages { get; init; }

    /// <summary>After each convolution.</summary>
    public Normalization Normalization { get; init; } = Normalization.Instance;

    /// <summary>Whether the way down is made of residual blocks (a stem convolution before the first).</summary>
    public bool Residual { get; init; }

    /// <summary>Whether coarser stages of the way up give scores too, for the loss of a training.</summary>
    public bool DeepSupervision { get; init; }

    /// <summary>
    /// With three axes: the form of convolutions whose kernels lie in planes, so that the state is that of <see cref="Slices"/>; null: plain ones. Stages
    /// with kernels or strides [1, k, k] have axial planes only.
    /// </summary>
    public VolumeForm? Volumes { get; init; }

    /// <summary>The network of two axes that sees the slices across the first axis: with <see cref="Volumes"/> its state is this one's.</summary>
    /// <exception cref="InvalidArgumentException">These stages have not three axes.</exception>
    public StagedUNetOptions Slices() => Rank == 3
        ? this with { Volumes = null, Stages = [.. Stages.Select(stage => stage with { Kernel = stage.Kernel[1..], Stride = stage.Stride[1..] })] }
        : throw new InvalidArgumentException($"StagedUNet: only stages of 3 axes have slices, got {Rank}");

    /// <summary>Spatial axes.</summary>
    internal int Rank => Stages.Count == 0 ? 0 : Stages[0].Kernel.Length;

    /// <summary>One along each axis.</summary>
    internal int[] Ones => [.. Enumerable.Repeat(1, Rank)];

    /// <summary>The product of the strides along an axis: sizes must be multiples of it.</summary>
    public int Divisor(int axis) => Stages.Aggregate(1, (product, stage) => product * stage.Stride[axis]);

    /// <summary>
    /// The numbers that all convolutions, transposed convolutions and the last 1×1 put out for one sample of this spatial size, [D, H, W] or [H, W]:
    /// nnU-Net's measure of a training's memory.
    /// </summary>
    public long OutputElements(IReadOnlyList<int> size)
    {
        ArgumentNullException.ThrowIfNull(size);
        int[] divisor = [.. Enumerable.Repeat(1, size.Count)];
        long elements = 0;
        for (int s = 0; s < Stages.Count; s++)
        {
            UNetStage stage = Stages[s];
            long positions = 1;
            for (int axis = 0; axis < size.Count; axis++)
                positions *= size[axis] / (divisor[axis] *= stage.Stride[axis]);
            int down = Residual ? 2 * stage.Down + (s == 0 || Stages[s - 1].Width != stage.Width ? 1 : 0) : stage.Down;
            int up = s < Stages.Count - 1 ? stage.Up + 1 : 0;
            elements += positions * ((long)stage.Width * (down + up) + (s == 0 ? Classes : 0));
        }
        return elements;
    }

    /// <summary>The form of a convolution whose kernel is k×k×k or, in axial planes only, 1×k×k; null: plain.</summary>
    internal VolumeForm? FormOf(int[] kernel) => Volumes is null || kernel.Distinct().Count() == 1 ? Volumes : VolumeForm.Conv2p5d;

    internal void Check()
    {
        if (Stages.Count == 0 || Rank is < 1 or > 3 || InChannels < 1 || Classes < 1)
            throw new InvalidArgumentException($"StagedUNet: needs stages of 1 to 3 axes, channels and classes >= 1, got {Stages.Count} stages, {Rank} axes, {InChannels} channels, {Classes} classes");
        VolumeLayers.Check("StagedUNet", Volumes, Rank);
        for (int s = 0; s < Stages.Count; s++)
        {
            UNetStage stage = Stages[s];
            if (stage.Kernel.Length != Rank || stage.Stride.Length != Rank || stage.Kernel.Any(k => k < 1 || k % 2 == 0) || stage.Stride.Any(n => n < 1 || s == 0 && n != 1)
                || stage.Width < 1 || stage.Down < 1 || stage.Up < 1)
                throw new InvalidArgumentException($"StagedUNet: stage {s} needs {Rank} odd kernel sizes, {Rank} strides ({(s == 0 ? "1 at the first stage" : ">= 1")}), a width and convolutions >= 1; "
                    + $"got kernel [{string.Join(", ", stage.Kernel)}], stride [{string.Join(", ", stage.Stride)}], width {stage.Width}, {stage.Down} down, {stage.Up} up");
            if (Volumes is not null && !(IsOfPlanes(stage.Kernel) && IsOfPlanes(stage.Stride)))
                throw new InvalidArgumentException($"StagedUNet: with volumes of the form {Volumes} stage {s} needs a kernel and a stride [k, k, k] or [1, k, k], "
                    + $"got kernel [{string.Join(", ", stage.Kernel)}], stride [{string.Join(", ", stage.Stride)}]");
        }
    }

    private static bool IsOfPlanes(int[] numbers) => numbers[1] == numbers[2] && (numbers[0] == numbers[1] || numbers[0] == 1);
}
