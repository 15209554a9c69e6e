namespace NsHelper.Planning.Invocations;

/// <summary>What ns, mounts and diff are asked about: a process, a session, or by default the caller.</summary>
/// <param name="Session">As the caller wrote it: a name, an id or its beginning, or a profile.</param>
internal readonly record struct ProcessChoice(int? ProcessId, string? Session)
{
    public static ProcessChoice Caller => default;

    public static ProcessChoice Host => new(1, null);
}
