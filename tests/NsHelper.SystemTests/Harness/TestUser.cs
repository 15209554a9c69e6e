namespace NsHelper.SystemTests.Harness;

/// <summary>An account of the test host.</summary>
internal sealed record TestUser(string Name, uint UserId, uint GroupId, params uint[] Groups)
{
    public const uint AllowedGroup = 12010;
    public const uint DeniedGroup = 12011;

    public static TestUser Root { get; } = new("root", 0, 0, 0);

    /// <summary>Member of nsok; profiles of the tests allow her.</summary>
    public static TestUser Alice { get; } = new("alice", 12001, 12001, 12001, AllowedGroup);

    /// <summary>In no profile.</summary>
    public static TestUser Bob { get; } = new("bob", 12002, 12002, 12002);

    /// <summary>Member of nsok and of nsdeny.</summary>
    public static TestUser Carol { get; } = new("carol", 12003, 12003, 12003, AllowedGroup, DeniedGroup);

    /// <summary>Her login shell is nshelper-shell.</summary>
    public static TestUser Lena { get; } = new("lena", 12004, 12004, 12004);

    public static IReadOnlyList<TestUser> Ordinary { get; } = [Alice, Bob, Carol, Lena];

    public string Home => UserId == 0 ? "/root" : $"/mnt/home/{Name}";

    /// <summary>The value of launch's --id.</summary>
    public string Identity => $"{UserId}:{GroupId}:{string.Join(',', Groups)}";

    /// <summary>A file in the home directory, owned by the user.</summary>
    public string Write(string name, string text, UnixFileMode mode = Modes.PublicFile)
    {
        string path = Path.Combine(Home, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        Posix.Chown(path, UserId, GroupId);
        return path;
    }

    /// <summary>A directory in the home directory, owned by the user.</summary>
    public string MakeDirectory(string name)
    {
        string path = Path.Combine(Home, name);
        Directory.CreateDirectory(path);
        Posix.Chown(path, UserId, GroupId);
        return path;
    }
}
