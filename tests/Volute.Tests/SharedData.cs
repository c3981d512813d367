namespace Volute.Tests;

/// <summary>The folder of public data beside the project, <c>../shared/data</c>; tests that need it are skipped where it is absent.</summary>
internal static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>The path of a file or folder in it; skips the test where it is not there.</summary>
    public static string Path(params string[] parts)
    {
        string? path = Root == null ? null : System.IO.Path.Combine([Root, .. parts]);
        Assert.SkipUnless(System.IO.Path.Exists(path), $"shared/data/{string.Join('/', parts)} is not here");
        return path!;
    }

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }
}
