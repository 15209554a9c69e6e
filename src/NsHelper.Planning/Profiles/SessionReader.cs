using NsHelper.Planning.Registry;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>What [session] says of sessions among each other, and the site with it; what it says of their processes is read by <see cref="SupervisionReader"/>.</summary>
internal static class SessionReader
{
    public static SessionSettings Read(TableReader top, SiteSettings site)
    {
        TableReader? session = top.Table("session");
        return new SessionSettings
        {
            Label = session?.Text("label")?.Value,
            MayBeJoined = session?.Choice("join") != 1,
            Limits = new SessionLimits(session?.Number("max_sessions") ?? SessionLimits.UsualOfProfile, site.SessionsPerUser ?? SessionLimits.UsualOfUser, site.SessionsInTotal),
            Location = DiagnosticList.LocationOf((session ?? top).Span),
        };
    }
}
