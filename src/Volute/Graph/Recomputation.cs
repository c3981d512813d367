namespace Volute;

/// <summary>
/// Values that wait long for their last readers, as activations wait for the backward pass, are forgotten and computed once more when they are needed:
/// the same operator on the same inputs, so the same bits. A value that needs a forgotten one again makes that one be computed again too, so that runs of
/// layers are computed once more from the last value kept, as in Chen et al. (2016), "Training deep nets with sublinear memory cost". Every choice is tried
/// on the life spans of the whole plan.
/// </summary>
internal sealed class Recomputation
{
    // What a machine does in a second, for comparing only; of multiplications three times as many where Winograd's filtering leaves most of them out.
    private const double MultipliesPerSecond = 7e10, Filtered = 3, BytesPerSecond = 2e10, LeastSeconds = 1e-9;

    /// <summary>The share of a plan's time that may be spent unasked, where there are bytes enough to save.</summary>
    private const double FreeShare = 0.04;
    private const long ManyBytes = 64 << 20;

    /// <summary>Values below this share of the peak are not worth it.</summary>
    private const double LeastShare = 0.004;

    private readonly Draft _draft;
    private readonly int[] _time, _base; // of a value: when it is computed; of a view: what it looks at
    private readonly List<Use>[] _uses;
    private readonly Dictionary<int, int> _forgotten = []; // a value, and the time of its last reader before it is forgotten
    private readonly int[] _again; // when a forgotten value is computed again
    private readonly Dictionary<int, Parts.Part> _parts;
    private readonly int[] _begin; // when the first part of a joined map is computed
    private readonly long[] _change;
    private readonly int[] _order;
    private readonly HashSet<int> _makers; // of further results, which come into being once

    /// <summary>A reader of a value; it may look at it through a view.</summary>
    private readonly record struct Use(int Reader, int Time, bool IsDirect);

    private Recomputation(Draft draft, bool joinsMaps)
    {
        _draft = draft;
        _order = StepOrder.Of(draft);
        _time = new int[draft.Count];
        _base = new int[draft.Count];
        _again = new int[draft.Count];
        _begin = new int[draft.Count];
        _parts = joinsMaps ? Parts.Of(draft) : [];
        _uses = [.. Enumerable.Range(0, draft.Count).Select(_ => new List<Use>())];
        _change = new long[_order.Length + 1];
        for (int i = 0; i < _order.Length; i++)
            _time[_order[i]] = i;
        _makers = [.. _order.Where(number => draft[number] is FurtherResult).Select(number => draft.Inputs(number)[0])];
        foreach (int number in _order)
        {
            int[] inputs = draft.Inputs(number);
            bool isView = draft[number]!.IsView;
            _base[number] = !isView ? number : inputs[0] < 0 ? -1 : _base[inputs[0]];
            foreach (int input in inputs)
            {
                if (!isView && input >= 0 && _base[input] >= 0)
                    _uses[_base[input]].Add(new Use(number, _time[number], _base[input] == input));
            }
        }
    }

    /// <summary>Bytes alive at the fullest step, and which step that is.</summary>
    private readonly record struct Peak(long Bytes, int Time);

    /// <summary>Forgets what costs almost nothing to compute again, and with a limit as much as it takes.</summary>
    /// <param name="draft">The operators, to which those computed again are added.</param>
    /// <param name="joinsMaps">Whether parts of joined maps are computed in their places.</param>
    /// <param name="limit">Bytes that the values may take, if they can.</param>
    /// <param name="share">The share of the plan's time, as estimated, that computing again adds.</param>
    /// <returns>The order of the steps.</returns>
    public static int[] Order(Draft draft, bool joinsMaps, long? limit, out double share)
    {
        Recomputation recomputation = new(draft, joinsMaps);
        share = recomputation.Choose(limit);
        return recomputation.Apply();
    }

    private double Choose(long? limit)
    {
        double whole = Enumerable.Range(0, _draft.Count).Where(i => _draft[i] is { IsView: false }).Sum(Seconds);
        Peak peak = Greedily(limit, FreeShare * whole);
        if (peak.Bytes > limit)
            BySegments(limit.Value);
        return whole > 0 ? _forgotten.Keys.Sum(Cost) / whole : 0;
    }

