using System.Collections.Immutable;
using NsHelper.Planning.Identity;

namespace NsHelper.Linux.Process;

/// <summary>
/// What another user would get, for root to see: the process becomes that user for good before it reads anything, so the answer is made with
/// the user's rights. There is no running process to take groups from: they are the account database's.
/// </summary>
internal static class OtherUser
{
    /// <summary>Null when the account database has no such user.</summary>
    public static CleanProcess? Become(string name, CleanProcess process)
    {
        if (AccountDatabase.UserNamed(name) is not UserId user || AccountDatabase.UserOf(user) is not PasswordEntry entry)
        {
            return null;
        }

        ImmutableArray<GroupId> groups = AccountDatabase.GroupsOf(name, entry.GroupId)
            ?? throw new StartFaultException($"the groups of user id {user} could not be looked up");
        PermanentDrop.BecomeForGood(user, entry.GroupId, groups);
        return process with { RealUser = user, RealGroup = entry.GroupId, Privileges = null };
    }
}
