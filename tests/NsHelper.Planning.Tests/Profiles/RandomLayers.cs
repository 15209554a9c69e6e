using System.Text;
using CsCheck;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Tests.Schema;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>
/// Files of a profile, made of keys of the schema with values each of them takes. Nothing in them is removed or changed by { add, remove }:
/// that speaks of what lies below.
/// </summary>
internal static class RandomLayers
{
    private const int MostElements = 3;
    private const int MostKeys = 12;

    /// <summary>Of any key of schema 1.</summary>
    public static Gen<string> All { get; } = Of([.. SchemaKey.Of(ProfileSchema.Top).Where(IsPlain)]);

    /// <summary>Without what this version does not act on, and without other profiles: mostly fit to be read as they are.</summary>
    public static Gen<string> Usable { get; } = Of([.. SchemaKey.Of(ProfileSchema.Top).Where(key => IsPlain(key) && !key.IsLater && key.Path is not ("extends" or "abstract"))]);

    private static Gen<string> Of(SchemaKey[] keys) =>
        Gen.Select(Gen.Int[0, keys.Length - 1], Gen.Int[0, 99], Gen.Int[0, MostElements - 1]).Array[0, MostKeys]
            .Select(choices => Text(choices.Select(choice => (keys[choice.Item1], choice.Item2, choice.Item3))));

    private static bool IsPlain(SchemaKey key) =>
        key.Key is { Table: null, IsReserved: false, Required: null } && key.Key.Name != "remove" && !(key.Header == "[[command]]" && key.Key.Name == "args");

    private static string Text(IEnumerable<(SchemaKey Key, int Value, int Element)> choices)
    {
        var text = new StringBuilder("schema = 1\n");
        foreach (var table in choices.GroupBy(choice => (choice.Key.Header, Element: choice.Key.Header.StartsWith("[[", StringComparison.Ordinal) ? choice.Element : 0)).OrderBy(table => table.Key.Header.Length > 0))
        {
            text.Append(table.Key.Header).Append('\n').Append(Identity(table.Key.Header, table.Key.Element));
            foreach ((SchemaKey key, int value, int _) in table.DistinctBy(choice => choice.Key.Path))
            {
                string[] values = [.. Values(key.Key)];
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{key.Key.Name} = {values[value % values.Length]}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>What a table of an array must have, so that layers can speak of the same one. Commands of one path differ by their arguments.</summary>
    private static string Identity(string header, int element) => header switch
    {
        "[[command]]" => $"path = \"/bin/c{element / 2}\"\n{(element % 2 == 0 ? "" : "args = [\"a\", \"b\"]\n")}",
        "[[share]]" => $"name = \"s{element}\"\ntarget = \"/share/{element}\"\nscope = \"user\"\n",
        _ when header.StartsWith("[[", StringComparison.Ordinal) => $"target = \"/t{element}\"\n",
        _ => "",
    };

    private static IEnumerable<string> Values(KeySchema key)
    {
        string[] texts = [.. key.Words.Concat(Texts(key.Form)).Select(text => $"\"{text}\"")];
        string[] flags = key.Takes(ValueKinds.Flag) ? ["true", "false"] : [];
        long[] numbers = key.Takes(ValueKinds.Number) ? [key.Least, Math.Min(key.Most, key.Least + 7)] : [];
        string[] lists = key.Takes(ValueKinds.List) ? ["[]", $"[{texts[0]}]", $"[{string.Join(", ", texts.Take(2))}]", $"[{texts[^1]}]"] : [];
        return flags.Concat(numbers.Select(number => $"{number}")).Concat(lists).Concat(key.Takes(ValueKinds.Text) ? texts : []);
    }

    private static string[] Texts(TextForm form) => form switch
    {
        TextForm.None => [],
        TextForm.Free or TextForm.Template or TextForm.SetValue => ["one", "two words"],
        TextForm.Path or TextForm.PlainSource or TextForm.SearchDirectory => ["/p", "/q/r"],
        TextForm.SpecifiedPath or TextForm.CallersPath or TextForm.MountTarget or TextForm.Target or TextForm.ListedPath => ["/%u", "%h"],
        TextForm.ProfileName or TextForm.ParameterName => ["aa", "b-2"],
        TextForm.HostName => ["box", "box.example"],
        TextForm.NetworkPath => ["path:/run/netns/blue"],
        TextForm.Principal => ["alice", "#7", "*"],
        TextForm.Group => ["staff", "#27"],
        TextForm.Owner => ["%u", "root", "#0"],
        TextForm.OwnerGroup => ["%g", "staff", "#27"],
        TextForm.Variable or TextForm.SetVariable or TextForm.VariablePattern => ["EDITOR", "PAGER"],
        TextForm.Size => ["64K", "1G"],
        TextForm.Mode or TextForm.SharedMode => ["0700", "1777"],
        TextForm.Umask => ["0022", "077"],
        TextForm.Capability => ["CAP_CHOWN", "CAP_KILL"],
        TextForm.Duration => ["30s", "8h"],
        TextForm.Limit => ["1024", "1:2"],
        TextForm.SizeLimit => ["64M", "1K:2M"],
        TextForm.TimeLimit => ["30s", "1min:infinity"],
        TextForm.Processors => ["0-3,8"],
        _ => throw new InvalidOperationException($"{form} has no sample"),
    };
}