    /// <summary>The most bytes at the fullest step for the least time, one value after the other.</summary>
    private Peak Greedily(long? limit, double free)
    {
        double spent = 0;
        Peak peak = Measure() ?? default;
        HashSet<int> refused = [];
        bool IsAffordable(int number) => peak.Bytes > limit || (peak.Bytes > ManyBytes && spent + Cost(number) <= free);
        while (true)
        {
            int best = -1;
            double most = 0;
            for (int i = 0; i < _draft.Count; i++)
            {
                if (!IsCandidate(i, peak) || refused.Contains(i) || !IsAffordable(i))
                    continue;
                double worth = _draft.Output(i).Bytes / Cost(i);
                (best, most) = worth > most ? (i, worth) : (best, most);
            }
            if (best < 0)
                return peak;
            _forgotten[best] = Split(best, peak);
            if (Measure() is { } now && now.Bytes < peak.Bytes)
            {
                // What did not help at another fullest step may help at this one.
                if (now.Time != peak.Time)
                    refused.Clear();
                (peak, spent) = (now, spent + Cost(best));
            }
            else
            {
                _forgotten.Remove(best);
                refused.Add(best);
            }
        }
    }

    /// <summary>
    /// Of all values that wait at the fullest step some are kept, chosen so that those forgotten between two of them take at most a share of all: for each of
    /// some shares the fewest bytes kept, by dynamic programming along the plan. The first choice that keeps to the limit, or else the one of least
    /// memory, is taken, and of that everything remembered again that the limit has room for, the most expensive first.
    /// </summary>
    private void BySegments(long limit)
    {
        _forgotten.Clear();
        Peak full = Measure() ?? default;
        int[] waiting = [.. _order.Where(number => IsCandidate(number, full))];
        long all = waiting.Sum(number => _draft.Output(number).Bytes);
        (long Bytes, int[] Forgotten) best = (full.Bytes, []);
        for (int parts = 1; parts <= waiting.Length && best.Bytes > limit; parts = parts * 5 / 4 + 1)
        {
            Forget(Between(waiting, all / parts), full.Time);
            if (Measure() is { } peak && peak.Bytes < best.Bytes)
                best = (peak.Bytes, [.. _forgotten.Keys]);
        }
        Forget(best.Forgotten, full.Time);
        foreach (int number in best.Forgotten.OrderByDescending(Seconds))
        {
            _forgotten.Remove(number);
            if (Measure() is not { } peak || peak.Bytes > Math.Max(limit, best.Bytes))
                _forgotten[number] = full.Time;
        }
    }

    private void Forget(IEnumerable<int> numbers, int time)
    {
        _forgotten.Clear();
        foreach (int number in numbers)
            _forgotten[number] = time;
    }

    /// <summary>What is forgotten when the fewest bytes are kept and no run of forgotten values takes more than <paramref name="most"/>.</summary>
    private IEnumerable<int> Between(int[] waiting, long most)
    {
        // least[i]: the fewest bytes kept among the first i values, of which value i − 1 is kept; the last entry stands behind all of them.
        int count = waiting.Length;
        long[] least = new long[count + 2];
        int[] before = new int[count + 2];
        long Bytes(int i) => i <= count ? _draft.Output(waiting[i - 1]).Bytes : 0;
        for (int i = 1; i <= count + 1; i++)
        {
            least[i] = long.MaxValue;
            long run = 0;
            for (int j = i - 1; j >= 0 && run <= most; run += j > 0 ? Bytes(j) : 0, j--)
            {
                if (least[j] + Bytes(i) < least[i])
                    (least[i], before[i]) = (least[j] + Bytes(i), j);
            }
        }
        HashSet<int> kept = [];
        for (int i = before[count + 1]; i > 0; i = before[i])
            kept.Add(waiting[i - 1]);
        return waiting.Where(number => !kept.Contains(number));
    }

    /// <summary>Whether a value lies unread around the fullest step and can be computed again.</summary>
    private bool IsCandidate(int number, Peak peak)
        => _draft[number] is { IsView: false } and not FurtherResult && !_makers.Contains(number)
            && !_draft.IsKept(number) && !_draft.IsUpdate(number) && !_forgotten.ContainsKey(number)
            && _time[number] < peak.Time && _draft.Output(number).Bytes > LeastShare * peak.Bytes
            && (IsPartOfForgotten(number, out int whole)
                ? _again[whole] >= peak.Time
                : Uses(number).Any(use => use.Time > peak.Time) && Uses(number).All(use => use.Time != peak.Time && (use.IsDirect || use.Time < peak.Time)));

    /// <summary>Whether a value is computed in its place in a joined map that is computed again: then both may be, side by side.</summary>
    private bool IsPartOfForgotten(int number, out int whole)
    {
        whole = _parts.TryGetValue(number, out Parts.Part part) ? part.Whole : -1;
        return whole >= 0 && _forgotten.ContainsKey(whole);
    }

    /// <summary>Readers up to this time read a forgotten value as it was computed first.</summary>
    private int Split(int number, Peak peak) => IsPartOfForgotten(number, out int whole) ? _time[whole] : peak.Time;

    /// <summary>The readers of a value, those counted twice that are computed again.</summary>
    private IEnumerable<Use> Uses(int number)
    {
        foreach (Use use in _uses[number])
        {
            yield return use;
            if (_forgotten.ContainsKey(use.Reader))
                yield return use with { Time = _again[use.Reader] };
        }
    }

