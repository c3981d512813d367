using Volute.Training;

namespace Volute.Tests.Training.Morphology;

public class BorderWeightingTests
{
    private static readonly BorderWeighting paper = new(10, 5, [1, 2]);

    /// <summary>The formula by trying all pairs of pixels; objects by flooding.</summary>
    private static double[] Plain(int[] labels, int[] size, BorderWeighting weighting)
    {
        int[] objects = Objects(labels, size);
        int count = objects.Max();
        double[] map = new double[labels.Length];
        for (int p = 0; p < labels.Length; p++)
        {
            map[p] = labels[p] < 0 ? 0 : weighting.ClassWeights[labels[p]];
            if (labels[p] != 0 || count < 2)
                continue;
            double[] distances = new double[count];
            Array.Fill(distances, double.PositiveInfinity);
            for (int q = 0; q < labels.Length; q++)
                if (objects[q] > 0)
                    distances[objects[q] - 1] = Math.Min(distances[objects[q] - 1], Distance(p, q, size));
            double[] two = [.. distances.Order().Take(2)];
            map[p] += weighting.Strength * Math.Exp(-Math.Pow(two[0] + two[1], 2) / (2 * weighting.Sigma * weighting.Sigma));
        }
        return map;
    }

    private static int[] Objects(int[] labels, int[] size)
    {
        int[] objects = new int[labels.Length];
        int count = 0;
        for (int start = 0; start < labels.Length; start++)
        {
            if (labels[start] <= 0 || objects[start] > 0)
                continue;
            count++;
            Stack<int> open = new([start]);
            objects[start] = count;
            while (open.TryPop(out int p))
                for (int q = 0; q < labels.Length; q++)
                    if (objects[q] == 0 && labels[q] == labels[p] && Distance(p, q, size) == 1)
                    {
                        objects[q] = count;
                        open.Push(q);
                    }
        }
        return objects;
    }

    private static double Distance(int p, int q, int[] size)
    {
        double sum = 0;
        for (int axis = size.Length - 1; axis >= 0; axis--)
        {
            sum += Math.Pow(p % size[axis] - q % size[axis], 2);
            (p, q) = (p / size[axis], q / size[axis]);
        }
        return Math.Sqrt(sum);
    }

    [Theory]
    [InlineData(new[] { 20, 24 }, 5.0, 1)]
    [InlineData(new[] { 30, 17 }, 2.0, 2)]
    [InlineData(new[] { 7, 9, 8 }, 3.0, 3)]
    public void Weights_are_those_of_the_formula(int[] size, double sigma, int seed)
    {
        Random random = new(seed);
        int pixels = size.Aggregate(1, (product, n) => product * n);
        for (int round = 0; round < 5; round++)
        {
            int[] labels = [.. Enumerable.Range(0, pixels).Select(_ => random.Next(100) switch { 0 => 1, 1 => 2, 2 => LabelMap.Ignored, _ => 0 })];
            // Some objects of more than a pixel.
            for (int i = 0; i + 1 < pixels; i++)
                if (labels[i] > 0 && i % size[^1] + 1 < size[^1] && labels[i + 1] == 0 && random.Next(2) == 0)
                    labels[i + 1] = labels[i];
            BorderWeighting weighting = new(10, sigma, [0.7, 3, 5]);
            double[] expected = Plain(labels, size, weighting);
            float[] map = weighting.Map(labels, new PixelGrid(size));
            // What is left out lies more than four deviations away: less than 10·exp(−8).
            for (int p = 0; p < pixels; p++)
                Assert.Equal(expected[p], map[p], 0.0034);
        }
    }

    [Fact]
    public void A_gap_between_two_squares_weighs_most_and_the_far_background_nothing_more()
    {
        // Two squares of 6 x 6, three columns apart, in a picture of 40 x 60.
        int[] labels = new int[40 * 60];
        for (int y = 10; y < 16; y++)
            for (int x = 0; x < 6; x++)
                labels[y * 60 + 10 + x] = labels[y * 60 + 19 + x] = 1;
        float[] map = paper.Map(labels, new PixelGrid([40, 60]));
        // In the gap's middle d1 = d2 = 2, beside a square 1 and 3: the same sum.
        Assert.All(new[] { 16, 17, 18 }, x => Assert.Equal(1 + 10 * Math.Exp(-16 / 50.0), map[12 * 60 + x], 1e-5));
        Assert.Equal(2, map[12 * 60 + 15]);
        Assert.Equal(1, map[39 * 60 + 59], 1e-3f);
        Assert.Equal(map.Max(), map[12 * 60 + 17]);
    }

    [Fact]
    public void One_object_has_no_gap()
    {
        int[] labels = new int[400];
        labels.AsSpan(100, 5).Fill(1);
        Assert.Equal(labels.Select(label => label == 1 ? 2f : 1f), paper.Map(labels, new PixelGrid([20, 20])));
    }

    [Fact]
    public void Class_weights_balance_the_classes_up_to_ten()
    {
        int[] labels = [.. Enumerable.Repeat(0, 60), .. Enumerable.Repeat(1, 30), .. Enumerable.Repeat(LabelMap.Ignored, 9), 2];
        Dataset data = Dataset.Of([new Sample("a", new float[100], [1, 10, 10], labels, [10, 10])], ["background", "a", "b"]);
        BorderWeighting weighting = BorderWeighting.Of(data);
        Assert.Equal((10, 5), (weighting.Strength, weighting.Sigma));
        Assert.Equal([91 / 180.0, 91 / 90.0, 10], weighting.ClassWeights);
    }

    [Fact]
    public void Data_without_masks_and_labels_without_a_weight_are_refused()
    {
        Dataset data = Dataset.Of([new Sample("a", new float[4], [1, 2, 2], [0], [])], ["cat"]);
        Assert.StartsWith("border weights are for masks, but the data are a classification: ", Assert.Throws<InvalidArgumentException>(() => BorderWeighting.Of(data)).Message);
        Assert.Equal("label 2 is none of the 2 classes that have a weight", Assert.Throws<InvalidArgumentException>(() => paper.Map([0, 2], new PixelGrid([1, 2]))).Message);
        Assert.Equal("a grid of 2 pixels needs as many labels, got 3", Assert.Throws<InvalidArgumentException>(() => paper.Map([0, 0, 0], new PixelGrid([1, 2]))).Message);
    }
}
