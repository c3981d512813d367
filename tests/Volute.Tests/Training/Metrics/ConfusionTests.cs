using Volute.Training;

namespace Volute.Tests.Training.Metrics;

public class ConfusionTests
{
    // Rows are the reference. Class 0: 3 right, 1 taken for 2. Class 1: 2 right, 1 taken for 0. Class 2: 1 right, 2 taken for 0.
    private static readonly int[] labels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
    private static readonly int[] predictions = [0, 0, 0, 2, 1, 1, 0, 2, 0, 0];

    [Fact]
    public void A_case_counted_by_hand()
    {
        Confusion confusion = new(3);
        confusion.Add(predictions, labels);
        Assert.Equal([[3, 0, 1], [1, 2, 0], [2, 0, 1]], confusion.ToRows());
        Assert.Equal(10, confusion.Total);
        Assert.Equal(0.6, confusion.Accuracy);
        Assert.Equal(new ClassCounts(3, 3, 1), confusion.Of(0));
        Assert.Equal(0.5, confusion.Of(0).Precision);
        Assert.Equal(0.75, confusion.Of(0).Recall);
        Assert.Equal(0.6, confusion.Of(0).Dice, 15);
        Assert.Equal(3 / 7.0, confusion.Of(0).Iou, 15);
        Assert.Equal(1.0, confusion.Of(1).Precision);
        Assert.Equal(2 / 3.0, confusion.Of(1).Recall, 15);
        Assert.Equal(0.8, confusion.Of(1).Dice, 15);
        Assert.Equal((0.4, 0), confusion.Majority);
    }

    [Fact]
    public void Cases_add_up_and_rows_make_the_same_matrix_again()
    {
        Confusion whole = new(3), a = new(3), b = new(3);
        whole.Add(predictions, labels);
        a.Add(predictions.AsSpan(0, 4), labels.AsSpan(0, 4));
        b.Add(predictions.AsSpan(4), labels.AsSpan(4));
        a.Add(b);
        Assert.Equal(whole.ToRows(), a.ToRows());
        Assert.Equal(whole.ToRows(), Confusion.FromRows(whole.ToRows()).ToRows());
    }

    [Fact]
    public void Ignored_labels_count_nowhere_whatever_the_prediction()
    {
        Confusion confusion = new(2);
        confusion.Add([0, 1, 99, 1], [0, 0, 255, 1], ignore: 255);
        Assert.Equal([[1, 1], [0, 1]], confusion.ToRows());
    }

    [Fact]
    public void Absent_classes_are_not_applicable_and_one_sided_ones_score_zero()
    {
        ClassCounts absent = new(0, 0, 0), missed = new(0, 0, 5), invented = new(0, 4, 0);
        foreach (double ratio in new[] { absent.Precision, absent.Recall, absent.Dice, absent.Iou })
            Assert.True(double.IsNaN(ratio));
        foreach (double ratio in new[] { missed.Precision, missed.Recall, missed.Dice, missed.Iou, invented.Precision, invented.Recall, invented.Dice, invented.Iou })
            Assert.Equal(0, ratio);
        Assert.True(missed.Missed);
        Assert.False(invented.Missed);
        Assert.True(double.IsNaN(new Confusion(2).Accuracy));
        Assert.True(double.IsNaN(new Confusion(2).Majority.Accuracy));
    }

    [Fact]
    public void Random_cases_agree_with_counting_each_class_by_itself()
    {
        Random random = new(3);
        int[] truth = [.. Enumerable.Range(0, 5000).Select(_ => random.Next(7))], guess = [.. truth.Select(t => random.Next(3) == 0 ? random.Next(7) : t)];
        Confusion confusion = new(7);
        confusion.Add(guess, truth, ignore: 6);
        for (int c = 0; c < 6; c++)
        {
            HashSet<int> inTruth = [.. Enumerable.Range(0, 5000).Where(i => truth[i] == c)];
            HashSet<int> inGuess = [.. Enumerable.Range(0, 5000).Where(i => truth[i] != 6 && guess[i] == c)];
            double both = inTruth.Intersect(inGuess).Count();
            Assert.Equal(both / inTruth.Union(inGuess).Count(), confusion.Of(c).Iou, 14);
            Assert.Equal(2 * both / (inTruth.Count + inGuess.Count), confusion.Of(c).Dice, 14);
        }
    }

    [Fact]
    public void A_faulty_case_is_named_and_leaves_the_matrix_as_it_was()
    {
        Confusion confusion = new(3);
        string Message(int[] p, int[] l) => Assert.Throws<InvalidArgumentException>(() => confusion.Add(p, l, null, "ct07")).Message;
        Assert.Equal("ct07: label 255 at index 1 is none of the 3 classes (0 to 2); if it marks what is not labelled, give it as the ignore label", Message([0, 1], [0, 255]));
        Assert.Equal("ct07: prediction -1 at index 1 is none of the 3 classes (0 to 2)", Message([0, -1], [0, 1]));
        Assert.Equal("ct07: 1 predictions for 2 labels; both need the same size", Message([0], [0, 1]));
        Assert.Equal(0, confusion.Total);
        Assert.Equal("a confusion matrix of 2 classes cannot be added to one of 3", Assert.Throws<InvalidArgumentException>(() => confusion.Add(new Confusion(2))).Message);
        Assert.Equal("the number of classes must be 1 to 4096, got 0", Assert.Throws<InvalidArgumentException>(() => new Confusion(0)).Message);
        Assert.Equal("a confusion matrix is square, but row 1 of 2 has 1 counts", Assert.Throws<InvalidArgumentException>(() => Confusion.FromRows([[1, 2], [3]])).Message);
    }
}
