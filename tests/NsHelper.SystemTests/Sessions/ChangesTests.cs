using System.Text.Json;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: changes that nobody can look at are changes that nobody dares to keep; what is shown, taken along and thrown away must be all of it.</summary>
public sealed class ChangesTests : SystemTest
{
    private const string Lower = "/mnt/srv/tree";
    private const string Target = "/mnt/srv/merged";
    private const string Kept = "/var/lib/nshelper/overlay";

    /// <summary>Everything that can happen to a file.</summary>
    private const string Script = """
        echo more >>file; rm gone; mv old new; echo fresh >fresh; rm -r full; mkdir full; echo only >full/only
        mkdir -p a/b; echo deep >a/b/c; ln -s /etc/passwd link; ln fresh hard; mkfifo pipe; chmod 0750 a
        printf x >"$(printf 'not\377utf8')"; head -c 3000 /dev/zero >big; n=$(printf 'long%.0s' $(seq 50)); mkdir $n; echo l >$n/$n; ln -s $n/$n longlink
        """;

    public ChangesTests()
    {
        Directory.CreateDirectory(Temporary(Lower));
        Directory.CreateDirectory(Temporary(Target));
        RootShell.Run($"cd {Lower}; mkdir -p own/full own/kept; cd own; echo one >file; echo gone >gone; echo old >old; echo in >full/in; echo k >kept/k; chown -R 12001:12001 .");
        Undo(() => RootShell.Run($"find {Kept} -mindepth 1 -delete"));
        Install(new ProfileFile("t", Profile("user")));
        Install(new ProfileFile("s", Profile("session")));
    }

    [Fact]
    public void Every_change_is_shown_with_its_letter_and_nothing_else_is()
    {
        Run("t", Script);
        string name = string.Concat(Enumerable.Repeat("long", 50));
        SessionResult shown = Changes("t").Execute();
        Assert.Equal("", shown.ErrorText);
        Assert.Equal(
            $"""
            A {Target}/own/a/
            A {Target}/own/a/b/
            A {Target}/own/a/b/c
            A {Target}/own/big
            M {Target}/own/file
            A {Target}/own/fresh
            O {Target}/own/full/
            A {Target}/own/full/only
            D {Target}/own/gone
            A {Target}/own/hard
            A {Target}/own/link
            A {Target}/own/longlink
            A {Target}/own/{name}/
            A {Target}/own/{name}/{name}
            M {Target}/own/new
            A {Target}/own/not\xffutf8
            D {Target}/own/old
            A {Target}/own/pipe

            """,
            shown.OutputText);
        using JsonDocument json = JsonDocument.Parse(Changes("--json", "t").Execute().OutputText);
        Assert.Equal(1, json.RootElement.GetProperty("version").GetInt32());
        JsonElement[] changes = [.. json.RootElement.GetProperty("changes").EnumerateArray()];
        Assert.Equal(18, changes.Length);
        JsonElement deleted = changes.Single(change => change.GetProperty("change").GetString() == "deleted" && change.GetProperty("path").GetString() == $"{Target}/own/gone");
        Assert.Equal("nothing", deleted.GetProperty("type").GetString());
        Assert.Equal(3000, changes.Single(change => change.GetProperty("path") is { ValueKind: JsonValueKind.String } path && path.GetString() == $"{Target}/own/big").GetProperty("size").GetInt32());
    }

