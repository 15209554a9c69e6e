using System.Text.Json;
using NsHelper.Planning.Doctor;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Tests.Doctor;

public sealed class DiagnosisTextTests
{
    private static readonly HostState Broken = Hosts.Good with
    {
        Directories = [.. Hosts.Good.Directories.Select(place => place with { Presence = Presence.Missing })],
        Kernel = Hosts.Good.Kernel with { Mounts = [Hosts.Mount("/", "rw", null)] },
        Logins = Hosts.Logins with { Sshd = [Hosts.File("/etc/ssh/sshd_config", "")], Groups = Hosts.File("/etc/group", "docker:x:1:ada,bob\n"), Pam = [Hosts.File("/etc/pam.d/su", "session optional pam_systemd.so")] },
    };

    [Fact]
    public void Each_finding_has_its_mark_and_its_repair()
    {
        Assert.Equal(
            """
            program   ok        /usr/bin/nshelper is set-user-ID root and safe from others
            process   ok        nothing takes its rights away
            kernel    ok        Linux 6.18.44-generic has all that sessions are made of
            mounts    warning   / is not shared: what the host mounts later shows in running
                                sessions below shares only
                      repair    mount --make-rshared /
            state     wrong     /run/nshelper does not exist
                      repair    systemd-tmpfiles --create nshelper.conf
                      wrong     /var/lib/nshelper does not exist
                      repair    systemd-tmpfiles --create nshelper.conf
            profiles  ok        2 profiles name somebody; nshelper profiles lists yours
            2 wrong, 1 warning

            """,
            Text(Broken with { Logins = null }));
        Assert.EndsWith("\nnothing is wrong\n", Text(Hosts.Good), StringComparison.Ordinal);
        Assert.EndsWith("\nnothing is wrong, 1 warning\n", Text(Hosts.Good with { Kernel = Broken.Kernel }), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_wider_than_a_terminal() =>
        Assert.All(Text(Broken).Split('\n'), line => Assert.InRange(line.Length, 0, 80));

    [Fact]
    public void Quiet_is_what_is_wrong()
    {
        Assert.Equal("", DiagnosisText.Of(Diagnosis.Of(Hosts.Good with { Kernel = Broken.Kernel }), OutputStyle.Plain, Verbosity.Quiet));
        string[] lines = DiagnosisText.Of(Diagnosis.Of(Broken), OutputStyle.Plain, Verbosity.Quiet).Split('\n');
        Assert.Equal(["state     wrong     /run/nshelper does not exist", "          repair    systemd-tmpfiles --create nshelper.conf"], lines[..2]);
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public void Colour_changes_no_character()
    {
        string painted = DiagnosisText.Of(Diagnosis.Of(Broken), new OutputStyle(ColorMode.Sgr, LineStyle.Ascii), Verbosity.Normal);
        Assert.Contains("\e[31mwrong\e[0m", painted, StringComparison.Ordinal);
        Assert.Equal(Text(Broken), System.Text.RegularExpressions.Regex.Replace(painted, "\e\\[[0-9]*m", ""));
    }

    [Fact]
    public void Json_has_every_finding()
    {
        using JsonDocument document = JsonDocument.Parse(DiagnosisJson.Of(Diagnosis.Of(Broken), Verbosity.Normal));
        JsonElement root = document.RootElement;
        Assert.Equal((1, false), (root.GetProperty("version").GetInt32(), root.GetProperty("healthy").GetBoolean()));
        JsonElement[] findings = [.. root.GetProperty("findings").EnumerateArray()];
        Assert.Equal(Diagnosis.Of(Broken).Findings.Length, findings.Length);
        Assert.Equal(
            """{"area":"state","level":"wrong","id":"state-directory","text":"/run/nshelper does not exist","repair":"systemd-tmpfiles --create nshelper.conf"}""",
            JsonSerializer.Serialize(findings.First(finding => finding.GetProperty("id").GetString() == "state-directory")));
        Assert.Equal(JsonValueKind.Null, findings[0].GetProperty("repair").ValueKind);
    }

    /// <summary>What is not good has a repair, in every area; what is good has none.</summary>
    [Fact]
    public void Warnings_and_what_is_wrong_have_a_repair() => Assert.All(
        Diagnosis.Of(Broken).Findings, finding => Assert.Equal(finding.Level is FindingLevel.Warning or FindingLevel.Wrong, finding.Repair is not null));

    private static string Text(HostState host) => DiagnosisText.Of(Diagnosis.Of(host), OutputStyle.Plain, Verbosity.Normal);
}
