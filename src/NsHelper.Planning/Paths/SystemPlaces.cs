namespace NsHelper.Planning.Paths;

/// <summary>
/// Who can shape what lies at a path, judged by the path alone: places that programs with rights trust, and places in which users write.
/// </summary>
internal static class SystemPlaces
{
    /// <summary>Programs, libraries and their settings; state that sudo, su, crontab and services believe.</summary>
    private static readonly string[] Trusted =
    [
        "/etc", "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/boot", "/root", "/dev", "/nix", "/gnu", "/snap",
        "/var/lib", "/var/spool", "/var/db", "/run/dbus", "/run/nshelper", "/run/sudo", "/run/systemd", "/run/udev", "/run/wrappers",
    ];

    private static readonly string[] Users =
    [
        "/home", "/tmp", "/var/tmp", "/usr/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/run/media", "/run/user",
    ];

    /// <summary>Links that every host has.</summary>
    private static readonly (string Link, string Place)[] Links = [("/var/run", "/run"), ("/var/lock", "/run/lock"), ("/run/shm", "/dev/shm")];

    /// <summary>Whether something mounted there stands where programs with rights look: on, below or above a place they trust.</summary>
    public static bool IsTrusted(string target)
    {
        string path = WithoutLinks(target);
        return !IsAtOrBelow(Users, path) && (IsAtOrBelow(Trusted, path) || IsAbove(path, Trusted));
    }

    /// <summary>Whether a user can write there, or who uses the profile decides where it is: by a specifier of the user, or by a parameter.</summary>
    /// <param name="source">As the profile has it, specifiers not expanded.</param>
    public static bool IsUsers(string source) => DependsOnCaller(source) || IsAtOrBelow(Users, WithoutLinks(source));

    /// <summary>Whether a trusted place is one in which accounts of root and of services have their homes.</summary>
    public static bool MayBeHome(string path) => path == "/root" || (path.Length > "/var/lib".Length && IsAtOrBelow(path, "/var/lib"));

    /// <summary>Whether one path is the other or lies below it, part by part.</summary>
    public static bool IsAtOrBelow(string path, string place) =>
        path.StartsWith(place, StringComparison.Ordinal) && (path.Length == place.Length || place.Length == 1 || path[place.Length] == '/');

    public static string WithoutLinks(string path)
    {
        foreach ((string link, string place) in Links)
        {
            if (IsAtOrBelow(path, link))
            {
                return place + path[link.Length..];
            }
        }

        return path;
    }

    private static bool DependsOnCaller(string source)
    {
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] == '{' || (source[i] == '%' && i + 1 < source.Length && source[++i] is 'u' or 'U' or 'g' or 'G' or 'h'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAtOrBelow(string[] places, string path)
    {
        foreach (string place in places)
        {
            if (IsAtOrBelow(path, place))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAbove(string path, string[] places)
    {
        foreach (string place in places)
        {
            if (IsAtOrBelow(place, path))
            {
                return true;
            }
        }

        return false;
    }
}
