using System.Text.Json;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Output;

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
            KIND    PROCESS 4711         CALLER               HOST (PROCESS 1)
            cgroup  cgroup:[4026531835]  cgroup:[4026531835]  cgroup:[4026531835]
            ipc     ipc:[4026531836]     ipc:[4026531836]     ipc:[4026531836]
            mnt     mnt:[4026532177]     mnt:[4026531841]     mnt:[4026531841]     differs
            net     net:[4026531840]     net:[4026531840]     net:[4026531999]     differs
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
        Assert.StartsWith("KIND    CALLER               HOST (PROCESS 1)\n", text, StringComparison.Ordinal);
        Assert.Contains("\nmnt     mnt:[4026532177]     mnt:[4026531841]     differs\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_cannot_be_read_is_a_dash_with_its_reason_and_differs_from_nothing()
    {
        string text = NamespaceText.Of(Report(null, null), OutputStyle.Plain, Verbosity.Normal);
        Assert.Contains("\nmnt     mnt:[4026532177]     -\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\nthe host's are not known: process 1: permission denied\n", text, StringComparison.Ordinal);
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
            """{"kind":"mnt","process":4026532177,"caller":4026531841,"host":null,"differs":true}""",
            JsonSerializer.Serialize(root.GetProperty("namespaces")[2]));
        Assert.Equal(
            """{"kind":"time","process":null,"caller":null,"host":null,"differs":false}""",
            JsonSerializer.Serialize(root.GetProperty("namespaces")[5]));
    }
}
