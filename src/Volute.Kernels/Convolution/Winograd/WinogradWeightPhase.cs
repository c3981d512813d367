namespace Volute.Kernels;

/// <summary>
/// The weight pass for the taps of one phase of each axis: a pass of stride 1 over the positions of x that they meet (<see cref="WinogradPhase"/>), whose dw is
/// a part of the whole one.
/// </summary>
internal readonly struct WinogradWeightPhase
{
    public readonly WinogradPhase Depth, High, Wide;

    /// <summary>Where in x its positions begin.</summary>
    public readonly long InputStart;

    // Depth is not transformed: its taps need no cutting.
    private const int AllTaps = int.MaxValue;

    private readonly Window _window;
    private readonly WinogradSize _high, _wide;

    /// <param name="problem">The whole pass.</param>
    /// <param name="phase">Which phase, those of the width fastest.</param>
    /// <param name="high">The transform along the height.</param>
    /// <param name="wide">The transform along the width.</param>
    public WinogradWeightPhase(in ConvolutionProblem problem, int phase, WinogradSize high, WinogradSize wide)
    {
        (_window, _high, _wide) = (problem.Window, high, wide);
        int heights = WinogradPhase.Count(_window.Height, high.Taps), widths = WinogradPhase.Count(_window.Width, wide.Taps);
        Depth = WinogradPhase.Of(_window.Depth, phase / widths / heights, AllTaps, problem.Input.Depth);
        High = WinogradPhase.Of(_window.Height, phase / widths % heights, high.Taps, problem.Input.Height);
        Wide = WinogradPhase.Of(_window.Width, phase % widths, wide.Taps, problem.Input.Width);
        InputStart = problem.InputStrides.Offset(0, Depth.First, High.First, Wide.First);
    }

    /// <summary>How many there are.</summary>
    public static int Count(in Window window, WinogradSize high, WinogradSize wide)
        => WinogradPhase.Count(window.Depth, AllTaps) * WinogradPhase.Count(window.Height, high.Taps) * WinogradPhase.Count(window.Width, wide.Taps);

    /// <summary>The pass of stride 1, of all taps that F(m, r) has.</summary>
    public ConvolutionProblem Of(in ConvolutionProblem problem)
    {
        MapStrides strides = problem.InputStrides;
        return problem with
        {
            Window = new(Depth.Window(_window.Depth, Depth.Taps), High.Window(_window.Height, _high.Taps), Wide.Window(_window.Width, _wide.Taps)),
            Input = new(Depth.Length, High.Length, Wide.Length),
            InputStrides = new(strides.Batch, strides.Depth * Depth.Stride, strides.Height * High.Stride, strides.Width * Wide.Stride),
        };
    }

    /// <summary>Taps of the whole window.</summary>
    public int Taps => _window.Taps;

    /// <summary>Which tap of the whole window a tap of the phase is; −1 where the phase lacks it.</summary>
    public int Tap(int depth, int height, int width)
    {
        var (d, h, w) = (Depth.Tap + depth * Depth.Stride, High.Tap + height * High.Stride, Wide.Tap + width * Wide.Stride);
        return height >= High.Taps || width >= Wide.Taps ? -1 : (d * _window.Height.Kernel + h) * _window.Width.Kernel + w;
    }
}
