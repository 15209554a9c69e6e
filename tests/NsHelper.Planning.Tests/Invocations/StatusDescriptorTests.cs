using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>What is left open is decided before the command line is read: it must be what the parser finds there, and nothing for any other verb.</summary>
public sealed class StatusDescriptorTests
{
    [Theory]
    [InlineData(9, "run", "--json-status-fd", "9", "t")]
    [InlineData(9, "run", "--set", "a=b", "--json-status-fd=9", "t")]
    [InlineData(9, "shell", "--json-status-fd", "9", "t")]
    [InlineData(-1, "run", "t")]
    [InlineData(-1, "run", "t", "--", "--json-status-fd", "9")]
    [InlineData(-1, "run", "t", "--", "x", "--json-status-fd=9")]
    public void The_parser_and_what_comes_first_agree(int descriptor, params string[] arguments)
    {
        Assert.Equal(descriptor, StatusDescriptorChoice.LeftOpen(Words(arguments)));
        var run = Assert.IsType<Invocation.Run>(Assert.IsType<ParsedInvocation.Valid>(InvocationParser.Parse(Words(arguments))).Invocation);
        Assert.Equal(descriptor, run.StatusDescriptor ?? -1);
    }

    [Theory]
    [InlineData("explain", "--json-status-fd", "9", "t")]
    [InlineData("run", "--json-status-fd", "2", "t")]
    [InlineData("run", "--json-status-fd=03", "t")]
    [InlineData("run", "--json-status-fd=", "t")]
    [InlineData("run", "--json-status-fd", "99999999999", "t")]
    [InlineData("run", "--json-status-fd")]
    [InlineData("run")]
    public void Nothing_is_left_open_where_the_line_is_refused(params string[] arguments)
    {
        Assert.Equal(-1, StatusDescriptorChoice.LeftOpen(Words(arguments)));
        Assert.IsType<ParsedInvocation.Usage>(InvocationParser.Parse(Words(arguments)));
    }

    [Fact]
    public void A_plan_that_is_only_shown_reports_nothing() =>
        Assert.IsType<ParsedInvocation.Usage>(InvocationParser.Parse(Words("run", "--dry-run", "--json-status-fd", "9", "t")));

    private static System.Collections.Immutable.ImmutableArray<ByteString> Words(params string[] arguments) => [.. arguments.Prepend("nshelper").Select(ByteString.FromText)];
}
