using Volute.Kernels;

namespace Volute.Tests.Kernels;

public class IsaSwitchTests
{
    [Fact]
    public void The_registers_are_those_that_the_process_was_started_for()
    {
        string? lanes = Environment.GetEnvironmentVariable("VOLUTE_EXPECT_LANES");
        Assert.SkipWhen(lanes is null, "set only where Volute.Isa.Tests starts this process");
        Assert.Equal(lanes, Isa.Lanes.ToString());
    }
}
