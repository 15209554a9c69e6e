namespace NsHelper.Planning.Registry;

/// <summary>A session that has not ended.</summary>
/// <param name="Place">Null while it is being made.</param>
internal sealed record ActiveSession(SessionName Name, SessionRecord Record, SessionPlace? Place);

internal enum SessionState
{
    /// <summary>Its first process is gone, or its record is none.</summary>
    Ended,
    Starting,
    Running,

    /// <summary>Its processes have numbers of another process namespace: nobody here can say.</summary>
    Elsewhere,
}
