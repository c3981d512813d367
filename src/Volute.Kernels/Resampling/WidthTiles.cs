namespace Volute.Kernels;

/// <summary>Neighbouring outputs of the width axis that are computed together.</summary>
/// <param name="First">The first output.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstStep">Their first step.</param>
/// <param name="Steps">How many steps; more than one only for a single output whose inputs do not fit the buffer at once. 0 where nothing is read.</param>
/// <param name="IsRun">Each output is one input with weight 1, and these are neighbours as the outputs are: no sum over the width is needed.</param>
internal readonly record struct WidthTile(int First, int Count, int FirstStep, int Steps, bool IsRun);

/// <summary>Neighbouring inputs that are read together, and, for a tile of several steps, the taps that read them.</summary>
internal readonly record struct WidthStep(int FirstInput, int Inputs, int FirstTap, int EndTap);

/// <summary>The width axis cut into tiles whose inputs and outputs fit the buffers: by the shape alone.</summary>
internal sealed class WidthTiles
{
    /// <summary>Shorter runs are not worth a tile of their own.</summary>
    private const int ShortestRun = 8;

    private readonly AxisTaps _taps;
    private readonly int _maxInputs, _maxOutputs;
    private readonly List<WidthTile> _tiles = [];
    private readonly List<WidthStep> _steps = [];

    public WidthTiles(AxisTaps taps, int maxInputs, int maxOutputs)
    {
        (_taps, _maxInputs, _maxOutputs) = (taps, maxInputs, maxOutputs);
        for (int o = 0; o < taps.Outputs;)
            o = RunEnd(o) is var end && end - o >= ShortestRun ? AddRun(o, Math.Min(end, o + maxOutputs)) : AddTile(o);
        Tiles = [.. _tiles];
        Steps = [.. _steps];
    }

    public WidthTile[] Tiles { get; }

    public WidthStep[] Steps { get; }

    /// <summary>Inputs read by all tiles together.</summary>
    public long InputsRead => Steps.Sum(step => (long)step.Inputs);

    /// <summary>The largest number of inputs between the first and the last tap of one output.</summary>
    public static int LongestReach(AxisTaps taps)
    {
        int longest = 0;
        for (int o = 0; o < taps.Outputs; o++)
        {
            if (taps.Starts[o] < taps.Starts[o + 1])
                longest = Math.Max(longest, taps.Positions[taps.Starts[o + 1] - 1] - taps.Positions[taps.Starts[o]] + 1);
        }
        return longest;
    }

    private bool IsUnit(int o) => _taps.Starts[o + 1] - _taps.Starts[o] == 1 && _taps.Weights[_taps.Starts[o]] == 1;

    private int Position(int o) => _taps.Positions[_taps.Starts[o]];

    private int RunEnd(int o)
    {
        int end = o;
        while (end < _taps.Outputs && IsUnit(end) && Position(end) == Position(o) + (end - o))
            end++;
        return end;
    }

    private int AddRun(int first, int end)
    {
        _tiles.Add(new(first, end - first, _steps.Count, 1, IsRun: true));
        _steps.Add(new(Position(first), end - first, 0, 0));
        return end;
    }

    private int AddTile(int first)
    {
        int low = int.MaxValue, high = -1, end = first;
        for (; end < _taps.Outputs && end - first < _maxOutputs; end++)
        {
            int start = _taps.Starts[end], stop = _taps.Starts[end + 1];
            if (start == stop)
                continue;
            int newLow = Math.Min(low, _taps.Positions[start]), newHigh = Math.Max(high, _taps.Positions[stop - 1]);
            bool fits = newHigh - newLow < _maxInputs;
            if (!fits && end == first)
                return AddLargeWindow(first);
            if (!fits || (end > first && IsUnit(end) && RunEnd(end) - end >= ShortestRun))
                break;
            (low, high) = (newLow, newHigh);
        }
        _tiles.Add(new(first, end - first, _steps.Count, high < 0 ? 0 : 1, IsRun: false));
        if (high >= 0)
            _steps.Add(new(low, high - low + 1, 0, 0));
        return end;
    }

    private int AddLargeWindow(int output)
    {
        int steps = _steps.Count, stop = _taps.Starts[output + 1];
        for (int tap = _taps.Starts[output]; tap < stop;)
        {
            int first = tap, low = _taps.Positions[tap];
            while (tap < stop && _taps.Positions[tap] - low < _maxInputs)
                tap++;
            _steps.Add(new(low, _taps.Positions[tap - 1] - low + 1, first, tap));
        }
        _tiles.Add(new(output, 1, steps, _steps.Count - steps, IsRun: false));
        return output + 1;
    }
}
