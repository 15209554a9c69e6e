using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: `changes` opens directories of root's for a user who chose every name in them, and removes as root. It must show nobody
/// what he may not read, nobody another's layers, and touch nothing outside of them.
/// </summary>
public sealed class ChangesAttackTests : SystemTest
{
    private const string Lower = "/mnt/srv/tree";
    private const string Target = "/mnt/srv/merged";
    private const string Kept = "/var/lib/nshelper/overlay";

    public ChangesAttackTests()
    {
        Directory.CreateDirectory(Temporary(Lower));
        Directory.CreateDirectory(Temporary(Target));
        RootShell.Run($"cd {Lower}; mkdir -m 1777 open; mkdir -m 0711 hidden; mkdir hidden/own; chown 12001 hidden/own; echo {TestHost.Canary} >open/unreadable; chmod 0622 open/unreadable");
        Undo(() => RootShell.Run($"find {Kept} -mindepth 1 -delete"));
        Install(new ProfileFile("t", $"schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[[mount]]\ntype = \"overlay\"\ntarget = \"{Target}\"\nlower = [\"{Lower}\"]\nupper = \"user\"\n"));
    }

    /// <summary>changes-others: every user meets his own layers, under whatever name he asks, and root those of root.</summary>
    [Fact]
    public void Nobody_sees_exports_or_discards_what_is_anothers()
    {
        RootShell.Run($"sed 's/\"user\"/\"session\"/' {TestHost.ProfileDirectory}/t.toml >{TestHost.ProfileDirectory}/s.toml");
        Undo(() => File.Delete($"{TestHost.ProfileDirectory}/s.toml"));
        Run("t", "echo alice >open/mine");
        Run("s", "echo alice >open/mine");
        string session = Assert.Single(RootShell.Run($"ls {Kept}/session/12001"));
        string before = Tree();
        foreach (TestUser user in new[] { TestUser.Bob, TestUser.Carol, TestUser.Root })
        {
            Assert.Equal("", Changes().As(user).Execute().OutputText);
            foreach (string name in new[] { "t", session })
            {
                foreach (string[] arguments in (string[][])[[name], ["--json", name], ["--export", "-", name], ["--discard", name]])
                {
                    SessionResult result = Changes(arguments).As(user).Execute();
                    Assert.Equal((1, ""), (result.ExitStatus, result.OutputText));
                }
            }
        }

        Assert.Equal(before, Tree());
        foreach (string name in new[] { "../12003", "/etc", "..", ".", $"{session}/s.mnt-srv-merged", "" })
        {
            Assert.Equal(2, Changes("--discard", name).Execute().ExitStatus);
        }
    }

