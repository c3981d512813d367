namespace Volute;

/// <summary>The path of the module whose Forward is running ("encoder.0.conv1"): nodes and errors carry it.</summary>
internal readonly ref struct Scope
{
    [ThreadStatic]
    private static string? s_current;

    private readonly string? _outer;

    private Scope(string path)
    {
        _outer = s_current;
        s_current = path;
    }

    public static string Current => s_current ?? "";

    public static Scope Enter(string path) => new(path);

    public void Dispose() => s_current = _outer;
}
