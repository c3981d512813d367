namespace Volute;

/// <summary>The buffers of a plan in the making: when each lives, which may share memory, and in the end where each lies.</summary>
internal sealed class Buffers
{
    private const long Alignment = 64;
    private const int CarefullyPlaced = 4096;

    private readonly List<Buffer> _buffers = [];
    private readonly List<(int First, int Last)> _lives = [];
    private readonly List<(int Output, int Input, int Step)> _overwrites = [];

    public int Add(Buffer buffer)
    {
        _buffers.Add(buffer);
        _lives.Add((int.MaxValue, -1));
        return _buffers.Count - 1;
    }

    public bool IsArena(int buffer) => _buffers[buffer].Place == Place.Arena;

    /// <summary>The buffer is read or written at <paramref name="step"/>.</summary>
    public void Touch(int buffer, int step)
    {
        var (first, last) = _lives[buffer];
        _lives[buffer] = (Math.Min(first, step), Math.Max(last, step));
    }

    /// <summary>The step that writes <paramref name="output"/> may do so over <paramref name="input"/>, should that be its last use.</summary>
    public void MayOverwrite(int output, int input, int step) => _overwrites.Add((output, input, step));

    /// <summary>Places the arena's buffers and returns its size.</summary>
    /// <param name="placed">The buffers in their places.</param>
    /// <param name="names">For each buffer as added, its number among the placed: those that share memory have one.</param>
    public long PlaceAll(out Buffer[] placed, out int[] names)
    {
        int[] owner = [.. Enumerable.Range(0, _buffers.Count)];
        var lives = _lives.ToArray();
        HashSet<int> taken = [];
        foreach (var (output, input, step) in _overwrites)
        {
            int root = owner[input];
            if (owner[output] != output || !IsArena(root) || lives[root].Last != step || _buffers[root].Bytes != _buffers[output].Bytes || !taken.Add(output))
                continue;
            owner[output] = root;
            lives[root].Last = lives[output].Last;
        }
        names = owner;
        int[] mine = [.. Enumerable.Range(0, _buffers.Count).Where(i => owner[i] == i && IsArena(i))];
        long[] positions = new long[_buffers.Count];
        long size = mine.Length <= CarefullyPlaced ? LargestFirst(mine, lives, positions) : FirstComeFirst(mine, lives, positions);
        placed = [.. _buffers.Select((buffer, i) => buffer with { Position = IsArena(i) ? positions[i] : buffer.Position })];
        return size;
    }

    private long Room(int buffer) => (_buffers[buffer].Bytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>Largest first, each at the lowest place that is free for its whole life: little waste, and time that grows with the square of their number.</summary>
    private long LargestFirst(int[] mine, (int First, int Last)[] lives, long[] positions)
    {
        List<int> done = [];
        long[] ends = new long[positions.Length];
        long size = 0;
        foreach (int buffer in mine.OrderByDescending(i => _buffers[i].Bytes).ThenBy(i => lives[i].First))
        {
            long bytes = Room(buffer), position = 0;
            foreach (var (start, end) in done.Where(d => lives[d].First <= lives[buffer].Last && lives[buffer].First <= lives[d].Last)
                .Select(d => (positions[d], ends[d])).Order())
            {
                if (start - position >= bytes)
                    break;
                position = Math.Max(position, end);
            }
            (positions[buffer], ends[buffer]) = (position, position + bytes);
            size = Math.Max(size, position + bytes);
            done.Add(buffer);
        }
        return size;
    }

    /// <summary>In the order of the steps, each in the smallest gap that those before it have left: for plans of many thousand values.</summary>
    private long FirstComeFirst(int[] mine, (int First, int Last)[] lives, long[] positions)
    {
        PriorityQueue<int, int> alive = new();
        SortedSet<(long Bytes, long Position)> gaps = [];
        long size = 0;
        foreach (int buffer in mine.OrderBy(i => lives[i].First))
        {
            while (alive.TryPeek(out int dead, out int last) && last < lives[buffer].First)
            {
                alive.Dequeue();
                gaps.Add((Room(dead), positions[dead]));
            }
            long bytes = Room(buffer);
            (long Bytes, long Position) gap = gaps.GetViewBetween((bytes, 0), (long.MaxValue, long.MaxValue)).Min;
            if (gap.Bytes == 0)
                gap = (bytes, size);
            else
                gaps.Remove(gap);
            positions[buffer] = gap.Position;
            if (gap.Bytes > bytes)
                gaps.Add((gap.Bytes - bytes, gap.Position + bytes));
            size = Math.Max(size, gap.Position + bytes);
            alive.Enqueue(buffer, lives[buffer].Last);
        }
        return size;
    }
}
