namespace Volute.Formats;

/// <summary>The units of nifti1.h (xyzt_units) by nibabel's names.</summary>
internal static class NiftiUnits
{
    private static readonly string[] Space = ["unknown", "meter", "mm", "micron"], Time = ["unknown", "sec", "msec", "usec", "hz", "ppm", "rads"];

    /// <summary>Three bits for space, the next three for time.</summary>
    public static (string Space, string Time) Of(int code) => (Name(Space, code & 7), Name(Time, code >> 3 & 7));

    private static string Name(string[] names, int code) => code < names.Length ? names[code] : names[0];
}
