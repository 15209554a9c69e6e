using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a root is another distribution's tree, as a package manager unpacked it (tests/bootstrap-tree), and its programs run on its own libraries.</summary>
public sealed class DistributionTreeTests : SystemTest
{
    private const string Tree = "/run/tree";

    [Fact]
    public void A_bootstrapped_tree_is_a_root_of_mode_directory()
    {
        Install("t", $"[root]\nmode = \"directory\"\ndirectory = \"{Tree}\"\nworking_directory = \"/\"\n[protect]\nprivate_tmp = true\n");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "stat -L -c %i /bin/dash /lib/*/libc.so.6; : >/tmp/x && echo made; (: >/etc/x) 2>&- || echo refused; ls /home").Execute();
        string[] inodes = RootShell.Run($"stat -L -c %i {Tree}/bin/dash {Tree}/lib/*/libc.so.6");
        Assert.Equal([.. inodes, "made", "refused"], result.OutputText.TrimEnd('\n').Split('\n'));
    }

    /// <summary>The tree is mounted read-only here: what root's own session changes in it is in the overlay alone, and alice changes nothing of root's.</summary>
    [Fact]
    public void A_bootstrapped_tree_below_an_overlay_is_changed_by_whom_its_files_allow()
    {
        Install(new ProfileFile(
            "t", $"schema = 1\n[allow]\nusers = [\"alice\", \"root\"]\ncommands = \"any\"\n[root]\nmode = \"overlay\"\ndirectory = \"{Tree}\"\nworking_directory = \"/\"\n[protect]\nprivate_tmp = true\n"));
        string before = File.ReadAllText($"{Tree}/etc/debian_version");
        const string Script = "(echo changed >/etc/debian_version) 2>&- || echo refused; cat /etc/debian_version; : >/tmp/x && echo made";
        Assert.Equal($"refused\n{before}made\n", SessionCommand.Run("t", "/bin/sh", "-c", Script).Execute().OutputText);
        Assert.Equal("changed\nmade\n", SessionCommand.Run("t", "/bin/sh", "-c", Script).As(TestUser.Root).Execute().OutputText);
        Assert.Equal(before, File.ReadAllText($"{Tree}/etc/debian_version"));
    }
}
