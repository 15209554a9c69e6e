using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: what administrators add beside a profile must count, above all when it takes something away.</summary>
public sealed class ProfileLayerTests : SystemTest
{
    private const string Path = TestHost.ProfileDirectory + "/t.toml";

    [Fact]
    public void A_drop_in_that_empties_the_allow_list_denies()
    {
        InstallWithCleaning();
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        DropIn("10-nobody", "allow.users = []");
        Assert.True(SessionCommand.Run("t", "/bin/true").Execute().IsRefusal);
        DropIn("20-alice", "allow.users = { add = [\"alice\"] }");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
    }

    /// <summary>What editors and package managers leave behind is no configuration.</summary>
    [Theory]
    [InlineData("10.toml~")]
    [InlineData("10.toml.dpkg-dist")]
    [InlineData("10.toml.rpmnew")]
    [InlineData(".10.toml")]
    [InlineData("10.conf")]
    public void Files_of_other_names_are_not_read(string name)
    {
        InstallWithCleaning();
        RootShell.Run($"mkdir -p {Path}.d; echo nonsense >{Path}.d/{name}");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
    }

    [Fact]
    public void A_mistake_in_a_drop_in_stops_the_profile_and_is_named()
    {
        InstallWithCleaning();
        DropIn("10", "alow.users = []");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains($"{Path}.d/10.toml:2:1: error: unknown key \"alow\"", result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_dev_null_hides_the_vendors_profile()
    {
        Undo(() => RootShell.Run($"rm -f {TestHost.VendorProfileDirectory}/t.toml {Path}"));
        RootShell.Run($"printf 'schema = 1\\n[allow]\\nusers = [\"alice\"]\\ncommands = \"any\"\\n' >{TestHost.VendorProfileDirectory}/t.toml");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        RootShell.Run($"ln -s /dev/null {Path}");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal((125, "nshelper: cannot run t: no such profile, or not yours to use\n"), (result.ExitStatus, result.ErrorText));
        Assert.DoesNotContain("t\n", SessionCommand.Helper("profiles", "-q").Execute().OutputText.Split('\n').Select(line => line + "\n"));
    }

    [Fact]
    public void A_profile_has_what_its_parents_have_and_an_abstract_one_is_nobodys()
    {
        InstallWithCleaning();
        Undo(() => RootShell.Run($"rm -f {TestHost.ProfileDirectory}/base.toml"));
        RootShell.Run($"printf 'schema = 1\\nabstract = true\\n[allow]\\nusers = [\"alice\"]\\ncommands = \"any\"\\n[environment.set]\\nA = \"base\"\\n' >{TestHost.ProfileDirectory}/base.toml");
        RootShell.Run($"printf 'schema = 1\\nextends = \"base\"\\n' >{Path}");
        Assert.Equal("base\n", SessionCommand.Run("t", "/bin/sh", "-c", "echo $A").Execute().OutputText);
        Assert.True(SessionCommand.Run("base", "/bin/true").Execute().IsRefusal);
    }

    private void InstallWithCleaning()
    {
        Install("t");
        Undo(() => RootShell.Run($"rm -rf {Path}.d"));
    }

    private static void DropIn(string name, string line) =>
        RootShell.Run($"mkdir -p -m 0755 {Path}.d; printf '%s\\n' 'schema = 1' '{line}' >{Path}.d/{name}.toml");
}
