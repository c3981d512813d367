using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class BlockConformanceTests
{
    [Theory, Golden("blocks")]
    public void Modules_agree_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-11, (a, _) => RecordedBlock.Make(golden.Kind, a));

    // Batch norms over few values magnify roundings of what comes before them.
    [Theory, Golden("blocks")]
    public void Modules_agree_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, new(2e-5, 1e-3), (a, _) => RecordedBlock.Make(golden.Kind, a));
}
