using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: what is right in form and unwise is found before it hurts; a warning that is wrong is a warning nobody reads.</summary>
public sealed class LintTests
{
    private const string Share = "[[share]]\nname = \"x\"\ntarget = \"/mnt\"\nscope = \"user\"\nsize = \"1M\"\n";
    private const string Ro = "[[mount]]\ntarget = \"/data\"\noptions = [\"ro\"]\n";
    private const string Covered = "inaccessible_paths = [\"-/run/docker.sock\", \"/var/run/podman\", \"/run/containerd/containerd.sock\", \"/run/dbus\", \"/var/spool\"]\n";
    private const string Commands = "schema = 1\n[allow]\nusers = [\"alice\"]\n";

    [Theory]
    [InlineData("read-only-shared", 11, Share + "access = \"ro\"\n")]
    [InlineData("read-only-shared", 12, Share + "access = \"ro\"\npropagation = \"slave\"\n")]
    [InlineData("read-only-shared", 9, Ro + "propagation = \"shared\"\n")]
    [InlineData("read-only-shared", 9, Ro + "propagation = \"unchanged\"\n")]
    [InlineData("private-root", 7, "[root]\npropagation = \"private\"\n")]
    [InlineData("tmpfs-without-size", 6, "[[mount]]\ntarget = \"/data\"\ntype = \"tmpfs\"\n")]
    [InlineData("tmpfs-without-size", 6, "[[share]]\nname = \"x\"\ntarget = \"/mnt\"\nscope = \"user\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/run/docker.sock\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/var/run/docker.sock\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/srv/engine/docker.sock\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/run/user/%U/podman/podman.sock\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/run/dbus/system_bus_socket\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/run/user/%U\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/var/spool\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/var/spool/cron/crontabs\"\n")]
    [InlineData("host-service", 7, "[[mount]]\ntarget = \"/run\"\n")]
    [InlineData("host-service", 8, "[[mount]]\ntarget = \"/x\"\nsource = \"/\"\n")]
    [InlineData("host-service", 10, "[[share]]\nname = \"x\"\ntarget = \"/mnt\"\nscope = \"user\"\nsource = \"/run/dbus\"\n")]
    [InlineData("login-host-service", 6, "[login]\n")]
    [InlineData("login-host-service", 6, "[login]\n[protect]\nprivate_run_user = false\n" + Covered)]
    [InlineData("login-host-service", 6, "[login]\n[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\nsize = \"1M\"\n")]
    public void What_is_unwise_is_found_at_its_place(string rule, int line, string body)
    {
        Diagnostic warning = Assert.Single(Warnings(Reading.Minimal + "# 4\n# 5\n" + body));
        Assert.Equal((rule, Severity.Warning, line), (warning.Rule, warning.Severity, warning.Location.Line));
    }

