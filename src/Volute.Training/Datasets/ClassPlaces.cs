namespace Volute.Training;

/// <summary>Some voxels of each class above 0 in a mask, so that patches can be laid around one without searching through all.</summary>
internal sealed class ClassPlaces
{
    // nnU-Net's number.
    private const int Most = 10_000;

    private readonly int[][] _places;

    private ClassPlaces(int[][] places) => _places = places;

    /// <summary>Up to 10,000 voxels of each class, each as likely as the others (reservoir sampling; Vitter 1985).</summary>
    public static ClassPlaces Of(int[] labels, ulong seed)
    {
        SeededRandom random = new(seed);
        List<int>[] found = [.. Enumerable.Range(0, LabelMap.MaxClasses).Select(_ => new List<int>())];
        int[] seen = new int[LabelMap.MaxClasses];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] is not (> 0 and var label))
                continue;
            List<int> places = found[label];
            seen[label]++;
            if (places.Count < Most)
                places.Add(i);
            else if (random.Below(seen[label]) is < Most and var place)
                places[place] = i;
        }
        return new([.. found.Where(places => places.Count > 0).Select(places => places.ToArray())]);
    }

    /// <summary>A voxel of a class that is drawn first; null where there is only class 0.</summary>
    public int? Draw(ref SeededRandom random)
    {
        if (_places.Length == 0)
            return null;
        int[] places = _places[random.Below(_places.Length)];
        return places[random.Below(places.Length)];
    }
}
