using Volute.Training;

namespace Volute.Tests.Training.Reports;

public class TicksTests
{
    private static string Marks(Ticks ticks) => string.Join(' ', ticks.Marks.Select(mark => mark.Text));

    [Theory]
    [InlineData(0.13, 1.42, "0.0 0.5 1.0 1.5")]
    [InlineData(0.81, 0.93, "0.80 0.85 0.90 0.95")]
    [InlineData(-3, 12, "-5 0 5 10 15")]
    [InlineData(0, 1000, "0 200 400 600 800 1000")]
    [InlineData(1e-7, 5e-7, "0.0000001 0.0000002 0.0000003 0.0000004 0.0000005")]
    [InlineData(2, 2, "1.8 1.9 2.0 2.1 2.2")]
    public void Linear_marks_are_round_and_enclose_the_values(double low, double high, string marks)
    {
        Ticks ticks = Ticks.Linear(low, high, 5);
        Assert.Equal(marks, Marks(ticks));
        Assert.True(ticks.Low <= low && ticks.High >= high);
        Assert.Equal(0.0, ticks.Place(ticks.Low));
        Assert.Equal(1.0, ticks.Place(ticks.High));
    }

    [Theory]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(1, 40, "5 10 15 20 25 30 35 40")]
    [InlineData(1, 1000, "200 400 600 800 1000")]
    [InlineData(7, 7, "6 7 8")]
    public void Marks_of_epochs_are_whole_and_within(double low, double high, string marks)
        => Assert.Equal(marks, Marks(Ticks.Linear(low, high, 8, whole: true, widen: false)));

    [Theory]
    [InlineData(0.002, 3.0, "0.01 0.1 1")]
    [InlineData(0.4, 6.0, "0.5 1 2 5")]
    [InlineData(1e-7, 1e-5, "1e-7 1e-6 1e-5")]
    public void Logarithmic_marks_are_powers_of_ten_or_their_halves_and_fifths(double low, double high, string marks)
    {
        Ticks ticks = Ticks.Log(low, high);
        Assert.Equal(marks, Marks(ticks));
        Assert.Equal(0.5, ticks.Place(Math.Sqrt(low * high)), 12);
    }
}
