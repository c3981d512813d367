using Volute.Kernels;

namespace Volute;

/// <summary>
/// A training step with all that it needs: forward, backward and update of one loss, to be done again and again with other inputs of the same shapes
/// (<see cref="Optimizer.Record"/>). What each step makes anew (rates, keys of random numbers) is renewed, so that the same numbers come out, bit for
/// bit, as from as many calls of <see cref="Optimizer.Step(Tensor)"/>; but no graph is made, no plan is looked up, and no managed memory allocated.
/// </summary>
public sealed class RecordedStep
{
    private readonly Optimizer _optimizer;
    private readonly Recording _recording;

    internal RecordedStep(Optimizer optimizer, Tensor loss, Assignment[] assignments, ReadOnlySpan<Tensor> inputs)
        => (_optimizer, _recording) = (optimizer, new Recording("recorded step", loss, assignments, inputs));

    /// <summary>What is done: every kernel call with its place, and the exact peak memory.</summary>
    public Plan Plan => _recording.Plan;

    /// <summary>One step.</summary>
    /// <param name="inputs">In the place of those that were recorded, with their shapes and types; what is no data yet is evaluated.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="InvalidArgumentException">Another number of inputs, another shape or type.</exception>
    /// <exception cref="VoluteException">A parameter has another type than it had when this step was recorded.</exception>
    public double Run(params ReadOnlySpan<Tensor> inputs)
    {
        _recording.Take(inputs);
        _optimizer.Steps++;
        try
        {
            _recording.Run();
        }
        catch
        {
            // A step that failed was none.
            _optimizer.Steps--;
            throw;
        }
        Storage loss = _recording.Result;
        return loss.Type == ElementType.Float64 ? loss.AsSpan<double>()[0] : loss.AsSpan<float>()[0];
    }
}
