namespace Volute;

/// <summary>
/// Element-wise operators join those that read their values, element-wise or reductions: tile by tile, what lies between stays in the first cache. A value
/// with several readers is computed by each of them where that moves less memory than writing it once.
/// </summary>
internal sealed class ElementwiseFusion
{
    private const int MostOperands = 16, MostMaps = 32, MostPasses = 3, MostResults = 4;

    // A weight changes when its last reader has it, a convolution's some steps after its gradient is there: until then a moved average that goes with it
    // holds that gradient in memory, which is not worth the pass that it saves where there is much of it.
    private const long MostKeptBytes = 1 << 18;

    private readonly Draft _draft;
    private readonly List<int>[] _readers;
    private readonly Pass?[] _passes; // of an operator that heads a pass over memory
    private readonly List<Pass>?[] _within; // of an operator that others compute for themselves, the passes in which they do

    public ElementwiseFusion(Draft draft)
    {
        _draft = draft;
        _readers = draft.Readers();
        _passes = new Pass?[draft.Count];
        _within = new List<Pass>?[draft.Count];
    }

    /// <summary>One pass over memory: the maps done in it, what it reads, and what it makes.</summary>
    private sealed class Pass(int head, IEnumerable<int> reads)
    {
        /// <summary>The results: an element-wise operator, or reductions.</summary>
        public List<int> Heads { get; } = [head];

        public SortedSet<int> Maps { get; } = [];

        public SortedSet<int> Reads { get; } = [.. reads];

        public void Take(int map, int[] inputs)
        {
            Reads.Remove(map);
            Maps.Add(map);
            foreach (int input in inputs)
            {
                if (!Maps.Contains(input))
                    Reads.Add(input);
            }
        }
    }

    /// <summary>Element-wise operators become part of the passes that read them.</summary>
    public void JoinMaps()
    {
        // From the last: when an operator's turn comes, it is known in which passes its readers are.
        for (int i = _passes.Length - 1; i >= 0; i--)
        {
            if (_draft[i] is not (Elementwise or Reduce))
                continue;
            _passes[i] = new Pass(i, _draft.Inputs(i));
            if (_draft[i] is Elementwise && _readers[i].Count > 0 && _readers[i].TrueForAll(reader => Takes(reader, i)))
                Inline(i);
        }
        for (int i = 0; i < _passes.Length; i++)
        {
            if (_passes[i] is not { } pass || _draft[i] is not Elementwise)
                continue;
            int[] maps = [.. pass.Maps, i], reads = [.. pass.Reads];
            if (pass.Maps.Any(_draft.IsKept))
            {
                JoinWithFurtherResults(i, maps, reads);
                continue;
            }
            // Of several, the last: what the others make is there when it runs.
            int convolution = Array.FindLastIndex(reads, read => read >= 0 && CanTakeOver(read, maps, reads));
            if (convolution >= 0)
                JoinConvolution(reads[convolution], maps, reads);
            else if (maps.Length > 1)
                _draft.Replace(i, new MapChain(Operators(maps), Sources(maps, reads)), reads, _draft.Origin(maps[0]));
        }
    }

    /// <summary>Reductions read the element-wise operators that they have taken in; those that read the same maps in the same way share a pass.</summary>
    public void JoinReductions()
    {
        List<Pass> passes = [];
        for (int i = 0; i < _passes.Length; i++)
        {
            if (_passes[i] is not { } pass || _draft[i] is not Reduce)
                continue;
            if (passes.Find(other => Share(other, pass)) is { } shared)
            {
                shared.Heads.Add(i);
                foreach (int map in pass.Maps)
                    shared.Take(map, []);
                shared.Reads.UnionWith(pass.Reads);
                shared.Reads.ExceptWith(shared.Maps);
                _passes[i] = shared;
            }
            else
                passes.Add(pass);
        }
        foreach (Pass pass in passes)
        {
            if (pass.Heads.Count > 1 || pass.Maps.Count > 0)
                Rewrite(pass);
        }
        for (int i = 0; i < _within.Length; i++)
        {
            if (_within[i] is not null && _draft[i] is not FurtherResult)
                _draft.Remove(i);
        }
    }

