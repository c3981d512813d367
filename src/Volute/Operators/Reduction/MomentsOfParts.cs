using Volute.Kernels;

namespace Volute;

/// <summary>What <see cref="MomentsOver"/> makes of a map, from the moments of its parts that the map's own step left.</summary>
internal sealed record MomentsOfParts : JoinedOperator
{
    public override string Name => "moments of parts";

    public override unsafe Lowered Lower(in Operands operands)
    {
        int channels = operands.Output.Shape[0] / 2, parts = operands.Inputs[0].Shape[0];
        return new Lowered("join", (p, _) => MomentParts.Join((float*)p[0], (float*)p[0] + channels, (float*)p[1], parts, channels));
    }
}
