using NsHelper.Planning.Doctor;
using NsHelper.Planning.Namespaces;

namespace NsHelper.Planning.Tests.Doctor;

/// <summary>Why: doctor is believed. What is wrong must be said, with a repair that root may type, and nothing else may be called wrong.</summary>
public sealed class HostRulesTests
{
    private static readonly HostState Good = Hosts.Good;

    [Fact]
    public void On_a_good_host_every_area_is_ok()
    {
        Diagnosis diagnosis = Diagnosis.Of(Good with { Logins = Hosts.Logins with { Sshd = [] } });
        Assert.All(diagnosis.Findings, finding => Assert.Equal((FindingLevel.Ok, null), (finding.Level, finding.Repair)));
        Assert.Equal(Enum.GetValues<HostArea>(), diagnosis.Findings.Select(finding => finding.Area));
        Assert.True(diagnosis.IsHealthy);
    }

    [Fact]
    public void Where_nobody_logs_in_nothing_is_said_of_logins() => Assert.DoesNotContain(Diagnosis.Of(Good).Findings, finding => finding.Area == HostArea.Logins);

    [Theory]
    [InlineData(0u, 0x81edu, "wrong setuid-bit")]
    [InlineData(12001u, 0x89edu, "wrong owner")]
    [InlineData(0u, 0x89fdu, "wrong program-mode")]
    [InlineData(0u, 0x89efu, "wrong program-mode")]
    [InlineData(0u, 0x89e8u, "note program-group")]
    public void The_file_is_judged(uint owner, uint mode, string trouble) =>
        Assert.Equal([trouble], Program(program => program with { File = program.File with { Owner = owner, Mode = mode } }).Troubles());

    [Fact]
    public void A_file_that_cannot_be_seen_is_no_failure()
    {
        HostState host = Program(program => program with { File = program.File with { Presence = Presence.Unseen } });
        Assert.Equal(["not seen program"], host.Troubles());
        Assert.True(Diagnosis.Of(host).IsHealthy);
    }

    [Theory]
    [InlineData(0u, 0x43ffu)]
    [InlineData(0u, 0x41fdu)]
    [InlineData(12001u, 0x41edu)]
    public void A_directory_above_that_others_may_write_is_wrong(uint owner, uint mode) =>
        Assert.Equal(["wrong program-directory"], Program(program => program with { Above = program.Above.SetItem(1, new HostPath("/usr", Presence.There, owner, 0, mode)) }).Troubles());

    /// <summary>The file of a user must not become set-user-ID root because doctor said so.</summary>
    [Fact]
    public void Root_is_told_to_set_the_bit_only_of_a_file_that_nobody_else_can_have_made()
    {
        HostState bare = Program(program => program with { File = program.File with { Mode = 0x81ed } });
        Assert.Equal("chmod u+s /usr/bin/nshelper", bare.Find("setuid-bit").Repair);
        HostState open = bare with { Program = bare.Program with { Above = bare.Program.Above.SetItem(0, Hosts.There("/usr/bin", 0x43ff)) } };
        Assert.Equal("install it where only root can write, as make install does", open.Find("setuid-bit").Repair);
        HostState foreign = bare with { Program = bare.Program with { File = bare.Program.File with { Owner = 12001 } } };
        Assert.Equal("install it where only root can write, as make install does", foreign.Find("owner").Repair);
    }

