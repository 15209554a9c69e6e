using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Sessions;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: a profile may look fine and give the user what root's programs trust (cfg-footgun, CVE-2025-32463). No session may start from one.</summary>
public sealed class FootgunTests
{
    private const string Allow = "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n";
    private const string Trusted = "user-writable-system-target";
    private const string Privileges = "new-privileges-user-writable";
    private const string NewPrivileges = "[identity]\nno_new_privileges = false\n[namespaces]\npid = \"host\"\n[capabilities]\nbounding = [\"CAP_SETUID\", \"CAP_SETGID\"]\n";

    [Theory]
    [InlineData("%h/etc", "/etc")]
    [InlineData("%h/passwd", "/etc/passwd")]
    [InlineData("/home/alice/sudoers", "/etc/sudoers.d")]
    [InlineData("/home", "/usr")]
    [InlineData("/tmp", "/usr/lib")]
    [InlineData("/tmp/lib", "/lib")]
    [InlineData("/tmp/lib64", "/lib64")]
    [InlineData("/tmp/bin", "/bin")]
    [InlineData("/tmp/x", "/sbin")]
    [InlineData("/var/tmp/x", "/usr/local/bin")]
    [InlineData("/dev/shm/x", "/usr/lib/x86_64-linux-gnu/security")]
    [InlineData("/run/shm/x", "/etc/pam.d")]
    [InlineData("/run/user/1000/x", "/etc/ld.so.preload")]
    [InlineData("/var/run/user/1000", "/etc")]
    [InlineData("/run/user/%U", "/etc/nsswitch.conf")]
    [InlineData("/srv/%u/etc", "/etc")]
    [InlineData("/srv/%U", "/boot")]
    [InlineData("/srv/%g", "/root")]
    [InlineData("/srv/%G", "/var/lib/sss")]
    [InlineData("/scratch/%%%u", "/etc")]
    [InlineData("/srv/{tree}", "/opt/../etc")]
    [InlineData("/srv/{tree}", "/etc")]
    [InlineData("/srv/base-{n}/lib", "/lib32")]
    [InlineData("%h/x", "/var")]
    [InlineData("%h/x", "/run")]
    [InlineData("%h/x", "/var/run")]
    [InlineData("%h/spool", "/var/spool/cron")]
    [InlineData("%h/dev", "/dev")]
    [InlineData("%h/store", "/nix/store")]
    [InlineData("%h/conf", "/etc/%u.conf")]
    [InlineData("/run/lock/x", "/etc/x")]
    public void The_users_files_over_what_programs_trust(string source, string target) => Refused(
        Trusted == Rule(target) ? Trusted : null, $"[[mount]]\nsource = \"{source}\"\ntarget = \"{target}\"\noptions = [\"ro\"]\n[parameters.tree]\ntype = \"string\"\n[parameters.n]\ntype = \"int\"\n");

    [Theory]
    [InlineData("[[mount]]\ntarget = \"/etc\"\ntype = \"tmpfs\"\nsize = \"1M\"\n")]
    [InlineData("[[mount]]\ntarget = \"/usr/local\"\ntype = \"tmpfs\"\nsize = \"1M\"\noptions = [\"noexec\"]\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/etc/shared\"\nscope = \"global\"\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/usr/share/x\"\nscope = \"user\"\naccess = \"ro\"\npropagation = \"private\"\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/etc\"\nscope = \"global\"\nsource = \"/tmp/etc\"\n")]
    [InlineData("[[private]]\ntarget = \"/var/lib/x\"\n")]
    public void What_is_made_for_the_user_over_what_programs_trust(string body) => Refused(Trusted, body);

    [Theory]
    [InlineData("[[mount]]\ntarget = \"/data\"\ntype = \"tmpfs\"\nsize = \"1M\"\n")]
    [InlineData("[[mount]]\ntarget = \"/data\"\nsource = \"%h/data\"\n")]
    [InlineData("[[mount]]\ntarget = \"/data\"\nsource = \"/tmp/data\"\noptions = [\"ro\"]\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/mnt\"\nscope = \"user\"\n")]
    [InlineData("[[private]]\ntarget = \"/srv/x\"\n")]
    public void Setuid_programs_beside_what_the_user_writes(string body) => Refused(Privileges, body + NewPrivileges);

