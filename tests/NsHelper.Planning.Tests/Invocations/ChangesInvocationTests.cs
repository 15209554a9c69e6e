using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>What is discarded is gone: a command line that could mean two things does nothing.</summary>
public sealed class ChangesInvocationTests
{
    [Fact]
    public void Each_form_is_read()
    {
        Assert.Equal((null, null, false), Of());
        Assert.Equal(("t", null, false), Of("t"));
        Assert.Equal(("0123456789abcdef0123456789abcdef", null, true), Of("--discard", "0123456789abcdef0123456789abcdef"));
        Assert.Equal(("t", "a b.tar", false), Of("--export", "a b.tar", "t"));
        Assert.Equal(("t", "-", false), Of("--export=-", "t"));
    }

    [Theory]
    [InlineData("option --discard needs a profile or a session", "--discard")]
    [InlineData("option --export needs a profile or a session", "--export", "f")]
    [InlineData("option --export needs the name of a file", "--export", "", "t")]
    [InlineData("options --export and --discard exclude each other", "--export", "f", "--discard", "t")]
    [InlineData("options --json and --discard exclude each other", "--json", "--discard", "t")]
    [InlineData("options --json and --export exclude each other", "--json", "--export", "f", "t")]
    [InlineData("\"../t\" is neither a profile name nor a session id", "../t")]
    [InlineData("\"\" is neither a profile name nor a session id", "")]
    [InlineData("unexpected argument \"u\" (options come first)", "t", "u")]
    [InlineData("unexpected argument \"--discard\" (options come first)", "t", "--discard")]
    public void What_means_nothing_or_two_things_is_refused(string message, params string[] arguments)
    {
        ParsedInvocation.Usage usage = Assert.IsType<ParsedInvocation.Usage>(Parse(arguments));
        Assert.Equal(($"changes: {message}; see nshelper changes --help", 2), (usage.Message, usage.ExitStatus));
    }

    private static (string? Name, string? Export, bool Discards) Of(params string[] arguments)
    {
        var changes = Assert.IsType<Invocation.Changes>(Assert.IsType<ParsedInvocation.Valid>(Parse(arguments)).Invocation);
        return (changes.Name, changes.Export?.ToString(), changes.Discards);
    }

    private static ParsedInvocation Parse(string[] arguments) =>
        InvocationParser.Parse([.. new[] { "nshelper", "changes" }.Concat(arguments).Select(ByteString.FromText)]);
}
