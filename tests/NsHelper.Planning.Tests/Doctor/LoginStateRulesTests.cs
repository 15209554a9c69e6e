using NsHelper.Planning.Doctor;

namespace NsHelper.Planning.Tests.Doctor;

/// <summary>Why: a login shell is a cage only while nothing leads around it (nshelper-shell(8)).</summary>
public sealed class LoginStateRulesTests
{
    private static readonly LoginsState Good = Hosts.Logins;

    [Fact]
    public void Closed_ways_are_said_to_be_closed()
    {
        Assert.Equal((FindingLevel.Ok, "no way around a login shell is seen to be open"), (Good.Find("logins").Level, Good.Find("logins").Text));
        Assert.Equal("of sshd, as far as its files say: what stands below a Match is not evaluated", Assert.Single(LoginStateRules.Judge(Good), finding => finding.Level != FindingLevel.Ok).Text);
    }

    [Theory]
    [InlineData("/usr/bin/nshelper-shell", true)]
    [InlineData("nshelper-shell", true)]
    [InlineData("/usr/bin/nshelper", false)]
    [InlineData("/usr/bin/nshelper-shell2", false)]
    [InlineData("/usr/bin/nshelper-shell/", false)]
    public void The_shell_is_known_by_its_name(string program, bool isShell) => Assert.Equal(isShell, LoginStateRules.IsShell(program));

    [Fact]
    public void Who_is_in_no_map_cannot_log_in()
    {
        LoginsState logins = Good with { Accounts = [Good.Accounts[0] with { IsMapped = false }, Good.Accounts[1] with { IsMapped = null }] };
        Assert.Equal(["warning unmapped", "note unmapped"], logins.Troubles());
        Assert.Equal("no [[map]] of login.toml has ada: the login is refused", LoginStateRules.Judge(logins)[0].Text);
        Assert.Equal([], (Good with { Accounts = [Good.Accounts[0] with { IsMapped = null }] }).Troubles());
        Assert.Equal(["not seen accounts"], (Good with { Accounts = [], AccountsAreSeen = false }).Troubles());
    }

    [Theory]
    [InlineData("/usr/bin/nshelper-shell", true)]
    [InlineData(" /usr/bin/nshelper-shell ", true)]
    [InlineData("#/usr/bin/nshelper-shell", false)]
    public void The_shell_must_not_be_listed(string line, bool isOpen) =>
        Assert.Equal(isOpen ? ["warning shells"] : [], (Good with { Shells = Hosts.File("/etc/shells", $"/bin/sh\n{line}\n") }).Troubles());

    [Fact]
    public void Lingering_users_are_named()
    {
        LoginsState logins = Good with { Accounts = [.. Good.Accounts.Select(account => account with { Linger = Presence.There })] };
        Assert.Equal("loginctl disable-linger ada, and so for the others", logins.Find("linger").Repair);
        Assert.Equal(["not seen linger"], (Good with { Accounts = [Good.Accounts[0] with { Linger = Presence.Unseen }] }).Troubles());
    }

    [Fact]
    public void An_instance_of_systemd_that_a_login_starts_is_a_way_around()
    {
        LoginsState logins = Good with { Pam = [Hosts.File("/etc/pam.d/common-session", "session\toptional\tpam_systemd.so\n")] };
        Assert.Equal("systemctl mask --now user@1001.service, and so for the others", logins.Find("user-service").Repair);
        LoginsState one = logins with { Accounts = [logins.Accounts[0] with { IsInstanceMasked = true }, logins.Accounts[1]] };
        Assert.Equal("systemctl mask --now user@1002.service", one.Find("user-service").Repair);
        Assert.Equal([], (one with { Accounts = [one.Accounts[0]] }).Troubles());
        Assert.Equal([], (logins with { IsSystemd = false }).Troubles());
    }

    [Theory]
    [InlineData("docker:x:998:ada", true)]
    [InlineData("docker:x:998:carol, ada", true)]
    [InlineData("docker:x:1001:", true)]
    [InlineData("libvirt:x:998:bob", true)]
    [InlineData("docker:x:998:adam", false)]
    [InlineData("dockers:x:998:ada", false)]
    [InlineData("docker:x:998", false)]
    public void Members_of_powerful_groups_are_named(string line, bool isOpen) =>
        Assert.Equal(isOpen ? ["warning group"] : [], (Good with { Groups = Hosts.File("/etc/group", line) }).Troubles());

