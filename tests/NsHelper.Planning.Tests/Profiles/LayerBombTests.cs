using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NsHelper.Fuzz;
using NsHelper.Planning.Profiles;
using Xunit.Abstractions;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why (cfg-parser-bomb): each file may be small enough, and all of them together still a hung login.</summary>
[Collection(TimedTests.Name)]
public sealed class LayerBombTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(300);

    private static IEnumerable<(string Name, string[] Files)> Corpus()
    {
        yield return ("full files", Files(4, _ => Padded("schema = 1\nallow.commands = \"any\"\n")));
        yield return ("many keys", Files(4, file => "schema = 1\nallow.commands = \"any\"\n[environment.set]\n" + Numbered("V@='x'\n", file * 64, 64) + Numbered("[[command]]\npath='/@'\n", 0, 1000)));
        yield return ("lists that replace", Files(32, file => $"schema = 1\nallow.commands = 'any'\nallow.users = [{Numbered("'u@',", file * 1000, 1000)}]\n"));
        yield return ("lists that change", Files(32, file => $"schema = 1\nallow.commands = 'any'\nallow.users = {{ {(file % 2 == 0 ? "add" : "remove")} = [{Numbered("'u@',", 0, 1000)}] }}\n"));
        yield return ("lists that grow", Files(20, file => $"schema = 1\nallow.commands = 'any'\nallow.users = {{ add = [{Numbered("'u@',", file * 1000, 1000)}] }}\n"));
        yield return ("mounts that merge", Files(9, _ => "schema = 1\nallow.commands = 'any'\n" + Numbered("[[mount]]\ntarget='/@'\n", 0, 1000)));
        yield return ("mounts that grow", Files(9, file => "schema = 1\nallow.commands = 'any'\n" + Numbered("[[mount]]\ntarget='/@'\n", file * 1000, 1000)));
        yield return ("commands that merge", Files(9, _ => "schema = 1\n" + Numbered("[[command]]\npath='/@'\n", 0, 1000)));
        yield return ("commands with arguments", Files(4, _ => "schema = 1\n" + Numbered("[[command]]\npath='/c'\nargs=['a','@']\n", 0, 1000)));
        yield return ("variables that grow", Files(32, file => "schema = 1\nallow.commands = 'any'\n[environment.set]\n" + Numbered("V@='x'\n", file * 250, 250)));
        yield return ("small files", Files(1000, _ => "schema = 1\nallow.commands = 'any'\n"));
        yield return ("drop-ins of full size", Files(64, _ => Padded("schema = 1\n")));
    }

    public static TheoryData<string> Names => [.. Corpus().Select(bomb => bomb.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void All_files_of_a_profile_are_read_in_no_time(string name)
    {
        ImmutableArray<ProfileText> files = [.. Corpus().Single(bomb => bomb.Name == name).Files.Select((text, index) => new ProfileText($"{index}.toml", [.. Encoding.UTF8.GetBytes(text)]))];
        Assert.All(files, file => Assert.True(file.Bytes.Length <= ProfileText.MaxBytes, "the file would be refused for its size alone"));
        TimeSpan best = TimeSpan.MaxValue;

        // The first pass pays for the compiler of the test run.
        for (int pass = 0; pass < 10 && best >= Most; pass++)
        {
            TimeSpan start = ThreadTime.Now;
            ProfileReader.Read(ProfileName.Parse("p"), files);
            TimeSpan time = ThreadTime.Now - start;
            best = time < best ? time : best;
        }

        output.WriteLine($"{best.TotalMilliseconds} ms");
        Assert.True(best < Most, $"{best.TotalMilliseconds} ms");
    }

    [Theory]
    [InlineData("lists that grow", "1.toml:3", "allow.users has more than 1024 entries in all files")]
    [InlineData("mounts that grow", "1.toml:51", "mount has more than 1024 tables in all files")]
    [InlineData("variables that grow", "1.toml:10", "environment.set has more than 256 keys in all files")]
    [InlineData("drop-ins of full size", "4.toml:1", "with this file, those of profile \"p\" are larger than 262144 bytes")]
    public void What_grows_from_file_to_file_is_bounded(string name, string place, string message)
    {
        ImmutableArray<ProfileText> files = [.. Corpus().Single(bomb => bomb.Name == name).Files.Select((text, index) => new ProfileText($"{index}.toml", [.. Encoding.UTF8.GetBytes(text)]))];
        Diagnostic first = Assert.IsType<ProfileReading.Invalid>(ProfileReader.Read(ProfileName.Parse("p"), files)).Diagnostics[0];
        Assert.Equal((place, message), (first.Location.ToString(), first.Message));
    }

    private static string[] Files(int count, Func<int, string> text) => [.. Enumerable.Range(0, count).Select(text)];

    private static string Numbered(string format, int first, int count) =>
        string.Concat(Enumerable.Range(first, count).Select(i => format.Replace("@", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));

    private static string Padded(string text) => text + new string('#', ProfileText.MaxBytes - text.Length);
}
