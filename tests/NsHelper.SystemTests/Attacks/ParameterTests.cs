using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: a rule for one directory allowed its neighbour, because paths were compared as strings (CVE-2026-48785, CVE-2026-47215), or what it allowed
/// was a link out of it. Alice chooses the source of a mount below /mnt/srv/a.
/// </summary>
public sealed class ParameterTests : SystemTest
{
    private const string Base = "/mnt/srv/a";
    private const string Neighbour = "/mnt/srv/ab";

    public ParameterTests()
    {
        foreach (string directory in new[] { Base, Neighbour, "/mnt/srv/target" })
        {
            Directory.CreateDirectory(Temporary(directory));
        }

        Directory.CreateDirectory($"{Base}/sub");
        File.WriteAllText($"{Base}/note", "base");
        File.WriteAllText($"{Base}/sub/note", "sub");
        File.WriteAllText($"{Neighbour}/note", "neighbour");
        Install("t", $"[parameters.dir]\ntype = \"path_below\"\nbase = \"{Base}\"\n[[mount]]\nsource = \"{{dir}}\"\ntarget = \"/mnt/srv/target\"");
    }

    /// <summary>cfg-prefix-match.</summary>
    [Fact]
    public void A_path_below_a_directory_is_below_it_in_every_spelling()
    {
        Assert.Equal("base", Note(Base).OutputText);
        Assert.Equal("sub", Note($"{Base}/sub").OutputText);
        string[] outside =
        [
            Neighbour, "/mnt/srv/a.", "/mnt/srv/a/../ab", "/mnt/srv/a/sub/../../ab", "/mnt/srv/a/.", "/mnt/srv/a/", "/mnt/srv//a", "//mnt/srv/a", "/mnt/srv/a//sub", "/mnt/srv/A", "/mnt/srv", "/", "",
            "mnt/srv/a", "a", "../mnt/srv/a", "/mnt/srv/./a", "/mnt/srv/a\n", "/mnt/srv/a/sub\0".TrimEnd('\0') + "\t", "/proc/self/root/mnt/srv/a", "/mnt/srv/b/../a", "{dir}", "%h",
        ];
        Assert.All(outside, path =>
        {
            SessionResult result = Note(path);
            Assert.True(result.IsRefusal && result.Output.Length == 0, $"{path}: {result}");
            Assert.Contains("is no value of parameter dir; accepted: /mnt/srv/a or an absolute path below it", result.ErrorText, StringComparison.Ordinal);
        });
    }

    /// <summary>cfg-prefix-match: by its text below the base, by its links not.</summary>
    [Fact]
    public void A_link_out_of_the_directory_is_refused()
    {
        File.CreateSymbolicLink($"{Base}/absolute", Neighbour);
        File.CreateSymbolicLink($"{Base}/relative", "../ab");
        File.CreateSymbolicLink($"{Base}/root", "/");
        File.CreateSymbolicLink($"{Base}/inside", "sub");
        Assert.Equal("sub", Note($"{Base}/inside").OutputText);
        Assert.All(["absolute", "relative", "root", "root/etc", "sub/../relative"], name =>
        {
            SessionResult result = Note($"{Base}/{name}");
            Assert.True(result.IsRefusal && result.Output.Length == 0, $"{name}: {result}");
        });
        Assert.Contains("a link leads out of the directory that the profile allows", Note($"{Base}/relative").ErrorText, StringComparison.Ordinal);
    }

    /// <summary>Who may not use the profile does not learn what it asks for, in run and in explain.</summary>
    [Fact]
    public void Others_learn_nothing_of_the_parameters()
    {
        SessionResult run = SessionCommand.Helper("run", "--set", "x=y", "t", "--", "/bin/true").As(TestUser.Bob).Execute();
        SessionResult explain = SessionCommand.Helper("explain", "--set", "x=y", "t").As(TestUser.Bob).Execute();
        Assert.Equal((125, 1), (run.ExitStatus, explain.ExitStatus));
        Assert.All([run, explain], result => Assert.EndsWith("no such profile, or not yours to use\n", result.ErrorText, StringComparison.Ordinal));
        Assert.Equal(1, SessionCommand.Helper("explain", "--set", "x=y", "t").Execute().ExitStatus);
        Assert.Equal(125, SessionCommand.Helper("run", "t", "--", "/bin/true").Execute().ExitStatus);
    }

    private static SessionResult Note(string path) =>
        SessionCommand.Helper("run", "--set", $"dir={path}", "t", "--", TestHost.Probe, "cat", "/mnt/srv/target/note").Execute();
}