    /// <summary>changes-content: the copy that overlayfs made as root is read as the user, and what he may not read is not in the archive.</summary>
    [Fact]
    public void Nothing_is_read_that_the_user_may_not_read()
    {
        Run("t", ": >>open/unreadable; echo mine >hidden/own/file");
        Assert.Single(RootShell.Run($"grep -rl {TestHost.Canary} {Kept}"));
        SessionResult archive = Changes("--export", "-", "t").Execute();
        Assert.Equal(1, archive.ExitStatus);
        Assert.Contains("cannot export mnt/srv/merged/open/unreadable: permission denied", archive.ErrorText, StringComparison.Ordinal);
        Assert.Contains("cannot export mnt/srv/merged/hidden/: permission denied", archive.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("mine", archive.OutputText, StringComparison.Ordinal);
        SessionResult shown = Changes("t").Execute();
        Assert.Equal($"M {Target}/open/unreadable\n", shown.OutputText);
        Assert.Contains($"cannot show {Target}/hidden/: permission denied", shown.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>changes-privilege: files of the user's are opened without a capability and with his ids, and the process is out of his reach.</summary>
    [Fact]
    public void The_user_cannot_look_into_the_process_that_holds_the_layer()
    {
        Run("t", "echo x >open/f; mkfifo open/pipe");
        SessionCommand command = Changes("--export", "-", "t");
        IReadOnlyDictionary<string, int> counts = Trace.Of(command).Counts();
        foreach ((string call, int when) in new[] { ("open_tree", 1), ("fchdir", 1), ("fchdir", counts["fchdir"]), ("write", 1) })
        {
            int looked = 0;
            _ = HeldHelper.At(command, (call, when), pid =>
            {
                Assert.Equal(["0"], RootShell.Run($"stat -c %u /proc/{pid}/environ"));
                Assert.Contains(File.ReadLines($"/proc/{pid}/status"), line => line == "Uid:\t0\t12001\t0\t12001" || line == "Uid:\t0\t12001\t0\t0");
                foreach (string attempt in new[] { $"ls /proc/{pid}/fd", $"ls /proc/{pid}/cwd/", $"kill -STOP {pid}" })
                {
                    Assert.NotEqual(0, SessionCommand.Direct("/bin/sh", "-c", attempt).Execute().ExitStatus);
                }

                looked++;
            });
            Assert.Equal(1, looked);
        }

        // The copy of the layer through which all is read is read-only and nosuid.
        Trace trace = Trace.Of(command);
        SystemCall attributes = Assert.Single(trace.Named("mount_setattr"));
        Assert.Contains("MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC", attributes.Line, StringComparison.Ordinal);
        uint files = 12001;
        bool isRaised = false;
        foreach (SystemCall call in trace.HelperCalls)
        {
            files = call.Name == "setfsuid" && call.Line.Contains("setfsuid(0)", StringComparison.Ordinal) ? 0 : call.Name == "setfsuid" && call.Line.Contains("setfsuid(12001)", StringComparison.Ordinal) ? 12001 : files;
            isRaised = call.Name == "capset" ? !call.Line.Contains("effective=0,", StringComparison.Ordinal) : isRaised;
            if (call.Name == "openat2" && call.Line.Contains("\"pipe\"", StringComparison.Ordinal) || call.Line.Contains("openat2(", StringComparison.Ordinal) && call.Line.Contains("\"f\"", StringComparison.Ordinal))
            {
                Assert.Equal((12001u, false), (files, isRaised));
            }
        }
    }

    /// <summary>changes-discard: links in a layer are removed, not followed.</summary>
    [Fact]
    public void Discarding_removes_links_and_nothing_behind_them()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/outside"));
        RootShell.Run("echo keep >/mnt/srv/outside/file; chmod 0777 /mnt/srv/outside");
        Run("t", "ln -s /mnt/srv/outside open/link; ln -s /mnt/srv/outside/file open/file; mkdir -m 1777 open/sticky; ln -s ../../../../../../etc open/sticky/etc");
        Assert.Equal(0, Changes("--discard", "t").Execute().ExitStatus);
        Assert.Equal("keep\n", File.ReadAllText("/mnt/srv/outside/file"));
        Assert.Empty(RootShell.Run($"find {Kept} -mindepth 3"));
    }

    /// <summary>changes-store, crash-kill-sweep: the store is what packaging made or nothing is done, and a removal that is killed is ended by the next.</summary>
    [Fact]
    public void A_killed_removal_is_ended_by_the_next_and_a_foreign_store_is_not_touched()
    {
        SessionCommand command = Changes("--discard", "t");
        Run("t", "mkdir -p open/a/b/c; touch open/a/x open/a/b/y");
        IReadOnlyDictionary<string, int> counts = Trace.Of(command).Counts();
        int rounds = 0;
        foreach (string call in new[] { "unlinkat", "renameat2", "setfsuid", "mkdirat" })
        {
            for (int when = 1; when <= counts[call]; when++, rounds++)
            {
                Run("t", "mkdir -p open/a/b/c; touch open/a/x open/a/b/y");
                _ = Trace.Of(command, Injection.Signal(call, "KILL", when));
                Run("t", "mkdir -p open/again");
                Assert.Equal(0, command.Execute().ExitStatus);
                Assert.Empty(RootShell.Run($"find {Kept} -mindepth 3"));
            }
        }

        Assert.InRange(rounds, 10, 80);
        Run("t", "touch open/x");
        foreach ((string defect, string repair) in new[] { ($"chmod 0755 {Kept}", $"chmod 0700 {Kept}"), ($"chown 12001 {Kept}/user/12001", $"chown 0 {Kept}/user/12001"), ($"mv {Kept}/user {Kept}/u; ln -s u {Kept}/user", $"rm {Kept}/user; mv {Kept}/u {Kept}/user") })
        {
            RootShell.Run(defect);
            SessionResult listed = Changes("t").Execute();
            SessionResult discarded = command.Execute();
            RootShell.Run(repair);
            Assert.Equal((1, 1), (listed.ExitStatus, discarded.ExitStatus));
        }

        Assert.Equal($"A {Target}/open/x\n", Changes("t").Execute().OutputText);
    }

    private static string Tree() => string.Join('\n', RootShell.Run($"find {Kept} -path '{Kept}/discarded*' -prune -o ! -path {Kept} -printf '%p %y %m %U %s\\n' | sort"));

    private static SessionCommand Changes(params string[] arguments) => SessionCommand.Helper(["changes", .. arguments]);

    private static void Run(string profile, string script)
    {
        SessionResult result = SessionCommand.Run(profile, "/bin/sh", "-c", $"cd {Target} && {script}").Execute();
        Assert.Equal(("", 0), (result.ErrorText, result.ExitStatus));
    }
}
