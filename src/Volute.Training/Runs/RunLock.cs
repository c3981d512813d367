using System.Globalization;

namespace Volute.Training;

/// <summary>
/// Keeps a second trainer out of a run folder. The operating system holds the lock, so that it ends with the process, however that ends. The
/// lock file stays, since deleting it while another process opens it would let two in; who holds it stands in a second file, for nobody can read
/// a locked one.
/// </summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The names of the two files.</summary>
    public const string LockName = "lock", HolderName = "lock.pid";

    private readonly FileStream file;
    private readonly string holderPath;

    private RunLock(FileStream file, string holderPath)
    {
        this.file = file;
        this.holderPath = holderPath;
    }

    /// <summary>Locks <paramref name="folder"/>, and proves that files can be written there.</summary>
    /// <exception cref="VoluteException">Another process has it (its number is in the message), or nothing can be written there.</exception>
    public static RunLock Take(string folder)
    {
        string holderPath = Path.Combine(folder, HolderName);
        FileStream? file = null;
        try
        {
            file = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // The lock file may be writable in a folder that is not: a new file is the proof.
            File.Delete(holderPath);
            File.WriteAllText(holderPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new RunLock(file, holderPath);
        }
        catch (IOException e) when (file == null && Holder(holderPath) is { } holder)
        {
            throw new VoluteException($"run folder '{folder}' is in use by process {holder}; wait until it ends, or choose another folder", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new VoluteException($"cannot write into run folder '{folder}': {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!file.CanWrite)
            return;
        try
        {
            File.Delete(holderPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who held it last is of no consequence once nobody does.
        }
        file.Dispose();
    }

    /// <summary>The process number in the second file, null where it has none.</summary>
    private static int? Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
