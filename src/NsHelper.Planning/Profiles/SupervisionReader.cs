using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>What watches over a session: `pty` and `kill_on_parent_exit` of [identity], `runtime_max`, `on_exit` and `allow_detach` of [session].</summary>
internal static class SupervisionReader
{
    public static SupervisionSettings Read(TableReader top, NamespaceSettings namespaces)
    {
        TableReader? identity = top.Table("identity");
        TableReader? session = top.Table("session");
        bool waits = session?.Choice("on_exit") == 1;
        if (waits && !namespaces.PrivatePid)
        {
            session?.RefuseKey("on_exit", "without a process namespace of its own nobody knows which processes are the session's", "write pid = \"private\" in [namespaces]");
        }

        var settings = new SupervisionSettings
        {
            Terminal = (TerminalChoice)(identity?.Choice("pty") ?? 0),
            EndsWithParent = identity?.Flag("kill_on_parent_exit") ?? true,
            RuntimeMax = session is null ? null : Amounts.Seconds(session, "runtime_max"),
            WaitsForAll = waits,
            MayDetach = session?.Flag("allow_detach") ?? false,
            Location = DiagnosticList.LocationOf((session ?? identity ?? top).Span),
        };
        session?.Finish();
        return settings;
    }
}
