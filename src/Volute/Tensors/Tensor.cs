using System.Numerics.Tensors;
using Volute.Kernels;

namespace Volute;

/// <summary>
/// A multi-dimensional array with a logical shape as PyTorch's, (N, C, [D,] [H,] W). It is lazy: a handle on a node of the graph, whose shape is
/// known at once and whose values are computed when they are asked for. It never changes and needs no Dispose.
/// </summary>
public partial class Tensor
{
    private Node _node;

    internal Tensor(Node node)
    {
        _node = node;
        if (Settings.Eager && node.Value is null)
            Evaluate();
    }

    internal virtual Node Node
    {
        get => _node;
        private protected set => _node = value;
    }

    /// <summary>The logical sizes.</summary>
    public Shape Shape => Node.Spec.Shape;

    /// <summary>float32, float64 or int32.</summary>
    public ElementType Type => Node.Spec.Type;

    /// <summary>The result of an operator: the way in which every operation makes its output.</summary>
    /// <exception cref="ShapeException">The inputs break the operator's shape rule.</exception>
    public static Tensor Apply(Operator op, params ReadOnlySpan<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(op);
        var nodes = new Node[inputs.Length];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i] = inputs[i].Node;
        return new Tensor(new Node(op, nodes));
    }

    /// <summary>A tensor of the given values, in logical row-major order (the last axis fastest); they are copied.</summary>
    /// <typeparam name="T">float, double or int.</typeparam>
    /// <exception cref="ShapeException">The shape asks for another number of values.</exception>
    public static Tensor FromArray<T>(ReadOnlySpan<T> values, Shape shape) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        ElementType type = ElementTypes.Of<T>();
        if (values.Length != shape.Elements)
            throw SourceLine.Error($"a tensor of shape {shape} holds {shape.Elements} values, got {values.Length}");
        Storage storage = new(type, shape.Elements);
        Transfer.FromRowMajor(values, storage, shape);
        return new Tensor(new Node(storage, shape));
    }

    /// <inheritdoc cref="FromArray{T}(ReadOnlySpan{T}, Shape)"/>
    public static Tensor FromArray<T>(T[] values, Shape shape) where T : unmanaged => FromArray((ReadOnlySpan<T>)values, shape);

    /// <summary>A tensor whose elements are all <paramref name="value"/>.</summary>
    public static Tensor Full(Shape shape, double value, ElementType type = ElementType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Storage storage = new(type, 1);
        switch (type)
        {
            case ElementType.Float32: storage.AsSpan<float>()[0] = (float)value; break;
            case ElementType.Float64: storage.AsSpan<double>()[0] = value; break;
            default: storage.AsSpan<int>()[0] = (int)value; break;
        }
        Tensor scalar = new(new Node(storage, Shape.Scalar));
        return shape.Rank == 0 ? scalar : scalar.BroadcastTo(shape);
    }

    /// <summary>One number, shape [].</summary>
    public static Tensor Scalar(double value, ElementType type = ElementType.Float32) => Full(Shape.Scalar, value, type);

    /// <summary>Computes the values now and keeps them; later uses start from them.</summary>
    /// <returns>This tensor.</returns>
    public Tensor Evaluate()
    {
        if (Node.Value is null || Node.Parameter is not null)
            Execution.Run([Node], []);
        return this;
    }

    /// <summary>Computes several tensors in one plan, so that what they share is computed once.</summary>
    public static void Evaluate(params ReadOnlySpan<Tensor> tensors)
    {
        var nodes = new Node[tensors.Length];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i] = tensors[i].Node;
        Execution.Run(nodes, []);
    }

    /// <summary>The values as float32, in logical row-major order.</summary>
    public float[] ToArray() => ToArray<float>();

    /// <summary>The values in logical row-major order, converted to <typeparamref name="T"/> (float, double or int) where the tensor's type is another.</summary>
    public T[] ToArray<T>() where T : unmanaged
    {
        Tensor tensor = this.To(ElementTypes.Of<T>());
        return Transfer.ToRowMajor<T>(tensor.Evaluate().Node.Value!, Shape);
    }

    /// <summary>The one number of a tensor with one element.</summary>
    /// <exception cref="ShapeException">More or fewer elements than one.</exception>
    public double Item()
    {
        if (Shape.Elements != 1)
            throw SourceLine.Error($"Item needs a tensor of one number, got shape {Shape}");
        Storage value = Evaluate().Node.Value!;
        return Type switch
        {
            ElementType.Float32 => value.AsSpan<float>()[0],
            ElementType.Float64 => value.AsSpan<double>()[0],
            _ => value.AsSpan<int>()[0],
        };
    }

    /// <summary>The values where they lie, with strides for the logical axes: for System.Numerics.Tensors.</summary>
    public ReadOnlyTensorSpan<T> AsTensorSpan<T>() where T : unmanaged
    {
        if (ElementTypes.Of<T>() != Type)
            throw new InvalidArgumentException($"AsTensorSpan: the tensor holds {Type.Name()}, not {typeof(T).Name}; convert with To");
        Layout layout = Layout.Dense(Shape.AsSpan());
        Span<nint> sizes = stackalloc nint[Shape.Rank], strides = stackalloc nint[Shape.Rank];
        for (int i = 0; i < Shape.Rank; i++)
            (sizes[i], strides[i]) = (Shape[i], Shape[i] == 1 ? 0 : (nint)layout.Stride(i));
        return new ReadOnlyTensorSpan<T>(Evaluate().Node.Value!.AsSpan<T>(), sizes, strides);
    }

    /// <summary>The plan that would compute this tensor now: its steps, algorithms, bytes and exact peak memory, without running it.</summary>
    public Plan Plan() => Execution.PlanFor([Node], []);

    /// <summary>
    /// Keeps this expression, its plan and its memory together, without computing it: each <see cref="RecordedPrediction.Run"/> computes it from other
    /// inputs, for instance a network's scores of other pictures.
    /// </summary>
    /// <param name="inputs">Tensors with data that it is computed from, in whose place each run takes others.</param>
    /// <exception cref="InvalidArgumentException">It has been evaluated already, an input holds no data, or it does not read one.</exception>
    public RecordedPrediction Record(params ReadOnlySpan<Tensor> inputs) => new(this, inputs);

    /// <summary>
    /// Type, shape and values: rows of the last axis as on paper, plane by plane below its indices. Of more than 400 values each longer axis shows its first
    /// and last three.
    /// </summary>
    public override string ToString() => TensorText.Of(this);
}
