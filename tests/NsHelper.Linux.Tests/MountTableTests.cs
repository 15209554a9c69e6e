using System.Collections.Immutable;
using NsHelper.Linux.Mounts;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Mounts;
using Xunit;

namespace NsHelper.Linux.Tests;

public sealed class MountTableTests : IDisposable
{
    private const string NastyName = "a b\tc\nd\\e#f \u00e4 - tmpfs (deleted)";
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("nshelper-mounts-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Every_line_of_our_own_table_is_read()
    {
        string[] lines = File.ReadAllLines("/proc/self/mountinfo");
        Assert.Equal(lines.Select(line => line.Split(' ')[0]), MountTable.Read(null).Select(mount => $"{mount.Id}"));
    }

    [Fact]
    public void A_mount_of_another_namespace_is_seen_there_and_not_here()
    {
        string target = Path.Combine(directory.FullName, NastyName);
        Directory.CreateDirectory(target);
        using ShellInNamespaces shell = ShellInNamespaces.Start(
            ["--mount", "--propagation", "private"],
            "mount -n -t tmpfs -o noexec,nodev,size=64k 'odd source' \"$1\"; mount --make-shared \"$1\"",
            target);
        MountEntry mount = Assert.Single(MountTable.Read(shell.ProcessId), entry => entry.Target == ByteString.FromText(target));
        Assert.Equal("tmpfs odd source /", $"{mount.FilesystemType} {mount.Source} {mount.Root}");
        Assert.Equal("rw,nodev,noexec,relatime", mount.Options.ToString());
        Assert.NotNull(mount.Propagation.Shared);
        Assert.Contains("size=64k", mount.FilesystemOptions.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(MountTable.Read(null), entry => entry.Target == mount.Target);
    }

    [Fact]
    public void Propagation_is_told_as_the_kernel_has_it()
    {
        foreach (string name in (string[])["private", "peer", "slave", "unbindable"])
        {
            directory.CreateSubdirectory(name);
        }

        using ShellInNamespaces shell = ShellInNamespaces.Start(
            ["--mount", "--propagation", "private"],
            """
            cd "$1"
            mount -n -t tmpfs one private
            mount -n -t tmpfs two peer && mount --make-shared peer
            mount -n --bind peer slave && mount --make-slave slave
            mount -n -t tmpfs three unbindable && mount --make-unbindable unbindable
            """,
            directory.FullName);
        ImmutableArray<MountEntry> table = MountTable.Read(shell.ProcessId);
        Assert.Equal(new MountPropagation(null, null, null, false), Of(table, "private"));
        Assert.Equal(new MountPropagation(null, null, null, true), Of(table, "unbindable"));
        MountPropagation peer = Of(table, "peer");
        Assert.NotNull(peer.Shared);
        Assert.Equal(new MountPropagation(null, peer.Shared, null, false), Of(table, "slave"));
    }

    [Fact]
    public void A_bind_mount_of_a_removed_directory_is_marked_in_its_root()
    {
        foreach (string name in (string[])["source", "target"])
        {
            directory.CreateSubdirectory(name);
        }

        using ShellInNamespaces shell = ShellInNamespaces.Start(
            ["--mount", "--propagation", "private"], "cd \"$1\"; mount -n --bind source target; rmdir source", directory.FullName);
        MountEntry mount = Assert.Single(MountTable.Read(shell.ProcessId), entry => entry.Target.ToString().EndsWith("/target", StringComparison.Ordinal));
        Assert.EndsWith("/source//deleted", mount.Root.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_table_is_read_to_its_end()
    {
        const int Count = 500;
        using ShellInNamespaces shell = ShellInNamespaces.Start(
            ["--mount", "--propagation", "private"], $"cd \"$1\"; for i in $(seq {Count}); do mount -n --bind \"$1\" \"$1\"; done", directory.FullName);
        Assert.Equal(Count, MountTable.Read(shell.ProcessId).Count(mount => mount.Target == ByteString.FromText(directory.FullName)));
    }

    [Fact]
    public void A_process_that_is_not_there_is_no_such_process() =>
        Assert.Equal(3, Assert.Throws<SystemCallException>(() => MountTable.Read(4 * 1024 * 1024)).Errno);

    private MountPropagation Of(ImmutableArray<MountEntry> table, string name) =>
        Assert.Single(table, mount => mount.Target == ByteString.FromText(Path.Combine(directory.FullName, name))).Propagation;
}
