using System.Collections.Immutable;

namespace NsHelper.Planning.Access;

/// <summary>A command as it will be executed: where execve(2) looks for it, in this order, and the argument vector byte for byte.</summary>
/// <param name="Candidates">Absolute paths; more than one only for a bare name that is searched for in the profile's PATH.</param>
/// <param name="Arguments">argv of the command, argv[0] included.</param>
internal sealed record RequestedCommand(ImmutableArray<ByteString> Candidates, ImmutableArray<ByteString> Arguments);
