using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Identity;

namespace NsHelper.Linux.Process;

/// <summary>
/// The account databases through NSS, asked with the caller's ids effective and only in the host's namespaces: behind the first unshare a
/// lookup could load code from a tree the caller shaped.
/// </summary>
internal static unsafe class AccountDatabase
{
    private const int SmallBuffer = 4096;
    private const int LargestBuffer = 16 * 1024 * 1024;
    private const int ERANGE = 34;

    private delegate int Lookup<T>(byte* buffer, nuint size, out T? found);

    /// <summary>The password entry of a uid; null when there is none or the lookup fails.</summary>
    public static PasswordEntry? UserOf(UserId user) => Ask((byte* buffer, nuint size, out PasswordEntry? found) =>
    {
        Libc.passwd entry = default;
        Libc.passwd* result;
        int error = Libc.getpwuid_r(user.Value, &entry, buffer, size, &result);
        found = error == 0 && result == &entry
            ? new PasswordEntry(new UserId(entry.pw_uid), new GroupId(entry.pw_gid), Text(entry.pw_name), Text(entry.pw_dir), Text(entry.pw_shell))
            : null;
        return error;
    });

    /// <summary>The uid of a user name; null when it is unknown or the lookup fails.</summary>
    public static UserId? UserNamed(string name) => Ask((byte* buffer, nuint size, out UserId? found) =>
    {
        Libc.passwd entry = default;
        Libc.passwd* result;
        fixed (byte* text = Terminated(name))
        {
            int error = Libc.getpwnam_r(text, &entry, buffer, size, &result);
            found = error == 0 && result == &entry ? new UserId(entry.pw_uid) : null;
            return error;
        }
    });

    /// <summary>The gid of a group name; null when it is unknown or the lookup fails.</summary>
    public static GroupId? GroupNamed(string name) => Ask((byte* buffer, nuint size, out GroupId? found) =>
    {
        Libc.group entry = default;
        Libc.group* result;
        fixed (byte* text = Terminated(name))
        {
            int error = Libc.getgrnam_r(text, &entry, buffer, size, &result);
            found = error == 0 && result == &entry ? new GroupId(entry.gr_gid) : null;
            return error;
        }
    });

    /// <summary>The name of a group; its number as text when the database does not know it.</summary>
    public static string NameOf(GroupId group) => Ask((byte* buffer, nuint size, out string? found) =>
    {
        Libc.group entry = default;
        Libc.group* result;
        int error = Libc.getgrgid_r(group.Value, &entry, buffer, size, &result);
        found = error == 0 && result == &entry ? Text(entry.gr_name) : null;
        return error;
    }) ?? group.ToString();

    /// <summary>
    /// The groups in which the database has a user, its own primary one included, whatever group the process has now; null when the lookup fails.
    /// </summary>
    public static ImmutableArray<GroupId>? GroupsOf(UserId user) => UserOf(user) is { Name: string name } entry ? GroupsOf(name, entry.GroupId) : null;

    public static ImmutableArray<GroupId>? GroupsOf(string name, GroupId primary)
    {
        fixed (byte* text = Terminated(name))
        {
            for (int room = 64; room <= 1 << 17; room *= 8)
            {
                uint[] groups = new uint[room];
                int count = room;
                fixed (uint* start = groups)
                {
                    if (Libc.getgrouplist(text, primary.Value, start, &count) >= 0)
                    {
                        return GroupsOf(groups.AsSpan(0, count));
                    }
                }
            }
        }

        return null;
    }

    private static ImmutableArray<GroupId> GroupsOf(ReadOnlySpan<uint> numbers)
    {
        var groups = ImmutableArray.CreateBuilder<GroupId>(numbers.Length);
        foreach (uint number in numbers)
        {
            groups.Add(new GroupId(number));
        }

        return groups.MoveToImmutable();
    }

    /// <summary>Gives a lookup more room until it says something else than ERANGE.</summary>
    private static T? Ask<T>(Lookup<T> lookup)
    {
        for (int size = SmallBuffer; size <= LargestBuffer; size *= 4)
        {
            // Safe: what the lookup found is copied out before the buffer it points into is freed.
            byte* buffer = (byte*)NativeMemory.Alloc((nuint)size);
            int error = lookup(buffer, (nuint)size, out T? found);
            NativeMemory.Free(buffer);
            if (error != ERANGE)
            {
                return found;
            }
        }

        return default;
    }

    private static byte[] Terminated(string name) => Encoding.UTF8.GetBytes(name + '\0');

    private static string? Text(byte* text) =>
        text == null ? null : new ByteString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)).ToStrictText();
}
