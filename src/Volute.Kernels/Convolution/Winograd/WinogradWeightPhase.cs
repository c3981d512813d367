namespace Volute.Kernels;

/// <summary>
/// The weight pass at stride s for the taps that leave the same remainders modulo s: a pass of stride 1 over the positions of x that they meet
/// (<see cref="WinogradPhase"/>), whose dw is a part of the whole one.
/// </summary>
internal readonly struct WinogradWeightPhase
{
    public readonly WinogradPhase Depth, High, Wide;

    /// <summary>Where in x its positions begin.</summary>
    public readonly long InputStart;

    private readonly Window _window;

    public WinogradWeightPhase(in ConvolutionProblem problem, int phase)
    {
        _window = problem.Window;
        var (depth, height, width) = (_window.Depth, _window.Height, _window.Width);
        Depth = WinogradPhase.Of(depth, phase / width.Stride / height.Stride, problem.Input.Depth);
        High = WinogradPhase.Of(height, phase / width.Stride % height.Stride, problem.Input.Height);
        Wide = WinogradPhase.Of(width, phase % width.Stride, problem.Input.Width);
        InputStart = problem.InputStrides.Offset(0, Depth.First, High.First, Wide.First);
    }

    /// <summary>How many there are.</summary>
    public static int Count(in Window window) => window.Depth.Stride * window.Height.Stride * window.Width.Stride;

    /// <summary>The pass of stride 1, of all taps that F(m, r) has.</summary>
    public ConvolutionProblem Of(in ConvolutionProblem problem, WinogradSize high, WinogradSize wide)
    {
        MapStrides strides = problem.InputStrides;
        return problem with
        {
            Window = new(Depth.Window(_window.Depth, Depth.Taps), High.Window(_window.Height, high.Taps), Wide.Window(_window.Width, wide.Taps)),
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
