namespace Volute.Cli.Bench;

/// <summary>A temporary folder with the peers' workers and the files that are made for them.</summary>
internal sealed class PeerFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("volute-bench-");

    /// <summary>Unpacks the workers.</summary>
    public PeerFolder()
    {
        foreach (string name in typeof(PeerFolder).Assembly.GetManifestResourceNames().Where(n => Path.GetExtension(n) is ".py" or ".js"))
        {
            using Stream from = typeof(PeerFolder).Assembly.GetManifestResourceStream(name)!;
            using FileStream to = File.Create(this[name]);
            from.CopyTo(to);
        }
    }

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(_folder.FullName, name);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
