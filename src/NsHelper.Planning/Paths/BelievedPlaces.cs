namespace NsHelper.Planning.Paths;

/// <summary>
/// What set-user-ID programs of a session believe, keep and write, where they have effect: more than <see cref="SystemPlaces.IsTrusted"/>, which asks
/// what users must not write. Here nothing may be another than on the host, whoever wrote it. Judged by the path alone.
/// </summary>
internal static class BelievedPlaces
{
    /// <summary>
    /// Besides what is trusted: homes, for commands that sudo starts as others and for what PAM asks there (second factors); programs of vendors with
    /// their libraries beside them; what the kernel says; who failed to authenticate; and logs.
    /// </summary>
    private static readonly string[] Others =
    [
        "/dev", "/home", "/opt", "/proc", "/run", "/sys", "/usr", "/var/adm", "/var/cache", "/var/log", "/var/mail", "/var/yp",
    ];

    /// <summary>Where programs with rights count attempts and say what they did: what cannot be written there is not counted and not said.</summary>
    private static readonly string[] Records = ["/run", "/var/adm", "/var/db", "/var/lib", "/var/log", "/var/mail", "/var/spool"];

    /// <summary>Of root's and sticky on every host: who owns another in its place can exchange the files that programs with rights make there.</summary>
    private static readonly string[] Temporary = ["/tmp", "/var/tmp"];

    /// <summary>Whether what is mounted there stands on, below or above a place that programs with rights believe.</summary>
    public static bool IsBelieved(string target)
    {
        string path = SystemPlaces.WithoutLinks(target);
        return SystemPlaces.IsTrusted(path) || Meets(Others, path) || Array.Exists(Temporary, place => SystemPlaces.IsAtOrBelow(place, path));
    }

    /// <summary>Whether what is read-only there keeps programs with rights from writing what they must.</summary>
    public static bool IsRecorded(string target) => Meets(Records, SystemPlaces.WithoutLinks(target));

    /// <summary>Whether a path of the profile is the home of whoever uses it, or lies below.</summary>
    /// <param name="text">Specifiers not yet expanded.</param>
    public static bool IsInHome(string text) => text == "%h" || text.StartsWith("%h/", StringComparison.Ordinal);

    /// <summary>Whether an account's home is the user's alone to shape: strictly below where homes are, or where nobody looks for anything else.</summary>
    public static bool IsOwnHome(string home) =>
        !IsBelieved(home) || SystemPlaces.MayBeHome(home) || (home.Length > "/home".Length && SystemPlaces.IsAtOrBelow(home, "/home"));

    /// <summary>The part of a path that is the same for everybody: what lies before the first specifier or parameter.</summary>
    public static string HeadOf(string text)
    {
        int slash = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '/')
            {
                slash = i;
            }
            else if (text[i] is '%' or '{')
            {
                return slash == 0 ? "/" : text[..slash];
            }
        }

        return text;
    }

    private static bool Meets(string[] places, string path) =>
        Array.Exists(places, place => SystemPlaces.IsAtOrBelow(path, place) || SystemPlaces.IsAtOrBelow(place, path));
}
