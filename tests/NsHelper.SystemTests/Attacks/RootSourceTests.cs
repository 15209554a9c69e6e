using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, sources. With source_as = "root" the administrator hands out what the user cannot reach, and root's rights are on the
/// way there: whoever may change a directory of that way would choose what root opens.
/// </summary>
public sealed class RootSourceTests : SystemTest
{
    private const string Closed = "/mnt/srv/closed";
    private const string Source = $"{Closed}/data";
    private const string Target = "/mnt/srv/target";
    private const string AsRoot = "source_as = \"root\"\n";

    public RootSourceTests()
    {
        Directory.CreateDirectory(Temporary(Target));
        Directory.CreateDirectory(Temporary(Closed) + "/data");
        RootShell.Run($"echo handed out >{Source}/note; echo kept >{Source}/secret; chmod 0600 {Source}/secret; chmod 0700 {Closed}; chown 12001:12001 {Source}");
    }

    [Fact]
    public void What_the_user_cannot_reach_is_handed_out_and_no_more()
    {
        Assert.Equal("", Run("", $"cat {Source}/note").OutputText);
        Assert.Equal(125, Run(Mount(""), "true").ExitStatus);
        SessionResult result = Run(Mount(AsRoot), $"cat {Target}/note {Target}/secret; cat {Source}/note; : >{Target}/new && stat -c %u {Target}/new; ls {Closed}");
        Assert.Equal("handed out\n12001\n", result.OutputText);
        Assert.Equal(3, result.ErrorText.Split("Permission denied").Length - 1);
        File.Delete($"{Source}/new");
    }

    [Fact]
    public void A_file_can_be_handed_out()
    {
        RootShell.Run($": >{Target}/note");
        Assert.Equal("handed out\n", Run($"[[mount]]\ntarget = \"{Target}/note\"\nsource = \"{Source}/note\"\n{AsRoot}".Replace("/data/note", "/note", StringComparison.Ordinal), $"cat {Target}/note", $"mv {Source}/note {Closed}/note").OutputText);
    }

    /// <summary>mnt-source-root: each directory on the way, and a link at its end.</summary>
    [Theory]
    [InlineData($"chown 12001 {Closed}")]
    [InlineData($"chmod 0770 {Closed}")]
    [InlineData($"chmod 0702 {Closed}")]
    [InlineData($"mv {Closed} {Closed}.real; ln -s closed.real {Closed}")]
    [InlineData($"mv {Source} {Source}.real; ln -s data.real {Source}")]
    [InlineData($"mv {Source} {Source}.real; ln -s /root {Source}; chown -h 12001 {Source}")]
    public void What_a_user_could_have_led_elsewhere_is_refused(string change)
    {
        Temporary($"{Closed}.real");
        SessionResult result = Run(Mount(AsRoot), "echo started", change);
        Assert.Equal((125, ""), (result.ExitStatus, result.OutputText));
        Assert.Contains($"{Source}: ", result.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>mnt-source-root: what was judged is what is mounted, because it is judged on the descriptors of the way.</summary>
    [Theory]
    [InlineData($"mv {Closed} {Closed}.real; ln -s /root {Closed}")]
    [InlineData($"mv {Source} {Source}.real; ln -s /root {Source}")]
    public void What_changes_on_the_way_shows_nothing_of_roots(string change)
    {
        Temporary($"{Closed}.real");
        Install("t", Mount(AsRoot) + "[namespaces]\npid = \"host\"\n");
        SessionCommand command = SessionCommand.Run("t", "/bin/sh", "-c", $"cat {Target}/note");
        Trace normal = Trace.Of(command);
        int first = normal.WhenOf("openat2", "mnt");
        for (int when = first; when <= first + 4; when++)
        {
            Trace trace = HeldHelper.At(command, ("openat2", when), _ => RootShell.Run(change));
            Assert.True(trace.Result.ExitStatus == 125 || trace.Result.OutputText == "handed out\n", trace.ToString());
            RootShell.Run($"for d in {Closed} {Source}; do [ ! -L $d ] || rm $d; done; [ ! -e {Closed}.real ] || mv {Closed}.real {Closed}; [ ! -e {Source}.real ] || mv {Source}.real {Source}");
        }
    }

    /// <summary>Root's ids are on the files for the way to the source and for nothing else.</summary>
    [Fact]
    public void The_file_ids_are_the_callers_again_before_anything_is_mounted()
    {
        Install("t", Mount(AsRoot));
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true"));
        Assert.DoesNotContain(trace.Named("capset"), call => call.Line.Split("permitted=")[0].Contains("CAP_DAC_", StringComparison.Ordinal));
        List<SystemCall> calls = [.. trace.Named("setfsuid", "open_tree")];
        int tree = calls.FindIndex(call => call.Name == "open_tree");
        Assert.Equal("12001", calls[..tree].FindLast(call => call.Name == "setfsuid" && call.Text(0) != "-1")?.Text(0));
    }

    private static string Mount(string keys) => $"[[mount]]\ntarget = \"{Target}\"\nsource = \"{Source}\"\n{keys}";

    private SessionResult Run(string body, string script, string change = "true")
    {
        RootShell.Run(change);
        Install("t", body);
        return SessionCommand.Run("t", "/bin/sh", "-c", script).Execute();
    }
}
