using System.Collections.Immutable;
using NsHelper.Linux.Process;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Commands;

/// <summary>What <see cref="SessionPreparation"/> came to: a profile, a plan, or why there is none.</summary>
internal abstract record Preparation(Caller Caller, SiteSettings Site)
{
    /// <summary>The profile is there and valid; nothing is decided yet.</summary>
    internal sealed record Found(Caller Caller, SiteSettings Site, Profile Profile, TomlTable Merged, AccountNames Names) : Preparation(Caller, Site)
    {
        /// <summary>Of the profile's files.</summary>
        public required ulong Digest { get; init; }
    }

    internal sealed record Ready(Caller Caller, SiteSettings Site, SessionPlan Plan, SourceLocation Rule) : Preparation(Caller, Site);

    /// <param name="Parameters">Those of the session.</param>
    internal sealed record ReadyToJoin(Caller Caller, SiteSettings Site, JoinPlan Plan, ParameterValues Parameters, SourceLocation Rule) : Preparation(Caller, Site);

    /// <param name="Message">For the user.</param>
    /// <param name="Location">The line that refused, where the user may know it.</param>
    /// <param name="Reason">For the log.</param>
    internal sealed record Refused(Caller Caller, SiteSettings Site, string Message, SourceLocation? Location, string Reason) : Preparation(Caller, Site)
    {
        /// <summary>The rule that denied, for the log.</summary>
        public SourceLocation? Rule { get; init; }

        /// <summary>What may be told, and the line that goes with it: to root the true reason.</summary>
        public (string Reason, SourceLocation? Location) ToldTo(CleanProcess process) =>
            process.AskedByRoot ? (Reason, Rule ?? Location) : (Message, Location);
    }

    /// <summary>The profile or the site settings are wrong.</summary>
    internal sealed record Invalid(Caller Caller, SiteSettings Site, ImmutableArray<Diagnostic> Diagnostics) : Preparation(Caller, Site);
}
