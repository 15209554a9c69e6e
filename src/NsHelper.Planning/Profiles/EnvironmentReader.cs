using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[environment]: names and patterns of variables, values to set, PATH.</summary>
internal static class EnvironmentReader
{
    public static EnvironmentSettings Read(TableReader top)
    {
        TableReader? table = top.Table("environment");
        var settings = new EnvironmentSettings
        {
            Policy = table?.Choice("policy") == 1 ? EnvironmentPolicy.Keep : EnvironmentPolicy.Clean,
            Keep = Values(table, "keep") ?? [.. ProfileSchema.KeptVariables],
            Set = Assignments(table?.Table("set")),
            Unset = Values(table, "unset") ?? [],
            Path = PathOf(table, Values(table, "path") ?? [.. ProfileSchema.SearchPath]),
            UserVariables = Values(table, "user_vars") ?? [],
        };
        table?.Finish();
        return settings;
    }

    private static ImmutableArray<string>? Values(TableReader? table, string key)
    {
        if (table?.Texts(key) is not ImmutableArray<TomlText> texts)
        {
            return null;
        }

        var values = ImmutableArray.CreateBuilder<string>(texts.Length);
        foreach (TomlText text in texts)
        {
            values.Add(text.Value);
        }

        return values.MoveToImmutable();
    }

    private static ImmutableArray<KeyValuePair<string, string>> Assignments(TableReader? table)
    {
        if (table is null)
        {
            return [];
        }

        ImmutableArray<KeyValuePair<string, string>>.Builder set = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (TomlEntry entry in table.Content.Entries)
        {
            if (table.Text(entry.Key) is TomlText text)
            {
                set.Add(new(entry.Key, text.Value));
            }
        }

        return set.ToImmutable();
    }

    private static ImmutableArray<AbsolutePath> PathOf(TableReader? table, ImmutableArray<string> texts)
    {
        if (texts.IsEmpty)
        {
            // To a shell an empty PATH means the working directory.
            table?.Refuse(table.SpanOf("path"), "environment.path is empty", "name at least one directory");
        }

        var directories = ImmutableArray.CreateBuilder<AbsolutePath>(texts.Length);
        foreach (string text in texts)
        {
            directories.Add(AbsolutePath.Parse(text));
        }

        return directories.MoveToImmutable();
    }
}