    /// <summary>crontab(1): the list of who may decides where it is there, else that of who may not.</summary>
    [Theory]
    [InlineData("ada\n", null, "take ada out of /etc/cron.allow")]
    [InlineData("carol\n", "", null)]
    [InlineData(null, "bob\n", "echo ada >>/etc/cron.deny")]
    [InlineData(null, "ada\nbob\n", null)]
    [InlineData(null, null, "write /etc/cron.allow: users who may have jobs, without ada, and so for the others")]
    public void Who_may_have_cron_jobs_is_read_as_crontab_reads_it(string? allow, string? deny, string? repair)
    {
        LoginsState logins = Good with { Cron = new ScheduleState(true, FileOr("/etc/cron.allow", allow), FileOr("/etc/cron.deny", deny)) };
        Assert.Equal(repair is null ? [] : ["warning cron"], logins.Troubles());
        Assert.True(repair is null || logins.Find("cron").Repair == repair);
        Assert.Equal([], (logins with { Cron = logins.Cron with { IsInstalled = false } }).Troubles());
    }

    [Fact]
    public void Without_its_files_at_serves_root_alone_and_unreadable_ones_are_not_seen()
    {
        Assert.Equal([], (Good with { At = new ScheduleState(true, Hosts.Missing("/etc/at.allow"), Hosts.Missing("/etc/at.deny")) }).Troubles());
        Assert.Equal(["warning at"], (Good with { At = new ScheduleState(true, Hosts.Missing("/etc/at.allow"), Hosts.File("/etc/at.deny", "")) }).Troubles());
        Assert.Equal(["not seen at"], (Good with { At = new ScheduleState(true, Hosts.Missing("/etc/at.allow"), Hosts.Unseen("/etc/at.deny")) }).Troubles());
        Assert.Equal(["not seen cron"], (Good with { Cron = new ScheduleState(true, Hosts.Unseen("/etc/cron.allow"), Hosts.Missing("/etc/cron.deny")) }).Troubles());
    }

    [Theory]
    [InlineData("Subsystem sftp internal-sftp", "warning sshd-sftp")]
    [InlineData("subsystem\tsftp\tinternal-sftp -f AUTH", "warning sshd-sftp")]
    [InlineData("Match Group sftp\n  ForceCommand internal-sftp", "warning sshd-sftp")]
    [InlineData("ForceCommand=\"internal-sftp\" -d /", "warning sshd-sftp")]
    [InlineData("#Subsystem sftp internal-sftp", null)]
    [InlineData("Subsystem sftp /usr/lib/openssh/sftp-server", null)]
    [InlineData("ForceCommand /usr/bin/true", null)]
    [InlineData("PermitUserEnvironment LANG", "warning sshd-environment")]
    [InlineData("Match User ada\nPermitUserEnvironment yes", "warning sshd-environment")]
    [InlineData("PermitUserEnvironment no", null)]
    public void A_line_of_sshd_may_open_a_way(string lines, string? trouble) =>
        Assert.Equal(trouble is null ? [] : [trouble], Sshd($"DisableForwarding yes\nPermitUserRC no\n{lines}\n").Troubles());

    [Theory]
    [InlineData("DisableForwarding yes", false)]
    [InlineData("disableforwarding YES", false)]
    [InlineData("AllowTcpForwarding no\nAllowAgentForwarding no\nAllowStreamLocalForwarding no", false)]
    [InlineData("AllowTcpForwarding no", true)]
    [InlineData("", true)]
    [InlineData("DisableForwarding no\nDisableForwarding yes", true)]
    [InlineData("Match User ada\nDisableForwarding yes", true)]
    public void Forwarding_is_open_unless_it_is_closed_for_all(string lines, bool isOpen) =>
        Assert.Equal(isOpen ? ["warning sshd-forwarding"] : [], Sshd($"PermitUserRC no\n{lines}\n").Troubles());

    /// <summary>A Match ends with its file, and sshd takes the value it meets first.</summary>
    [Fact]
    public void The_files_are_read_in_the_order_of_sshd()
    {
        LoginsState logins = Good with { Sshd = [Hosts.File("/etc/ssh/sshd_config.d/a.conf", "Match User x\nPermitUserRC no\n"), Hosts.File("/etc/ssh/sshd_config", "DisableForwarding yes\nPermitUserRC no\n")] };
        Assert.Equal([], logins.Troubles());
        logins = Good with { Sshd = [Hosts.File("/etc/ssh/sshd_config.d/a.conf", "PermitUserRC yes\n"), Hosts.File("/etc/ssh/sshd_config", "DisableForwarding yes\nPermitUserRC no\n")] };
        Assert.Equal(["warning sshd-rc"], logins.Troubles());
        logins = Good with { Sshd = [Hosts.File("/etc/ssh/sshd_config.d/a.conf", "PermitUserRC yes\n"), Hosts.Unseen("/etc/ssh/sshd_config")] };
        Assert.Equal(["not seen sshd"], logins.Troubles());
        Assert.DoesNotContain(LoginStateRules.Judge(logins), finding => finding.Level == FindingLevel.Note);
        Assert.Equal([], (Good with { Sshd = [] }).Troubles());
    }

    private static LoginsState Sshd(string text) => Good with { Sshd = [Hosts.File("/etc/ssh/sshd_config", text)] };

    private static HostFile FileOr(string path, string? text) => text is null ? Hosts.Missing(path) : Hosts.File(path, text);
}
