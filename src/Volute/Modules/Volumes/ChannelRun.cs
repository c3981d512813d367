namespace Volute;

/// <summary>Output channels side by side that see the same planes and lie in whole groups, or all in one: a single convolution makes them.</summary>
/// <param name="Across">The axis across the planes: 0 depth, 1 height, 2 width.</param>
/// <param name="First">The first channel.</param>
/// <param name="Count">Channels.</param>
/// <param name="FirstGroup">The group of the first channel.</param>
/// <param name="Groups">Groups.</param>
internal readonly record struct ChannelRun(int Across, int First, int Count, int FirstGroup, int Groups)
{
    /// <summary>
    /// The runs of O channels: with q = ⌊O/3⌋ and r = O mod 3 the first q + [r ≥ 1] look across the depth, the next q + [r = 2] across the height, the
    /// last q across the width. Where a border of these thirds lies within a group, the group's channels are parted there.
    /// </summary>
    public static ChannelRun[] Of(int outChannels, int groups)
    {
        int third = outChannels / 3, rest = outChannels % 3, width = outChannels / groups, first = 0;
        List<ChannelRun> runs = [];
        int[] thirds = [third + (rest >= 1 ? 1 : 0), third + (rest == 2 ? 1 : 0), third];
        for (int across = 0; across < thirds.Length; across++)
        {
            for (int end = first + thirds[across]; first < end;)
            {
                int whole = first % width == 0 ? (end - first) / width : 0, group = first / width;
                int count = whole > 0 ? whole * width : Math.Min(end, (group + 1) * width) - first;
                runs.Add(new ChannelRun(across, first, count, group, Math.Max(whole, 1)));
                first += count;
            }
        }
        return [.. runs];
    }
}
