using Volute.Kernels;

namespace Volute;

/// <summary>Changes parameters against the gradient of a loss. One step is one plan: forward, backward and update.</summary>
public abstract class Optimizer
{
    [ThreadStatic]
    private static bool s_updating;

    private readonly Dictionary<(Parameter, string), Parameter> _state = [];
    private readonly Dictionary<(Func<double>, ElementType), Tensor> _numbers = [];

    /// <summary>An optimizer of these parameters.</summary>
    /// <exception cref="InvalidArgumentException">No parameters, or a learning rate that is negative or not a number.</exception>
    protected Optimizer(IEnumerable<Parameter> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = [.. parameters];
        if (Parameters.Count == 0)
            throw new InvalidArgumentException($"{GetType().Name}: there are no parameters to train");
        LearningRate = learningRate >= 0 ? learningRate : throw new InvalidArgumentException($"{GetType().Name}: the learning rate must be >= 0, got {learningRate}");
    }

    /// <summary>What is trained.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The rate of the next step; a schedule may set it.</summary>
    public double LearningRate { get; set; }

    /// <summary>The largest norm of all gradients together; longer ones are shortened to it. None unless set.</summary>
    public double? ClipNorm { get; set; }

    /// <summary>The largest absolute value of a gradient's element. None unless set.</summary>
    public double? ClipValue { get; set; }

    /// <summary>Steps taken.</summary>
    public int Steps { get; set; }

    /// <summary>What the optimizer remembers between steps, by name ("exp_avg.conv1.weight").</summary>
    public IReadOnlyDictionary<string, Parameter> State => _state.ToDictionary(s => $"{s.Key.Item2}.{s.Key.Item1.Name}", s => s.Value);

    internal static bool IsUpdating => s_updating;

    /// <summary>One step against the gradient of <paramref name="loss"/>; afterwards the loss, and the predictions it was computed from, are there to be read.</summary>
    /// <exception cref="ShapeException">The loss is not one number.</exception>
    public void Step(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Step(Gradient.Of(loss, Parameters), loss);
    }

    /// <summary>The plan of the last step: what it took and how; null before the first.</summary>
    public Plan? LastPlan { get; private set; }

    /// <summary>The plan of the step that <see cref="Step(Tensor)"/> would do: forward, backward and update, with its exact peak memory, without running it.</summary>
    /// <exception cref="ShapeException">The loss is not one number.</exception>
    public Plan Plan(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Assignment[] assignments = Updates(Gradient.Of(loss, Parameters));
        Steps--;
        return Execution.PlanFor([loss.Node], assignments);
    }