    [Theory]
    [InlineData("")]
    [InlineData("[protect]\nprivate_tmp = true\n")]
    [InlineData("[root]\nread_only = true\n[[mount]]\ntarget = \"%h\"\n")]
    [InlineData("[[mount]]\nsource = \"/srv/hosts\"\ntarget = \"/etc/hosts\"\noptions = [\"ro\"]\n")]
    [InlineData("[[mount]]\nsource = \"/opt/tool/lib\"\ntarget = \"/usr/lib/tool\"\n")]
    [InlineData("[[mount]]\nsource = \"%h/project\"\ntarget = \"/opt/vendor/project\"\n")]
    [InlineData("[[mount]]\nsource = \"/tmp/x\"\ntarget = \"/srv/x\"\n")]
    [InlineData("[[mount]]\nsource = \"/srv/%u\"\ntarget = \"/data\"\n")]
    [InlineData("[[mount]]\nsource = \"/srv/%n\"\ntarget = \"/etc/app\"\n")]
    [InlineData("[[mount]]\nsource = \"/srv/100%%u\"\ntarget = \"/etc/app\"\n")]
    [InlineData("[[mount]]\nsource = \"/homes/x\"\ntarget = \"/etc/app\"\n")]
    [InlineData("[[mount]]\nsource = \"/tmpl/x\"\ntarget = \"/etc/app\"\n")]
    [InlineData("[[mount]]\nsource = \"%h/x\"\ntarget = \"/etcetera\"\n")]
    [InlineData("[[mount]]\nsource = \"%h/x\"\ntarget = \"/usr2/lib\"\n")]
    [InlineData("[[mount]]\ntarget = \"/var/lib/%u\"\n")]
    [InlineData("[[mount]]\ntarget = \"/var/lib/hidden\"\ntype = \"tmpfs\"\nsize = \"4K\"\noptions = [\"ro\"]\n")]
    [InlineData("[[mount]]\ntarget = \"/dev/shm\"\ntype = \"tmpfs\"\nsize = \"64M\"\n")]
    [InlineData("[[mount]]\ntarget = \"/run/user/%U/app\"\ntype = \"tmpfs\"\nsize = \"64M\"\n")]
    [InlineData("[[mount]]\nsource = \"%h/tmp\"\ntarget = \"/tmp\"\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/mnt\"\nscope = \"user\"\nsize = \"1M\"\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/etc/board\"\nscope = \"global\"\nsource = \"/srv/board\"\n")]
    public void A_good_profile_is_accepted(string body) =>
        Assert.DoesNotContain(Reading.Checked(Allow + body), diagnostic => diagnostic.Severity == Severity.Error);

    [Theory]
    [InlineData("")]
    [InlineData("[[mount]]\ntarget = \"%h/x\"\ntype = \"tmpfs\"\n")]
    [InlineData("[[mount]]\ntarget = \"/opt\"\n")]
    [InlineData("[[mount]]\ntarget = \"/mnt\"\nsource = \"/srv/opt\"\n")]
    public void Setuid_programs_without_what_the_user_writes_are_no_error(string body) => Reading.Valid(Allow + body + NewPrivileges);

    /// <summary>A parent may bring the target, the child the source: what counts is the profile that results.</summary>
    [Fact]
    public void What_two_files_make_together_is_judged()
    {
        var reading = ProfileReader.Read(ProfileName.Parse("test"), [
            new ProfileText("a.toml", [.. System.Text.Encoding.UTF8.GetBytes(Allow + "[[mount]]\ntarget = \"/etc/app\"\nsource = \"/srv/app\"\n")]),
            new ProfileText("b.toml", [.. System.Text.Encoding.UTF8.GetBytes("schema = 1\n[[mount]]\ntarget = \"/etc/app\"\nsource = \"%h/app\"\n")])]);
        Assert.Equal(Trusted, Assert.Single(Assert.IsType<ProfileReading.Invalid>(reading).Diagnostics).Rule);
    }

    /// <summary>What only the caller's names, or root's links, make a place of programs is refused when it is planned.</summary>
    [Theory]
    [InlineData("[[mount]]\nsource = \"%h/x\"\ntarget = \"/%n\"\n", "etc", "/home/alice")]
    [InlineData("[[mount]]\ntarget = \"/%n\"\ntype = \"tmpfs\"\n", "usr", "/home/alice")]
    [InlineData("[[mount]]\nsource = \"/exports/alice/x\"\ntarget = \"/%n\"\n", "etc", "/exports/alice")]
    [InlineData("[[mount]]\nsource = \"/tmp/x\"\ntarget = \"%h\"\n", "t", "/usr/games")]
    [InlineData("[[mount]]\nsource = \"%h/x\"\ntarget = \"/link\"\n", "t", "/home/alice")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/link\"\nscope = \"user\"\n", "t", "/home/alice")]
    public void A_target_that_turns_out_to_be_trusted_is_refused(string body, string profile, string home)
    {
        var refused = Assert.IsType<PlanningResult.Refused>(Planned(body, profile, home));
        Assert.Contains("which programs with rights trust", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[mount]]\ntarget = \"%h/cache\"\ntype = \"tmpfs\"\n", "/var/lib/builder")]
    [InlineData("[[mount]]\nsource = \"/tmp/x\"\ntarget = \"%h/x\"\n", "/root")]
    [InlineData("[[mount]]\ntarget = \"%h\"\n", "/usr/games")]
    [InlineData("[[mount]]\nsource = \"/srv/x\"\ntarget = \"/link\"\n", "/home/alice")]
    public void The_home_of_the_caller_is_the_callers(string body, string home) => Assert.IsType<PlanningResult.Valid>(Planned(body, "t", home));

    private static PlanningResult Planned(string body, string name, string home)
    {
        var reading = ProfileReader.Read(ProfileName.Parse(name), [new ProfileText("t.toml", [.. System.Text.Encoding.UTF8.GetBytes(Allow + body)])]);
        Caller caller = People.Alice with { Home = AbsolutePath.Parse(home) };
        var allowed = Assert.IsType<Decision.Allowed>(AccessRules.Decide(
            Assert.IsType<ProfileReading.Valid>(reading).Profile, caller, People.Database, "run", [ByteString.FromText("/bin/true")]));
        return Plans.Of(allowed.Grant, PathFacts.None with { Resolved = [new ResolvedTarget(AbsolutePath.Parse("/link"), AbsolutePath.Parse("/etc/app"))] });
    }

    private static string? Rule(string target) => target.Contains("..", StringComparison.Ordinal) ? null : Trusted;

    private static void Refused(string? rule, string body)
    {
        Diagnostic fault = Assert.Single(Reading.Faults(Allow + body));
        Assert.Equal((rule, Severity.Error), (fault.Rule, fault.Severity));
        Assert.StartsWith("target", fault.SourceLine, StringComparison.Ordinal);
    }
}
