using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a /dev that has six devices and no other is how a session is kept from the hardware; that the six work is how it is used at all.</summary>
public sealed class PrivateDevicesTests : SystemTest
{
    private const string Devices = "[protect]\nprivate_devices = true\n";
    private const string OwnRoot = "[root]\nmode = \"tmpfs\"\nworking_directory = \"/\"\n[[mount]]\ntarget = \"/usr\"\noptions = [\"ro\"]\n"
        + "[[mount]]\nsource = \"/usr/bin\"\ntarget = \"/bin\"\n[[mount]]\nsource = \"/usr/lib\"\ntarget = \"/lib\"\n[[mount]]\nsource = \"/usr/lib64\"\ntarget = \"/lib64\"\n[[mount]]\ntarget = \"/proc\"\ntype = \"proc\"\n";

    private const string Names = "core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero\n";

    [Theory]
    [InlineData("")]
    [InlineData(OwnRoot)]
    public void It_has_these_entries_and_no_other(string root)
    {
        RootShell.Run("mknod -m 0666 /dev/kmsg c 1 11; mknod -m 0666 /dev/mem c 1 1; mkdir -p /dev/block; mknod -m 0666 /dev/block/x b 7 0");
        Undo(() => RootShell.Run("rm -r /dev/kmsg /dev/mem /dev/block"));
        Assert.Equal(Names, Run(Devices + root, "echo $(LC_ALL=C ls -A /dev)"));
        Assert.Equal("no\nno\n", Run(Devices + root, "[ -e /dev/kmsg ] || echo no; (: </dev/mem) 2>/dev/null || echo no"));
        Assert.Equal("1:3\n1:5\n1:7\n1:8\n1:9\n5:0\n", Run(Devices + root, "stat -c %Hr:%Lr /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty"));
        Assert.Equal("/proc/self/fd /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/kcore pts/ptmx\n", Run(Devices + root, "cd /dev; echo $(readlink fd stdin stdout stderr core ptmx)"));
        Assert.Equal("ptmx\n", Run(Devices + root, "ls /dev/pts; ls -A /dev/shm; ls -A /dev/mqueue"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(OwnRoot)]
    public void What_is_there_works(string root) => Assert.Equal(
        "4\n4\nfull\n0 ptmx\nmine\nlinked\n",
        Run(Devices + root, "echo gone >/dev/null; head -c 4 /dev/zero | wc -c; head -c 4 /dev/urandom | wc -c; echo x 2>/dev/null >/dev/full || echo full; exec 3<>/dev/ptmx; echo $(ls /dev/pts); echo mine >/dev/shm/x; cat /dev/shm/x; echo linked | cat /dev/stdin"));

    [Fact]
    public void Nobody_but_root_changes_what_is_there() => Assert.Equal(
        "refused\nrefused\nrefused\n",
        Run(Devices, "(: >/dev/new) 2>/dev/null || echo refused; rm -f /dev/null 2>/dev/null || echo refused; mknod /dev/shm/x c 1 3 2>/dev/null || echo refused"));

    [Fact]
    public void Only_the_devices_and_the_terminals_may_be_opened()
    {
        Install("t", Devices);
        List<MountEntry> mounts = [.. Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand().Mounts()];
        MountEntry directory = Assert.Single(mounts, mount => mount.Target == "/dev" && mount.SuperOptions.Contains("size=64k", StringComparison.Ordinal));
        MountEntry[] own = [directory, .. mounts.Where(mount => mount.Parent == directory.Id)];
        Assert.All(own, mount => Assert.Contains("nosuid", mount.Options));
        Assert.Equal(["/dev", "/dev/mqueue", "/dev/shm"], own.Where(mount => mount.Options.Contains("nodev")).Select(mount => mount.Target).Order(StringComparer.Ordinal));
        Assert.Equal(10, own.Length);
    }

    /// <summary>The node keeps its owner, group and mode: whom it let in it lets in, and nobody else.</summary>
    [Fact]
    public void Devices_that_are_allowed_keep_their_rights()
    {
        RootShell.Run("mkdir -p /dev/net; mknod -m 0660 /dev/net/ours c 1 5; chgrp nsok /dev/net/ours; mknod -m 0600 /dev/theirs c 1 5; mknod -m 0666 /dev/loud b 7 250");
        Undo(() => RootShell.Run("rm -r /dev/net /dev/theirs /dev/loud"));
        string allow = Devices + "device_allow = [\"/dev/net/ours\", \"/dev/theirs\", \"/dev/loud\", \"/dev/null\"]\n";
        Assert.Equal("4\nrefused\n660 nsok c\nb\n", Run(allow, "head -c 4 /dev/net/ours | wc -c; (: </dev/theirs) 2>/dev/null || echo refused; stat -c '%a %G c' /dev/net/ours; [ -b /dev/loud ] && echo b"));
        Assert.Equal(Names.Replace("full", "full loud", StringComparison.Ordinal).Replace("mqueue", "mqueue net", StringComparison.Ordinal).Replace("stdout", "stdout theirs", StringComparison.Ordinal), Run(allow, "echo $(LC_ALL=C ls -A /dev)"));
    }

    [Fact]
    public void It_goes_together_with_presets_and_mounts_of_the_profile()
    {
        string body = Devices + "protect_system = \"strict\"\nprotect_kernel_logs = true\nprivate_tmp = true\nno_exec_paths = [\"/\"]\nexec_paths = [\"/usr\", \"/bin\", \"/lib\", \"/lib64\"]\n"
            + "[[mount]]\ntarget = \"/dev/shm\"\ntype = \"tmpfs\"\nsize = \"1M\"\n[[mount]]\ntarget = \"/dev/log\"\nsource = \"/etc/hostname\"\n[namespaces]\nipc = \"host\"\n";
        Assert.Equal("core fd full log null ptmx pts random shm stderr stdin stdout tty urandom zero\n256\nworks\n", Run(body, "echo $(LC_ALL=C ls -A /dev); stat -f -c %b /dev/shm; echo x >/dev/null && echo works"));
    }

    private string Run(string body, string script)
    {
        Install("t", body);
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", script).Execute();
        Assert.True(result.ErrorText.Length == 0 && result.ExitStatus is not 125, result.ToString());
        return result.OutputText;
    }
}
