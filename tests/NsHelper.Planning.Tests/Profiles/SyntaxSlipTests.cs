using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: one slip of the hand gave six messages, and the true one was the third.</summary>
public sealed class SyntaxSlipTests
{
    private const string Rest = "commands = \"any\"\nunknown = 1\n[[mount]]\ntarget = \"/srv\"\n";

    [Theory]
    [InlineData("users = [\"alice]\n", 3, 10, "the string is not closed: \" is missing")]
    [InlineData("users = ['alice]\n", 3, 10, "the string is not closed: ' is missing")]
    [InlineData("users = [\"alice\"\n", 3, 9, "[ is not closed: ] is missing")]
    [InlineData("users = [\n  \"alice\", # [\n", 3, 9, "[ is not closed: ] is missing")]
    [InlineData("users = { add = [\"alice\" }\n", 3, 17, "[ is not closed: ] is missing")]
    [InlineData("users = { add = [\"alice\"]\n", 3, 9, "{ is not closed: } is missing")]
    [InlineData("verbs = [\"run\"]\n[root\n", 4, 1, "[ is not closed: ] is missing")]
    [InlineData("description = \"\"\"foo\"\n", 3, 15, "the string is not closed: \" is missing")]
    [InlineData("\"users = []\n", 3, 1, "the string is not closed: \" is missing")]
    [InlineData("users: alice\n", 3, 1, "this is neither KEY = VALUE nor [TABLE]")]
    [InlineData("  users # = []\n", 3, 3, "this is neither KEY = VALUE nor [TABLE]")]
    public void A_slip_that_hides_what_follows_is_the_only_message(string slip, int line, int column, string message)
    {
        Diagnostic fault = Assert.Single(Reading.Faults("schema = 1\n[allow]\n" + slip + Rest));
        Assert.Equal((line, column, "not TOML: " + message, "the rest is checked when this is mended"), (fault.Location.Line, fault.Location.Column, fault.Message, fault.Hint));
    }

    [Fact]
    public void A_file_of_another_kind_is_one_message() =>
        Assert.Single(Reading.Faults("root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"));

    [Theory]
    [InlineData("users = [alice]", "a value is missing its quotation marks: alice", "write \"alice\"")]
    [InlineData("users = [\n  \"bob\", alice]", "a value is missing its quotation marks: alice", "write \"alice\"")]
    [InlineData("users = [\u201calice\u201d, \u201cbob\u201d]", "a curly quotation mark quotes nothing", "write straight quotes: \"alice\"")]
    [InlineData("description = 64M", "a value is missing its quotation marks: 64M", "write \"64M\"")]
    [InlineData("[[mount]]\ntarget = /bin/sh", "a value is missing its quotation marks: /bin/sh", "write \"/bin/sh\"")]
    [InlineData("[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\nmode = 0755", "a value is missing its quotation marks: 0755", "write \"0755\"")]
    [InlineData("[root]\nread_only = True", "True is no value", "write true")]
    public void A_slip_in_one_value_is_one_message_in_own_words(string slip, string message, string hint)
    {
        Diagnostic fault = Assert.Single(Reading.Faults(Reading.Minimal + slip + "\n"));
        Assert.Equal(("not TOML: " + message, hint), (fault.Message, fault.Hint));
    }

    [Fact]
    public void A_header_with_a_bracket_too_many_is_left_to_the_parser() =>
        Assert.StartsWith("not TOML: unexpected token found `]]`", Reading.Faults(Reading.Minimal + "[root]]\n")[0].Message, StringComparison.Ordinal);
}
