using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Planning.Registry;

namespace NsHelper.Commands;

/// <summary>The session that a word means: among the caller's own, and for root among all.</summary>
internal static class SessionLookup
{
    public const string IsStarting = "the session is still being made";
    public const string HasEnded = "the session has ended, or its first process has left it";

    /// <summary>The same for a session that is not there and for one of somebody else: nobody but root looks among those.</summary>
    private const string None = "you have no such session";

    /// <summary>Those that the caller may mean.</summary>
    public static List<ActiveSession> Known(RaisedPrivileges privileges, CleanProcess process, bool ofAll) => SessionRegistry.List(privileges, ofAll && process.AskedByRoot ? null : process.RealUser);

    /// <summary>Null when there is none, or more than one, and <paramref name="fault"/> says which.</summary>
    public static ActiveSession? Find(List<ActiveSession> known, string word, out string fault)
    {
        SessionName? name = SessionName.Find(known.ConvertAll(session => session.Name), word, out bool isAmbiguous);
        fault = isAmbiguous ? "more than one session is meant by that; `nshelper sessions` shows their ids" : None;
        return name is null ? null : known.Find(session => session.Name == name);
    }
}
