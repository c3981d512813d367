using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>How an operand of an epilogue lies beside the convolution's result.</summary>
public enum EpilogueOperand
{
    /// <summary>As the result does: an element for each of its elements.</summary>
    Map,

    /// <summary>One number per channel of the result.</summary>
    PerChannel,

    /// <summary>One number.</summary>
    Number,
}

/// <summary>
/// What a convolution does to its result while it is still in cache: a chain whose operand 0 is the result, which its last link replaces, and the moments of
/// what comes out, part by part.
/// </summary>
public sealed unsafe class EpilogueKernel
{
    internal const int TileElements = 1024;

    private const int Alignment = 64;

    private readonly EpilogueOperand[] _operands;
    private readonly ClippedNorm? _norm;

    /// <summary>Prepares a chain for results of <paramref name="channels"/>.</summary>
    /// <param name="chain">Operand 0 is the result; without links it stays as it is.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="channels">Channels of the result.</param>
    /// <param name="norm">What the first link is where tiles can do it, of the result and three operands that lie per channel or are one number; else null.</param>
    /// <param name="operands">How the operands from 1 on lie.</param>
    public EpilogueKernel(Chain chain, ElementType type, int channels, ClippedNorm? norm, params ReadOnlySpan<EpilogueOperand> operands)
    {
        (Chain, Type, Channels, _norm) = (chain, type, channels, norm);
        _operands = operands.ToArray();
        Row = Round((channels + TileElements) * type.Bytes());
    }

    /// <summary>Scratch memory of a run, 64-byte aligned: the numbers per channel, repeated so that a tile may begin at any channel.</summary>
    public long WorkspaceBytes => Round(Chain.Operands * sizeof(void*)) + _operands.Count(o => o != EpilogueOperand.Map) * (long)Row;

    /// <summary>Operands beside the result.</summary>
    public int Operands => _operands.Length;

    internal Chain Chain { get; }

    internal ElementType Type { get; }

    internal int Channels { get; }

    private int Row { get; }

    /// <summary>The epilogue for these operands.</summary>
    /// <param name="result">The convolution's result.</param>
    /// <param name="operands">The chain's operands from 1 on.</param>
    /// <param name="workspace"><see cref="WorkspaceBytes"/> bytes.</param>
    /// <param name="parts">Null, or where the moments of as many parts go as the algorithm cuts the positions into (<see cref="MomentParts"/>); of float32 alone.</param>
    public Epilogue Bind(void* result, void** operands, void* workspace, float* parts = null)
    {
        void** table = (void**)workspace;
        table[0] = result;
        byte* row = (byte*)workspace + Round(Chain.Operands * sizeof(void*));
        for (int i = 0; i < _operands.Length; i++)
        {
            table[i + 1] = operands[i];
            if (_operands[i] == EpilogueOperand.Map)
                continue;
            Repeat(row, operands[i], _operands[i] == EpilogueOperand.Number ? 1 : Channels);
            table[i + 1] = row;
            row += Row;
        }
        return new Epilogue(this, table, parts, links: 0);
    }

    /// <summary>The norm that the chain begins with, if tiles can do it, with its numbers.</summary>
    internal NormRows Norm(void** table)
    {
        if (_norm is not { } norm || Type != ElementType.Float32)
            return default;
        ReadOnlySpan<int> sources = Chain.Sources(0);
        return new(norm, (float*)table[sources[1]], (float*)table[sources[2]], (float*)table[sources[3]]);
    }

    internal bool IsMap(int operand) => operand == 0 || _operands[operand - 1] == EpilogueOperand.Map;

    private void Repeat(byte* to, void* from, int period)
    {
        long bytes = (long)period * Type.Bytes(), all = (long)(Channels + TileElements) * Type.Bytes();
        for (long done = 0; done < all; done += bytes)
            Unsafe.CopyBlockUnaligned(to + done, from, (uint)Math.Min(bytes, all - done));
    }

    private static int Round(int bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}

/// <summary>An <see cref="EpilogueKernel"/> with its operands.</summary>
public readonly unsafe struct Epilogue
{
    private readonly EpilogueKernel _kernel;
    private readonly void** _operands;
    private readonly float* _parts;
    private readonly int _done;

    /// <param name="kernel">The epilogue.</param>
    /// <param name="operands">The result, then the operands.</param>
    /// <param name="parts">Where the moments of the parts go, or null.</param>
    /// <param name="links">So many of the chain's first links are done already.</param>
    internal Epilogue(EpilogueKernel kernel, void** operands, float* parts, int links)
    {
        (_kernel, _done) = (kernel, links);
        _operands = operands;
        _parts = parts;
    }

    /// <summary>Whether there is nothing to apply.</summary>
    public bool IsNone => _kernel == null;

    /// <summary>Whether there are maps to apply.</summary>
    internal bool HasMaps => _kernel.Chain.Links > _done;

    /// <summary>Where the moments of the parts go, or null.</summary>
    internal float* Parts => _parts;

    /// <summary>Channels of the result.</summary>
    internal int Channels => _kernel.Channels;

    /// <summary>What it begins with, where tiles can do that.</summary>
    internal NormRows Norm => IsNone ? default : _kernel.Norm(_operands);

    /// <summary>What is left when tiles have done <see cref="Norm"/>.</summary>
    internal Epilogue AfterNorm => Norm.IsNone ? this : _kernel.Chain.Links == 1 && _parts == null ? default : new(_kernel, _operands, _parts, links: 1);

    /// <summary>Works in place on <paramref name="count"/> elements of the result lying side by side, of which the first is of <paramref name="channel"/>.</summary>
    [SkipLocalsInit]
    public void Apply(void* values, long channel, long count)
    {
        const int TileBytes = EpilogueKernel.TileElements * sizeof(double);
        Chain chain = _kernel.Chain;
        int size = _kernel.Type.Bytes(), last = chain.Values - 1;
        byte* slots = stackalloc byte[chain.Slots * TileBytes];
        void** at = stackalloc void*[chain.Values];
        for (int i = chain.Operands + _done; i < last; i++)
            at[i] = slots + chain.Slot(i - chain.Operands) * TileBytes;
        long element = ((byte*)values - (byte*)_operands[0]) / size;
        for (long done = 0; done < count;)
        {
            long tile = Math.Min(EpilogueKernel.TileElements, count - done);
            for (int i = 0; i < chain.Operands; i++)
                at[i] = (byte*)_operands[i] + (_kernel.IsMap(i) ? element : channel) * size;
            // What is done lies in the result.
            for (int i = 0; i < _done; i++)
                at[chain.Operands + i] = at[0];
            at[last] = at[0];
            chain.Run(at, tile, _done);
            (done, element, channel) = (done + tile, element + tile, (channel + tile) % _kernel.Channels);
        }
    }
}
