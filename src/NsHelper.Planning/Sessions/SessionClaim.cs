using System.Buffers;
using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>
/// The session that a process says it is in, by its environment. Its user can write anything there, so it is shown and decides nothing: a
/// forged name leads to no line, or to one of a profile that the reader may see anyway.
/// </summary>
/// <param name="Id">32 hexadecimal digits; null when the environment has no such id.</param>
internal sealed record SessionClaim(ProfileName Profile, string? Id)
{
    private const int IdDigits = 32;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    private static ReadOnlySpan<byte> ProfileVariable => "NSHELPER_PROFILE="u8;

    private static ReadOnlySpan<byte> SessionVariable => "NSHELPER_SESSION="u8;

    /// <param name="environment">As /proc/PID/environ has it: each entry with a NUL behind it.</param>
    public static SessionClaim? Of(ReadOnlySpan<byte> environment)
    {
        ProfileName? profile = null;
        string? id = null;
        while (!environment.IsEmpty)
        {
            int end = environment.IndexOf((byte)0);
            ReadOnlySpan<byte> entry = end < 0 ? environment : environment[..end];
            environment = end < 0 ? [] : environment[(end + 1)..];
            profile ??= entry.StartsWith(ProfileVariable) ? NameIn(entry[ProfileVariable.Length..]) : null;
            id ??= entry.StartsWith(SessionVariable) ? IdIn(entry[SessionVariable.Length..]) : null;
        }

        return profile is ProfileName name ? new SessionClaim(name, id) : null;
    }

    public static SessionClaim? Of(ImmutableArray<ByteString> environment)
    {
        var bytes = ImmutableArray.CreateBuilder<byte>();
        foreach (ByteString entry in environment)
        {
            bytes.AddRange(entry.Span);
            bytes.Add(0);
        }

        return Of(bytes.ToImmutable().AsSpan());
    }

    /// <summary>One line: which profile, and which session of it.</summary>
    public override string ToString() => Id is null ? $"profile {Profile}" : $"profile {Profile}, session {Id}";

    private static ProfileName? NameIn(ReadOnlySpan<byte> value) =>
        ProfileName.TryParse(new ByteString(value).ToStrictText() ?? "", out ProfileName? name) ? name : null;

    private static string? IdIn(ReadOnlySpan<byte> value) =>
        value.Length == IdDigits && !value.ContainsAnyExcept(Digits) ? new ByteString(value).ToStrictText() : null;
}