    /// <summary>The time of one computation, roughly.</summary>
    private double Seconds(int number)
    {
        Spec output = _draft.Output(number);
        int[] references = _draft.Inputs(number);
        Spec[] inputs = [.. references.Select(_draft.SpecOf)];
        // Of joined maps only what is not computed in its place is moved.
        long moved = _draft[number] is Concat ? 2 * references.Where(r => !_parts.ContainsKey(r)).Sum(r => _draft.SpecOf(r).Bytes) : output.Bytes + inputs.Sum(i => i.Bytes);
        Operator op = _draft[number]!;
        double rate = (op as ConvolutionOperator ?? (op as ConvolutionChain)?.Convolution) is { IsOfThreeTaps: true } ? Filtered * MultipliesPerSecond : MultipliesPerSecond;
        return op.Multiplies(inputs, output) / rate + moved / BytesPerSecond;
    }

    /// <summary>
    /// The time that forgetting a value adds. A part of a joined map that is computed again would be kept aside and copied into it twice: what that takes
    /// is saved where the part is computed again too, in its place.
    /// </summary>
    private double Cost(int number)
        => IsPartOfForgotten(number, out _) ? Math.Max(LeastSeconds, Seconds(number) - 4 * _draft.Output(number).Bytes / BytesPerSecond) : Seconds(number);

    /// <summary>The fullest step when the chosen values are forgotten; null where one would be read through a view after that.</summary>
    private Peak? Measure()
    {
        Array.Clear(_change);
        // From the last: when a value's turn comes, it is known when its readers are computed again.
        for (int i = _order.Length - 1; i >= 0; i--)
        {
            int number = _order[i];
            if (_draft[number]!.IsView)
                continue;
            bool isForgotten = _forgotten.TryGetValue(number, out int split);
            int last = _time[number], again = int.MaxValue, lastAgain = -1;
            void Note(int time, bool isDirect, ref bool isPossible)
            {
                if (!isForgotten || time <= split)
                    last = Math.Max(last, time);
                else
                {
                    isPossible &= isDirect;
                    (again, lastAgain) = (Math.Min(again, time), Math.Max(lastAgain, time));
                }
            }
            bool isPossible = true;
            foreach (Use use in Uses(number))
                Note(use.Time, use.IsDirect, ref isPossible);
            if (!isPossible)
                return null;
            (_again[number], _begin[number]) = (again, _time[number]);
            if (_parts.TryGetValue(number, out Parts.Part part) && isForgotten == _forgotten.ContainsKey(part.Whole))
            {
                // In its place in the whole, which is there from now on; a second time too, where both are computed again.
                Live(Math.Min(_time[number], _begin[part.Whole]), _begin[part.Whole] - 1, BytesOf(part.Whole));
                _begin[part.Whole] = Math.Min(_time[number], _begin[part.Whole]);
                continue;
            }
            long bytes = BytesOf(number);
            Live(_time[number], last, bytes);
            if (isForgotten)
                Live(again, lastAgain, bytes);
        }
        long alive = 0;
        Peak peak = default;
        for (int time = 0; time < _order.Length; time++)
        {
            alive += _change[time];
            if (alive > peak.Bytes)
                peak = new Peak(alive, time);
        }
        return peak;
    }

    private long BytesOf(int number) => _draft.IsWanted(number) ? 0 : _draft.Output(number).Bytes;

    private void Live(int first, int last, long bytes)
    {
        _change[first] += bytes;
        _change[last + 1] -= bytes;
    }

    /// <summary>Adds the operators that compute again, each before its first reader, and hands them to the readers.</summary>
    private int[] Apply()
    {
        if (_forgotten.Count == 0)
            return _order;
        Measure();
        Dictionary<int, int> copies = [];
        foreach (int number in _forgotten.Keys)
            copies[number] = _draft.Add(_draft[number]!, _draft.Inputs(number), _draft.Output(number), _draft.Origin(number));
        int[] Redirected(int number, int time)
            => [.. _draft.Inputs(number).Select(input => copies.TryGetValue(input, out int copy) && time > _forgotten[input] ? copy : input)];
        foreach (var (number, copy) in copies)
            _draft.Replace(copy, _draft[copy]!, Redirected(number, _again[number]), _draft.Origin(number));
        foreach (int reader in copies.Keys.SelectMany(number => _uses[number].Select(use => use.Reader)).Distinct().ToArray())
            _draft.Replace(reader, _draft[reader]!, Redirected(reader, _time[reader]), _draft.Origin(reader));
        // Of several before one reader, those that the others need were computed first the first time too.
        ILookup<int, int> before = copies.OrderBy(c => _time[c.Key]).ToLookup(c => _again[c.Key], c => c.Value);
        return [.. _order.SelectMany((number, time) => before[time].Append(number))];
    }
}
