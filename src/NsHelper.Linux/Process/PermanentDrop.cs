using System.Collections.Immutable;
using NsHelper.Linux.Native;
using NsHelper.Planning.Identity;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>Root given up outside of a plan: by what only reads, before a message, and to answer for another user.</summary>
internal static unsafe class PermanentDrop
{
    private const int NotStarted = 125;

    /// <summary>
    /// Before a message of a start that comes to nothing. Who reads it may let it wait for ever: until then no process of root's shall stand there, that
    /// its user can neither kill nor have counted among his own. What has used its rights keeps its ids to the end, since it may have directories of root's open.
    /// </summary>
    /// <param name="process">Null when start-up itself failed.</param>
    public static void BeforeMessage(CleanProcess? process)
    {
        if (process is { Privileges: null or { IsConsumed: true } })
        {
            return;
        }

        uid_t real = uint.MaxValue; // which would change nothing
        uid_t effective = uint.MaxValue;
        uid_t saved = uint.MaxValue;
        if (getresuid(&real, &effective, &saved) < 0 || (uint)real == uint.MaxValue || setresuid(real, real, real) < 0)
        {
            _exit(NotStarted); // no message is worth root's rights
        }
    }

    /// <summary>For everything but run: root is lost for good, and trying to get it back must fail.</summary>
    public static void ForGood(CleanProcess process)
    {
        if (process.Privileges is not { } privileges || process.RealUser.IsRoot)
        {
            return;
        }

        privileges.Consume();
        BecomeForGood(process.RealUser);
    }

    /// <summary>Root turns into another user: every id and group, each checked, and no way back.</summary>
    public static void BecomeForGood(UserId user, GroupId group, ImmutableArray<GroupId> groups)
    {
        gid_t[] numbers = new gid_t[groups.Length];
        for (int i = 0; i < groups.Length; i++)
        {
            numbers[i] = groups[i].Value;
        }

        // Safe: the array is pinned for the call, and its length goes with it.
        fixed (gid_t* start = numbers)
        {
            SystemCallException.ThrowIfNegative(setgroups(numbers.Length, start), "setgroups", "supplementary groups");
        }

        gid_t id = group.Value;
        SystemCallException.ThrowIfNegative(setresgid(id, id, id), "setresgid", "group ids");
        BecomeForGood(user);
    }

    private static void BecomeForGood(UserId user)
    {
        uid_t id = user.Value;
        SystemCallException.ThrowIfNegative(setresuid(id, id, id), "setresuid", "user ids");
        if (!user.IsRoot && setresuid(uint.MaxValue, 0, uint.MaxValue) == 0)
        {
            throw new StartFaultException("root rights cannot be given up");
        }

        ProcessHygiene.ForbidDump();
    }
}
