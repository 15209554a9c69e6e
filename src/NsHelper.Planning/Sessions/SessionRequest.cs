using System.Collections.Immutable;

namespace NsHelper.Planning.Sessions;

/// <summary>What belongs to this one start and not to the profile: the session's id, what the host is, and what the command line asked for.</summary>
/// <param name="SessionId">32 hexadecimal digits.</param>
/// <param name="HostName">For the specifier %H.</param>
/// <param name="LastCapability">The kernel's last capability.</param>
/// <param name="Variables">--env; the profile's user_vars decide which are accepted.</param>
/// <param name="ChangeDirectory">--chdir, or null.</param>
internal sealed record SessionRequest(
    string SessionId,
    string HostName,
    int LastCapability,
    ImmutableArray<(ByteString Name, ByteString Value)> Variables,
    ByteString? ChangeDirectory)
{
    /// <summary>--name; null for the profile's.</summary>
    public string? Label { get; init; }

    /// <summary>Of the files that the profile was made of.</summary>
    public ulong Digest { get; init; }

    /// <summary>--detach.</summary>
    public bool Detaches { get; init; }

    /// <summary>Whether somebody is to be told what becomes of the session, which takes a process that waits for it.</summary>
    public bool IsReported { get; init; }
}