    /// <summary>What GNU tar makes of the archive, laid over a copy of the lower with the marks obeyed, is what the session saw.</summary>
    [Fact]
    public void An_archive_laid_over_the_lower_gives_what_the_session_saw()
    {
        Run("t", Script);
        const string listing = "find own -printf '%p %y %m %U %G %s %l\\n' | sed 's/^\\([^ ]* d [^ ]* [^ ]* [^ ]*\\) .*/\\1/' | sort; find own -type f -size -100 | sort | xargs cat | od -An -tx1";
        string seen = Run("t", listing, "").OutputText;
        Assert.Equal(0, Changes("--export", "layer.tar", "t").In(TestUser.Alice.Home).Execute().ExitStatus);
        RootShell.Run($"""
            rm -rf /mnt/srv/rebuilt; cp -a {Lower} /mnt/srv/rebuilt; mkdir /mnt/srv/unpacked; tar -C /mnt/srv/unpacked --numeric-owner -xpf {TestUser.Alice.Home}/layer.tar
            cd /mnt/srv/unpacked{Target}
            find . -name .wh..wh..opq | while read -r mark; do d=$(dirname "$mark"); rm -rf "/mnt/srv/rebuilt/$d"; rm "$mark"; done
            find . -name '.wh.*' | while read -r mark; do d=$(dirname "$mark"); n=$(basename "$mark"); rm -rf "/mnt/srv/rebuilt/$d/$(echo "$n" | cut -c5-)"; rm "$mark"; done
            cp -a own /mnt/srv/rebuilt/
            """);
        Undo(() => RootShell.Run("rm -rf /mnt/srv/rebuilt /mnt/srv/unpacked"));
        Assert.Equal(seen, string.Join('\n', RootShell.Run($"cd /mnt/srv/rebuilt; {listing}")) + "\n");
        Assert.Contains("not", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_output_takes_an_archive_and_an_existing_file_or_link_does_not()
    {
        Run("t", "echo x >file; head -c 9000 /dev/zero >zeros");
        SessionResult stream = Changes("--export", "-", "t").Execute();
        Assert.Equal("", stream.ErrorText);
        Assert.Equal(0, stream.Output.Length % 512);
        string home = TestUser.Alice.Home;
        string existing = TestUser.Alice.Write("there", "mine");
        RootShell.Run($"ln -s /etc/nshelper/made {home}/dangling; chown -h 12001 {home}/dangling");
        foreach (string name in new[] { existing, "there", "dangling", $"{home}/dangling", "/etc/nshelper/new.tar", $"{home}/missing/x" })
        {
            SessionResult refused = Changes("--export", name, "t").In(home).Execute();
            Assert.Equal(1, refused.ExitStatus);
            Assert.StartsWith("nshelper: cannot export the changes of t: ", refused.ErrorText, StringComparison.Ordinal);
        }

        Assert.Equal("mine", File.ReadAllText(existing));
        Assert.False(File.Exists("/etc/nshelper/made"));

        // With the umask of the caller, as the caller, and none left when it could not be written whole.
        Assert.Equal(0, Changes("--export", "good.tar", "t").With("--umask", "027").In(home).Execute().ExitStatus);
        Assert.Equal(["640 12001"], RootShell.Run($"stat -c '%a %u' {home}/good.tar"));
        SessionResult full = SessionCommand.Direct("/bin/sh", "-c", $"{TestHost.Helper} changes --export - t >/dev/full").Execute();
        Assert.Equal((1, "nshelper: cannot export the changes of t: the archive: write: no space left on device\n"), (full.ExitStatus, full.ErrorText));
        Directory.CreateDirectory(Temporary("/mnt/srv/small"));
        Posix.Mount("small", "/mnt/srv/small", "tmpfs", 0, "mode=1777,size=4k");
        Undo(() => Posix.Unmount("/mnt/srv/small"));
        Assert.Equal(1, Changes("--export", "/mnt/srv/small/layer.tar", "t").Execute().ExitStatus);
        Assert.Empty(Directory.GetFiles("/mnt/srv/small"));
    }

    [Fact]
    public void What_is_kept_is_listed_and_goes_when_it_is_discarded()
    {
        Assert.Equal(("", 0), (Changes().Execute().OutputText, Changes().Execute().ExitStatus));
        Run("t", "echo x >file");
        Run("s", "echo xyz >other; rm gone");
        string session = Assert.Single(RootShell.Run($"ls {Kept}/session/12001"));
        string[] lines = Changes().Execute().OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^NAME +PROFILE TARGET +CHANGES +SIZE +AGE$", lines[0]);
        Assert.Matches($"^{session}  s {Target} +2 +4 +[0-9]+s$", lines[1]);
        Assert.Matches($"^t +t {Target} +1 +2 +[0-9]+s$", lines[2]);
        Assert.Equal($"{session}\nt\n", Changes("-q").Execute().OutputText);
        Assert.Equal($"D {Target}/own/gone\nA {Target}/own/other\n", Changes(session).Execute().OutputText);

        Assert.Equal(0, Changes("--discard", session).Execute().ExitStatus);
        Assert.Equal("t\n", Changes("-q").Execute().OutputText);
        Assert.Equal(0, Changes("--discard", "t").Execute().ExitStatus);
        Assert.Equal("", Changes("-q").Execute().OutputText);
        Assert.Empty(RootShell.Run($"find {Kept} -type f"));
        Assert.Equal("one\n", Run("t", "cat file").OutputText);
        SessionResult nothing = Changes("--discard", session).Execute();
        Assert.Equal(1, nothing.ExitStatus);
        Assert.Contains("nothing is kept under that name", nothing.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("s")]
    public void What_a_running_session_has_is_not_discarded(string profile)
    {
        RunningSession running = Start(SessionCommand.Run(profile, "/bin/sh", "-c", $"echo x >{Target}/own/file; exec sleep 60"));
        Wait.Until(() => Changes().Execute().OutputText.Contains("running", StringComparison.Ordinal), () => "no session is shown as running");
        _ = running.WaitForCommand();
        string name = Changes("-q").Execute().OutputText.Trim();
        SessionResult refused = Changes("--discard", name).Execute();
        Assert.Equal(1, refused.ExitStatus);
        Assert.Contains($"a session that is running has them (process {running.Init})", refused.ErrorText, StringComparison.Ordinal);
        Assert.Equal($"M {Target}/own/file\n", Changes(name).Execute().OutputText);
        _ = Posix.Kill(running.Pid, Posix.SIGKILL);
        Wait.Until(() => Changes("--discard", name).Execute().ExitStatus == 0, () => "it is never discarded");
    }

    /// <summary>A user can make a tree that is deeper than a path is long, with directories nobody may enter: it must go all the same.</summary>
    [Fact]
    public void However_deep_and_closed_a_tree_is_it_can_be_discarded_and_what_is_not_shown_is_said()
    {
        Run("t", "i=0; while [ $i -lt 700 ]; do mkdir d && cd d || exit; i=$((i+1)); done; mkdir closed; touch closed/f; chmod 0 closed");
        SessionResult shown = Changes("t").Execute();
        Assert.Equal(1, shown.ExitStatus);
        Assert.Matches("^nshelper: cannot show /mnt/srv/merged/own/d/d/.*/: ", shown.ErrorText);
        Assert.Equal(0, Changes("--discard", "t").Execute().ExitStatus);
        Assert.Empty(RootShell.Run($"find {Kept} -mindepth 3"));
    }

    [Fact]
    public void What_a_start_that_was_killed_left_is_listed_and_can_be_discarded()
    {
        string id = new('a', 32);
        RootShell.Run($"mkdir -p -m 0700 {Kept}/session {Kept}/session/12001 {Kept}/session/12001/{id}");
        Assert.Equal($"{id}\n", Changes("-q").Execute().OutputText);
        Assert.Equal(("", 0), (Changes(id).Execute().OutputText, Changes(id).Execute().ExitStatus));
        Assert.Equal(0, Changes("--discard", id).Execute().ExitStatus);
        Assert.Equal("", Changes("-q").Execute().OutputText);
    }

    private static SessionCommand Changes(params string[] arguments) => SessionCommand.Helper(["changes", .. arguments]);

    private static SessionResult Run(string profile, string script, string directory = "/own")
    {
        SessionResult result = SessionCommand.Run(profile, "/bin/sh", "-c", $"cd {Target}{directory} && {script}").Execute();
        Assert.Equal("", result.ErrorText);
        return result;
    }

    private static string Profile(string upper) =>
        $"schema = 1\n[allow]\nusers = [\"alice\", \"carol\"]\ncommands = \"any\"\n[[mount]]\ntype = \"overlay\"\ntarget = \"{Target}\"\nlower = [\"{Lower}\"]\nupper = \"{upper}\"\n";
}
