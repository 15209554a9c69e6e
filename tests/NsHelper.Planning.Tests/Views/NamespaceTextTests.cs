using System.Text.Json;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Output;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Tests.Views;

public sealed class NamespaceTextTests
{
    private const ulong First = 4026531835;

    private static NamespaceIds Ids(ulong mount, ulong network) => new([.. NamespaceKinds.All.Select(kind => kind switch
    {
        NamespaceKind.Time => (ulong?)null,
        NamespaceKind.Mount => mount,
        NamespaceKind.Network => network,
        _ => First + (ulong)kind,
    })]);

    private static NamespaceReport Report(int? processId, NamespaceIds? host) => new()
    {
        ProcessId = processId,
        Process = Ids(4026532177, 4026531840),
        Caller = processId is null ? Ids(4026532177, 4026531840) : Ids(4026531841, 4026531840),
        Host = host,
        HostFault = host is null ? "permission denied" : null,
    };

    [Fact]
    public void A_process_stands_beside_the_caller_and_the_host()
    {
        Assert.Equal(
            """
            KIND    PROCESS 4711         CALLER               HOST (PROCESS 1)     DIFFERS
            cgroup  cgroup:[4026531835]  cgroup:[4026531835]  cgroup:[4026531835]
            ipc     ipc:[4026531836]     ipc:[4026531836]     ipc:[4026531836]
            mnt     mnt:[4026532177]     mnt:[4026531841]     mnt:[4026531841]     process
            net     net:[4026531840]     net:[4026531840]     net:[4026531999]     host
            pid     pid:[4026531839]     pid:[4026531839]     pid:[4026531839]
            time    -                    -                    -
            user    user:[4026531841]    user:[4026531841]    user:[4026531841]
            uts     uts:[4026531842]     uts:[4026531842]     uts:[4026531842]

            """,
            NamespaceText.Of(Report(4711, Ids(4026531841, 4026531999)), OutputStyle.Plain, Verbosity.Normal));
    }

    [Fact]
    public void Without_a_process_the_caller_is_compared_with_the_host()
    {
        string text = NamespaceText.Of(Report(null, Ids(4026531841, 4026531840)), OutputStyle.Plain, Verbosity.Normal);
        Assert.StartsWith("KIND    CALLER               HOST (PROCESS 1)     DIFFERS\n", text, StringComparison.Ordinal);
        Assert.Contains("\nmnt     mnt:[4026532177]     mnt:[4026531841]     caller\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_cannot_be_read_is_a_dash_with_its_reason_and_differs_from_nothing()
    {
        string text = NamespaceText.Of(Report(null, null), OutputStyle.Plain, Verbosity.Normal);
        Assert.Contains("\nmnt     mnt:[4026532177]     -\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\nthe host's are not known: process 1: permission denied\n", text, StringComparison.Ordinal);
    }

    /// <summary>Of three each two are compared: the word is the one that is not as the others.</summary>
    [Theory]
    [InlineData(1, 1, 1, "", "")]
    [InlineData(2, 1, 1, "session", "process")]
    [InlineData(1, 2, 1, "caller", "caller")]
    [InlineData(1, 1, 2, "host", "host")]
    [InlineData(1, 2, 3, "all", "process caller host")]
    [InlineData(2, 1, 0, "session", "process")]
    [InlineData(1, 1, 0, "", "")]
    [InlineData(0, 1, 2, "host", "host")]
    [InlineData(0, 1, 1, "", "")]
    public void The_one_that_differs_is_named(ulong session, ulong caller, ulong host, string word, string names)
    {
        NamespaceReport report = new()
        {
            ProcessId = 4711,
            Process = All(session),
            Caller = All(caller),
            Host = All(host),
            HostFault = null,
            Session = SessionClaim.Of("NSHELPER_PROFILE=desk\0"u8),
        };
        string[] lines = NamespaceText.Of(report, OutputStyle.Plain, Verbosity.Normal).Split('\n');
        Assert.StartsWith("KIND    SESSION 4711  ", lines[0], StringComparison.Ordinal);
        Assert.All(lines[1..9], line => Assert.Equal(word, line.Split(' ')[^1].TrimStart('-') is var last && last.Contains(']', StringComparison.Ordinal) ? "" : last));
        Assert.Equal("profile desk", lines[9]);
        using var document = JsonDocument.Parse(NamespaceJson.Of(report));
        Assert.Equal("desk", document.RootElement.GetProperty("profile").GetString());
        Assert.Equal(names, string.Join(' ', document.RootElement.GetProperty("namespaces")[0].GetProperty("differing").EnumerateArray().Select(name => name.GetString())));

        static NamespaceIds All(ulong id) => new([.. NamespaceKinds.All.Select(_ => id == 0 ? (ulong?)null : id)]);
    }

    [Fact]
    public void Quiet_has_rows_only()
    {
        string text = NamespaceText.Of(Report(null, null), OutputStyle.Plain, Verbosity.Quiet);
        Assert.Equal(8, text.Count(c => c == '\n'));
        Assert.StartsWith("cgroup  ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_marks_what_differs_and_nothing_else()
    {
        string text = NamespaceText.Of(Report(4711, Ids(4026531841, 4026531840)), new OutputStyle(ColorMode.Sgr, LineStyle.Ascii), Verbosity.Quiet);
        Assert.Contains("mnt     \e[33mmnt:[4026532177]\e[0m     mnt:[4026531841]", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("\e[33m").Length - 1);
    }

    [Fact]
    public void Json_has_numbers_and_null_for_the_unknown()
    {
        using var document = JsonDocument.Parse(NamespaceJson.Of(Report(4711, null)));
        JsonElement root = document.RootElement;
        Assert.Equal("permission denied", root.GetProperty("host_fault").GetString());
        Assert.Equal(
            """{"kind":"mnt","process":4026532177,"caller":4026531841,"host":null,"differs":true,"differing":["process"]}""",
            JsonSerializer.Serialize(root.GetProperty("namespaces")[2]));
        Assert.Equal(
            """{"kind":"time","process":null,"caller":null,"host":null,"differs":false,"differing":[]}""",
            JsonSerializer.Serialize(root.GetProperty("namespaces")[5]));
    }
}
