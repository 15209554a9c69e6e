using System.Collections.Immutable;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Tests.Views;

public sealed class OutputStyleTests
{
    [Theory]
    [InlineData("", "Sgr")]
    [InlineData("NO_COLOR=1", "Plain")]
    [InlineData("NO_COLOR=", "Sgr")]
    [InlineData("NO_COLORS=1", "Sgr")]
    [InlineData("TERM=dumb", "Plain")]
    [InlineData("TERM=xterm", "Sgr")]
    public void On_a_terminal_the_environment_decides(string variable, string expected) =>
        Assert.Equal(expected, Resolve(ColorChoice.Auto, OutputTarget.Terminal, variable).Color.ToString());

    [Fact]
    public void A_file_gets_no_colour_unless_it_is_asked_for()
    {
        Assert.Equal(ColorMode.Plain, Resolve(ColorChoice.Auto, OutputTarget.File, "").Color);
        Assert.Equal(ColorMode.Sgr, Resolve(ColorChoice.Always, OutputTarget.File, "").Color);
    }

    [Fact]
    public void The_option_wins_over_the_environment()
    {
        Assert.Equal(ColorMode.Sgr, Resolve(ColorChoice.Always, OutputTarget.Terminal, "NO_COLOR=1").Color);
        Assert.Equal(ColorMode.Plain, Resolve(ColorChoice.Never, OutputTarget.Terminal, "").Color);
    }

    [Theory]
    [InlineData("", "Ascii")]
    [InlineData("LANG=C", "Ascii")]
    [InlineData("LANG=de_DE.UTF-8", "Utf8")]
    [InlineData("LANG=de_DE.utf8@euro", "Utf8")]
    [InlineData("LANG=de_DE.ISO-8859-1", "Ascii")]
    [InlineData("LANG=C.UTF-8 LC_ALL=C", "Ascii")]
    [InlineData("LANG=C LC_CTYPE=en_US.UTF-8", "Utf8")]
    [InlineData("LANG=C.UTF-8 LC_ALL=", "Utf8")]
    public void Lines_follow_the_character_set_of_the_locale(string variables, string expected) =>
        Assert.Equal(expected, Resolve(ColorChoice.Auto, OutputTarget.File, variables).Lines.ToString());

    private static OutputStyle Resolve(ColorChoice choice, OutputTarget target, string variables)
    {
        ImmutableArray<ByteString> environment = [.. variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ByteString.FromText)];
        return OutputStyle.Resolve(choice, target, environment);
    }
}
