using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Shown;

/// <summary>
/// Why it exists: a user whose start is refused, and the administrator who is asked about it, must learn from doctor what `run` stumbles over, and on a good host nothing
/// may be called wrong. So each case makes the host wrong, and most compare with `run`.
/// </summary>
public sealed class DoctorTests : SystemTest
{
    private const int ENOSYS = 38;
    private const int EPERM = 1;
    private const string Elsewhere = "/mnt/srv/doctor";
    private static readonly SessionCommand Doctor = SessionCommand.Helper("doctor", "--json");
    private static readonly SessionCommand Session = SessionCommand.Run("t", "/bin/true");

    public DoctorTests() => Install("t");

    [Fact]
    public void On_a_good_host_nothing_is_wrong_for_a_user_and_for_root()
    {
        DoctorAnswer alice = DoctorAnswer.Of(TestUser.Alice);
        Assert.Equal((0, true), (alice.ExitStatus, alice.IsHealthy));
        Assert.Equal(["ok", "not seen"], alice.Findings.Where(finding => finding.Id == "state").Select(finding => finding.Level));
        Assert.All((string[])["program", "process", "kernel", "usable"], id => Assert.Equal("ok", alice.Find(id).Level));
        DoctorAnswer root = DoctorAnswer.Of(TestUser.Root);
        Assert.Equal((0, true), (root.ExitStatus, root.IsHealthy));
        Assert.Equal("ok", root.Find("state").Level);
        Assert.Equal(0, Session.Execute().ExitStatus);
    }

    [Fact]
    public void It_gives_up_root_and_changes_nothing()
    {
        Trace trace = Trace.Of(SessionCommand.Helper("doctor"));
        Assert.Contains(trace.HelperCalls, call => call.Name == "setresuid" && call.ToString().Contains($"setresuid({TestUser.Alice.UserId}, {TestUser.Alice.UserId}, {TestUser.Alice.UserId})", StringComparison.Ordinal));
        Assert.DoesNotContain(trace.HelperCalls.Skip(1), call => call.Name is "capset" or "setfsuid" or "mount" or "unshare" or "mkdirat" or "unlinkat" or "execve" or "fork" or "clone");
    }

    [Theory]
    [InlineData("chmod 0755 F", "setuid-bit")]
    [InlineData("chown 12001 F; chmod 4755 F", "owner")]
    [InlineData("chmod 4775 F", "program-mode")]
    [InlineData("chmod 4755 F; chmod 0777 D", "program-directory")]
    [InlineData("chmod 4755 F; chown 12001 D", "program-directory")]
    [InlineData("chmod 4755 F", null)]
    public void The_file_of_the_program_is_judged(string change, string? wrong)
    {
        SessionCommand copy = Copy(change);
        DoctorAnswer answer = DoctorAnswer.Of(copy);
        Assert.Equal(wrong is null ? [] : [wrong], answer.Wrong);
        Assert.Equal(wrong is null ? 0 : 1, answer.ExitStatus);
        Assert.Equal(["login-shell"], answer.Warnings.Where(id => id == "login-shell"));
    }

