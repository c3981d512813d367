namespace Volute;

/// <summary>The buffers of a plan in the making: when each lives, which may share memory, and in the end where each lies.</summary>
internal sealed class Buffers
{
    private const long Alignment = 64;
    private const int CarefullyPlaced = 4096;

    /// <summary>Buffers placed in all attempts of one order.</summary>
    private const int Placements = 1 << 14;

    private readonly List<Buffer> _buffers = [];
    private readonly List<(int First, int Last)> _lives = [];
    private readonly List<(int Output, int Input, int Step)> _overwrites = [];

    public int Add(Buffer buffer)
    {
        _buffers.Add(buffer);
        _lives.Add((int.MaxValue, -1));
        return _buffers.Count - 1;
    }

    public long Bytes(int buffer) => _buffers[buffer].Bytes;

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
        long size = mine.Length <= CarefullyPlaced ? Carefully(mine, lives, positions) : FirstComeFirst(mine, lives, positions);
        placed = [.. _buffers.Select((buffer, i) => buffer with { Position = IsArena(i) ? positions[i] : buffer.Position })];
        return size;
    }

    private long Room(int buffer) => (_buffers[buffer].Bytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>
    /// Each at the lowest place that is free for its whole life, in several orders, of which the one of least size is taken. While that leaves gaps, what
    /// came to lie on top is placed first, again and again.
    /// </summary>
    private long Carefully(int[] mine, (int First, int Last)[] lives, long[] positions)
    {
        long Life(int buffer) => lives[buffer].Last - lives[buffer].First + 1L;
        long least = long.MaxValue, needed = Needed(mine, lives);
        foreach (Func<int, double> weight in (Func<int, double>[])[i => Room(i), i => (double)Room(i) * Life(i), i => Life(i), i => Room(i) * Math.Sqrt(Life(i))])
        {
            List<int> order = [.. mine.OrderByDescending(weight).ThenByDescending(Room).ThenBy(i => lives[i].First)];
            for (int attempt = 0; attempt <= Placements / Math.Max(1, mine.Length); attempt++)
            {
                long[] tried = new long[positions.Length];
                long size = LowestFree(order, lives, tried);
                if (size < least)
                {
                    least = size;
                    tried.CopyTo(positions, 0);
                }
                if (size == needed)
                    return size;
                int top = order.FindIndex(buffer => tried[buffer] + Room(buffer) == size), topmost = order[top];
                order.RemoveAt(top);
                order.Insert(0, topmost);
            }
        }
        return least;
    }

    /// <summary>The bytes alive at the fullest step: no placement needs less.</summary>
    private long Needed(int[] mine, (int First, int Last)[] lives)
    {
        SortedDictionary<int, long> change = [];
        foreach (int buffer in mine)
        {
            change[lives[buffer].First] = change.GetValueOrDefault(lives[buffer].First) + Room(buffer);
            change[lives[buffer].Last + 1] = change.GetValueOrDefault(lives[buffer].Last + 1) - Room(buffer);
        }
        long alive = 0, most = 0;
        foreach (long bytes in change.Values)
            most = Math.Max(most, alive += bytes);
        return most;
    }

    private long LowestFree(List<int> order, (int First, int Last)[] lives, long[] positions)
    {
        // Those placed, by where they begin.
        List<int> placed = [];
        long size = 0;
        foreach (int buffer in order)
        {
            long bytes = Room(buffer), position = 0;
            int at = 0;
            for (int i = 0; i < placed.Count; i++)
            {
                int other = placed[i];
                if (lives[other].First > lives[buffer].Last || lives[buffer].First > lives[other].Last)
                    continue;
                if (positions[other] - position >= bytes)
                    break;
                position = Math.Max(position, positions[other] + Room(other));
            }
            positions[buffer] = position;
            size = Math.Max(size, position + bytes);
            while (at < placed.Count && positions[placed[at]] < position)
                at++;
            placed.Insert(at, buffer);
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