    [Fact]
    public void What_a_user_called_a_file_is_one_word_of_a_command_and_harmless_on_a_terminal()
    {
        HostState host = Program(program => program with { File = program.File with { Path = "/srv/x;$(id)'\e[2J", Mode = 0x81ed } });
        Assert.Equal(@"chmod u+s '/srv/x;$(id)'\''\x1b[2J'", host.Find("setuid-bit").Repair);
        Assert.StartsWith(@"/srv/x;$(id)'\x1b[2J has no", host.Find("setuid-bit").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_nosuid_mount_is_wrong() => Assert.Equal(["wrong nosuid"], Program(program => program with { IsOnNoSuidMount = true }).Troubles());

    [Fact]
    public void The_name_of_the_login_shell_must_lead_to_the_program()
    {
        Assert.Equal(["warning login-shell"], Program(program => program with { LoginShell = program.LoginShell with { Presence = Presence.Missing } }).Troubles());
        Assert.Equal(["warning login-shell"], Program(program => program with { LoginShellIsProgram = false }).Troubles());
    }

    [Fact]
    public void What_takes_roots_rights_away_is_named()
    {
        Assert.Equal(["wrong no-new-privs"], Process(process => process with { HadRoot = false, HasNoNewPrivileges = true }).Troubles());
        Assert.Equal(["warning no-new-privs"], Process(process => process with { IsAskedByRoot = true, HasNoNewPrivileges = true }).Troubles());
        Assert.Equal(["wrong user-namespace"], Process(process => process with { IsInHostUserNamespace = false }).Troubles());
        Assert.Equal(["not seen user-namespace"], Process(process => process with { IsInHostUserNamespace = null }).Troubles());
        Assert.Equal(["wrong traced"], Process(process => process with { HadRoot = false, Tracer = 7 }).Troubles());
        Assert.Equal([], Process(process => process with { Tracer = 7 }).Troubles());
        Assert.Equal(["wrong capabilities"], Process(process => process with { MissingCapabilities = ["cap_sys_admin"] }).Troubles());
    }

    /// <summary>A start would be refused, so doctor must not say that all is well; but one cause is enough.</summary>
    [Fact]
    public void Without_root_and_without_a_cause_it_is_wrong_all_the_same()
    {
        HostState none = Process(process => process with { HadRoot = false });
        Assert.Equal(["wrong no-root"], none.Troubles());
        Assert.Equal(["wrong nosuid"], (none with { Program = none.Program with { IsOnNoSuidMount = true } }).Troubles());
    }

    [Fact]
    public void The_kernel_must_have_what_a_start_calls()
    {
        Assert.Equal(["wrong calls"], Kernel(kernel => kernel with { MissingCalls = ["mount_setattr"], Release = "5.4.0" }).Troubles());
        Assert.Contains("Linux 5.4.0 does not have mount_setattr,", Kernel(kernel => kernel with { MissingCalls = ["mount_setattr"], Release = "5.4.0" }).Find("calls").Text, StringComparison.Ordinal);
        Assert.Equal(["wrong filter"], Kernel(kernel => kernel with { FilteredCalls = ["open_tree"] }).Troubles());
    }

    [Theory]
    [InlineData("5.11.22-arch1", true)]
    [InlineData("4.18.0-553.el8", true)]
    [InlineData("2.6.78", true)]
    [InlineData("5.12", false)]
    [InlineData("5.12.0-rc1", false)]
    [InlineData("5.100.1", false)]
    [InlineData("6.0", false)]
    [InlineData("unknown", false)]
    public void A_release_below_the_floor_with_all_calls_is_a_warning(string release, bool isWarned) =>
        Assert.Equal(isWarned ? ["warning release"] : [], Kernel(kernel => kernel with { Release = release }).Troubles());

    [Theory]
    [InlineData("Mount", "wrong namespaces")]
    [InlineData("Pid", "wrong namespaces")]
    [InlineData("Ipc", "wrong namespaces")]
    [InlineData("Time", "warning namespaces")]
    [InlineData("Network", "warning namespaces")]
    [InlineData("User", null)]
    public void A_kind_of_namespace_may_be_missing_or_forbidden(string name, string? trouble)
    {
        NamespaceKind kind = Enum.Parse<NamespaceKind>(name);
        string[] expected = trouble is null ? [] : [trouble];
        Assert.Equal(expected, Kernel(kernel => kernel with { ForbiddenNamespaces = [kind] }).Troubles());
        Assert.Equal(expected, Kernel(kernel => kernel with { Namespaces = new NamespaceIds(kernel.Namespaces!.Ids.SetItem((int)kind, null)) }).Troubles());
    }

    [Theory]
    [InlineData("nodev\toverlay\n", "wrong file-systems")]
    [InlineData("nodev\ttmpfs\nnodev\tmyoverlay\n", "warning file-systems")]
    public void File_systems_are_looked_for(string text, string trouble) =>
        Assert.Equal([trouble], Kernel(kernel => kernel with { Filesystems = Hosts.File("/proc/filesystems", text) }).Troubles());

    [Fact]
    public void What_cannot_be_read_is_not_seen_and_no_failure()
    {
        HostState host = Kernel(kernel => kernel with { Namespaces = null, Filesystems = Hosts.Unseen("/proc/filesystems"), Mounts = [] });
        Assert.Equal(["not seen namespaces", "not seen file-systems", "not seen propagation"], host.Troubles());
        Assert.True(Diagnosis.Of(host).IsHealthy);
    }

    [Fact]
    public void A_security_module_is_told() => Assert.Equal(["note security-module"], Kernel(kernel => kernel with { SecurityModules = ["SELinux"] }).Troubles());

    [Theory]
    [InlineData(null, "rw", "warning propagation")]
    [InlineData(1, "rw,hidepid=2", "note hidepid")]
    [InlineData(1, "rw,hidepid=invisible", "note hidepid")]
    [InlineData(1, "rw,hidepid=0", null)]
    [InlineData(1, "rw,hidepid=off", null)]
    public void Mounts_are_judged_as_they_show(int? shared, string options, string? trouble)
    {
        // The one below is covered: the last at a target shows.
        HostState host = Kernel(kernel => kernel with { Mounts = [Hosts.Mount("/", "rw", shared is null ? 1 : null), Hosts.Mount("/", "rw", shared), Hosts.Mount("/proc", options, null)] });
        Assert.Equal(trouble is null ? [] : [trouble], host.Troubles());
    }

    private static HostState Program(Func<ProgramState, ProgramState> change) => Good with { Program = change(Good.Program) };

    private static HostState Process(Func<ProcessState, ProcessState> change) => Good with { Process = change(Good.Process) };

    private static HostState Kernel(Func<KernelState, KernelState> change) => Good with { Kernel = change(Good.Kernel) };
}
