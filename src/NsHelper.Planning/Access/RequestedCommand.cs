using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>A command as it will be executed: where execve(2) looks for it, in this order, and the argument vector byte for byte.</summary>
/// <param name="Candidates">More than one only for a bare name that is searched for in the profile's PATH.</param>
/// <param name="Arguments">The words of the command, the first as it was given.</param>
internal sealed record RequestedCommand(ImmutableArray<CommandCandidate> Candidates, ImmutableArray<ByteString> Arguments)
{
    /// <summary>Of a shell: what was asked of it. Null for a command that was named.</summary>
    public ShellRequest? Shell { get; init; }
}

/// <summary>One place of a command.</summary>
/// <param name="Path">As execve(2) gets it.</param>
/// <param name="ArgumentZero">argv[0] of the command there.</param>
internal readonly record struct CommandCandidate(ByteString Path, ByteString ArgumentZero)
{
    /// <summary>The [[command]] that lists it; null where every command is allowed and none lists it.</summary>
    public SourceLocation? Rule { get; init; }
}
