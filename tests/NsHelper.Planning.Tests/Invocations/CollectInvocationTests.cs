using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>A session may end as this verb: its status must be the one given, or the line be refused.</summary>
public sealed class CollectInvocationTests
{
    [Fact]
    public void Each_form_is_read()
    {
        Assert.Equal((true, null), Of());
        Assert.Equal((false, null), Of("--dry-run"));
        Assert.Equal((true, 0), Of("--exit-status", "0"));
        Assert.Equal((true, 255), Of("-q", "--exit-status=255"));
    }

    [Theory]
    [InlineData("\"256\" is no exit status (0 to 255)", "--exit-status", "256")]
    [InlineData("\"00\" is no exit status (0 to 255)", "--exit-status", "00")]
    [InlineData("\"-1\" is no exit status (0 to 255)", "--exit-status=-1")]
    [InlineData("\"\" is no exit status (0 to 255)", "--exit-status", "")]
    [InlineData("unexpected argument \"u1000.work\"", "u1000.work")]
    public void What_means_nothing_is_refused(string message, params string[] arguments)
    {
        ParsedInvocation.Usage usage = Assert.IsType<ParsedInvocation.Usage>(Parse(arguments));
        Assert.Equal(($"gc: {message}; see nshelper gc --help", 2), (usage.Message, usage.ExitStatus));
    }

    private static (bool Removes, int? ExitStatus) Of(params string[] arguments)
    {
        var collect = Assert.IsType<Invocation.Collect>(Assert.IsType<ParsedInvocation.Valid>(Parse(arguments)).Invocation);
        return (collect.Removes, collect.ExitStatus);
    }

    private static ParsedInvocation Parse(params string[] arguments) => InvocationParser.Parse([.. new[] { "nshelper", "gc" }.Concat(arguments).Select(ByteString.FromText)]);
}
