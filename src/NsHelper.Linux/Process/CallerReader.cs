using System.Collections.Immutable;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>Reads who called: ids and groups from the kernel, once; names from the password entry of the real uid. The group's name is left
/// to <see cref="WithGroupName"/>: most starts do without that look-up. No variable and no option has a say.</summary>
internal static unsafe class CallerReader
{
    private const string DefaultShell = "/bin/sh";

    public static Caller Read(UserId realUser, GroupId group)
    {
        PasswordEntry entry = AccountDatabase.UserOf(realUser)
            ?? throw new StartFaultException($"user id {realUser} has no password entry");
        return new Caller
        {
            UserId = realUser,
            GroupId = group,
            SupplementaryGroups = SupplementaryGroups(),
            Name = entry.Name is { Length: > 0 } name && IsPlainName(name)
                ? name
                : throw new StartFaultException($"the password entry of user id {realUser} has no usable name"),
            GroupName = group.ToString(),
            Home = AbsolutePath.TryParse(entry.Home ?? "", out AbsolutePath? home)
                ? home.Value
                : throw new StartFaultException($"the home directory \"{Escaped.Text(entry.Home ?? "")}\" is not an absolute path in normal form"),
            Shell = AbsolutePath.TryParse(entry.Shell is { Length: > 0 } shell ? shell : DefaultShell, out AbsolutePath? path)
                ? path.Value
                : AbsolutePath.Parse(DefaultShell),
        };
    }

    public static Caller WithGroupName(Caller caller) => caller with { GroupName = AccountDatabase.NameOf(caller.GroupId) };

    /// <summary>A name that is one component of a path and one word of a log line.</summary>
    private static bool IsPlainName(string name)
    {
        foreach (char c in name)
        {
            if (c is '/' or ':' or ',' or '%' or <= ' ' or '\x7f')
            {
                return false;
            }
        }

        return name is not ("." or "..");
    }

    private static ImmutableArray<GroupId> SupplementaryGroups()
    {
        int count = getgroups(0, null);
        SystemCallException.ThrowIfNegative(count, "getgroups", "supplementary groups");
        gid_t[] groups = new gid_t[count];
        fixed (gid_t* start = groups)
        {
            if (getgroups(count, start) != count)
            {
                throw SystemCallException.Last("getgroups", "supplementary groups");
            }
        }

        var ids = ImmutableArray.CreateBuilder<GroupId>(count);
        foreach (gid_t group in groups)
        {
            ids.Add(new GroupId((uint)group));
        }

        return ids.MoveToImmutable();
    }
}
