using System.Globalization;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Registry;

/// <summary>What `sessions` prints for people: one line a session.</summary>
internal static class SessionsText
{
    /// <summary>Digits of an id that are shown: enough for join and stop.</summary>
    public const int ShownDigits = 12;

    private const int NameWidth = 20;

    public static string IdsOf(IReadOnlyList<ActiveSession> sessions)
    {
        string ids = "";
        foreach (ActiveSession session in sessions)
        {
            ids += $"{session.Name.Id}\n";
        }

        return ids;
    }

    /// <param name="now">Seconds since 1970.</param>
    /// <param name="users">The name of each session's user; null where all are the caller's.</param>
    public static string Of(IReadOnlyList<ActiveSession> sessions, long now, IReadOnlyList<string>? users, OutputStyle style)
    {
        if (sessions.Count == 0)
        {
            return "";
        }

        var table = new TextTable(style, ShownDigits, NameWidth, NameWidth, 8, 8, NameWidth);
        table.Add(TextCell.Titles("SESSION", "PROFILE", "NAME", "PID", "AGE", users is null ? "" : "USER"));
        for (int i = 0; i < sessions.Count; i++)
        {
            ActiveSession session = sessions[i];
            table.Add(
                session.Name.Id[..ShownDigits],
                session.Name.Profile.Text,
                session.Name.Label ?? "-",
                session.Place is { } place ? place.First.Pid.ToString(CultureInfo.InvariantCulture) : "starting",
                Texts.Age(now - session.Record.Started),
                users?[i] ?? "");
        }

        return table.ToString();
    }
}
