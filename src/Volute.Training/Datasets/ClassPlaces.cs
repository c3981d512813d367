namespace Volute.Training;

/// <summary>Some pixels of each class above 0 in a mask, so that patches can be laid around one without searching through all.</summary>
internal sealed class ClassPlaces
{
    // nnU-Net's number.
    private const int Most = 10_000;

    private readonly long[][] _places;

    private ClassPlaces(long[][] places) => _places = places;

    /// <summary>Some pixels of each class, each as likely as the others (reservoir sampling; Vitter 1985), in one pass over the labels.</summary>
    /// <param name="sample">A sample with a mask.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="most">How many of each class: 8 bytes each.</param>
    public static ClassPlaces Of(WindowedSample sample, ulong seed, int most = Most)
    {
        SeededRandom random = new(seed);
        List<long>[] found = [.. Enumerable.Range(0, LabelMap.MaxClasses).Select(_ => new List<long>())];
        long[] seen = new long[LabelMap.MaxClasses];
        long first = 0;
        foreach (Box band in sample.Bands())
        {
            int[] labels = sample.Labels(band);
            for (int i = 0; i < labels.Length; i++)
            {
                if (labels[i] is not (> 0 and var label))
                    continue;
                List<long> places = found[label];
                seen[label]++;
                if (places.Count < most)
                    places.Add(first + i);
                else if (random.Below(seen[label]) is var place && place < most)
                    places[(int)place] = first + i;
            }
            first += labels.Length;
        }
        return new([.. found.Where(places => places.Count > 0).Select(places => places.ToArray())]);
    }

    /// <summary>A pixel of a class that is drawn first; null where there is only class 0.</summary>
    public long? Draw(ref SeededRandom random)
    {
        if (_places.Length == 0)
            return null;
        long[] places = _places[random.Below(_places.Length)];
        return places[random.Below(places.Length)];
    }
}
