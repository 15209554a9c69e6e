using System.Text.Json;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

public sealed class DiagnosticTextTests
{
    [Fact]
    public void Hints_break_at_words_and_messages_do_on_a_terminal()
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 30));
        Diagnostic fault = Fault(new string('x', 90), 1, 90) with { Message = words, Hint = words };
        string[] onTerminal = DiagnosticText.Plain([fault], NsHelper.Planning.Output.OutputTarget.Terminal).Split('\n');
        Assert.Equal(["  " + new string('x', 90), "  ^" + new string('~', 89)], onTerminal.Where(line => line.Length > 80));
        string[] elsewhere = DiagnosticText.Plain([fault]).Split('\n');
        Assert.Equal("f:1:1: error: " + words, elsewhere[0]);
        Assert.Equal(onTerminal[^4..], elsewhere[^4..]);
        Assert.Equal(["  hint: ", "        "], onTerminal[^4..^2].Select(line => line[..8]));
        Assert.Equal(words, string.Join(' ', onTerminal[^4..^1].Select(line => line[8..])));
        Assert.Contains(new string('y', 200), DiagnosticText.Plain([fault with { Hint = "a " + new string('y', 200) + " b" }]), StringComparison.Ordinal);
    }

    [Fact]
    public void Tabs_stay_tabs_so_that_the_mark_stands_below_the_fault()
    {
        Assert.Equal("f:1:8: error: m\n  \ta\t=\t[\t\"x\"\n  \t \t \t \t^~~\n", DiagnosticText.Plain([Fault("\ta\t=\t[\t\"x\"", 8, 3)]));
    }

    [Fact]
    public void Foreign_characters_are_escaped_and_the_mark_follows()
    {
        // é takes 8 cells and the escape character 4: the mark is as wide as what it marks.
        Assert.Equal("f:1:5: error: m\n  \\xc3\\xa9 = \\x1b[2J\n             ^~~~\n", DiagnosticText.Plain([Fault("é = \u001b[2J", 5, 1)]));
    }

    [Fact]
    public void Nothing_that_a_terminal_obeys_comes_out()
    {
        string shown = DiagnosticText.Plain(Reading.Faults("\u001b]0;x\u0007 = 1\n\"\u009b\" = 2\n\u202e = 3\n"));
        Assert.DoesNotContain(shown, c => c is not ('\n' or '\t' or (>= ' ' and < '\u007f')));
    }

    [Fact]
    public void A_line_as_long_as_the_file_is_shown_around_the_fault_only()
    {
        string shown = DiagnosticText.Plain([Fault(new string('x', 60_000), 30_000, 40_000)]);
        Assert.True(shown.Length < 500, shown.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains("  ..." + new string('x', 160) + "...\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_adds_escape_sequences_and_nothing_else()
    {
        Diagnostic fault = Fault("a = 1", 1, 1) with { Hint = "h" };
        string colored = DiagnosticText.Colored([fault]);
        Assert.StartsWith("\e[1mf:1:1: \e[0m\e[1;31merror: \e[0mm\n", colored, StringComparison.Ordinal);
        Assert.Contains("\e[32mhint: \e[0mh\n", colored, StringComparison.Ordinal);
        string plain = colored;
        foreach (string sequence in (string[])["\e[1m", "\e[1;31m", "\e[32m", "\e[0m"])
        {
            plain = plain.Replace(sequence, "", StringComparison.Ordinal);
        }

        Assert.Equal(DiagnosticText.Plain([fault]), plain);
    }

    [Fact]
    public void A_warning_has_its_own_word_and_colour_and_the_name_of_its_rule()
    {
        Diagnostic warning = Fault("a = 1", 1, 1) with { Severity = Severity.Warning, Rule = "some-rule" };
        Assert.Equal("f:1:1: warning: m [some-rule]\n  a = 1\n  ^\n", DiagnosticText.Plain([warning]));
        Assert.Contains("\e[1;33mwarning: \e[0mm [some-rule]\n", DiagnosticText.Colored([warning]), StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(DiagnosticText.Json([warning]));
        JsonElement shown = document.RootElement.GetProperty("diagnostics")[0];
        Assert.Equal(("warning", "some-rule"), (shown.GetProperty("severity").GetString(), shown.GetProperty("rule").GetString()));
    }

    [Fact]
    public void What_is_about_a_whole_file_names_no_line() =>
        Assert.Equal("f: error: m\n", DiagnosticText.Plain([Fault("", 0, 1) with { Location = new SourceLocation("f", 0, 0) }]));

    [Fact]
    public void Json_has_a_version_and_every_field()
    {
        using JsonDocument document = JsonDocument.Parse(DiagnosticText.Json([Fault("é \"", 2, 3) with { Hint = null }]));
        Assert.Equal(1, document.RootElement.GetProperty("version").GetInt32());
        JsonElement fault = Assert.Single(document.RootElement.GetProperty("diagnostics").EnumerateArray());
        Assert.Equal(("f", 1, 2, 3), (fault.GetProperty("file").GetString(), fault.GetProperty("line").GetInt32(), fault.GetProperty("column").GetInt32(), fault.GetProperty("length").GetInt32()));
        Assert.Equal(("error", "m", "é \""), (fault.GetProperty("severity").GetString(), fault.GetProperty("message").GetString(), fault.GetProperty("source").GetString()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (fault.GetProperty("hint").ValueKind, fault.GetProperty("rule").ValueKind));
    }

    private static Diagnostic Fault(string line, int column, int length) =>
        new() { Location = new SourceLocation("f", 1, column), Message = "m", SourceLine = line, Length = length };
}
