using System.Collections.Immutable;
using System.Globalization;

namespace NsHelper.Planning.Doctor;

/// <summary>The lines of passwd(5) and group(5). What is not in their form is passed over: nothing is decided by it.</summary>
internal static class AccountFile
{
    private const int PasswdFields = 7;
    private const int GroupFields = 4;

    public static ImmutableArray<PasswdLine> Users(HostFile file)
    {
        var users = ImmutableArray.CreateBuilder<PasswdLine>();
        foreach (string line in file.Lines())
        {
            string[] fields = line.Split(':');
            if (fields.Length == PasswdFields && Id(fields[2]) is { } user && Id(fields[3]) is { } group)
            {
                users.Add(new PasswdLine(fields[0], user, group, fields[6]));
            }
        }

        return users.ToImmutable();
    }

    public static ImmutableArray<GroupLine> Groups(HostFile file)
    {
        var groups = ImmutableArray.CreateBuilder<GroupLine>();
        foreach (string line in file.Lines())
        {
            string[] fields = line.Split(':');
            if (fields.Length == GroupFields && Id(fields[2]) is { } id)
            {
                groups.Add(new GroupLine(fields[0], id, [.. fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]));
            }
        }

        return groups.ToImmutable();
    }

    private static uint? Id(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id : null;
}

internal sealed record PasswdLine(string Name, uint UserId, uint GroupId, string Shell);

internal sealed record GroupLine(string Name, uint Id, ImmutableArray<string> Members);
