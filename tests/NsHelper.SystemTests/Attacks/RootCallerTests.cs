using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>Why it exists: exec-root-caller (CVE-2019-14287, the screen review section 4). Root and callers that other set-id programs made get no short cut and no foreign identity.</summary>
public sealed class RootCallerTests : SystemTest
{
    [Fact]
    public void Root_is_refused_unless_the_profile_names_root()
    {
        Install("t");
        Install(ProfileFile.ForAlice("forroot") with { Text = "schema = 1\n[allow]\nusers = [\"root\"]\ncommands = \"any\"\n" });
        Install(ProfileFile.ForAlice("everybody") with { Text = "schema = 1\n[allow]\nusers = [\"*\"]\ngroups = [\"*\", \"root\"]\ncommands = \"any\"\n" });
        foreach (string profile in new[] { "t", "everybody" })
        {
            SessionResult refused = SessionCommand.Run(profile, TestHost.Probe).As(TestUser.Root).Execute();
            Assert.True(refused.IsRefusal, refused.ToString());
            Assert.Contains("no rule of the profile allows this user", refused.ErrorText, StringComparison.Ordinal);
        }

        ProbeReport probe = SessionCommand.Run("forroot", TestHost.Probe).As(TestUser.Root).Execute().Probe;
        Assert.Equal([0u, 0u, 0u, 0u], probe.UserIds);
        Assert.Equal("0000000000000000", probe.Text("CapEff"));
        Assert.Equal("0000000000000000", probe.Text("CapBnd"));
        Assert.Equal("1", probe.Text("NoNewPrivs"));
    }

    [Fact]
    public void The_variables_of_sudo_change_nobody()
    {
        Install("t");
        string[] variables = ["SUDO_UID=12001", "SUDO_GID=12001", "SUDO_USER=alice", "PKEXEC_UID=12001", "DOAS_USER=alice", "USER=alice", "LOGNAME=alice"];
        SessionResult root = SessionCommand.Run("t", TestHost.Probe).As(TestUser.Root).WithEnvironment(variables).Execute();
        Assert.True(root.IsRefusal, root.ToString());
        SessionResult bob = SessionCommand.Run("t", TestHost.Probe).As(TestUser.Bob).WithEnvironment(variables).Execute();
        Assert.True(bob.IsRefusal, bob.ToString());
        Confinement.MustBeWhole(SessionCommand.Run("t", TestHost.Probe).WithEnvironment("SUDO_UID=0", "SUDO_USER=root", "USER=root").Execute().Probe, TestUser.Alice);
    }

    [Fact]
    public void The_group_of_a_setgid_program_around_it_does_not_reach_the_session()
    {
        Install("t");
        SessionCommand wrapped = SessionCommand.Direct(TestHost.Probe).With("--effective-gid", $"{TestUser.DeniedGroup}");
        Assert.Equal([12001u, TestUser.DeniedGroup, TestUser.DeniedGroup, TestUser.DeniedGroup], wrapped.Execute().Probe.GroupIds);
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).With("--effective-gid", $"{TestUser.DeniedGroup}").Execute().Probe;
        Confinement.MustBeWhole(probe, TestUser.Alice);

        // Nor does the helper look at files with it: what only that group may enter is no source for alice.
        RootShell.Run($"mkdir -m 0750 /mnt/srv/group; chgrp {TestUser.DeniedGroup} /mnt/srv/group; mkdir /mnt/srv/group/open /mnt/srv/target");
        Undo(() => RootShell.Run("rm -r /mnt/srv/group /mnt/srv/target"));
        Install("source", "[[mount]]\nsource = \"/mnt/srv/group/open\"\ntarget = \"/mnt/srv/target\"");
        SessionResult source = SessionCommand.Run("source", TestHost.Probe).With("--effective-gid", $"{TestUser.DeniedGroup}").Execute();
        Assert.True(source.IsRefusal, source.ToString());
    }
}
