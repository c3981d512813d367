using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Volute.Formats;

/// <summary>
/// Writes a file as a whole or not at all: to a temporary name in the same folder, forced to the disk, renamed over the old file, and the
/// folder forced to the disk too. After any failure the old file is as it was and no temporary is left.
/// </summary>
/// <remarks>
/// .NET 10's <c>Flush(true)</c> reports success even where the disk refused (its native fsync misreads the result), so that libc's
/// <c>fsync</c> is called here and believed. A symbolic link or a folder at the destination is an error: its target stays untouched.
/// </remarks>
public static partial class AtomicFile
{
    private const int InvalidArgument = 22, Interrupted = 4;
    private const string TemporaryEnding = ".tmp";

    /// <summary>Writes what <paramref name="write"/> puts into the stream.</summary>
    /// <exception cref="VoluteException">The file cannot be written: disk full, no permission, no such folder, a link or a folder in its place.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using PendingFile pending = Begin(path);
        try
        {
            using (FileStream stream = pending.Create())
            {
                write(stream);
                stream.Flush();
                Synchronize(stream, path);
            }
            pending.Rename();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot write '{path}': {e.Message}", e);
        }
    }

    /// <summary>For libraries that open files by themselves: a temporary name to write under, which <see cref="PendingFile.Commit"/> makes the file's.</summary>
    /// <exception cref="VoluteException">There is no such folder, or a link or a folder in the file's place.</exception>
    internal static PendingFile Begin(string path)
    {
        string target = FullPath(path), folder = Path.GetDirectoryName(target)!;
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}{TemporaryEnding}");
        try
        {
            return new PendingFile(path, target, temporary, CheckTarget(target, path, folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VoluteException($"cannot write '{path}': {e.Message}", e);
        }
    }

    /// <summary>A file that is being written under a temporary name.</summary>
    /// <param name="path">What the caller calls it.</param>
    /// <param name="target">Its full name.</param>
    /// <param name="temporary">The name to write under.</param>
    /// <param name="mode">The permissions of the file that it replaces, null where there is none.</param>
    internal sealed class PendingFile(string path, string target, string temporary, UnixFileMode? mode) : IDisposable
    {
        private bool renamed;

        /// <summary>The name to write under.</summary>
        public string TemporaryPath => temporary;

        /// <summary>Creates it empty, with the permissions of the file that it replaces.</summary>
        public FileStream Create()
        {
            FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
            if (mode is { } old && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(stream.SafeFileHandle, old);
            return stream;
        }

        /// <summary>Forces the file, which is written and closed, to the disk and gives it its name.</summary>
        public void Commit()
        {
            FileAccess access = OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read;
            using (FileStream stream = new(temporary, FileMode.Open, access, FileShare.None, bufferSize: 0))
                Synchronize(stream, path);
            Rename();
        }

        /// <summary>Gives the file, which is on the disk, its name.</summary>
        public void Rename()
        {
            File.Move(temporary, target, overwrite: true);
            renamed = true;
            SynchronizeFolder(Path.GetDirectoryName(target)!, path);
        }

        /// <summary>Removes what was not committed.</summary>
        public void Dispose()
        {
            if (!renamed)
                DeleteQuietly(temporary);
        }
    }

    /// <summary>Writes <paramref name="bytes"/>.</summary>
    /// <exception cref="VoluteException">The file cannot be written.</exception>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes <paramref name="text"/> as UTF-8 without a byte order mark.</summary>
    /// <exception cref="VoluteException">The file cannot be written.</exception>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Whether a file's name is that of a temporary: what a killed process leaves behind.</summary>
    public static bool IsTemporary(string path)
    {
        string name = Path.GetFileName(path);
        const int Digits = 32;
        return name.Length > Digits + TemporaryEnding.Length + 2 && name[0] == '.' && name.EndsWith(TemporaryEnding, StringComparison.Ordinal)
            && name[^(Digits + TemporaryEnding.Length + 1)] == '.' && name[^(Digits + TemporaryEnding.Length)..^TemporaryEnding.Length].All(char.IsAsciiHexDigitLower);
    }

    /// <summary>Deletes the temporaries in <paramref name="folder"/>, where nobody else writes; what cannot be deleted stays.</summary>
    public static void DeleteTemporaries(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (string file in Directory.EnumerateFiles(folder).Where(IsTemporary).ToArray())
            DeleteQuietly(file);
    }

    private static string FullPath(string path)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0') || Path.EndsInDirectorySeparator(path))
            throw new InvalidArgumentException($"a file to write needs a name, got '{path}'");
        return Path.GetFullPath(path);
    }

    /// <summary>The permissions of the file that is to be replaced, null where there is none; anything but a plain file is refused.</summary>
    private static UnixFileMode? CheckTarget(string target, string path, string folder)
    {
        if (!Directory.Exists(folder))
            throw new VoluteException($"cannot write '{path}': there is no folder '{folder}'; create it first");
        // A rename would put a file in the place of a device.
        if (folder == "/dev")
            throw new VoluteException($"cannot write '{path}': it is no plain file but a device");
        FileInfo old = new(target);
        if ((int)old.Attributes == -1)
            return null;
        if (old.LinkTarget is { } link)
            throw new VoluteException($"cannot write '{path}': it is a symbolic link to '{link}'; name the target itself");
        if (old.Attributes.HasFlag(FileAttributes.Directory))
            throw new VoluteException($"cannot write '{path}': it is a folder");
        return OperatingSystem.IsWindows() ? null : old.UnixFileMode;
    }

    private static void Synchronize(FileStream stream, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            stream.Flush(flushToDisk: true);
            return;
        }
        int error = Fsync(stream.SafeFileHandle);
        if (error != 0)
            throw new VoluteException($"cannot write '{path}': {Marshal.GetPInvokeErrorMessage(error)} (fsync); the old file is as it was");
    }

    private static void SynchronizeFolder(string folder, string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        nint descriptor = OpenFolder(folder, flags: 0);
        int error = Marshal.GetLastPInvokeError();
        if (descriptor >= 0)
        {
            using SafeFileHandle handle = new(descriptor, ownsHandle: true);
            error = Fsync(handle);
        }
        // Some file systems cannot synchronize a folder and say so with EINVAL; nothing more can be done there.
        if (error != 0 && error != InvalidArgument)
            throw new VoluteException($"'{path}' is written, but its folder may not survive a power loss: {Marshal.GetPInvokeErrorMessage(error)} (fsync)");
    }

    /// <summary>0, or the error number.</summary>
    private static int Fsync(SafeFileHandle file)
    {
        int error;
        do
            error = FsyncCall(file) == 0 ? 0 : Marshal.GetLastPInvokeError();
        while (error == Interrupted);
        return error;
    }

    private static void DeleteQuietly(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here is the one to report.
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FsyncCall(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);
}
