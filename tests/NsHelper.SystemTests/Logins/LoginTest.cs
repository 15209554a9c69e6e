using NsHelper.SystemTests.Harness;

namespace NsHelper.SystemTests.Logins;

/// <summary>Base of the tests of nshelper-shell: the map of logins, and profiles that Lena logs in with.</summary>
public abstract class LoginTest : SystemTest
{
    protected const string Map = "/etc/nshelper/login.toml";

    /// <summary>What a login without a session would see.</summary>
    protected static string HostMounts => new FileInfo("/proc/self/ns/mnt").LinkTarget ?? "";

    internal static ProfileFile Profile(string name, string login, string rest = "", string allow = "users = [\"lena\"]\nverbs = [\"login\"]") =>
        new(name, $"schema = 1\n[allow]\n{allow}\n[login]\n{login}\n{rest}\n");

    protected void InstallMap(string text)
    {
        File.WriteAllText(Map, text);
        File.SetUnixFileMode(Map, Modes.PublicFile);
        Undo(() => File.Delete(Map));
    }

    /// <summary>Lena logs in with this profile.</summary>
    protected void MapTo(string profile) => InstallMap($"schema = 1\n[[map]]\nusers = [\"lena\"]\nprofile = \"{profile}\"\n");

    /// <summary>A shipped profile with Lena in it and nothing else changed.</summary>
    protected void InstallShippedForLena(string name)
    {
        string shipped = File.ReadAllText($"{TestHost.VendorProfileDirectory}/{name}.toml");
        Install(new ProfileFile(name, shipped.Replace("users = []", "users = [\"lena\"]", StringComparison.Ordinal)));
        MapTo(name);
    }

    internal SshServer StartServer(string settings = "")
    {
        var server = SshServer.Start(settings);
        Undo(server.Dispose);
        return server;
    }

    /// <summary>nshelper-shell as sshd starts it, with these words and argv[0].</summary>
    internal static SessionCommand Shell(string argumentZero, params string[] words) =>
        new() { File = TestHost.LoginShell, Arguments = [argumentZero, .. words], User = TestUser.Lena };
}
