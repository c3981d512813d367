namespace Volute.Formats;

/// <summary>Reads numpy's npz files: a zip archive of npy files.</summary>
public static class Npz
{
    /// <summary>Reads every array of a file, named without <c>.npy</c>.</summary>
    /// <exception cref="FileFormatException">The archive or an array in it is damaged.</exception>
    /// <exception cref="LimitException">An array is larger than <paramref name="limits"/> allow.</exception>
    /// <exception cref="VoluteException">The file is missing or cannot be read.</exception>
    public static IReadOnlyDictionary<string, NumberArray> Read(string path, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.OpenFile(path);
        return Read(reader, limits ?? FormatLimits.Default);
    }

    /// <summary>Reads the archive that lies from the current position of <paramref name="stream"/> to its end.</summary>
    /// <exception cref="FileFormatException">The archive or an array in it is damaged.</exception>
    /// <exception cref="LimitException">An array is larger than <paramref name="limits"/> allow.</exception>
    public static IReadOnlyDictionary<string, NumberArray> Read(Stream stream, FormatLimits? limits = null)
    {
        using ByteReader reader = ByteReader.Over(stream, limits);
        return Read(reader, limits ?? FormatLimits.Default);
    }

    private static Dictionary<string, NumberArray> Read(ByteReader reader, FormatLimits limits)
    {
        Dictionary<string, NumberArray> arrays = [];
        ZipReader zip = new(reader);
        foreach (ZipEntry entry in zip.Entries)
        {
            const string Suffix = ".npy";
            string name = entry.Name.EndsWith(Suffix, StringComparison.Ordinal) ? entry.Name[..^Suffix.Length] : entry.Name;
            using ByteReader member = ByteReader.OverPart(new MemoryStream(zip.Read(entry, limits)), $"{reader.Name}/{entry.Name}");
            NumberArray array = Npy.Read(member, limits);
            member.ExpectEnd("the array");
            if (!arrays.TryAdd(name, array))
                throw reader.Error($"the archive has two arrays named '{name}'");
        }
        return arrays;
    }
}