    /// <summary>One step against given gradients, one for each parameter.</summary>
    public void Step(IReadOnlyList<Tensor> gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count != Parameters.Count)
            throw new InvalidArgumentException($"{GetType().Name}: expected {Parameters.Count} gradients, got {gradients.Count}");
        Step(gradients, null);
    }

    /// <summary>The parameter's next value, from its gradient; what is remembered is assigned on the way.</summary>
    protected abstract Tensor Update(Parameter parameter, Tensor gradient);

    /// <summary>A remembered tensor of the parameter's shape, at first zeros.</summary>
    protected Parameter Remembered(Parameter parameter, string name)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!_state.TryGetValue((parameter, name), out Parameter? state))
            _state[(parameter, name)] = state = new Parameter(parameter.Shape, 0, isTrainable: false, parameter.Type);
        return state;
    }

    /// <summary>
    /// A number that may be another one at each step, as the learning rate is: shape [], the same tensor for all parameters. A step that is recorded
    /// (<see cref="Record"/>) asks for it again each time; any other number in an update stays what it was.
    /// </summary>
    /// <param name="value">The number of the step that <see cref="Steps"/> counts last; one delegate kept, not a new one each time.</param>
    /// <param name="type">The parameter's element type.</param>
    protected Tensor Number(Func<double> value, ElementType type)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (_numbers.TryGetValue((value, type), out Tensor? number))
            return number;
        Storage storage = new(type, 1) { Renewal = new Renewal(Write, isSpent: true) };
        Write(storage);
        return _numbers[(value, type)] = new Tensor(new Node(storage, Shape.Scalar));

        void Write(Storage memory)
        {
            if (memory.Type == ElementType.Float64)
                memory.AsSpan<double>()[0] = value();
            else
                memory.AsSpan<float>()[0] = (float)value();
        }
    }

    /// <summary>
    /// Records the step that <see cref="Step(Tensor)"/> would do, without doing it: each <see cref="RecordedStep.Run"/> does it once, for other inputs,
    /// without making the graph again and without managed memory.
    /// </summary>
    /// <remarks>
    /// It does all that <see cref="Step(Tensor)"/> would do now: running statistics of an earlier forward in training mode that nobody has evaluated yet are
    /// a part of it, and would be in every run. Record the first forward, or evaluate the others before.
    /// </remarks>
    /// <param name="loss">The loss, shape [].</param>
    /// <param name="inputs">Tensors with data that the loss is computed from, in whose place each run takes others: pictures and labels.</param>
    /// <exception cref="ShapeException">The loss is not one number.</exception>
    /// <exception cref="InvalidArgumentException">An input holds no data, or the loss does not read it.</exception>
    public RecordedStep Record(Tensor loss, params ReadOnlySpan<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Assignment[] assignments = Updates(Gradient.Of(loss, Parameters));
        Steps--;
        return new RecordedStep(this, loss, assignments, inputs);
    }

    /// <summary>Raises the error of an option that is negative or not a number.</summary>
    private protected void NotNegative(double value, string name)
    {
        if (!(value >= 0))
            throw new InvalidArgumentException($"{GetType().Name}: {name} must be >= 0, got {value}");
    }

    /// <summary>Gives a remembered tensor its next value, at the end of this step.</summary>
    protected void Assign(Parameter state, Tensor value) => _assignments.Add(new Assignment(state, value.Node));

    private readonly List<Assignment> _assignments = [];

    /// <summary>Makes the remembered tensors that a checkpoint names, before they were needed.</summary>
    /// <param name="name">As <see cref="State"/> names it: "exp_avg.conv1.weight".</param>
    /// <param name="values">In logical row-major order.</param>
    /// <exception cref="InvalidArgumentException">The name belongs to none of the parameters.</exception>
    public void Restore(string name, ReadOnlySpan<double> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        // The parameter's name begins behind the first dot: its end alone could be another parameter's whole name.
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        Parameter parameter = Parameters.FirstOrDefault(p => dot > 0 && name.AsSpan(dot + 1).SequenceEqual(p.Name))
            ?? throw new InvalidArgumentException($"{GetType().Name}: '{name}' belongs to none of the parameters");
        Remembered(parameter, name[..dot]).Assign(values);
    }

    private void Step(IReadOnlyList<Tensor> gradients, Tensor? loss)
    {
        Assignment[] assignments = Updates(gradients);
        try
        {
            LastPlan = Execution.Run(loss is null ? [] : [loss.Node], assignments);
        }
        catch
        {
            // A step that failed was none.
            Steps--;
            throw;
        }
    }

    /// <summary>All that the next step assigns; it is counted.</summary>
    internal Assignment[] Updates(IReadOnlyList<Tensor> gradients)
    {
        Steps++;
        _assignments.Clear();
        _numbers.Clear();
        s_updating = true;
        try
        {
            if (ClipValue is { } limit)
                gradients = Clipping.ByValue(gradients, limit);
            if (ClipNorm is { } norm)
                gradients = Clipping.ByNorm(gradients, norm);
            for (int i = 0; i < Parameters.Count; i++)
                Assign(Parameters[i], Update(Parameters[i], gradients[i]));
            return [.. _assignments];
        }
        catch
        {
            Steps--;
            throw;
        }
        finally
        {
            s_updating = false;
        }
    }
}

/// <summary>Gradient clipping.</summary>
public static class Clipping
{
    /// <summary>All gradients times min(1, limit/(norm + 1e-6)), with the norm of all of them together.</summary>
    /// <inheritdoc cref="Norm"/>
    /// <param name="gradients">The gradients.</param>
    /// <param name="limit">The largest norm that they may have.</param>
    /// <param name="order">p of the norm.</param>
    public static IReadOnlyList<Tensor> ByNorm(IReadOnlyList<Tensor> gradients, double limit, double order = 2)
    {
        Tensor factor = (limit / (Norm(gradients, order) + 1e-6)).Clamp(double.NegativeInfinity, 1);
        return [.. gradients.Select(g => g * factor)];
    }

    /// <summary>All gradients with every element held within ±<paramref name="limit"/>.</summary>
    public static IReadOnlyList<Tensor> ByValue(IReadOnlyList<Tensor> gradients, double limit)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        return [.. gradients.Select(g => g.Clamp(-limit, limit))];
    }

    /// <summary>(Σ |g|^p)^(1/p) over all gradients; the largest |g| for p = ∞.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="order">p &gt; 0.</param>
    /// <exception cref="InvalidArgumentException">No gradients, or p not above 0.</exception>
    public static Tensor Norm(IReadOnlyList<Tensor> gradients, double order = 2)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count == 0)
            throw new InvalidArgumentException("Clipping: there are no gradients");
        if (!(order > 0))
            throw new InvalidArgumentException($"Clipping: the norm's order must be > 0, got {order}");
        Func<Tensor, Tensor> part = order switch
        {
            2 => g => (g * g).Sum(),
            1 => g => g.Abs().Sum(),
            double.PositiveInfinity => g => g.Abs().Max(),
            _ => g => g.Abs().Pow(order).Sum(),
        };
        Tensor norm = part(gradients[0]);
        for (int i = 1; i < gradients.Count; i++)
            norm = double.IsInfinity(order) ? norm.Maximum(part(gradients[i])) : norm + part(gradients[i]);
        return double.IsInfinity(order) ? norm : norm.Pow(1 / order);
    }
}
