namespace NsHelper.Planning.Paths;

/// <summary>Where nshelper keeps state: directories that packaging makes and that only root can enter.</summary>
internal static class StateDirectories
{
    /// <summary>Until the next boot.</summary>
    public const string Run = "/run/nshelper";

    /// <summary>For good.</summary>
    public const string Persistent = "/var/lib/nshelper";

    /// <summary>In both of them: the backings of shares.</summary>
    public const string Share = "share";

    /// <summary>In that until the next boot: what is known of sessions.</summary>
    public const string Sessions = "sessions";

    /// <summary>In the persistent one: private directories on disk.</summary>
    public const string Private = "private";
}
