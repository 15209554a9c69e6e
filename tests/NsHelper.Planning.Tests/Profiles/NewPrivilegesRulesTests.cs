using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Sessions;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: where set-user-ID programs have effect, whatever misleads one of them is root for a user (mnt-overlay-system, drop-nnp, CVE-2022-31214).</summary>
public sealed class NewPrivilegesRulesTests
{
    private const string Good = """
        schema = 1
        allow.users = ["alice"]
        allow.commands = "any"
        identity.no_new_privileges = false
        namespaces.pid = "host"
        capabilities.bounding = ["CAP_SETUID", "CAP_SETGID"]

        """;

    private const string Unchanged = "must be what it is on the host, since set-user-ID programs believe it";
    private const string Writable = "must stay writable, since set-user-ID programs count wrong passwords there and keep logs";
    private const string TheUsers = "must not be in a session in which set-user-ID programs have effect";

    [Theory]
    [InlineData("")]
    [InlineData("[protect]\nprivate_tmp = true\nprivate_run_user = true\nprotect_home = \"read-only\"\nprotect_system = \"full\"\nprotect_proc = \"invisible\"\n")]
    [InlineData("[protect]\nprotect_kernel_tunables = true\nprotect_control_groups = true\nprotect_kernel_logs = true\n")]
    [InlineData("[protect]\ninaccessible_paths = [\"%h/.ssh\", \"-/srv/x\", \"/var/www\"]\nno_exec_paths = [\"%h\", \"/srv\"]\nread_only_paths = [\"/etc\", \"/var/www\", \"-%h/x\", \"/opt\"]\n")]
    [InlineData("[[mount]]\ntarget = \"%h\"\ntype = \"tmpfs\"\nsize = \"1M\"\n")]
    [InlineData("[[mount]]\ntarget = \"%h/x\"\nsource = \"/tmp/x\"\n")]
    [InlineData("[[mount]]\ntarget = \"/etc\"\noptions = [\"ro\", \"rbind\", \"nosuid\", \"noatime\"]\n")]
    [InlineData("[[mount]]\ntarget = \"/run\"\nsource = \"/run\"\n")]
    [InlineData("[[mount]]\ntarget = \"/srv/x\"\nsource = \"/srv/y\"\noptions = [\"bind\", \"noexec\", \"nosymfollow\"]\n")]
    [InlineData("[[mount]]\ntarget = \"/srv/%u\"\nsource = \"/srv/y\"\n")]
    [InlineData("[[mount]]\ntarget = \"/var/www/%n\"\nsource = \"/srv/y\"\n")]
    [InlineData("[[mount]]\ntarget = \"/tmp/tool\"\nsource = \"/srv/tool\"\n")]
    [InlineData("[[mount]]\ntarget = \"/srv/hidden\"\ntype = \"mask\"\n")]
    [InlineData("[[mount]]\ntarget = \"/proc\"\ntype = \"proc\"\n[[mount]]\ntarget = \"/dev/pts\"\ntype = \"devpts\"\n[[mount]]\ntarget = \"/dev/mqueue\"\ntype = \"mqueue\"\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/mnt\"\nscope = \"global\"\nsource = \"/srv/board\"\naccess = \"ro\"\npropagation = \"private\"\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"%h/x\"\nscope = \"user\"\nsize = \"1M\"\n")]
    [InlineData("[[private]]\ntarget = \"%h/x\"\n")]
    [InlineData("[namespaces]\nuts = \"private\"\ncgroup = \"private\"\ntime = \"private\"\nipc = \"host\"\n[root]\npropagation = \"private\"\n[limits]\nfsize = \"infinity\"\nstack = \"infinity\"\n")]
    [InlineData("[capabilities]\nambient = [\"CAP_SETUID\"]\n")]
    public void What_no_program_with_rights_is_misled_by(string body)
    {
        Profile profile = Reading.Valid(Profiled(body));
        Assert.False(profile.Identity.NoNewPrivileges);
        Assert.IsType<PlanningResult.Valid>(Planned(body, "t", "/home/alice"));
    }