    [Theory]
    [InlineData(Share + "access = \"ro\"\npropagation = \"private\"\n")]
    [InlineData(Share + "access = \"rw\"\n")]
    [InlineData(Ro)]
    [InlineData(Ro + "propagation = \"private\"\n")]
    [InlineData("[[mount]]\ntarget = \"/data\"\npropagation = \"shared\"\n")]
    [InlineData("[root]\npropagation = \"slave\"\n")]
    [InlineData("[root]\npropagation = \"private\"\nread_only = true\n")]
    [InlineData("[[mount]]\ntarget = \"/data\"\ntype = \"tmpfs\"\nsize = \"1M\"\n")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/mnt\"\nscope = \"user\"\nsource = \"/srv/x\"\n")]
    [InlineData("[[mount]]\ntarget = \"/x\"\nsource = \"/run/dbus-data\"\n")]
    [InlineData("[[mount]]\ntarget = \"/x\"\nsource = \"/var/log\"\n")]
    [InlineData("[[mount]]\ntarget = \"/run/dbus\"\ntype = \"tmpfs\"\nsize = \"1M\"\noptions = [\"ro\"]\n")]
    [InlineData("[login]\n[protect]\n" + Covered)]
    [InlineData("[login]\n[root]\nmode = \"tmpfs\"\n")]
    [InlineData("[login]\n[[mount]]\ntarget = \"/run\"\ntype = \"tmpfs\"\nsize = \"1M\"\noptions = [\"ro\"]\n[[mount]]\ntarget = \"/var/spool\"\ntype = \"tmpfs\"\nsize = \"1M\"\noptions = [\"ro\"]\n")]
    public void What_is_not_is_not(string body) => Assert.Empty(Warnings(Reading.Minimal + body));

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("/usr/bin/bash")]
    [InlineData("/usr/bin/python3")]
    [InlineData("/usr/bin/python3.12")]
    [InlineData("/usr/bin/perl5.36.0")]
    [InlineData("/usr/bin/lua5.4")]
    [InlineData("/usr/bin/env")]
    [InlineData("/usr/bin/ssh")]
    [InlineData("/usr/bin/vim")]
    [InlineData("/usr/bin/less")]
    [InlineData("/usr/bin/find")]
    [InlineData("/usr/bin/awk")]
    [InlineData("/usr/bin/tar")]
    [InlineData("/bin/ksh93")]
    [InlineData("/usr/bin/xargs\"\nargs = [\"-n\", \"...\"] #")]
    [InlineData("/usr/bin/python3\"\nargs = [\"/srv/*.py\"] #")]
    public void An_interpreter_in_a_list_of_commands_is_found(string path)
    {
        Diagnostic warning = Assert.Single(Warnings($"{Commands}[[command]]\npath = \"{path}\"\n"));
        Assert.Equal(("interpreter", 5), (warning.Rule, warning.Location.Line));
    }

    [Theory]
    [InlineData("/usr/bin/true")]
    [InlineData("/usr/bin/findmnt")]
    [InlineData("/usr/bin/shred")]
    [InlineData("/opt/tool/7")]
    [InlineData("/usr/bin/python3\"\nargs = [\"/opt/tool.py\"] #")]
    public void Other_commands_are_not(string path) => Assert.Empty(Warnings($"{Commands}[[command]]\npath = \"{path}\"\n"));

    [Fact]
    public void Where_every_command_is_allowed_an_interpreter_adds_nothing() =>
        Assert.Empty(Warnings(Reading.Minimal + "[[command]]\npath = \"/bin/sh\"\n"));

    [Fact]
    public void What_this_version_does_not_do_is_said_with_what_follows()
    {
        Diagnostic warning = Assert.Single(Reading.Checked(Reading.Minimal + "[log]\nargs = \"full\"\n"), warning => warning.Location.Line == 4);
        Assert.Equal(
            ("log is not available in this version; no session of this profile starts", "unavailable", Severity.Warning),
            (warning.Message, warning.Rule, warning.Severity));
    }

    /// <summary>Errors and warnings of a file come out together, by place.</summary>
    [Fact]
    public void Errors_and_warnings_are_in_the_order_of_the_file() => Assert.Equal(
        [(5, Severity.Warning), (7, Severity.Error), (8, Severity.Warning)],
        Reading.Checked(Reading.Minimal + "[root]\npropagation = \"private\"\n[[mount]]\ntarget = 5\n[log]\n").Select(found => (found.Location.Line, found.Severity)));

    [Fact]
    public void The_manual_describes_every_rule()
    {
        string manual = Repository.Read("packaging/man/nshelper-profile.5");
        Assert.All(LintRule.All, rule => Assert.Contains($"\n.It Cm {rule.Id}\n", manual, StringComparison.Ordinal));
        Assert.Equal(LintRule.All.Length, LintRule.All.Select(rule => rule.Id).Distinct().Count());
    }

    private static ImmutableArray<Diagnostic> Warnings(string text)
    {
        ImmutableArray<Diagnostic> all = Reading.Checked(text);
        Assert.DoesNotContain(all, diagnostic => diagnostic.Severity == Severity.Error);
        return [.. all.Where(diagnostic => diagnostic.Rule != "unavailable")];
    }
}
