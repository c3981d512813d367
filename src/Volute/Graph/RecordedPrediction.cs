using System.Numerics.Tensors;

namespace Volute;

/// <summary>
/// An expression with its plan and its memory, to be computed again and again from other inputs of the same shapes (<see cref="Tensor.Record"/>): no
/// graph is made, no plan is looked up, and no managed memory allocated. Parameters count with what they hold at each run.
/// </summary>
public sealed class RecordedPrediction
{
    private readonly Tensor _result;
    private readonly Recording _recording;

    internal RecordedPrediction(Tensor wanted, ReadOnlySpan<Tensor> inputs)
    {
        _recording = new Recording("recorded prediction", wanted, [], inputs);
        _result = new Tensor(new Node(_recording.Result, wanted.Shape));
    }

    /// <summary>What is done: every kernel call with its place, and the exact peak memory.</summary>
    public Plan Plan => _recording.Plan;

    /// <summary>The expression's values for other inputs.</summary>
    /// <typeparam name="T">The type of its elements: float, double or int.</typeparam>
    /// <param name="inputs">In the place of those that were recorded, with their shapes and types; what is no data yet is evaluated.</param>
    /// <returns>The values where they lie, with strides for the logical axes; the next run writes over them.</returns>
    /// <exception cref="InvalidArgumentException">Another number of inputs, another shape or type.</exception>
    public ReadOnlyTensorSpan<T> Run<T>(params ReadOnlySpan<Tensor> inputs) where T : unmanaged
    {
        _recording.Take(inputs);
        _recording.Run();
        return _result.AsTensorSpan<T>();
    }
}