    [Theory]
    [InlineData("[root]\nmode = \"tmpfs\"\n", "mode", "have effect in the host's tree alone")]
    [InlineData("[root]\nmode = \"directory\"\ndirectory = \"/srv/tree\"\n", "mode", "have effect in the host's tree alone")]
    [InlineData("[root]\nmode = \"overlay\"\ndirectory = \"/\"\n", "mode", "have effect in the host's tree alone")]
    [InlineData("[root]\nread_only = true\n", "read_only", Writable)]
    [InlineData("[namespaces]\nnetwork = \"private\"\n", "network", "would not reach what the host asks over the network")]
    [InlineData("[namespaces]\nnetwork = \"path:/run/netns/x\"\n", "network", "would not reach what the host asks over the network")]
    [InlineData("[namespaces]\nuts = \"private\"\nhostname = \"box\"\n", "hostname", "would believe to be on another host")]
    [InlineData("[protect]\nprivate_devices = true\n", "private_devices", "would not reach the system's log")]
    [InlineData("[protect]\nproc_subset = \"pid\"\n", "proc_subset", "would miss what the kernel says")]
    [InlineData("[protect]\nprotect_home = true\n", "protect_home", "would miss what is in homes")]
    [InlineData("[protect]\nprotect_home = \"tmpfs\"\n", "protect_home", "would miss what is in homes")]
    [InlineData("[protect]\nprotect_system = \"strict\"\n", "protect_system", Writable)]
    [InlineData("[protect]\nread_only_paths = [\"/\"]\n", "read_only_paths", Writable)]
    [InlineData("[protect]\nread_only_paths = [\"-/var\"]\n", "read_only_paths", Writable)]
    [InlineData("[protect]\nread_only_paths = [\"/var/run/faillock\"]\n", "read_only_paths", Writable)]
    [InlineData("[protect]\nread_only_paths = [\"/var/%n\"]\n", "read_only_paths", Writable)]
    [InlineData("[protect]\ninaccessible_paths = [\"/etc/nologin\"]\n", "inaccessible_paths", Unchanged)]
    [InlineData("[protect]\ninaccessible_paths = [\"-/run/faillock\"]\n", "inaccessible_paths", Unchanged)]
    [InlineData("[protect]\ninaccessible_paths = [\"/home/bob\"]\n", "inaccessible_paths", Unchanged)]
    [InlineData("[protect]\ninaccessible_paths = [\"/proc/sys/crypto\"]\n", "inaccessible_paths", Unchanged)]
    [InlineData("[protect]\ninaccessible_paths = [\"/var\"]\n", "inaccessible_paths", Unchanged)]
    [InlineData("[protect]\nno_exec_paths = [\"/\"]\nexec_paths = [\"/usr\"]\n", "no_exec_paths", Unchanged)]
    [InlineData("[protect]\nno_exec_paths = [\"/usr/lib/security\"]\n", "no_exec_paths", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/srv/x\"\ntype = \"overlay\"\nlower = [\"/srv/x\"]\n", "type", "an overlay must not be")]
    [InlineData("[[mount]]\ntarget = \"/etc/hosts\"\nsource = \"/srv/hosts\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/opt\"\nsource = \"/srv/opt\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/var\"\nsource = \"/srv/var\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/var/%n\"\nsource = \"/srv/x\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/%n\"\nsource = \"/srv/x\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/home\"\nsource = \"/srv/homes\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/home/bob\"\nsource = \"/srv/x\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/dev/shm\"\nsource = \"/srv/x\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/tmp\"\nsource = \"/srv/tmp\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/usr\"\noptions = [\"bind\"]\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/etc\"\noptions = [\"nosymfollow\"]\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/usr/lib\"\noptions = [\"noexec\"]\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/var/lib/x\"\noptions = [\"ro\"]\n", "target", Writable)]
    [InlineData("[[mount]]\ntarget = \"/etc/nologin\"\ntype = \"mask\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/etc/pam.d\"\ntype = \"tmpfs\"\noptions = [\"ro\"]\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/etc/x\"\ntype = \"symlink\"\nsource = \"/srv/x\"\n", "target", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/run/x\"\ntype = \"file\"\ncontent = \"x\"\n", "target", Unchanged)]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/opt/x\"\nscope = \"global\"\nsource = \"/srv/x\"\naccess = \"ro\"\npropagation = \"private\"\n", "target", Unchanged)]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/mnt\"\nscope = \"global\"\nsource = \"/srv/x\"\n", "target", TheUsers)]
    [InlineData("[[mount]]\ntarget = \"/tmp\"\ntype = \"tmpfs\"\n", "target", TheUsers)]
    [InlineData("[[mount]]\ntarget = \"/tmp/x\"\nsource = \"%h/x\"\n", "target", TheUsers)]
    [InlineData("[[mount]]\ntarget = \"/srv/{x}\"\n[parameters.x]\ntype = \"string\"\npattern = \"[a-z]+\"\n", "target", TheUsers)]
    [InlineData("[[mount]]\ntarget = \"/srv%h\"\nsource = \"%h\"\n", "target", TheUsers)]
    [InlineData("[[private]]\ntarget = \"/tmp\"\n", "target", TheUsers)]
    [InlineData("[[private]]\ntarget = \"/mnt\"\n", "target", TheUsers)]
    public void What_would_mislead_one_is_refused_where_it_is_written(string body, string line, string message)
    {
        Diagnostic fault = Assert.Single(Reading.Faults(Profiled(body)));
        Assert.StartsWith(line, fault.SourceLine, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(message == TheUsers ? "new-privileges-user-writable" : "new-privileges", fault.Rule);
        Assert.NotNull(fault.Hint);

        // Where no setuid program has effect, most of it is what other profiles have.
        Assert.DoesNotContain(Reading.Checked(Profiled(body).Replace("no_new_privileges = false", "no_new_privileges = true", StringComparison.Ordinal)), other => other.Rule == fault.Rule);
    }

    [Theory]
    [InlineData("namespaces.pid = \"host\"\n", "", "in a process namespace of the session's own", "no_new_privileges")]
    [InlineData("namespaces.pid = \"host\"\n", "namespaces.pid = \"private\"\n", "in a process namespace of the session's own", "pid = \"private\"")]
    [InlineData("capabilities.bounding = [\"CAP_SETUID\", \"CAP_SETGID\"]\n", "", "would be root without a capability, as capabilities.bounding is not written", "no_new_privileges")]
    [InlineData("[\"CAP_SETUID\", \"CAP_SETGID\"]", "[\"CAP_SETGID\"]", "stays root without CAP_SETUID, which capabilities.bounding lacks", "bounding")]
    [InlineData("[\"CAP_SETUID\", \"CAP_SETGID\"]", "[\"CAP_NET_RAW\", \"CAP_SETUID\"]", "stays root without CAP_SETGID, which capabilities.bounding lacks", "bounding")]
    public void What_must_be_written_is_asked_for(string part, string other, string message, string place)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);
        Diagnostic fault = Assert.Single(Reading.Faults(Good.Replace(part, other, StringComparison.Ordinal)));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains(place, fault.SourceLine, StringComparison.Ordinal);
        Assert.Equal(("new-privileges", Severity.Error), (fault.Rule, fault.Severity));
        Assert.NotNull(fault.Hint);
    }

    [Fact]
    public void Below_the_home_a_user_may_choose_the_place() =>
        Reading.Valid(Profiled("[parameters.x]\ntype = \"string\"\npattern = \"[a-z]+\"\n[[mount]]\ntarget = \"%h/{x}\"\nsource = \"/srv/x\"\n"));

    [Fact]
    public void An_empty_bounding_set_is_none_at_all() => Assert.Equal(2, Reading.Faults(Good.Replace("\"CAP_SETUID\", \"CAP_SETGID\"", "", StringComparison.Ordinal)).Length);

    /// <summary>What only root's links, the profile's name or the caller's home make a place that is believed.</summary>
    [Theory]
    [InlineData("[[mount]]\nsource = \"/srv/x\"\ntarget = \"/link\"\n", "/home/alice", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/link\"\ntype = \"mask\"\n", "/home/alice", Unchanged)]
    [InlineData("[[mount]]\ntarget = \"/records\"\noptions = [\"ro\"]\n", "/home/alice", Writable)]
    [InlineData("[protect]\ninaccessible_paths = [\"/link\"]\n", "/home/alice", Unchanged)]
    [InlineData("[protect]\nno_exec_paths = [\"/link\"]\n", "/home/alice", Unchanged)]
    [InlineData("[protect]\nread_only_paths = [\"/records\"]\n", "/home/alice", Writable)]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/link\"\nscope = \"global\"\nsource = \"/srv/x\"\naccess = \"ro\"\npropagation = \"private\"\n", "/home/alice", Unchanged)]
    [InlineData("[[mount]]\nsource = \"/srv/x\"\ntarget = \"%h/lib\"\n", "/opt/tool", Unchanged)]
    [InlineData("[[mount]]\nsource = \"/srv/x\"\ntarget = \"%h\"\n", "/home", Unchanged)]
    [InlineData("[[mount]]\nsource = \"/srv/x\"\ntarget = \"%h\"\n", "/tmp", Unchanged)]
    [InlineData("[[private]]\ntarget = \"%h\"\n", "/tmp", "in a session in which set-user-ID programs have effect")]
    [InlineData("[[mount]]\nsource = \"/exports/alice/x\"\ntarget = \"/srv/x\"\n", "/exports/alice", null)]
    [InlineData("[[mount]]\nsource = \"/exports/bob/x\"\ntarget = \"/srv/x\"\n", "/exports/bob", null)]
    public void What_turns_out_to_mislead_one_is_refused(string body, string home, string? message)
    {
        var refused = Assert.IsType<PlanningResult.Refused>(Planned(body, "t", home));
        Assert.Contains(message ?? "in a session in which set-user-ID programs have effect", refused.Message, StringComparison.Ordinal);
        Assert.IsType<PlanningResult.Valid>(Planned(body, "t", home, Profiled(body).Replace("no_new_privileges = false", "no_new_privileges = true", StringComparison.Ordinal)));
    }

    /// <summary>No mount is brought that has set-user-ID programs of its own; what the host has in its place keeps its own.</summary>
    [Fact]
    public void What_the_session_brings_stays_without_effect()
    {
        const string body = "[protect]\nprivate_tmp = true\nprotect_system = true\n[[mount]]\ntarget = \"/etc\"\noptions = [\"ro\"]\n[[mount]]\ntarget = \"/srv/x\"\nsource = \"/srv/y\"\n";
        SessionPlan plan = Assert.IsType<PlanningResult.Valid>(Planned(body, "t", "/home/alice")).Plan;
        string[] effective = [.. plan.Steps.OfType<SetupStep.MountStep>().Where(step => !step.Attributes.HasFlag(MountAttributes.NoSuid)).Select(step => step.Target.Text)];
        Assert.NotEmpty(effective);
        Assert.All(effective, target => Assert.Contains(target, PresetPlaces.All.Where(place => place.Preset == ProtectPreset.System).Select(place => place.Path)));
        Assert.Contains(plan.Steps, step => step is SetupStep.MaskMount { Target.Text: "/run/nshelper" });
        Assert.False(plan.Credentials.NoNewPrivileges || plan.Isolation.RootNoSuid);
    }

    private static string Profiled(string body)
    {
        // A table that the body writes under its own head cannot have dotted keys above it.
        string good = Good;
        foreach ((string head, string key, string line) in (ReadOnlySpan<(string, string, string)>)
        [
            ("[namespaces]\n", "namespaces.pid = \"host\"\n", "pid = \"host\"\n"),
            ("[capabilities]\n", "capabilities.bounding = [\"CAP_SETUID\", \"CAP_SETGID\"]\n", "bounding = [\"CAP_SETUID\", \"CAP_SETGID\"]\n"),
        ])
        {
            if (body.Contains(head, StringComparison.Ordinal))
            {
                good = good.Replace(key, "", StringComparison.Ordinal);
                body = body.Replace(head, head + line, StringComparison.Ordinal);
            }
        }

        return good + body;
    }

    private static PlanningResult Planned(string body, string name, string home) => Planned(body, name, home, Profiled(body));

    private static PlanningResult Planned(string body, string name, string home, string text)
    {
        var reading = ProfileReader.Read(ProfileName.Parse(name), [new ProfileText("t.toml", [.. System.Text.Encoding.UTF8.GetBytes(text)])]);
        Caller caller = People.Alice with { Home = AbsolutePath.Parse(home) };
        Profile profile = Assert.IsType<ProfileReading.Valid>(reading).Profile;
        var allowed = Assert.IsType<Decision.Allowed>(AccessRules.Decide(profile, caller, People.Database, "run", [ByteString.FromText("/bin/true")]));
        return Plans.Of(allowed.Grant, PathFacts.None with
        {
            Resolved = [new ResolvedTarget(AbsolutePath.Parse("/link"), AbsolutePath.Parse("/etc/app")), new ResolvedTarget(AbsolutePath.Parse("/records"), AbsolutePath.Parse("/var/log/app"))],
        });
    }
}
