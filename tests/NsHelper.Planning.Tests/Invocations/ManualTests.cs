using System.Text.RegularExpressions;
using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>The manual page is written by hand; these tests hold it to the table of verbs.</summary>
public sealed class ManualTests
{
    private const string Page = "packaging/man/nshelper.1";

    [Fact]
    public void The_manual_names_every_verb()
    {
        string text = Repository.Read(Page);
        Assert.All(VerbTable.All, verb =>
        {
            Assert.Matches($@"\b(Ic|Cm) {verb.Name}\b", text);
            Assert.True(verb.Alias is null || Regex.IsMatch(text, $@"\b(Ic|Cm) {verb.Alias}\b"), verb.Alias);
        });
    }

    [Fact]
    public void The_manual_has_every_option()
    {
        string text = Repository.Read(Page);

        // mdoc: "Fl -json" is --json, "Fl q" is -q.
        Assert.All(
            VerbTable.All.SelectMany(verb => verb.Options).Select(option => option.Spelling).Append("--version").Distinct(),
            spelling => Assert.Matches($@"\bFl {Regex.Escape(spelling[1..])}(?![a-z-])", text));
    }
}