    /// <summary>Whether the reader can compute a value for itself: it visits the value's elements one by one.</summary>
    private bool Takes(int reader, int value)
        => _draft[reader] is Reduce || (_draft[reader] is Elementwise && _draft.Output(reader).Shape == _draft.Output(value).Shape);

    private void Inline(int map)
    {
        HashSet<Pass> passes = [.. _readers[map].SelectMany(reader => _within[reader] ?? [_passes[reader]!])];
        int[] inputs = _draft.Inputs(map);
        // Memory is moved for what is about as large as the value itself, not for a number per channel.
        long elements = _draft.Output(map).Shape.Elements;
        int[] large = [.. inputs.Distinct().Where(input => 2 * _draft.SpecOf(input).Shape.Elements > elements)];
        int written = large.Length + 2 + passes.Count, computed = passes.Sum(pass => large.Count(input => !pass.Reads.Contains(input)));
        bool fits = passes.All(pass => pass.Maps.Count < MostMaps && pass.Reads.Count + inputs.Length <= MostOperands);
        // What is kept is written by the one pass that reads it, beside its own result.
        if (_draft.IsKept(map) && (passes.Count > 1 || _draft.Output(map).Bytes > MostKeptBytes || _draft[passes.First().Heads[0]] is not Elementwise || FollowsConvolution(map)))
            return;
        if (!fits || passes.Count > MostPasses || (passes.Count > 1 && (computed > written || FollowsConvolution(map))))
            return;
        foreach (Pass pass in passes)
            pass.Take(map, inputs);
        _within[map] = [.. passes];
        _passes[map] = null;
    }

    /// <summary>Whether a convolution can make the value while its own result is in cache: then that result need not be written.</summary>
    private bool FollowsConvolution(int map)
        => Array.Exists(_draft.Inputs(map), input => input >= 0 && _readers[input].Count == 1 && !_draft.IsKept(input)
            && _draft.Output(input).Shape == _draft.Output(map).Shape
            && (_draft[input] is Convolution or ConvolutionInputGradient || (_draft[input] is Elementwise && FollowsConvolution(input))));

    /// <summary>Whether a convolution whose result only these maps read, and in no other pass, can do them, with what else they read.</summary>
    private bool CanTakeOver(int convolution, int[] maps, int[] reads)
    {
        Spec result = _draft.Output(convolution);
        return _draft[convolution] is Convolution or ConvolutionInputGradient && !_draft.IsKept(convolution) && result.Shape.Elements > 0
            && result == _draft.Output(maps[^1])
            && _readers[convolution].TrueForAll(reader => maps.Contains(reader) && (_within[reader] is null or { Count: 1 }))
            && Array.TrueForAll(reads, read => ConvolutionChain.Kind(_draft.SpecOf(read).Shape, result.Shape) is not null);
    }

    /// <summary>Maps in one pass of which some are kept: their values are further results of its step.</summary>
    private void JoinWithFurtherResults(int head, int[] maps, int[] reads)
    {
        int[] kept = [.. maps.SkipLast(1).Where(_draft.IsKept)];
        _draft.Replace(head, new MapChain(Operators(maps), Sources(maps, reads), [.. kept.Select(map => Array.IndexOf(maps, map))]), reads, _draft.Origin(maps[0]));
        for (int i = 0; i < kept.Length; i++)
            _draft.Replace(kept[i], new FurtherResult(i), [head], _draft.Origin(kept[i]));
    }

