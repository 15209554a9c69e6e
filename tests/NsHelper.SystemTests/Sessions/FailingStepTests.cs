using System.Globalization;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: who reads that a step failed learns the step, the path, the kernel's error, what is likely behind it, and the line of the profile.</summary>
public sealed class FailingStepTests : SystemTest
{
    private const string Profile = "[[mount]]\nsource = \"/mnt/srv\"\ntarget = \"/mnt/home/alice\"\noptions = [\"ro\"]\n[[mount]]\ntarget = \"/tmp\"\ntype = \"tmpfs\"\n";
    private const string File = "/etc/nshelper/profiles/t.toml";
    private static readonly SessionCommand Command = SessionCommand.Run("t", "/bin/true");

    /// <summary>Call, error, which call of that name, and what is said.</summary>
    [Theory]
    [InlineData("open_tree", "EINVAL", 1, "cannot take the source /mnt/srv: open_tree: invalid argument (likely: it is an unbindable mount")]
    [InlineData("open_tree", "EACCES", 1, "cannot take the source /mnt/srv: open_tree: permission denied (likely: a security module")]
    [InlineData("mount_setattr", "EINVAL", 1, "cannot take the source /mnt/srv: mount_setattr: invalid argument (likely: the file system does not take")]
    [InlineData("mount_setattr", "EPERM", 1, "cannot take the source /mnt/srv: mount_setattr: operation not permitted (likely: a security module or a filter")]
    [InlineData("move_mount", "EINVAL", 1, "move_mount: invalid argument (likely: the mount at the target")]
    [InlineData("move_mount", "ENOSPC", 1, "move_mount: no space left on device (likely: a limit is reached: fs.mount-max")]
    [InlineData("fsopen", "ENODEV", 1, "cannot mount /tmp: fsopen: no such device (likely: the kernel has no such file system")]
    [InlineData("fsconfig", "EINVAL", 1, "cannot mount /tmp: fsconfig: invalid argument (likely: the kernel does not know")]
    [InlineData("fsmount", "ENOMEM", 1, "cannot mount /tmp: fsmount: cannot allocate memory (likely: memory, or the memory limit")]
    [InlineData("unshare", "EPERM", 1, "cannot start the init: unshare: operation not permitted (likely: a filter")]
    [InlineData("unshare", "ENOSPC", 1, "unshare: no space left on device (likely: a limit is reached")]
    [InlineData("sethostname", "EPERM", 1, "sethostname: operation not permitted\n")]
    public void It_says_what_is_likely_behind_the_error(string call, string error, int when, string said)
    {
        Install("t", Profile + "[namespaces]\nuts = \"private\"\nhostname = \"inner\"\n");
        SessionResult result = Trace.Of(Command, Injection.Fault(call, error, when)).Result;
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains(said, result.ErrorText, StringComparison.Ordinal);
        Assert.Contains($"\n  {File}:", result.ErrorText, StringComparison.Ordinal);
        Assert.Equal(2, result.ErrorText.Count(c => c == '\n'));
    }

    [Fact]
    public void A_source_the_caller_may_not_reach_is_said_to_be_so()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/closed"), Modes.OwnerOnlyDirectory);
        Directory.CreateDirectory("/mnt/srv/closed/inner");
        Install("t", "[[mount]]\nsource = \"/mnt/srv/closed/inner\"\ntarget = \"/mnt/srv\"\n");
        Says("the caller may not reach it, and a source is opened with the caller's rights");
    }

    [Fact]
    public void A_link_of_the_callers_in_a_target_is_said_to_be_one()
    {
        string home = TestUser.Alice.Home;
        System.IO.File.CreateSymbolicLink($"{home}/link", "/mnt/srv");
        Posix.Chown($"{home}/link", TestUser.Alice.UserId, TestUser.Alice.GroupId);
        Install("t", string.Create(CultureInfo.InvariantCulture, $"[[mount]]\ntarget = \"{home}/link\"\ntype = \"tmpfs\"\n"));
        Says("a symbolic link is in the way");
    }

    [Fact]
    public void A_missing_target_on_a_read_only_mount_is_said_to_be_so()
    {
        Install("t", "[[mount]]\nsource = \"/mnt/home\"\ntarget = \"/mnt/srv\"\noptions = [\"ro\"]\n[[mount]]\ntarget = \"/mnt/srv/alice/new\"\ntype = \"tmpfs\"\n");
        Says("mkdirat: read-only file system (likely: the directory above the target is read-only, and the target is not there)");
    }

    private static void Says(string text)
    {
        SessionResult result = Command.Execute();
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains(text, result.ErrorText, StringComparison.Ordinal);
    }
}
