using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: installing must grant nothing, and a shipped profile must work on the day an administrator fills in its allow list.</summary>
public sealed class ShippedProfileTests : SystemTest
{
    internal static readonly string[] Names = ["agent", "build", "chroot-build", "deploy", "kiosk-guest", "login-jail", "no-network", "private-tmp", "readonly-system", "sftp-only", "shared-workspace", "throwaway-home", "vendor-toolchain"];

    public static TheoryData<string> Shipped => [.. Names];

    [Fact]
    public void Every_shipped_profile_is_tested() =>
        Assert.Equal(Names, Directory.GetFiles(TestHost.VendorProfileDirectory, "*.toml").Select(Path.GetFileNameWithoutExtension).Order());

    [Theory]
    [MemberData(nameof(Shipped))]
    public void As_shipped_it_lets_nobody_in(string name)
    {
        foreach (TestUser user in new[] { TestUser.Alice, TestUser.Bob, TestUser.Root })
        {
            SessionResult result = SessionCommand.Run(name, "/bin/echo", "in").As(user).Execute();
            Assert.True(result.IsRefusal, $"{user.Name}: {result}");
        }
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void With_alice_allowed_it_runs_and_does_what_its_name_says(string name)
    {
        ExpectShare("u12001.workspace");
        ShippedSession session = InstallShipped(name);
        ProbeReport host = SessionCommand.Direct(TestHost.ProbeOutsideMnt).Execute().Probe;
        ProbeReport probe = session.Run(TestHost.ProbeOutsideMnt).Execute().Probe;
        Assert.Equal([12001u, 12001u, 12001u, 12001u], probe.UserIds);
        Assert.NotEqual(host.Text("mnt"), probe.Text("mnt"));
        Assert.Equal(name is "no-network" or "build" or "chroot-build" or "deploy" or "sftp-only", host.Text("net") != probe.Text("net"));
        Assert.Equal(name != "sftp-only", probe.Mounts.Any(mount => mount.Target == "/tmp" && mount.Type == "tmpfs"));
        Assert.Equal(name is "readonly-system" or "build" or "agent" or "deploy" or "kiosk-guest" or "login-jail" or "sftp-only", probe.Mounts.FirstOrDefault(mount => mount.Target == "/usr/share")?.Options.Contains("ro") ?? false);
        Assert.Equal(name is "agent" or "chroot-build" or "kiosk-guest" or "throwaway-home", probe.Mounts.Any(mount => mount.Target == TestUser.Alice.Home && mount.Source == "none"));
        Assert.Equal(name == "shared-workspace", probe.Mounts.Any(mount => mount.Target == "/mnt" && mount.Tags.Any(tag => tag.StartsWith("shared:", StringComparison.Ordinal))));
    }

    [Fact]
    public void In_build_a_program_is_compiled_and_nothing_else_is_there()
    {
        Install(ProfileFile.OfShipped("build"));
        TestUser.Alice.MakeDirectory("work");
        const string script = "pwd; echo 'int main(void) { return 42; }' >a.c && cc -o a a.c && ./a; echo $?; hostname; ls -A /home /mnt 2>/dev/null; ls -d /proc/[0-9]* | wc -l; (: >/new) 2>&- || echo refused";
        Assert.Equal("/tmp\n42\nbuild\n4\nrefused\n", SessionCommand.Run("build", "/bin/sh", "-c", script).Execute().OutputText);
    }
}
