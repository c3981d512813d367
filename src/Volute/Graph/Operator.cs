using Volute.Kernels;

namespace Volute;

/// <summary>
/// One operation of the graph: its shape rule, its gradient written with other operators, and how it is computed. Operators are records:
/// two with equal attributes are equal, and plans are found by it. One output each.
/// </summary>
public abstract record Operator
{
    private int _hash;

    /// <summary>An operator with attributes of its own.</summary>
    protected Operator()
    {
    }

    /// <summary>A copy, some of whose attributes may become others: its hash is its own.</summary>
    protected Operator(Operator original)
    {
    }

    /// <summary>The hash of all attributes: of those that steps of a training loop use again it is asked for many times.</summary>
    internal int Hash => _hash != 0 ? _hash : _hash = GetHashCode();

    /// <summary>The name that plans and errors print.</summary>
    public abstract string Name { get; }

    /// <summary>Equal attributes; what is kept of the hash is none.</summary>
    public virtual bool Equals(Operator? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>The shape rule: what comes out for what goes in.</summary>
    /// <exception cref="ShapeException">The inputs do not fit.</exception>
    public abstract Spec Infer(ReadOnlySpan<Spec> inputs);

    /// <summary>The gradient of the loss with respect to one input, given that with respect to the output; null where none flows.</summary>
    public abstract Tensor? Gradient(int input, in Application application, Tensor gradient);

    /// <summary>The kernel for these operands, chosen and prepared once, run many times.</summary>
    public abstract Lowered Lower(in Operands operands);

    /// <summary>For operators that only look at memory differently: the output's layout over the input's memory. False for the others.</summary>
    /// <remarks>Where the input's layout does not allow it, the planner tries once more with a row-major copy, which must succeed.</remarks>
    public virtual bool TryView(in Layout input, Shape output, out Layout view)
    {
        view = default;
        return false;
    }

    /// <summary>Whether this operator is a view.</summary>
    public virtual bool IsView => false;

    /// <summary>Whether an input may lie in memory as <paramref name="layout"/> says; otherwise the planner hands it over dense.</summary>
    public virtual bool Accepts(int input, in Layout layout) => layout.IsDense;

    /// <summary>Whether the output may lie in memory as <paramref name="layout"/> says, as a part of joined maps does; dense it always may.</summary>
    /// <param name="inputs">The inputs' shapes and types.</param>
    /// <param name="layout">A layout of the output.</param>
    public virtual bool CanWrite(ReadOnlySpan<Spec> inputs, in Layout layout) => layout.IsDense;

    /// <summary>Whether the output may take the place of this input when nobody needs it any more.</summary>
    public virtual bool CanOverwrite(int input) => false;

    /// <summary>Whether a further result may take the place of this input.</summary>
    internal virtual bool CanOverwrite(int input, FurtherResult by) => false;

    /// <summary>Multiplications as papers count them; 0 for operators that papers leave out.</summary>
    public virtual long Multiplies(ReadOnlySpan<Spec> inputs, Spec output) => 0;

    /// <summary>The multiplications among <see cref="Multiplies"/> that do not meet padding.</summary>
    public virtual long UsefulMultiplies(ReadOnlySpan<Spec> inputs, Spec output) => 0;
}

/// <summary>An operator at work: what a gradient may refer to.</summary>
public readonly struct Application
{
    private readonly Node _node;

    internal Application(Node node) => _node = node;

    /// <summary>The input of this number.</summary>
    public Tensor Input(int index) => new(_node.Inputs[index]);

    /// <summary>How many inputs there are.</summary>
    public int Inputs => _node.Inputs.Length;

    /// <summary>The output.</summary>
    public Tensor Output => new(_node);
}

/// <summary>What a kernel is prepared for: how the output and the inputs lie in memory.</summary>
/// <param name="Output">The output's shape and type.</param>
/// <param name="Inputs">The inputs' shapes and types.</param>
/// <param name="Layouts">The inputs' layouts.</param>
public readonly record struct Operands(Spec Output, Spec[] Inputs, Layout[] Layouts)
{
    /// <summary>The output's layout: dense, unless it is a part of another map.</summary>
    public Layout OutputLayout { get; init; } = Layout.Dense(Output.Shape.AsSpan());
}

/// <summary>A prepared kernel. Operand 0 is the output, 1.. are the inputs; behind them a prepared form (<see cref="Lowered.Preparation"/>), then further results.</summary>
/// <param name="operands">Addresses.</param>
/// <param name="workspace">Scratch memory, 64-byte aligned.</param>
public unsafe delegate void Kernel(void** operands, void* workspace);

/// <summary>How an operator will be computed.</summary>
/// <param name="Algorithm">The name that plans print.</param>
/// <param name="Run">The prepared kernel.</param>
/// <param name="WorkspaceBytes">Scratch memory that it needs.</param>
public sealed record Lowered(string Algorithm, Kernel Run, long WorkspaceBytes = 0)
{
    /// <summary>What may be done to one input beforehand, or null. The kernel finds the result, or null, behind its last operand.</summary>
    public Preparation? Preparation { get; init; }

    /// <summary>The shape and type of its further result where they are known only with the kernel.</summary>
    internal Spec? Further { get; init; }
}

/// <summary>Brings an input into the form in which the kernel reads it: weights that do not change are brought there once.</summary>
/// <param name="input">The input's address.</param>
/// <param name="prepared">Where its form goes, 64-byte aligned.</param>
public unsafe delegate void Prepare(void* input, void* prepared);

/// <summary>What may be done to an input once for many runs.</summary>
/// <param name="Operand">The input's number among the operands: 1 is the first.</param>
/// <param name="Bytes">Bytes of its prepared form.</param>
/// <param name="Run">Does it.</param>
public sealed record Preparation(int Operand, long Bytes, Prepare Run);
