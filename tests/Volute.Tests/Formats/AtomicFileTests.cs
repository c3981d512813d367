using Volute.Formats;

namespace Volute.Tests.Formats;

public class AtomicFileTests
{
    [Fact]
    public void A_file_is_written_and_replaced_and_leaves_no_temporary()
    {
        using TemporaryFolder folder = new();
        AtomicFile.WriteAllText(folder["a.txt"], "first");
        AtomicFile.WriteAllText(folder["a.txt"], "zweite ä");
        AtomicFile.WriteAllBytes(folder["b.bin"], new byte[] { 1, 2, 3 });
        Assert.Equal("zweite ä", File.ReadAllText(folder["a.txt"]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["b.bin"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Root).Length);
    }

    [Fact]
    public void A_failure_while_writing_keeps_the_old_file_and_leaves_no_temporary()
    {
        using TemporaryFolder folder = new();
        AtomicFile.WriteAllText(folder["a.txt"], "old");
        VoluteException error = Assert.Throws<VoluteException>(() => AtomicFile.Write(folder["a.txt"], stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal($"cannot write '{folder["a.txt"]}': No space left on device", error.Message);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["a.txt"], _ => throw new InvalidOperationException()));
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void A_link_or_a_folder_in_the_place_of_the_file_is_refused_and_its_target_untouched()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["target"], "target");
        File.CreateSymbolicLink(folder["link"], folder["target"]);
        Directory.CreateDirectory(folder["folder"]);
        Assert.Contains("it is a symbolic link to", Assert.Throws<VoluteException>(() => AtomicFile.WriteAllText(folder["link"], "x")).Message);
        Assert.Contains("it is a folder", Assert.Throws<VoluteException>(() => AtomicFile.WriteAllText(folder["folder"], "x")).Message);
        Assert.Contains("there is no folder", Assert.Throws<VoluteException>(() => AtomicFile.WriteAllText(folder["none/x"], "x")).Message);
        Assert.Contains("needs a name", Assert.Throws<InvalidArgumentException>(() => AtomicFile.WriteAllText("", "x")).Message);
        Assert.Equal("target", File.ReadAllText(folder["target"]));
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Root).Length);
    }

    [Fact]
    public void The_permissions_of_the_old_file_are_kept()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions");
            return;
        }
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["secret"], "old");
        File.SetUnixFileMode(folder["secret"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.WriteAllText(folder["secret"], "new");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["secret"]));
    }

    [Fact]
    public void A_device_is_not_replaced_by_a_file()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        VoluteException error = Assert.Throws<VoluteException>(() => AtomicFile.WriteAllText("/dev/full", "x"));
        Assert.Equal("cannot write '/dev/full': it is no plain file but a device", error.Message);
    }
}
