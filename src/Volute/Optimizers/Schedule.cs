namespace Volute;

/// <summary>
/// The learning rate of each step as a pure function of the step's number, from 0, and a base rate; the values are those of PyTorch's schedulers.
/// <c>optimizer.LearningRate = schedule.Rate(optimizer.Steps, 1e-3)</c> before a step.
/// </summary>
public sealed class Schedule
{
    private readonly Func<int, double, double> _rate;

    /// <summary>A schedule of one's own: the rate from a step, 0 or more, and a base rate.</summary>
    public Schedule(Func<int, double, double> rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        _rate = rate;
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">Its number, from 0.</param>
    /// <param name="baseRate">The rate that the schedule starts from.</param>
    /// <exception cref="InvalidArgumentException">A negative step.</exception>
    public double Rate(int step, double baseRate)
        => step >= 0 ? _rate(step, baseRate) : throw new InvalidArgumentException($"Schedule.Rate: step must be >= 0, got {step}");

    /// <summary>The base rate always.</summary>
    public static Schedule Constant { get; } = new((_, rate) => rate);

    /// <summary>base·γ^⌊step/size⌋.</summary>
    /// <exception cref="InvalidArgumentException"><paramref name="size"/> below 1.</exception>
    public static Schedule Step(int size, double gamma = 0.1)
    {
        Positive("Step", "size", size);
        return new((step, rate) => rate * Math.Pow(gamma, step / size));
    }

    /// <summary>base·γ for every milestone that is reached; a milestone named twice counts twice.</summary>
    public static Schedule MultiStep(IReadOnlyList<int> milestones, double gamma = 0.1)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        int[] reached = [.. milestones];
        return new((step, rate) => rate * Math.Pow(gamma, reached.Count(m => m <= step)));
    }

    /// <summary>base·γ^step.</summary>
    public static Schedule Exponential(double gamma) => new((step, rate) => rate * Math.Pow(gamma, step));

    /// <summary>min + (base − min)·(1 + cos(π·step/steps))/2: half a wave down to the minimum, and on up again beyond it (Loshchilov and Hutter, 2017).</summary>
    /// <exception cref="InvalidArgumentException"><paramref name="steps"/> below 1.</exception>
    public static Schedule Cosine(int steps, double minimum = 0)
    {
        Positive("Cosine", "steps", steps);
        return new((step, rate) => Wave(rate, minimum, (double)step / steps));
    }

    /// <summary>A cosine from the base rate to the minimum, again and again; each time <paramref name="growth"/> times as long.</summary>
    /// <param name="steps">Steps of the first descent.</param>
    /// <param name="growth">1 or more.</param>
    /// <param name="minimum">The rate at the end of a descent.</param>
    /// <exception cref="InvalidArgumentException"><paramref name="steps"/> or <paramref name="growth"/> below 1.</exception>
    public static Schedule CosineRestarts(int steps, int growth = 1, double minimum = 0)
    {
        Positive("CosineRestarts", "steps", steps);
        Positive("CosineRestarts", "growth", growth);
        return new((step, rate) =>
        {
            long length = steps, at = growth == 1 ? step % steps : step;
            for (; at >= length; length *= growth)
                at -= length;
            return Wave(rate, minimum, (double)at / length);
        });
    }

    /// <summary>base·(1 − step/steps)^power, 0 from then on.</summary>
    /// <exception cref="InvalidArgumentException"><paramref name="steps"/> below 1.</exception>
    public static Schedule Polynomial(int steps, double power = 1)
    {
        Positive("Polynomial", "steps", steps);
        return new((step, rate) => rate * Math.Pow(1 - (double)Math.Min(step, steps) / steps, power));
    }

    /// <summary>base times a factor that goes evenly from <paramref name="start"/> to <paramref name="end"/> over some steps and stays there.</summary>
    /// <exception cref="InvalidArgumentException"><paramref name="steps"/> below 1.</exception>
    public static Schedule Linear(double start = 1.0 / 3, double end = 1, int steps = 5)
    {
        Positive("Linear", "steps", steps);
        return new((step, rate) => rate * (start + (end - start) * Math.Min(step, steps) / steps));
    }

    /// <summary>From maximum/divisor up to the maximum, then down to maximum/divisor/finalDivisor, where it stays (Smith and Topin, 2018); the base rate does not matter.</summary>
    /// <param name="maximum">The highest rate.</param>
    /// <param name="steps">All steps.</param>
    /// <param name="riseShare">The part of them that goes up.</param>
    /// <param name="divisor">maximum / first rate.</param>
    /// <param name="finalDivisor">First rate / last rate.</param>
    /// <param name="linear">Straight lines instead of half waves.</param>
    /// <param name="threePhases">Down to the first rate as slowly as up, and the rest of the steps from there to the last rate.</param>
    /// <exception cref="InvalidArgumentException"><paramref name="steps"/> below 2, or a share outside 0..1.</exception>
    public static Schedule OneCycle(double maximum, int steps, double riseShare = 0.3, double divisor = 25, double finalDivisor = 1e4, bool linear = false, bool threePhases = false)
    {
        if (steps < 2)
            throw new InvalidArgumentException($"Schedule.OneCycle: steps must be >= 2, got {steps}");
        if (riseShare is not (> 0 and < 1) || threePhases && riseShare >= 0.5)
            throw new InvalidArgumentException($"Schedule.OneCycle: riseShare must lie between 0 and {(threePhases ? 0.5 : 1)}, got {riseShare}");
        double first = maximum / divisor, last = first / finalDivisor, rise = riseShare * steps - 1;
        (double End, double Rate)[] points = threePhases
            ? [(0, first), (rise, maximum), (2 * rise, first), (steps - 1, last)]
            : [(0, first), (rise, maximum), (steps - 1, last)];
        return new((step, _) =>
        {
            double at = Math.Min(step, steps - 1);
            int phase = 1;
            while (phase < points.Length - 1 && at > points[phase].End)
                phase++;
            double share = (at - points[phase - 1].End) / (points[phase].End - points[phase - 1].End);
            (double from, double to) = (points[phase - 1].Rate, points[phase].Rate);
            return linear ? from + (to - from) * share : Wave(from, to, share);
        });
    }

    /// <summary>This schedule after a warm-up: its first rate, reached evenly from <paramref name="start"/> times it; the schedule's own steps begin when the warm-up ends.</summary>
    /// <exception cref="InvalidArgumentException"><paramref name="steps"/> below 1.</exception>
    public Schedule AfterWarmUp(int steps, double start = 1.0 / 3)
    {
        Schedule warmUp = Linear(start, 1, steps);
        return new((step, rate) => step < steps ? warmUp.Rate(step, Rate(0, rate)) : Rate(step - steps, rate));
    }

    private static double Wave(double from, double to, double share) => to + (from - to) * (1 + Math.Cos(Math.PI * share)) / 2;

    private static void Positive(string schedule, string name, int value)
    {
        if (value < 1)
            throw new InvalidArgumentException($"Schedule.{schedule}: {name} must be >= 1, got {value}");
    }
}
