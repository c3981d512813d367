namespace Volute.Tests;

public class C3DTests
{
    [Theory]
    [InlineData(487, 79_991_015)]
    [InlineData(101, 78_409_573)]
    public void It_has_its_parameters_and_multiplications(int classes, long parameters)
    {
        Summary summary = Summary.Of(new C3D(classes).Eval(), [1, 3, 16, 112, 112]);
        long expected = 8192 * 4096 + 4096 * 4096 + 4096 * classes;
        foreach (var (from, to, frames, size) in new (long, long, long, long)[]
            { (3, 64, 16, 112), (64, 128, 16, 56), (128, 256, 8, 28), (256, 256, 8, 28), (256, 512, 4, 14), (512, 512, 4, 14), (512, 512, 2, 7), (512, 512, 2, 7) })
            expected += from * to * 27 * frames * size * size;
        Assert.Equal(38.55, Math.Round(expected / 1e9, 2));
        Assert.Equal((parameters, expected), (summary.Parameters, summary.Multiplies));
        // Nothing is left to average.
        Assert.Equal([1, 512, 1, 4, 4], summary.Layers.Single(l => l.Name == "pool5").Output);
    }

    [Theory]
    [InlineData(16, 32, 48)]
    [InlineData(24, 40, 33)]
    public void Clips_of_other_sizes_are_averaged_to_its_map(int frames, int height, int width)
        => Assert.Equal([2, 5], Summary.Of(new C3D(5, 1, hidden: 8).Eval(), [2, 1, frames, height, width]).Output);
}
