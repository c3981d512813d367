namespace Volute;

/// <summary>
/// How a leaf that each step makes anew, such as the key of a dropout or an optimizer's rate, gets its next contents where a step is recorded
/// (<see cref="RecordedStep"/>). In the order of their making, leaves get what as many steps would have given them.
/// </summary>
/// <param name="write">Writes the next contents.</param>
/// <param name="isSpent">Whether the contents that it was made with have not been used before the first run.</param>
internal sealed class Renewal(Action<Storage> write, bool isSpent)
{
    private static long s_last;

    private readonly long _order = Interlocked.Increment(ref s_last);

    /// <summary>Whether it has to be renewed before the first run too.</summary>
    public bool IsSpent { get; } = isSpent;

    public void Write(Storage storage) => write(storage);

    /// <summary>The order of making.</summary>
    public static int Compare(Renewal a, Renewal b) => a._order.CompareTo(b._order);
}