    private void JoinConvolution(int convolution, int[] maps, int[] reads)
    {
        int[] others = [.. reads.Where(read => read != convolution)], own = _draft.Inputs(convolution);
        int[][] sources = Sources(maps, [convolution, .. others]);
        ConvolutionChain chain = new((ConvolutionOperator)_draft[convolution]!, own.Length, Operators(maps), sources);
        _draft.Replace(maps[^1], chain, [.. own, .. others], _draft.Origin(convolution));
        _draft.Remove(convolution);
    }

    /// <summary>Whether two reductions may be done in one pass: alike, over the same maps in part, and neither waits for the other.</summary>
    private bool Share(Pass pass, Pass other)
    {
        (int first, int second) = (pass.Heads[0], other.Heads[0]);
        int x = _draft.Inputs(first)[0], y = _draft.Inputs(second)[0];
        if (_draft.SpecOf(x) != _draft.SpecOf(y) || _draft.IsUpdate(first) != _draft.IsUpdate(second) || _draft.SpecOf(x).Shape.Elements == 0)
            return false;
        long elements = _draft.SpecOf(x).Shape.Elements;
        return _draft[first]!.Equals(_draft[second]) && pass.Heads.Count < MostResults && pass.Heads.TrueForAll(head => _draft.Inputs(head)[0] != y)
            && pass.Reads.Any(read => other.Reads.Contains(read) && 2 * _draft.SpecOf(read).Shape.Elements > elements)
            && pass.Reads.Union(other.Reads).Count() <= MostOperands
            && !IsBehind(other, pass) && !IsBehind(pass, other);
    }

    /// <summary>Whether a pass needs, directly or not, what another one makes.</summary>
    private bool IsBehind(Pass pass, Pass before)
    {
        int oldest = before.Heads.Min();
        HashSet<int> seen = [];
        Stack<int> open = new(pass.Reads);
        while (open.TryPop(out int number))
        {
            // An operator reads only what is older than itself, but of a pass of several one may be young.
            if (number < 0 || !seen.Add(number))
                continue;
            if (before.Heads.Contains(number))
                return true;
            Pass? inner = _passes[number];
            if (number < oldest && inner is not { Heads.Count: > 1 })
                continue;
            foreach (int input in inner?.Reads ?? (IEnumerable<int>)_draft.Inputs(number))
                open.Push(input);
        }
        return false;
    }

    private void Rewrite(Pass pass)
    {
        int[] heads = [.. pass.Heads], maps = [.. pass.Maps], reads = [.. pass.Reads];
        int[] results = [.. heads.Select(head => Place(_draft.Inputs(head)[0], maps, reads))];
        ReduceChain chain = new((Reduce)_draft[heads[0]]!, _draft.SpecOf(_draft.Inputs(heads[0])[0]).Shape, Operators(maps), Sources(maps, reads), results);
        int origin = _draft.Origin(maps.Length > 0 ? maps[0] : heads[0]);
        if (heads.Length == 1)
        {
            _draft.Replace(heads[0], chain, reads, origin);
            return;
        }
        Spec one = _draft.Output(heads[0]);
        int elements = checked((int)one.Shape.Elements);
        int all = _draft.Add(chain, reads, one with { Shape = [heads.Length * elements] }, origin);
        for (int i = 0; i < heads.Length; i++)
        {
            int part = _draft.Add(new Slice(0, i * elements, elements, 1), [all], one with { Shape = [elements] }, origin);
            _draft.Replace(heads[i], new Reshape(one.Shape), [part], _draft.Origin(heads[i]));
        }
    }

    private Elementwise[] Operators(int[] maps) => [.. maps.Select(map => (Elementwise)_draft[map]!)];

    private int[][] Sources(int[] maps, int[] reads) => [.. maps.Select(map => _draft.Inputs(map).Select(input => Place(input, maps, reads)).ToArray())];

    /// <summary>The number of a value within a pass: what it reads comes first, then its maps.</summary>
    private static int Place(int value, int[] maps, int[] reads)
        => Array.IndexOf(reads, value) is >= 0 and var read ? read : reads.Length + Array.IndexOf(maps, value);
}
