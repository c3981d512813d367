using System.Reflection;
using System.Runtime.InteropServices;

namespace Volute.Gdal;

/// <summary>Finds GDAL's library at run time, loads it once, and says how to install it where it is not there.</summary>
internal static class GdalLibrary
{
    /// <summary>The variable that names the library to load, where it has another name or another place.</summary>
    public const string Variable = "VOLUTE_GDAL";

    // GDAL 3.4 is libgdal.so.30, and each version since counted on, 3.10 to libgdal.so.36; on Windows they are gdal304.dll to gdal310.dll.
    private const int OldestSoname = 30, NewestSoname = 45, WindowsDistance = 274;

    private static readonly Lazy<nint> Loaded = new(() => Load(Names()));

    /// <summary>Loads GDAL unless it is loaded.</summary>
    /// <exception cref="VoluteException">It is not installed.</exception>
    public static void Require()
    {
        if (Loaded.Value == 0)
            throw new VoluteException(Missing(Names()));
    }

    /// <summary>Whether GDAL is installed.</summary>
    public static bool IsThere => Loaded.Value != 0;

    /// <summary>What to say where none of <paramref name="names"/> can be loaded.</summary>
    internal static string Missing(IReadOnlyList<string> names)
        => $"GDAL is not installed (looked for {(names.Count > 3 ? $"{names[0]} to {names[^1]}" : string.Join(", ", names))}); install it: "
            + "Debian and Ubuntu: apt-get install libgdal32 (or libgdal-dev); macOS: brew install gdal; "
            + $"Windows: OSGeo4W or conda install libgdal; or name the library in {Variable}";

    /// <summary>Loads the first of <paramref name="names"/> that is there; 0 where none is.</summary>
    internal static nint Load(IReadOnlyList<string> names)
    {
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint library))
                return library;
        return 0;
    }

    /// <summary>Answers the generated calls, which ask for "gdal".</summary>
    internal static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == GdalFunctions.Library ? Loaded.Value : 0;

    private static string[] Names()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return [named];
        IEnumerable<int> versions = Enumerable.Range(OldestSoname, NewestSoname - OldestSoname + 1).Reverse();
        if (OperatingSystem.IsWindows())
            return ["gdal.dll", .. versions.Select(v => $"gdal{v + WindowsDistance}.dll")];
        if (OperatingSystem.IsMacOS())
            return ["libgdal.dylib", .. versions.Select(v => $"libgdal.{v}.dylib"), "/opt/homebrew/lib/libgdal.dylib", "/usr/local/lib/libgdal.dylib"];
        return ["libgdal.so", .. versions.Select(v => $"libgdal.so.{v}")];
    }
}
