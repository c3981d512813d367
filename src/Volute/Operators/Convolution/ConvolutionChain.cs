using Volute.Kernels;

namespace Volute;

/// <summary>
/// A convolution and what is done to its result while that is in cache: element-wise operators (folded normalization, residual, activation, the gate of a
/// gradient), and the moments of what comes out, part by part, for the batch normalization that follows.
/// </summary>
/// <param name="Convolution">The output or the input pass; its inputs come first.</param>
/// <param name="ConvolutionInputs">How many inputs are the convolution's own.</param>
/// <param name="Maps">The operators in order; the last one's value is the output, or without any the convolution's result.</param>
/// <param name="Sources">Their inputs: 0 is the convolution's result, then come the inputs behind the convolution's own, then the values of earlier maps.</param>
internal sealed record ConvolutionChain(ConvolutionOperator Convolution, int ConvolutionInputs, IReadOnlyList<Elementwise> Maps, IReadOnlyList<int[]> Sources) : JoinedOperator
{
    /// <summary>Whether the step has the moments of the parts of its output as a further result.</summary>
    public bool MakesMoments { get; init; }

    public override string Name => $"{Convolution.Name}{(Maps.Count > 0 ? "+" : "")}{MapChain.NameOf(Maps)}{(MakesMoments ? "+moments" : "")}";

    /// <summary>How an input may stand beside a result of a shape, or null where it cannot: in each position, per channel, or as one number.</summary>
    public static EpilogueOperand? Kind(Shape input, Shape result)
    {
        if (input == result)
            return EpilogueOperand.Map;
        if (input.Elements == 1)
            return EpilogueOperand.Number;
        int channels = input.Rank - (result.Rank - 1);
        return channels >= 0 && input[channels] == result[1] && input.Elements == result[1] ? EpilogueOperand.PerChannel : null;
    }

    public override bool Accepts(int input, in Layout layout) => input < ConvolutionInputs ? Convolution.Accepts(input, layout) : layout.IsDense;

    // An epilogue finds what it reads in each position where its result lies in a whole map.
    public override bool CanWrite(ReadOnlySpan<Spec> inputs, in Layout layout)
    {
        foreach (Spec beside in inputs[ConvolutionInputs..])
        {
            if (beside.Shape.Elements == layout.Elements && !layout.IsDense)
                return false;
        }
        return Convolution.CanWrite(inputs[..ConvolutionInputs], layout);
    }

    public override Lowered Lower(in Operands operands)
    {
        ElementType type = operands.Output.Type;
        Shape result = operands.Output.Shape;
        EpilogueOperand[] kinds = [.. operands.Inputs.Skip(ConvolutionInputs).Select(input => Kind(input.Shape, result)!.Value)];
        EpilogueKernel epilogue = Epilogue(type, result[1], kinds);
        return Convolution.Lower(operands with { Inputs = operands.Inputs[..ConvolutionInputs], Layouts = operands.Layouts[..ConvolutionInputs] }, epilogue, MakesMoments);
    }

    /// <summary>The chain for kernels: a normalization by known numbers, with the activation that cuts it off, is one link, which tiles can do.</summary>
    private EpilogueKernel Epilogue(ElementType type, int channels, EpilogueOperand[] kinds)
    {
        int operands = kinds.Length + 1;
        Link[] links = [.. Maps.Select((map, i) => new Link(map.Prepare(type), Sources[i]))];
        if (!BeginsWithNorm(kinds))
            return new(new Chain(operands, links), type, channels, null, kinds);
        // The link of the activation goes where nothing else reads what it cuts off.
        var (low, high) = (double.NegativeInfinity, double.PositiveInfinity);
        bool cuts = Maps.Count > 1 && Sources[1].SequenceEqual([operands]) && Bounds(Maps[1]) is not null && !Sources.Skip(2).Any(sources => sources.Contains(operands));
        if (cuts)
            (low, high) = Bounds(Maps[1])!.Value;
        ClippedNorm norm = new(low, high);
        int joined = cuts ? 1 : 0;
        Link[] rest = [.. links.Skip(1 + joined).Select(link => link with { Sources = [.. link.Sources.Select(source => source > operands ? source - joined : source)] })];
        return new(new Chain(operands, [new Link(RunMap.Of4(norm, type), Sources[0]), .. rest]), type, channels, norm, kinds);
    }

    /// <summary>Whether the first map alone reads the convolution's result, and standardizes it by numbers that do not differ from position to position.</summary>
    private bool BeginsWithNorm(EpilogueOperand[] kinds)
        => Maps.Count > 0 && Maps[0] is Quaternary<Standardize> && Sources[0] is [0, > 0, > 0, > 0]
            && Sources[0].Skip(1).All(source => source <= kinds.Length && kinds[source - 1] != EpilogueOperand.Map)
            && !Sources.Skip(1).Any(sources => sources.Contains(0));

    /// <summary>The bounds of an activation that cuts off.</summary>
    private static (double Low, double High)? Bounds(Elementwise map) => map switch
    {
        Unary<Relu> => (0, double.PositiveInfinity),
        Unary<HardTanh> bounded => (bounded.Map.Low, bounded.Map.High),
        Unary<Clamp> bounded => (bounded.Map.Low, bounded.Map.High),
        _ => null,
    };

    public override long Multiplies(ReadOnlySpan<Spec> inputs, Spec output) => Convolution.Multiplies(inputs[..ConvolutionInputs], output);

    public override long UsefulMultiplies(ReadOnlySpan<Spec> inputs, Spec output) => Convolution.UsefulMultiplies(inputs[..ConvolutionInputs], output);
}
