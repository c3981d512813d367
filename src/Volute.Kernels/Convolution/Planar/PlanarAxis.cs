using System.Runtime.CompilerServices;

namespace Volute.Kernels;

/// <summary>
/// One axis of the given map as the planes hold it: position Origin + j·Stride + r of the map is number j of slot r. What the taps of neighbouring sought
/// positions read then lies side by side, whatever the stride.
/// </summary>
internal readonly struct PlanarAxis
{
    private readonly int[] _slots, _residues;

    /// <summary>The given position that is number 0 of residue 0, for the first sought position; in the padding where negative.</summary>
    public readonly long Origin;

    /// <summary>Given positions between neighbouring sought ones of a phase, and how many, from the origin on, one of all phases reaches.</summary>
    public readonly int Stride, Span;

    private static readonly ConditionalWeakTable<GatherAxis[], StrongBox<PlanarAxis>> Known = [];

    /// <summary>One sought position after the other, each reading its own given one.</summary>
    public static PlanarAxis Same { get; } = new([new(new(1), 0, 0, 1, 0, 1, 0)]);

    /// <summary>The axis of a convolution's given map, as its phases have it; made once for each.</summary>
    public static PlanarAxis Of(GatherAxis[] phases) => Known.GetValue(phases, static phases => new(new(phases))).Value;

    private PlanarAxis(ReadOnlySpan<GatherAxis> phases)
    {
        (Origin, Stride, Span) = GatherAxis.Reads(phases);
        _slots = new int[Stride];
        Array.Fill(_slots, -1);
        int count = 0;
        foreach (ref readonly var phase in phases)
        {
            for (int tap = 0; tap < phase.Window.Kernel; tap++)
            {
                ref int slot = ref _slots[(phase.Window.Position(0, tap) - Origin) % Stride];
                if (slot < 0)
                    slot = count++;
            }
        }
        _residues = new int[count];
        for (int residue = 0; residue < Stride; residue++)
        {
            if (_slots[residue] >= 0)
                _residues[_slots[residue]] = residue;
        }
    }

    /// <summary>Residues that some tap reads.</summary>
    public int Slots => _residues.Length;

    /// <summary>The residue of a slot.</summary>
    public int Residue(int slot) => _residues[slot];

    /// <summary>The slot of a residue, or −1 where no tap reads it.</summary>
    public int Slot(int residue) => _slots[residue];

    /// <summary>Numbers of a slot that <paramref name="positions"/> neighbouring sought positions read.</summary>
    public int Cells(int positions) => positions + (Span - 1) / Stride;

    /// <summary>Where <paramref name="tap"/> of sought position 0 reads: the slot and the number in it.</summary>
    public (int Slot, int Cell) Place(in GatherAxis phase, int tap)
    {
        var (cell, residue) = Math.DivRem((int)(phase.Window.Position(0, tap) - Origin), Stride);
        return (_slots[residue], cell);
    }
}
