using Volute.Kernels;
using Volute.Tests.Golden;

namespace Volute.Tests.Conformance;

public class ResamplingConformanceTests
{
    [Theory, Golden("resampling")]
    public void Resampling_agrees_in_float64(GoldenCase golden) => Recorded.Check(golden, ElementType.Float64, 1e-13, (a, _) => Build(golden, a));

    // Coordinates are computed in the element type, as in PyTorch: in float32 a weight is off by some 1e-7 of the coordinate.
    [Theory, Golden("resampling")]
    public void Resampling_agrees_in_float32(GoldenCase golden) => Recorded.Check(golden, ElementType.Float32, 1e-5, (a, _) => Build(golden, a));

    internal static Subject Build(GoldenCase golden, GoldenArguments a)
    {
        int rank = golden.Inputs[0].Shape.Length - 2;
        int[]? size = a.Ints("size", rank);
        double[]? scale = a.Doubles("scaleFactor", rank);
        bool? corners = a.Has("alignCorners") ? a.Bool("alignCorners", false) : null;
        bool recompute = a.Bool("recomputeScaleFactor", false);
        string mode = a.Text("mode", "nearest");
        if (golden.Kind == "Upsample")
            return new Upsample(size, scale, mode, corners, recompute);
        return Subject.Of(x => x.Interpolate(size, scale, mode switch
        {
            "nearest" => Interpolation.Nearest,
            "nearest-exact" => Interpolation.NearestExact,
            "linear" or "bilinear" or "trilinear" => Interpolation.Linear,
            "bicubic" => Interpolation.Cubic,
            "area" => Interpolation.Area,
            _ => throw new ArgumentOutOfRangeException(nameof(golden), mode, "no such mode"),
        }, corners, recompute));
    }
}
