using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// A loop nest cut into tiles: all of the inner axes times a piece of <see cref="Axis"/>, at one position of each axis further out.
/// </summary>
internal sealed class Tiling
{
    /// <summary>Cuts <paramref name="nest"/> into tiles of at most <paramref name="limit"/> elements, evenly.</summary>
    public Tiling(LoopNest nest, long limit)
    {
        Nest = nest;
        Inner = 1;
        while (Axis < nest.Rank - 1 && Inner * nest.Sizes[Axis] <= limit)
            Inner *= nest.Sizes[Axis++];
        Size = nest.Sizes[Axis];
        if (nest.Elements == 0)
            return;
        long most = Math.Max(1, limit / Inner);
        Pieces = (Size + most - 1) / most;
        Piece = (Size + Pieces - 1) / Pieces;
        // Pieces of a single axis begin at whole cache lines, where the axis does.
        if (Axis == 0 && Piece < Size)
            Piece = Math.Min(most, (Piece + 15) & ~15);
        Pieces = (Size + Piece - 1) / Piece;
        Count = nest.Elements / (Inner * Size) * Pieces;
    }

    /// <summary>The loops that are cut.</summary>
    public LoopNest Nest { get; }

    /// <summary>The axis of which a tile holds a piece.</summary>
    public int Axis { get; }

    /// <summary>The size of that axis.</summary>
    public long Size { get; }

    /// <summary>Elements of the axes inside it.</summary>
    public long Inner { get; }

    /// <summary>Positions along it that a tile holds; its last tile may hold fewer.</summary>
    public long Piece { get; }

    /// <summary>Tiles along it.</summary>
    public long Pieces { get; }

    /// <summary>All tiles; 0 where there is no element.</summary>
    public long Count { get; }

    /// <summary>The most elements a tile holds.</summary>
    public long Elements => Inner * Piece;

    /// <summary>Whether an operand's elements lie side by side, in order, throughout each tile.</summary>
    public bool IsContiguous(int operand)
    {
        long expected = 1;
        for (int axis = 0; axis <= Axis; axis++)
        {
            if (Nest.Strides(operand)[axis] != expected && (axis < Axis ? Nest.Sizes[axis] : Piece) != 1)
                return false;
            expected *= Nest.Sizes[axis];
        }
        return true;
    }
}

/// <summary>A number for each operand of a loop nest, held inline.</summary>
[InlineArray(Most)]
internal struct OperandPositions
{
    /// <summary>The most operands that a nest may have where a cursor walks it.</summary>
    public const int Most = 24;

    private long _first;
}

/// <summary>Walks the tiles of a <see cref="Tiling"/> in order, and knows where each operand's part of the tile begins.</summary>
internal struct TileCursor
{
    private readonly Tiling _tiling;
    private Axes _at;
    private OperandPositions _positions;
    private long _piece;

    /// <summary>Stands at tile <paramref name="index"/>.</summary>
    public TileCursor(Tiling tiling, long index)
    {
        _tiling = tiling;
        LoopNest nest = tiling.Nest;
        _piece = index % tiling.Pieces;
        long rest = index / tiling.Pieces;
        for (int axis = tiling.Axis + 1; axis < nest.Rank; axis++)
        {
            _at[axis] = rest % nest.Sizes[axis];
            rest /= nest.Sizes[axis];
        }
        for (int operand = 0; operand < nest.Operands; operand++)
        {
            long position = nest.Offset(operand) + _piece * tiling.Piece * nest.Strides(operand)[tiling.Axis];
            for (int axis = tiling.Axis + 1; axis < nest.Rank; axis++)
                position += _at[axis] * nest.Strides(operand)[axis];
            _positions[operand] = position;
        }
    }

    /// <summary>Positions of the tile along the tiling's axis.</summary>
    public readonly long Length => Math.Min(_tiling.Piece, _tiling.Size - _piece * _tiling.Piece);

    /// <summary>How many elements come before the tile in the order of the loops.</summary>
    public readonly long Begin
    {
        get
        {
            long begin = 0;
            for (int axis = _tiling.Nest.Rank - 1; axis > _tiling.Axis; axis--)
                begin = begin * _tiling.Nest.Sizes[axis] + _at[axis];
            return (begin * _tiling.Size + _piece * _tiling.Piece) * _tiling.Inner;
        }
    }

    /// <summary>Where the operand's part of the tile begins, in elements.</summary>
    public readonly long Position(int operand) => _positions[operand];

    /// <summary>Goes to the next tile; past the last, back to the first.</summary>
    public void Next()
    {
        LoopNest nest = _tiling.Nest;
        int axis = _tiling.Axis;
        if (++_piece < _tiling.Pieces)
        {
            for (int operand = 0; operand < nest.Operands; operand++)
                _positions[operand] += _tiling.Piece * nest.Strides(operand)[axis];
            return;
        }
        for (int operand = 0; operand < nest.Operands; operand++)
            _positions[operand] -= (_piece - 1) * _tiling.Piece * nest.Strides(operand)[axis];
        _piece = 0;
        for (axis++; axis < nest.Rank; axis++)
        {
            bool carries = ++_at[axis] == nest.Sizes[axis];
            if (carries)
                _at[axis] = 0;
            long steps = carries ? 1 - nest.Sizes[axis] : 1;
            for (int operand = 0; operand < nest.Operands; operand++)
                _positions[operand] += steps * nest.Strides(operand)[axis];
            if (!carries)
                return;
        }
    }
}
