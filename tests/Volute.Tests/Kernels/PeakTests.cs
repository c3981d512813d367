using Volute.Kernels;

namespace Volute.Tests.Kernels;

public class PeakTests
{
    [Fact]
    public void The_peak_is_a_speed_and_needs_a_thread()
    {
        Assert.InRange(Peak.Measure(), 0.01, 10_000);
        var error = Assert.Throws<InvalidArgumentException>(() => Peak.Measure(0));
        Assert.Equal("threads must be >= 1, got 0", error.Message);
    }
}