    [Fact]
    public void A_copy_without_the_bit_says_how_to_set_it_and_a_refused_start_leads_to_doctor()
    {
        SessionCommand copy = Copy("chmod 0755 F");
        Assert.Equal($"chmod u+s {Elsewhere}/nshelper", DoctorAnswer.Of(copy).Find("setuid-bit").Repair);
        SessionResult refused = (Session with { File = copy.File }).Execute();
        Assert.True(refused.IsRefusal, refused.ToString());
        Assert.EndsWith("; nshelper doctor says more\n", refused.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_nosuid_mount_is_wrong()
    {
        SessionCommand copy = Copy("chmod 4755 F", nosuid: true);
        Assert.Equal(["nosuid"], DoctorAnswer.Of(copy).Wrong);
        Assert.Equal(125, (Session with { File = copy.File }).Execute().ExitStatus);
    }

    [Fact]
    public void A_group_that_may_start_it_is_told()
    {
        SessionCommand copy = Copy("chgrp nsok F; chmod 4750 F");
        DoctorAnswer answer = DoctorAnswer.Of(copy);
        Assert.Equal(("note", "only members of the group nsok may start it"), (answer.Find("program-group").Level, answer.Find("program-group").Text));
        Assert.Empty(answer.Wrong);
    }

    [Fact]
    public void What_takes_rights_away_is_named()
    {
        Assert.Equal(["no-new-privs"], DoctorAnswer.Of(Doctor.With("--no-new-privs")).Wrong);
        Assert.Equal(["no-new-privs"], DoctorAnswer.Of(SessionCommand.Direct("/usr/bin/setpriv", "--no-new-privs", TestHost.Helper, "doctor", "--json")).Wrong);
        Assert.Contains("user-namespace", DoctorAnswer.Of(Doctor.With("--userns")).Wrong);
        Assert.Equal(["capabilities"], DoctorAnswer.Of(Doctor.With("--drop-bounding", "21")).Wrong);
        Assert.Contains("cap_sys_admin", DoctorAnswer.Of(Doctor.With("--drop-bounding", "21")).Find("capabilities").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mount_setattr", ENOSYS, "calls")]
    [InlineData("open_tree", ENOSYS, "calls")]
    [InlineData("move_mount", ENOSYS, "calls")]
    [InlineData("fsopen", ENOSYS, "calls")]
    [InlineData("open_tree", EPERM, "filter")]
    public void A_call_that_is_missing_or_filtered_is_named(string call, int error, string id)
    {
        DoctorAnswer answer = DoctorAnswer.Of(Doctor.With("--refuse", $"{SystemCallNumbers.Of(call)}:{error}"));
        Assert.Equal([id], answer.Wrong);
        Assert.Contains($" {call}", answer.Find(id).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mv R M/moved", "mv M/moved R", "/run/nshelper does not exist")]
    [InlineData("chmod 0755 R", "chmod 0700 R", "/run/nshelper has mode 0755, not 0700")]
    [InlineData("chown 12001 R", "chown 0 R", "/run/nshelper is not root's")]
    [InlineData("chmod 0750 /var/lib/nshelper", "chmod 0700 /var/lib/nshelper", "/var/lib/nshelper has mode 0750, not 0700")]
    public void A_state_directory_that_is_not_right_is_wrong_for_everybody(string change, string back, string text)
    {
        ChangeState(change, back);
        foreach (TestUser user in (TestUser[])[TestUser.Alice, TestUser.Root])
        {
            DoctorAnswer answer = DoctorAnswer.Of(user);
            Assert.Equal((1, text, "systemd-tmpfiles --create nshelper.conf"), (answer.ExitStatus, answer.Find("state-directory").Text, answer.Find("state-directory").Repair));
        }
    }

    [Fact]
    public void What_is_in_them_root_alone_is_told()
    {
        ChangeState("rmdir R/root", "mkdir -m 0700 R/root");
        Assert.Empty(DoctorAnswer.Of(TestUser.Alice).Wrong);
        Assert.Equal("/run/nshelper/root does not exist", DoctorAnswer.Of(TestUser.Root).Find("state-directory").Text);
    }

    [Fact]
    public void Configuration_is_judged_as_a_start_judges_it()
    {
        Install(new ProfileFile("broken", "schema = 1\nnonsense = 1\n"));
        DoctorAnswer answer = DoctorAnswer.Of(TestUser.Alice);
        Assert.Equal(["mistakes"], answer.Wrong);
        Assert.Equal(("mistakes in broken: this profile starts no session", "nshelper check"), (answer.Find("mistakes").Text, answer.Find("mistakes").Repair));

        Install(new ProfileFile("foreign", "schema = 1\n") { Owner = TestUser.Alice.UserId });
        Assert.Equal("/etc/nshelper/profiles/foreign.toml is not owned by root: no session starts from it", DoctorAnswer.Of(TestUser.Alice).Find("untrusted").Text);
    }

    [Fact]
    public void A_profile_that_the_caller_may_not_read_is_not_seen()
    {
        File.SetUnixFileMode($"{TestHost.ProfileDirectory}/t.toml", Modes.OwnerOnlyFile);
        DoctorAnswer alice = DoctorAnswer.Of(TestUser.Alice);
        Assert.Equal((0, $"{TestHost.ProfileDirectory}/t.toml (ask root)"), (alice.ExitStatus, alice.Find("unseen").Text));
        Assert.DoesNotContain(alice.Findings, finding => finding.Id == "usable");
        Assert.Equal("ok", DoctorAnswer.Of(TestUser.Root).Find("usable").Level);
    }

    [Fact]
    public void Settings_with_a_mistake_are_wrong_and_nobody_named_is_a_warning()
    {
        File.Delete($"{TestHost.ProfileDirectory}/t.toml");
        Assert.Contains("usable", DoctorAnswer.Of(TestUser.Alice).Warnings);
        File.WriteAllText(Temporary("/etc/nshelper/nshelper.toml"), "nonsense = 1\n");
        DoctorAnswer answer = DoctorAnswer.Of(TestUser.Alice);
        Assert.Equal((1, "settings"), (answer.ExitStatus, Assert.Single(answer.Wrong)));
    }

    [Fact]
    public void Propagation_and_hidepid_are_told()
    {
        Assert.Equal("ok", In("true", "shared").Find("propagation").Level);
        Assert.Equal("warning", In("true", "private").Find("propagation").Level);
        Assert.Equal("note", In("mount -n -t proc -o hidepid=2 proc /proc", "private").Find("hidepid").Level);
    }

    [Fact]
    public void People_get_lines_of_a_terminals_width_and_quiet_ones_what_is_wrong()
    {
        SessionResult good = SessionCommand.Helper("doctor").Execute();
        Assert.StartsWith("program   ok        /mnt/bin/nshelper is set-user-ID root and safe from others\nprocess   ok        nothing takes its rights away\nkernel    ok        Linux ", good.OutputText, StringComparison.Ordinal);
        Assert.All(good.OutputText.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal((0, ""), (SessionCommand.Helper("doctor", "-q").Execute().ExitStatus, SessionCommand.Helper("doctor", "-q").Execute().OutputText));
        SessionResult wrong = (SessionCommand.Helper("doctor", "-q") with { File = Copy("chmod 0755 F").File }).Execute();
        Assert.Equal(
            (1, $"program   wrong     {Elsewhere}/nshelper has no set-user-ID bit: it starts\n                    no sessions for users\n          repair    chmod u+s {Elsewhere}/nshelper\n"),
            (wrong.ExitStatus, wrong.OutputText));
        Assert.Contains("\e[32mok\e[0m", SessionCommand.Helper("doctor", "--color=always").Execute().OutputText, StringComparison.Ordinal);
    }

    private static DoctorAnswer In(string script, string propagation) => DoctorAnswer.Of(
        SessionCommand.Direct("/usr/bin/unshare", "--mount", "--propagation", propagation, "/bin/sh", "-ec", $"{script}; exec {TestHost.Helper} doctor --json").As(TestUser.Root));

    private void ChangeState(string change, string back)
    {
        static string Line(string line) => line.Replace("R", "/run/nshelper", StringComparison.Ordinal).Replace("M", "/run", StringComparison.Ordinal);
        RootShell.Run(Line(change));
        Undo(() => RootShell.Run(Line(back)));
    }

    /// <summary>The same program in a place of its own, changed.</summary>
    private SessionCommand Copy(string change, bool nosuid = false)
    {
        RootShell.Run($"mkdir -m 0755 {Elsewhere}");
        Undo(() => RootShell.Run($"rm -r {Elsewhere}"));
        if (nosuid)
        {
            RootShell.Run($"mount -n -t tmpfs -o nosuid,mode=0755 nosuid {Elsewhere}");
            Undo(() => Posix.Unmount(Elsewhere));
        }

        RootShell.Run($"cp {TestHost.Helper} {Elsewhere}/nshelper; {change.Replace("F", $"{Elsewhere}/nshelper", StringComparison.Ordinal).Replace("D", Elsewhere, StringComparison.Ordinal)}");
        return Doctor with { File = $"{Elsewhere}/nshelper" };
    }
}
