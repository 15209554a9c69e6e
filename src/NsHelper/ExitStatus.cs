namespace NsHelper;

/// <summary>The exit statuses of nshelper itself; all others are the command's own.</summary>
internal static class ExitStatus
{
    public const int Done = 0;

    /// <summary>A query whose answer is no.</summary>
    public const int No = 1;

    /// <summary>diff: there is no answer, where No would be one.</summary>
    public const int Trouble = 2;

    /// <summary>run: refused or failed before the command started.</summary>
    public const int NotStarted = 125;

    /// <summary>The command was found in the session but cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary>The command was not found in the session.</summary>
    public const int NotFound = 127;
}
