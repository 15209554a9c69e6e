using System.Text.Json;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: an administrator looks over a tree of profiles as anybody, before any of it is installed, and believes the exit status.</summary>
public sealed class CheckTests : SystemTest
{
    private const string Good = "schema = 1\n[allow]\ncommands = \"any\"\n";
    private const string Parent = "/mnt/srv";
    private const string Tree = Parent + "/tree";

    public CheckTests() => Temporary(Tree);

    [Fact]
    public void A_directory_is_every_profile_in_it_with_its_drop_ins()
    {
        Write("b.toml", Good + "[root]\npropagation = \"private\"\n");
        Write("a.toml", Good);
        Write("a.toml.d/10.toml", "schema = 1\n[mount]\n");
        Write("a.toml.d/20.toml~", "nonsense");
        Write("a.toml.rpmnew", "nonsense");
        Write(".hidden.toml", "nonsense");
        Write("No-Name.toml", "nonsense");
        Write("notes.txt", "nonsense");
        SessionResult result = Check("tree");
        Assert.Equal(1, result.ExitStatus);
        Assert.Equal(
            """
            tree/a.toml.d/10.toml:2:2: error: mount must be an array of tables: [[mount]], not a table
              [mount]
               ^~~~~
            tree/b.toml:5:15: warning: with root.propagation = "private" media that the host unmounts stay busy in the session [private-root]
              propagation = "private"
                            ^~~~~~~~~
              hint: leave it out, which is "slave", unless that is wanted
            tree/No-Name.toml: warning: this name is not read; NAME.toml and NAME.toml.d with a-z, 0-9, _ and - are [ignored-file]
            tree/notes.txt: warning: this name is not read; NAME.toml and NAME.toml.d with a-z, 0-9, _ and - are [ignored-file]
            1 error, 3 warnings

            """,
            result.ErrorText);
        Assert.Equal("", result.OutputText);
    }

    [Fact]
    public void A_file_alone_is_that_file()
    {
        Write("a.toml", Good);
        Write("a.toml.d/10.toml", "nonsense");
        SessionResult result = Check("tree/a.toml");
        Assert.Equal((0, "tree/a.toml: valid\n", ""), (result.ExitStatus, result.OutputText, result.ErrorText));
    }

    [Fact]
    public void A_drop_in_is_a_layer_of_the_profile_beside_its_directory()
    {
        Write("a.toml", Good + "[[mount]]\ntarget = \"/srv\"\n");
        Write("a.toml.d/10.toml", "schema = 1\n[[mount]]\ntarget = \"/srv\"\nremove = true\n");
        SessionResult result = Check("tree/a.toml.d/10.toml");
        Assert.Equal((0, "tree/a.toml.d/10.toml: valid\n", ""), (result.ExitStatus, result.OutputText, result.ErrorText));
        Write("a.toml", Good);
        Assert.Contains("tree/a.toml.d/10.toml:2:3: error: there i", Check("tree/a.toml.d/10.toml").ErrorText, StringComparison.Ordinal);
        File.Delete($"{Tree}/a.toml");
        Assert.Equal((0, "tree/a.toml.d/10.toml: warning: there is no a.toml that this changes [orphan-drop-in]\n1 warning\n"), Told("tree/a.toml.d/10.toml"));
    }

    [Fact]
    public void Without_operands_names_are_those_of_the_host_and_somebody_is_named()
    {
        Install(new ProfileFile("t", "schema = 1\n[allow]\nusers = [\"nsok\"]\ncommands = \"any\"\n"));
        Install(new ProfileFile("u", "schema = 1\n[allow]\ncommands = \"any\"\n"));
        SessionResult result = Check();
        Assert.Equal(
            (0, $"{TestHost.ProfileDirectory}/t.toml:3:10: warning: \"nsok\" is no user of this host [unknown-name]\n  hint: it is a group: groups have a list of their own\n"
                + $"{TestHost.ProfileDirectory}/u.toml:2:2: warning: nobody may use this profile [allows-nobody]\n  hint: name somebody in allow.users or allow.groups\n2 warnings\n"),
            (result.ExitStatus, result.ErrorText));
        Assert.Equal(1, Check("--strict").ExitStatus);
    }

