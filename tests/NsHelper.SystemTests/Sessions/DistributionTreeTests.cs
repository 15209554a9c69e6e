using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a root is another distribution's tree, as a package manager unpacked it (tests/bootstrap-tree), and its programs run on its own libraries.</summary>
public sealed class DistributionTreeTests : SystemTest
{
    private const string Tree = "/mnt/tree";

    [Fact]
    public void A_bootstrapped_tree_is_a_root_of_mode_directory()
    {
        Install("t", $"[root]\nmode = \"directory\"\ndirectory = \"{Tree}\"\nworking_directory = \"/\"\n[protect]\nprivate_tmp = true\n");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "stat -L -c %i /bin/dash /lib/*/libc.so.6; : >/tmp/x && echo made; (: >/etc/x) 2>/dev/null || echo refused; ls /home").Execute();
        string[] inodes = RootShell.Run($"stat -L -c %i {Tree}/bin/dash {Tree}/lib/*/libc.so.6");
        Assert.Equal([.. inodes, "made", "refused"], result.OutputText.TrimEnd('\n').Split('\n'));
    }
}
