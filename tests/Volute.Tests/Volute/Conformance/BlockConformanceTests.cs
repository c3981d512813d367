using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class BlockConformanceTests
{
    [Theory, Golden("blocks")]
    public void Modules_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-11, (a, _) => RecordedBlock.Of(golden, a));

    // Batch norms over few values magnify roundings of what comes before them; gradients that another norm makes 0 have these alone.
    [Theory, Golden("blocks")]
    public void Modules_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, new(2e-5, 5e-3), (a, _) => RecordedBlock.Of(golden, a));
}
