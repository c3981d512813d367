using Volute.Training;

namespace Volute.Tests.Training.Reports;

public class VerdictTests
{
    private static TrainingLogRow[] Log(int epochs, Func<int, double> train, Func<int, double> validation)
        => [.. Enumerable.Range(1, epochs).Select(e => new TrainingLogRow(e, e, 0.01, train(e), validation(e), new Dictionary<string, double?>(), 1))];

    private static Evaluation Two(params (string Name, int[] Predictions, int[] Labels)[] cases)
    {
        SegmentationEvaluator evaluator = new(["background", "liver", "tumour"]);
        foreach (var (name, predictions, labels) in cases)
            evaluator.Add(name, predictions, labels);
        return evaluator.Evaluate();
    }

    [Fact]
    public void The_score_comes_first_with_its_interval()
    {
        Evaluation evaluation = Two(("a", [0, 1, 1, 0], [0, 1, 1, 1]), ("b", [0, 1, 1, 1], [0, 1, 1, 1]));
        Assert.Equal("On 2 held-out cases the model reaches a Dice coefficient of 0.900 (95 % interval 0.800 to 1.000).", Verdict.Sentence(evaluation));
        Assert.Equal("On 1 held-out case the model reaches a Dice coefficient of 0.800.", Verdict.Sentence(Two(("a", [0, 1, 1, 0], [0, 1, 1, 1]))));
        Assert.Equal("Dice does not apply: in the 1 held-out case no class of interest occurs.", Verdict.Sentence(Two(("a", [0, 0], [0, 0]))));
        ClassificationEvaluator pictures = new(["cat", "dog"]);
        pictures.Add("p", 0, 0);
        Assert.Equal("On 1 held-out picture the model reaches an accuracy of 1.000.", Verdict.Sentence(pictures.Evaluate()));
    }

    [Fact]
    public void A_model_that_learned_nothing_is_called_so()
    {
        Evaluation evaluation = Two(("a", [0, 0, 0, 0], [0, 0, 0, 1]));
        Assert.Equal("The model is no better than always answering “background”, which gives a pixel accuracy of 0.750; it has 0.750.",
            Verdict.Remarks(Samples.Of(evaluation), [])[0]);
        ClassificationEvaluator pictures = new(["cat", "dog"]);
        pictures.Add("p", 0, 0);
        pictures.Add("q", 1, 1);
        Assert.Equal("Always answering “cat” would give an accuracy of 0.500.", Verdict.Remarks(Samples.Of(pictures.Evaluate()), [])[0]);
    }

    [Fact]
    public void Weak_and_missed_classes_are_named()
    {
        IReadOnlyList<string> remarks = Verdict.Remarks(Samples.Of(Two(("a", [0, 1, 1, 0], [0, 1, 1, 2]), ("b", [0, 1, 2, 0], [0, 1, 2, 0]))), []);
        Assert.Contains("The weakest class is “tumour” with 0.500.", remarks);
        Assert.Contains("“tumour” was missed altogether in 1 case.", remarks);
    }

    [Fact]
    public void The_course_of_the_training_is_judged()
    {
        RunSummary summary = Samples.Of(Two(("a", [0, 1], [0, 1])));
        string Course(RunSummary s, TrainingLogRow[] log) => string.Join(" ", Verdict.Remarks(s, log).Skip(1));
        Assert.Equal("The best epoch was 20 of 40.", Course(summary with { BestEpoch = 20 }, Log(40, e => 1.0 / e, e => 1.1 / e)));
        Assert.Equal("The best epoch was 38 of 40, near the end: longer training may help.", Course(summary with { BestEpoch = 38 }, Log(40, e => 1.0 / e, e => 1.1 / e)));
        Assert.Equal("The best epoch was 38 of 40. After epoch 10 the validation loss rose while the training loss fell (overfitting): more data or more augmentation may help.",
            Course(summary with { BestEpoch = 38 }, Log(40, e => 1.0 / e, e => 0.5 + 0.02 * Math.Abs(e - 10))));
        Assert.Equal("The loss stopped being a number in epoch 7: a lower learning rate is needed.", Course(summary, Log(9, e => e < 7 ? 1 : double.NaN, _ => 1)));
    }
}
