using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, /proc and masks. Programs ask /proc about themselves, so a profile or a user that puts something there lies to them
/// (CVE-2019-19921, CVE-2016-1572); what hides a path must not be found in a tree that the user shapes (CVE-2025-31133).
/// </summary>
public sealed class KernelPlaceTests : SystemTest
{
    /// <summary>mnt-mask-redirect: the masking object is made, never looked up in a tree that a user shapes.</summary>
    [Fact]
    public void A_mask_does_not_become_what_a_link_at_its_place_leads_to()
    {
        File.CreateSymbolicLink($"{TestUser.Alice.Home}/null", "/etc/passwd");
        Posix.Chown($"{TestUser.Alice.Home}/null", TestUser.Alice.UserId, TestUser.Alice.GroupId);
        Install("t", $"[[mount]]\ntarget = \"{TestUser.Alice.Home}/null\"\ntype = \"mask\"\n");
        Assert.True(SessionCommand.Run("t", "/bin/true").Execute().IsRefusal);
    }

    /// <summary>mnt-proc-fake: nothing of a profile may stand where programs ask the kernel about themselves.</summary>
    [Theory]
    [InlineData("target = \"/proc/self\"\ntype = \"mask\"")]
    [InlineData("target = \"/proc\"\nsource = \"/mnt/srv\"")]
    [InlineData("target = \"/proc/sys\"\ntype = \"tmpfs\"")]
    [InlineData("target = \"/mnt/srv\"\ntype = \"proc\"")]
    [InlineData("target = \"/sys\"\ntype = \"proc\"")]
    [InlineData("target = \"/dev/mqueue\"\ntype = \"mqueue\"")]
    public void What_would_fake_the_kernel_is_refused(string mount)
    {
        Install("t", $"[[mount]]\n{mount}\n");
        Assert.Equal(125, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
    }

    /// <summary>mnt-mask-redirect: the same while the start is held before each call that makes or attaches: what is swapped in is not what hides, and not what is hidden.</summary>
    [Theory]
    [InlineData("move_mount")]
    [InlineData("openat2")]
    public void A_place_that_becomes_a_link_is_not_masked_elsewhere(string call)
    {
        string file = TestUser.Alice.Write("null", "the user's");
        Install("t", $"[namespaces]\npid = \"host\"\n[[mount]]\ntarget = \"{file}\"\ntype = \"mask\"\n");
        SessionCommand command = SessionCommand.Run("t", "/bin/cat", "/etc/nsswitch.conf");
        int when = call == "openat2" ? Trace.Of(command).WhenOf("openat2", file) : 1;
        Trace trace = HeldHelper.At(command, (call, when), _ => RootShell.Run($"mv {file} {file}.old; ln -s /etc/nsswitch.conf {file}; chown -h 12001 {file}"));
        Assert.True(trace.Result.ExitStatus == 125 || trace.Result.OutputText == File.ReadAllText("/etc/nsswitch.conf"), trace.ToString());
    }

    /// <summary>mnt-mask-redirect: a /dev of the user's has no say in what hides: its null and pts lead to what only root may read.</summary>
    [Fact]
    public void What_hides_is_never_found_in_the_users_tree()
    {
        string devices = TestUser.Alice.MakeDirectory("dev");
        RootShell.Run($"ln -s {TestHost.CanaryFile} {devices}/null; mkdir {devices}/pts; ln -s {TestHost.CanaryFile} {devices}/pts/0; chown -hR 12001 {devices}; echo hidden >/mnt/srv/file");
        Undo(() => RootShell.Run("rm /mnt/srv/file"));
        Install("t", $"[[mount]]\ntarget = \"/mnt/srv/file\"\ntype = \"mask\"\n[[mount]]\ntarget = \"/dev\"\nsource = \"{devices}\"\n");
        Install("refused", $"[[mount]]\ntarget = \"/mnt/srv/file\"\nsource = \"{devices}/null\"\n");
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/cat", "/mnt/srv/file"));
        Assert.DoesNotContain(trace.HelperCalls.SelectMany(call => call.Paths), path => path.EndsWith("/null", StringComparison.Ordinal) && path != "/dev/null");
        Assert.Empty(trace.Result.Output);
        Assert.Equal(125, SessionCommand.Run("refused", "/bin/cat", "/mnt/srv/file").Execute().ExitStatus);
    }

    /// <summary>mnt-proc-fake: what root has mounted over a part of /proc steers no start: what is read there is what the kernel says, or the start ends.</summary>
    [Fact]
    public void A_file_system_over_parts_of_proc_changes_no_start()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        foreach (string place in (string[])["/proc/self", "/proc/sys/kernel", "/proc/sys/fs"])
        {
            SessionResult result = SessionCommand.Direct(
                "/usr/bin/unshare", "-m", "/bin/sh", "-c",
                $"mount -t tmpfs none {(place == "/proc/self" ? "/proc/$$" : place)}; exec setpriv --reuid 12001 --regid 12001 --clear-groups {TestHost.Helper} run t -- {TestHost.Probe}").As(TestUser.Root).Execute();
            Assert.True(result.ExitStatus == 125 ? result.Output.Length == 0 : result.Probe.UserIds.All(id => id == 12001) && result.Probe.Mounts.Any(mount => mount.Target == "/tmp"), $"{place}: {result}");
        }
    }
}
