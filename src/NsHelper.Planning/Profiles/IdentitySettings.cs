using System.Collections.Immutable;

namespace NsHelper.Planning.Profiles;

/// <summary>[identity] and [capabilities]: the user is always the caller.</summary>
internal sealed record IdentitySettings
{
    /// <summary>Of the command; null for the caller's.</summary>
    public required uint? Umask { get; init; }

    /// <summary>The groups that the session has of the caller's; null for all of them.</summary>
    public required ImmutableArray<PrincipalRule>? Groups { get; init; }

    /// <summary>Whether no program of the session gets rights by its file; false: set-user-ID programs have effect, as on the host.</summary>
    public required bool NoNewPrivileges { get; init; }
    public required SourceLocation NoNewPrivilegesLocation { get; init; }

    /// <summary>Bit n is capability n.</summary>
    public required ulong Bounding { get; init; }

    /// <summary>What the command has from the start; a part of <see cref="Bounding"/>.</summary>
    public required ulong Ambient { get; init; }
    public required SourceLocation CapabilitiesLocation { get; init; }
}
