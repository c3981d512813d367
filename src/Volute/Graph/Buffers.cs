namespace Volute;

/// <summary>The buffers of a plan in the making: when each lives, which may share memory, and in the end where each lies.</summary>
internal sealed class Buffers
{
    private const long Alignment = 64;

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

    /// <summary>Places the arena's buffers and returns its size. Largest first, each at the lowest place that is free for its whole life.</summary>
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
        placed = [.. _buffers];
        int[] order = [.. Enumerable.Range(0, _buffers.Count).Where(i => owner[i] == i && IsArena(i)).OrderByDescending(i => _buffers[i].Bytes).ThenBy(i => lives[i].First)];
        List<int> done = [];
        long[] positions = new long[_buffers.Count], ends = new long[_buffers.Count];
        long size = 0;
        foreach (int buffer in order)
        {
            long bytes = (_buffers[buffer].Bytes + Alignment - 1) / Alignment * Alignment, position = 0;
            foreach (var (start, end) in done.Where(d => lives[d].First <= lives[buffer].Last && lives[buffer].First <= lives[d].Last)
                .Select(d => (positions[d], ends[d])).Order())
            {
                if (start - position >= bytes)
                    break;
                position = Math.Max(position, end);
            }
            (positions[buffer], ends[buffer]) = (position, position + bytes);
            placed[buffer] = _buffers[buffer] with { Position = position };
            size = Math.Max(size, position + bytes);
            done.Add(buffer);
        }
        return size;
    }
}
