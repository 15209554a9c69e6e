using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Logins;

/// <summary>Why it exists: what leads around a login shell is set up by other programs, and nobody but doctor looks at all of it. Lena is the one who logs in.</summary>
public sealed class DoctorLoginTests : LoginTest
{
    private const string Closed = "DisableForwarding yes\nPermitUserRC no\nSubsystem sftp /usr/lib/openssh/sftp-server\n";
    private const string Sshd = "/etc/ssh/sshd_config";

    public DoctorLoginTests()
    {
        Install(Profile("jail", "shell = \"/bin/sh\"", allow: "users = [\"lena\"]\nverbs = [\"login\"]\ncommands = \"any\""));
        MapTo("jail");
        RootShell.Run("mkdir -p /etc/ssh /etc/pam.d /var/lib/systemd/linger");
        Set(Sshd, Closed);
        foreach (string file in Directory.Exists($"{Sshd}.d") ? Directory.GetFiles($"{Sshd}.d") : [])
        {
            Set(file, "");
        }
    }

    [Fact]
    public void With_every_way_closed_nothing_is_warned_of()
    {
        Assert.Empty(Ways());
        Assert.Equal("ok", DoctorAnswer.Of(TestUser.Root).Find("logins").Level);
        Assert.Equal(0, Shell("nshelper-shell", "-c", "exit 0").Execute().ExitStatus);
    }

    [Theory]
    [InlineData("/etc/shells", "/bin/sh\n/mnt/bin/nshelper-shell\n", "shells")]
    [InlineData(Sshd, "Subsystem sftp internal-sftp\nDisableForwarding yes\nPermitUserRC no\n", "sshd-sftp")]
    [InlineData(Sshd + ".d/50-sftp.conf", "Match User lena\nForceCommand internal-sftp\n", "sshd-sftp")]
    [InlineData(Sshd, "PermitUserRC no\n", "sshd-forwarding")]
    [InlineData(Sshd, "DisableForwarding yes\n", "sshd-rc")]
    [InlineData(Sshd, Closed + "PermitUserEnvironment yes\n", "sshd-environment")]
    [InlineData("/var/lib/systemd/linger/lena", "", "linger")]
    public void Each_way_is_told(string file, string text, string id)
    {
        Set(file, text);
        Assert.Equal([id], Ways());
        Assert.Equal(0, DoctorAnswer.Of(TestUser.Alice).ExitStatus);
    }

    [Fact]
    public void A_member_of_docker_is_named()
    {
        string groups = File.ReadAllText("/etc/group");
        Set("/etc/group", groups + "docker:x:12050:bob,lena\n");
        Assert.Equal(["group"], Ways());
        Assert.Equal("gpasswd -d lena docker", DoctorAnswer.Of(TestUser.Alice).Find("group").Repair);
        Set("/etc/group", groups + "docker:x:12050:bob\n");
        Assert.Empty(Ways());
    }

    [Fact]
    public void An_instance_of_systemd_is_a_way_until_it_is_masked()
    {
        RootShell.Run("mkdir -p /run/systemd/system");
        Undo(() => RootShell.Run("rmdir -p --ignore-fail-on-non-empty /run/systemd/system"));
        Set("/etc/pam.d/common-session", "session optional pam_systemd.so\n");
        Assert.Equal(["user-service"], Ways());
        RootShell.Run("mkdir -p /etc/systemd/system; ln -s /dev/null /etc/systemd/system/user@12004.service");
        Undo(() => RootShell.Run("rm /etc/systemd/system/user@12004.service"));
        Assert.Empty(Ways());
    }

    [Fact]
    public void Who_is_not_mapped_cannot_log_in()
    {
        InstallMap("schema = 1\n[[map]]\nusers = [\"alice\"]\nprofile = \"jail\"\n");
        Assert.Equal("no [[map]] of login.toml has lena: the login is refused", DoctorAnswer.Of(TestUser.Alice).Find("unmapped").Text);
        Assert.Equal(125, Shell("nshelper-shell").Execute().ExitStatus);
        File.Delete(Map);
        Assert.Equal(["unmapped"], Ways());
        File.WriteAllText(Map, "nonsense = 1\n");
        Assert.Equal(["logins"], DoctorAnswer.Of(TestUser.Alice).Wrong);
    }

    /// <summary>Distributions differ in who may read it.</summary>
    [Fact]
    public void A_file_that_the_caller_may_not_read_is_not_seen()
    {
        File.SetUnixFileMode(Sshd, Modes.OwnerOnlyFile);
        Assert.Contains(DoctorAnswer.Of(TestUser.Alice).Findings, finding => (finding.Level, finding.Text) == ("not seen", $"what {Sshd} says (ask root)"));
        Assert.DoesNotContain(DoctorAnswer.Of(TestUser.Root).Findings, finding => finding.Level == "not seen");
    }

    /// <summary>A warning has nothing to do with who asks.</summary>
    private static string[] Ways()
    {
        string[] alice = Of(TestUser.Alice);
        Assert.Equal(alice, Of(TestUser.Root));
        return alice;

        static string[] Of(TestUser user) => [.. DoctorAnswer.Of(user).Findings.Where(finding => finding.Area == "logins" && finding.Level == "warning").Select(finding => finding.Id)];
    }

    private void Set(string file, string text)
    {
        if (File.Exists(file))
        {
            Restore(file);
        }
        else
        {
            RootShell.Run($"mkdir -p {Path.GetDirectoryName(file)}");
            Temporary(file);
        }

        File.WriteAllText(file, text);
    }
}