    [Fact]
    public void Warnings_fail_under_strict_alone()
    {
        Write("a.toml", Good + "[root]\npropagation = \"private\"\n");
        Assert.Equal(0, Check("tree").ExitStatus);
        Assert.Equal(1, Check("--strict", "tree").ExitStatus);
        Assert.EndsWith("\n1 warning\n", Check("--strict", "tree").ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_answers_by_its_status()
    {
        Write("a.toml", "schema = 2\n");
        Write("b.toml", Good);
        SessionResult bad = Check("-q", "tree");
        Assert.Equal((1, "", ""), (bad.ExitStatus, bad.OutputText, bad.ErrorText));
        SessionResult good = Check("-q", "tree/b.toml");
        Assert.Equal((0, "", ""), (good.ExitStatus, good.OutputText, good.ErrorText));
    }

    [Fact]
    public void Json_has_errors_and_warnings()
    {
        Write("a.toml", Good + "[root]\npropagation = \"private\"\n[[mount]]\ntarget = \"/etc\"\nsource = \"%h/etc\"\n");
        SessionResult result = Check("--json", "tree");
        Assert.Equal((1, ""), (result.ExitStatus, result.ErrorText));
        using JsonDocument document = JsonDocument.Parse(result.OutputText);
        Assert.Equal(
            ["warning private-root 5", "error user-writable-system-target 7"],
            document.RootElement.GetProperty("diagnostics").EnumerateArray().Select(found => $"{found.GetProperty("severity")} {found.GetProperty("rule")} {found.GetProperty("line")}"));
    }

    /// <summary>The parent beside the file comes first, then the installed one; its mistake is shown once, however many have it.</summary>
    [Fact]
    public void Parents_are_found_beside_the_file_then_where_profiles_are_installed()
    {
        Install(new ProfileFile("installed-base", "schema = 1\nabstract = true\n[allow]\ncommands = \"any\"\n"));
        Write("a.toml", "schema = 1\nextends = [\"base\", \"installed-base\"]\n");
        Write("b.toml", "schema = 1\nextends = \"base\"\nallow.commands = \"any\"\n");
        Write("base.toml", "schema = 1\nabstract = true\n");
        Assert.Equal("tree/a.toml: valid\ntree/b.toml: valid\ntree/base.toml: valid\n", Check("tree").OutputText);
        Assert.Equal("a.toml: valid\n", SessionCommand.Helper("check", "a.toml").In(Tree).Execute().OutputText);

        Write("base.toml", "schema = 1\nabstract = true\nnonsense = 1\n");
        string shown = Check("tree").ErrorText;
        Assert.Equal(2, shown.Split("unknown key \"nonsense\"").Length);
        Assert.EndsWith("\n1 error\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_or_nothing_is_said()
    {
        Assert.Equal((1, Parent + "/none: error: cannot be read: no such file or directory [not-readable]\n1 error\n"), Told(Parent + "/none"));
        Write("readme", "");
        Assert.Equal((0, "tree: warning: there is no profile in it [nothing-to-check]\n1 warning\n"), Told("tree"));
        Write("gone.toml.d/10.toml", "schema = 1\n");
        Assert.Equal((0, "tree/gone.toml.d: warning: there is no gone.toml that this changes [orphan-drop-in]\n1 warning\n"), Told("tree"));
        File.CreateSymbolicLink($"{Tree}/link.toml", "nowhere");
        Assert.Equal(1, Check("tree").ExitStatus);
        File.Delete($"{Tree}/link.toml");
        File.CreateSymbolicLink($"{Tree}/gone.toml", "/dev/null");
        Assert.Equal((0, "tree/gone.toml: masked\n"), (Check("tree").ExitStatus, Check("tree").OutputText));
    }

    [Fact]
    public void Settings_of_the_site_are_no_profile_and_the_profiles_beside_them_are_held_to_them()
    {
        Write("nshelper.toml", "[ceiling.namespaces]\nnetwork = \"private\"\n");
        Write("nshelper.toml.d/10.toml", "[tmfs]\n");
        Write("a.toml", Good.Replace("[allow]\n", "[allow]\nusers = [\"alice\"]\n", StringComparison.Ordinal));
        SessionResult result = Check("tree");
        Assert.Contains("tree/nshelper.toml.d/10.toml:1:2: error: unknown key \"tmfs\"", result.ErrorText, StringComparison.Ordinal);
        Assert.EndsWith("1 error\n", result.ErrorText, StringComparison.Ordinal);
        Write("nshelper.toml.d/10.toml", "[tmpfs]\n");
        result = Check("tree");
        Assert.Contains("namespaces.network", result.ErrorText, StringComparison.Ordinal);
        Assert.EndsWith("1 error\n", result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_operands_what_is_installed_is_checked_as_far_as_the_caller_may_read()
    {
        SessionResult shipped = Check("--strict");
        Assert.Equal(0, shipped.ExitStatus);
        Assert.Contains($"{TestHost.VendorProfileDirectory}/private-tmp.toml: valid\n", shipped.OutputText, StringComparison.Ordinal);
        Install(new ProfileFile("secret", "nonsense") { Mode = Modes.OwnerOnlyFile });
        SessionResult unread = Check();
        Assert.Equal((0, $"{TestHost.ProfileDirectory}/secret.toml: warning: cannot be read: permission denied [not-readable]\n1 warning\n"), (unread.ExitStatus, unread.ErrorText));
        Install("broken", "nonsense = 1");
        Assert.Equal(1, Check().ExitStatus);
    }

    /// <summary>What no session starts from must not be called valid.</summary>
    [Theory]
    [InlineData("chmod 0664 F", "t.toml", "is writable by its group or others")]
    [InlineData("chown 12001 F", "t.toml", "is not owned by root")]
    [InlineData("ln F /etc/nshelper/other", "t.toml", "has more than one name (hard links)")]
    [InlineData("mv F /etc/nshelper/other; ln -s /etc/nshelper/other F", "t.toml", "is a symbolic link")]
    [InlineData("mkdir -m 0777 F.d", "t.toml.d", "is writable by its group or others")]
    [InlineData("echo schema = 1 >/etc/nshelper/nshelper.toml; chmod 0664 /etc/nshelper/nshelper.toml; true", "../nshelper.toml", "is writable by its group or others")]
    public void Without_operands_what_run_does_not_trust_is_an_error(string defect, string file, string message)
    {
        Install("t");
        Undo(() => RootShell.Run($"rm -rf /etc/nshelper/other /etc/nshelper/nshelper.toml {TestHost.ProfileDirectory}/t.toml*"));
        RootShell.Run(defect.Replace("F", $"{TestHost.ProfileDirectory}/t.toml", StringComparison.Ordinal));
        SessionResult result = Check();
        Assert.Equal(1, result.ExitStatus);
        Assert.Contains(
            $"{Path.GetFullPath(file, TestHost.ProfileDirectory)}: error: {message}: no session starts [untrusted-file]\n", result.ErrorText, StringComparison.Ordinal);
        Assert.Equal(125, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
    }

    [Theory]
    [InlineData("profiles/My_Profile.toml", "NAME.toml and NAME.toml.d with a-z, 0-9, _ and - are")]
    [InlineData("profiles/t.d", "NAME.toml and NAME.toml.d with a-z, 0-9, _ and - are")]
    [InlineData("profiles/t.toml.d/1.conf", "names that end in .toml are")]
    [InlineData("nshelper.tml", "nshelper.toml, nshelper.toml.d, login.toml and profiles are")]
    [InlineData("nshelper.toml.d/20.conf", "names that end in .toml are")]
    public void Without_operands_names_that_nobody_reads_are_told(string name, string read)
    {
        Install("t");
        Undo(() => RootShell.Run($"rm -rf /etc/nshelper/nshelper.t* {TestHost.ProfileDirectory}/t.* {TestHost.ProfileDirectory}/My*"));
        string path = $"/etc/nshelper/{name}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        SessionResult result = Check();
        Assert.Equal(0, result.ExitStatus);
        Assert.Contains($"{path}: warning: this name is not read; {read} [ignored-file]\n", result.ErrorText, StringComparison.Ordinal);
    }

    private static (int?, string) Told(string path) => Check(path) is var result ? (result.ExitStatus, result.ErrorText) : default;

    private static SessionResult Check(params string[] arguments) => SessionCommand.Helper(["check", .. arguments]).In(Parent).Execute();

    private static void Write(string name, string text)
    {
        string path = $"{Tree}/{name}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
