namespace Volute.Cli.Bench;

/// <summary>One way to do a piece of work, which can be asked to do it and say how long it took.</summary>
internal interface IContestant
{
    /// <summary>Does the work <paramref name="repetitions"/> times.</summary>
    /// <returns>The milliseconds of each.</returns>
    double[] Run(int repetitions);
}

/// <summary>
/// Measures ways to do the same work turn by turn: in every round each works while the others sleep, so that what disturbs the machine disturbs all alike.
/// </summary>
internal static class Contest
{
    private const int Rounds = 3, LeastInRound = 2, MostInRound = 20_000;

    /// <summary>Milliseconds that a contestant works in a round: as many in three as a median needs.</summary>
    private const double RoundTime = 110;

    /// <summary>Milliseconds of a contestant's round after which its repetitions are few.</summary>
    private const double LongRound = 650;

    /// <summary>So much slower than the fastest of its side in the warm-up, a contestant other than the first takes no part in the rounds.</summary>
    private const double Hopeless = 1.5;

    /// <summary>Threads that wait for work spin for a while: they fall asleep before the next turn.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The median milliseconds of each contestant of each side; of those that the warm-up shows to be far slower than the fastest of their side, the warm-up's.</summary>
    /// <param name="sides">Contestants of one side are alternatives, of which only the fastest will count.</param>
    public static double[][] Medians(params ReadOnlySpan<IContestant[]> sides)
    {
        List<Turn> turns = [];
        double[][] medians = new double[sides.Length][];
        for (int side = 0; side < sides.Length; side++)
        {
            Turn[] warm = [.. sides[side].Select(c => new Turn(c))];
            double fastest = warm.Min(t => t.Estimate);
            turns.AddRange(warm.Where((t, i) => i == 0 || t.Estimate <= Hopeless * fastest));
            medians[side] = [.. warm.Select(t => t.Estimate)];
            for (int i = 0; i < warm.Length; i++)
                warm[i].Result = (side, i);
        }
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Turn turn in turns)
            {
                Thread.Sleep(s_pause);
                turn.Take();
            }
        }
        foreach (Turn turn in turns)
            medians[turn.Result.Side][turn.Result.Index] = turn.Median;
        return medians;
    }

    private sealed class Turn
    {
        private readonly IContestant _contestant;
        private readonly List<double> _times = [];

        public Turn(IContestant contestant)
        {
            _contestant = contestant;
            Thread.Sleep(s_pause);
            // The first run compiles and plans.
            double first = contestant.Run(1)[0];
            Estimate = Math.Min(first, contestant.Run(first > 2 * LongRound ? 1 : 2).Min());
        }

        public (int Side, int Index) Result { get; set; }

        /// <summary>The least milliseconds of the warm-up.</summary>
        public double Estimate { get; }

        public double Median
        {
            get
            {
                double[] sorted = [.. _times.Order()];
                return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
            }
        }

        public void Take()
        {
            // The second run of many seconds tells what the first one told.
            if (Estimate > 4 * LongRound && _times.Count > 1)
                return;
            int most = Math.Max(1, (int)(LongRound / Estimate));
            _times.AddRange(_contestant.Run(Math.Clamp((int)Math.Min(RoundTime / Estimate, MostInRound) + 1, Math.Min(LeastInRound, most), most)));
        }
    }
}
