using System.Collections.Immutable;

namespace NsHelper.Planning.Profiles;

/// <summary>One layer of a profile: the bytes of a trusted file and the name it is reported under.</summary>
internal sealed record ProfileText(string File, ImmutableArray<byte> Bytes)
{
    /// <summary>A configuration file larger than this is refused, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;
}
