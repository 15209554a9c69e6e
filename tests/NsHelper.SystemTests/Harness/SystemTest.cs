using Xunit;

namespace NsHelper.SystemTests.Harness;

/// <summary>
/// Base of every class of tests: the host is looked at before and after each test, and what a test left there fails it.
/// </summary>
public abstract class SystemTest : IDisposable
{
    private readonly List<Action> undo = [];
    private readonly List<string> expectedShares = [];
    private readonly HostOracle oracle;

    protected SystemTest()
    {
        TestHost.Require();
        ForgetSessions();
        oracle = new HostOracle();
    }

    public void Dispose()
    {
        for (int i = undo.Count - 1; i >= 0; i--)
        {
            undo[i]();
        }

        IReadOnlyList<string> differences = oracle.Differences(expectedShares);
        foreach (ProcessEntry process in ProcessEntry.OfTestUsers())
        {
            _ = Posix.Kill(process.Pid, Posix.SIGKILL);
        }

        EmptyHomes();

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>By find(1): what the tests make is deeper than a path may be long.</summary>
    private static void EmptyHomes()
    {
        using System.Diagnostics.Process find = System.Diagnostics.Process.Start("find", [.. TestUser.Ordinary.Select(user => user.Home), "-mindepth", "1", "-delete"]);
        find.WaitForExit();
    }

    /// <summary>Each user has had some: a user's very first start makes calls that no later one makes, and tests compare one start with another.</summary>
    private static void ForgetSessions()
    {
        const string sessions = "/run/nshelper/sessions";
        foreach (string directory in Directory.GetDirectories(sessions))
        {
            Directory.Delete(directory, recursive: true);
        }

        foreach (TestUser user in TestUser.Ordinary.Append(TestUser.Root))
        {
            Directory.CreateDirectory($"{sessions}/{user.UserId}", Modes.OwnerOnlyDirectory);
        }
    }

    /// <summary>What must happen before the host is compared, last registered first.</summary>
    protected void Undo(Action action) => undo.Add(action);

    /// <summary>The backing of this share (its key) may stay below /run/nshelper/share: shares live longer than sessions.</summary>
    protected void ExpectShare(string key)
    {
        expectedShares.Add(key);
        Undo(() =>
        {
            File.Delete("/run/nshelper/share/change");
            File.Delete("/run/nshelper/share/use");
            string path = $"/run/nshelper/share/{key}";
            foreach (MountEntry mount in MountEntry.OfHost().Where(mount => mount.Target == path || mount.Target.StartsWith(path + "/", StringComparison.Ordinal)).Reverse())
            {
                Posix.Unmount(mount.Target);
            }

            foreach (string directory in new[] { path, $"/var/lib/nshelper/share/{key}", $"/var/lib/nshelper/private/{key}" }.Where(Directory.Exists))
            {
                Directory.Delete(directory, recursive: true);
            }
        });
    }

    internal ProfileFile Install(ProfileFile profile)
    {
        Undo(profile.Remove);
        return profile.Install();
    }

    /// <summary>Installs a profile for alice.</summary>
    internal ProfileFile Install(string name, string body = "") => Install(ProfileFile.ForAlice(name, body));

    /// <summary>Installs a shipped profile for alice and makes ready what it asks for.</summary>
    internal ShippedSession InstallShipped(string name)
    {
        var session = new ShippedSession(name);
        if (session.Options.Count > 0)
        {
            TestUser.Alice.MakeDirectory("work");
        }

        if (name == "chroot-build")
        {
            Temporary(ShippedSession.Tree);
            ShippedSession.MakeTree();
        }

        if (ShippedSession.PlacesOf(name) is string places)
        {
            Undo(() => RootShell.Run($"rm -rf {ShippedSession.Site} {ShippedSession.Versions} {ShippedSession.Toolchain}"));
            RootShell.Run(places);
        }

        Install(session.File());
        return session;
    }

    internal RunningSession Start(SessionCommand command)
    {
        RunningSession session = command.Start();
        Undo(session.Dispose);
        return session;
    }

    /// <summary>A file of the test host that a test changes: afterwards it is as it was, with its times.</summary>
    protected void Restore(string file)
    {
        string saved = $"/mnt/probe/saved-{Guid.NewGuid():N}";
        RootShell.Run($"cp -p {file} {saved}");
        Undo(() => RootShell.Run($"cp -p {saved} {file}; rm {saved}"));
    }

    /// <summary>A file or directory of a test that goes away with it.</summary>
    internal string Temporary(string path)
    {
        Undo(() =>
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        });
        return path;
    }
}
