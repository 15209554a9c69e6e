using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E. To open a FIFO or a leased file waits for its owner, and to open a device does something; a file system in a file or of a
/// type of one's choice is a parser of the kernel's fed by a user. Paths are looked at, never opened for reading or writing.
/// </summary>
public sealed class SpecialFileTests : SystemTest
{
    private const string Place = "/mnt/srv/odd";

    public static TheoryData<string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string>();
            foreach (string kind in new[] { "fifo", "socket", "device", "leased" })
            {
                places.Add(kind, $"target = \"/mnt/srv/there\"\nsource = \"{Place}\"");
                places.Add(kind, $"target = \"{Place}\"\nsource = \"/mnt/srv/there\"");
                places.Add(kind, $"target = \"{Place}\"\ntype = \"tmpfs\"");
                places.Add(kind, $"target = \"{Place}/below\"\nsource = \"/mnt/srv/there\"");
                places.Add(kind, $"target = \"{Place}\"\ntype = \"mask\"");
            }

            return places;
        }
    }

    /// <summary>mnt-special-file</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void What_lies_at_a_source_or_target_is_never_opened_for_itself(string kind, string lines)
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/there"));
        Make(kind);
        Install("t", $"[[mount]]\n{lines}");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5000);
        Assert.True(result.ExitStatus is 0 || result.IsRefusal, result.ToString());
        SystemCall[] opened = [.. Trace.Of(SessionCommand.Run("t", "/bin/true")).HelperCalls.Where(call => call.Name is "openat2" or "openat" or "open" && call.Paths.Any(path => path.StartsWith(Place, StringComparison.Ordinal)))];
        Assert.NotEmpty(opened);
        Assert.All(opened, call => Assert.Contains("O_PATH", call.Line, StringComparison.Ordinal));
    }

    /// <summary>mnt-image-fs: no type but those of the program itself, and no file that is a file system.</summary>
    [Theory]
    [InlineData("ext4")]
    [InlineData("squashfs")]
    [InlineData("iso9660")]
    [InlineData("fuse")]
    [InlineData("nfs")]
    [InlineData("loop")]
    [InlineData("auto")]
    public void A_file_system_of_another_type_cannot_be_named(string type)
    {
        Install("t", $"[[mount]]\ntarget = \"/mnt/srv\"\nsource = \"/etc/passwd\"\ntype = \"{type}\"");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains($"\"{type}\" is no value of", result.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>mnt-chmod-after: rights are given with a file system, or through a descriptor of what was just made.</summary>
    [Fact]
    public void No_start_changes_rights_by_a_path()
    {
        ExpectShare("disk.u12001.work");
        Directory.CreateDirectory(Temporary("/mnt/srv/there"));
        Install("t", "[protect]\nprivate_tmp = true\nprivate_devices = true\n[[private]]\ntarget = \"/mnt/srv\"\n[[share]]\nname = \"work\"\ntarget = \"/mnt/srv/there\"\nscope = \"user\"\nsource = \"disk\"");
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true"));
        Assert.True(trace.CommandStarted, trace.Result.ToString());
        Assert.Contains(trace.HelperCalls, call => call.Name == "fchmod");
        Assert.DoesNotContain(trace.HelperCalls, call => call.Name is "chmod" or "fchmodat" or "fchmodat2" or "chown" or "lchown" or "fchownat" or "utimensat" or "setxattr" or "lsetxattr" or "mount");
    }

    /// <summary>What is at the odd place.</summary>
    private void Make(string kind)
    {
        Undo(() => File.Delete(Place));
        switch (kind)
        {
            case "fifo":
                RootShell.Run($"mkfifo -m 666 {Place}");
                return;
            case "socket":
                RootShell.Run($"perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un(\"{Place}\"))' && chmod 666 {Place}");
                return;
            case "device":
                RootShell.Run($"mknod -m 666 {Place} c 1 3");
                return;
            default:
                // F_SETLEASE with F_WRLCK: whoever opens the file waits until the holder lets go, for /proc/sys/fs/lease-break-time.
                RootShell.Run($"touch {Place}; chown 12001 {Place}");
                RunningSession holder = Start(SessionCommand.Direct("/bin/sh", "-c", $"exec perl -e '$SIG{{IO}} = sub {{}}; open F, \"+<\", \"{Place}\"; fcntl(F, 1024, 1) or die; $| = 1; print \"held\"; open M, \">\", \"{TestUser.Alice.Home}/held\"; sleep 60 while 1'"));
                Wait.Until(() => File.Exists($"{TestUser.Alice.Home}/held") || holder.HasExited, () => "nobody holds the lease");
                return;
        }
    }
}
