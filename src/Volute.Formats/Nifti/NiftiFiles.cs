namespace Volute.Formats;

/// <summary>The names of volumes: one file (.nii), or a pair of header and voxels (.hdr and .img); each may end in .gz.</summary>
internal static class NiftiFiles
{
    private const string Header = ".hdr", Image = ".img", Gzip = ".gz";

    public static bool IsGzip(string path) => path.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase);

    public static bool IsSingle(string path) => Path.GetExtension(WithoutGzip(path)).Equals(".nii", StringComparison.OrdinalIgnoreCase);

    public static bool IsPair(string path) => IsHalf(path, Header) || IsHalf(path, Image);

    /// <summary>The two files to write for either name of a pair.</summary>
    public static (string Header, string Image) PairOf(string path)
    {
        string other = Other(path) + (IsGzip(path) ? path[^Gzip.Length..] : "");
        return IsHalf(path, Header) ? (path, other) : (other, path);
    }

    /// <summary>The header's file, and the one of the voxels, which is looked for when the header says that it is there.</summary>
    /// <exception cref="VoluteException">The header is not there.</exception>
    public static (string Header, Func<string>? Image) Find(string path)
    {
        if (!IsPair(path))
            return (path, null);
        return IsHalf(path, Header) ? (path, () => Existing(path)) : (Existing(path), () => path);
    }

    /// <summary>The other half of a pair: compressed as the given one is or the other way.</summary>
    private static string Existing(string path)
    {
        string plain = Other(path), packed = plain + Gzip;
        string[] names = IsGzip(path) ? [packed, plain] : [plain, packed];
        return Array.Find(names, File.Exists)
            ?? throw new VoluteException($"'{path}' is one half of a pair, and the other half is missing: there is neither '{names[0]}' nor '{names[1]}'");
    }

    private static bool IsHalf(string path, string ending) => Path.GetExtension(WithoutGzip(path)).Equals(ending, StringComparison.OrdinalIgnoreCase);

    private static string WithoutGzip(string path) => IsGzip(path) ? path[..^Gzip.Length] : path;

    /// <summary>The other half's name without .gz, in capitals where the given one is.</summary>
    private static string Other(string path)
    {
        string plain = WithoutGzip(path), ending = IsHalf(path, Header) ? Image : Header;
        return Path.ChangeExtension(plain, plain.EndsWith(plain[^3..].ToUpperInvariant(), StringComparison.Ordinal) ? ending.ToUpperInvariant() : ending);
    }
}
