using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[environment]: names and patterns of variables, values to set, PATH.</summary>
internal static class EnvironmentReader
{
    private const string NameForm = "letters, digits and _, no digit first";

    public static EnvironmentSettings Read(TableReader top)
    {
        TableReader? table = top.Table("environment");
        var settings = new EnvironmentSettings
        {
            Policy = table?.Choice("policy", ["clean", "keep"], []) == 1 ? EnvironmentPolicy.Keep : EnvironmentPolicy.Clean,
            Keep = Patterns(table, "keep") ?? ["TERM", "LANG", "LC_*", "COLORTERM", "TZ", "NO_COLOR"],
            Set = Assignments(table?.Table("set")),
            Unset = Names(table),
            Path = PathOf(table) ?? DefaultPath(),
            UserVariables = Patterns(table, "user_vars") ?? [],
        };
        table?.Finish(ProfileKeys.Environment, []);
        return settings;
    }

    /// <summary>systemd's default, with the directories of hosts where /bin is no link.</summary>
    private static ImmutableArray<AbsolutePath> DefaultPath() =>
    [
        AbsolutePath.Parse("/usr/local/sbin"), AbsolutePath.Parse("/usr/local/bin"), AbsolutePath.Parse("/usr/sbin"),
        AbsolutePath.Parse("/usr/bin"), AbsolutePath.Parse("/sbin"), AbsolutePath.Parse("/bin"),
    ];

    /// <summary>Names, and names with a last '*', of variables that may come from the caller.</summary>
    private static ImmutableArray<string>? Patterns(TableReader? table, string key)
    {
        if (table?.Texts(key) is not ImmutableArray<TomlText> texts)
        {
            return null;
        }

        foreach (TomlText text in texts)
        {
            string name = text.Value.EndsWith('*') ? text.Value[..^1] : text.Value;
            if (!IsName(name))
            {
                table.Refuse(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no name of a variable", $"{NameForm}, * only at the end");
            }
            else if (EnvironmentPlanner.NeverPasses(text.Value))
            {
                table.Refuse(text.Span, $"{text.Value} never comes from the caller", "it loads code into programs, or is always set");
            }
        }

        return Values(texts);
    }

    private static ImmutableArray<string> Values(ImmutableArray<TomlText> texts)
    {
        var values = ImmutableArray.CreateBuilder<string>(texts.Length);
        foreach (TomlText text in texts)
        {
            values.Add(text.Value);
        }

        return values.MoveToImmutable();
    }

    private static ImmutableArray<string> Names(TableReader? table)
    {
        ImmutableArray<TomlText> texts = table?.Texts("unset") ?? [];
        foreach (TomlText text in texts)
        {
            if (!IsName(text.Value))
            {
                table?.Refuse(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no name of a variable", NameForm);
            }
        }

        return Values(texts);
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
            if (entry.WasRead)
            {
                continue;
            }

            if (!IsName(entry.Key))
            {
                table.RefuseKey(entry.Key, $"\"{Escaped.Shown(entry.Key)}\" is no name of a variable", NameForm);
            }
            else if (EnvironmentPlanner.IsAlwaysSet(entry.Key))
            {
                table.RefuseKey(entry.Key, $"{entry.Key} is always set by nshelper", entry.Key == "PATH" ? "write path = [...] in [environment]" : null);
            }
            else if (table.Text(entry.Key) is TomlText text && PathText.CheckSpecifiers(table, text))
            {
                set.Add(new(entry.Key, text.Value));
            }
        }

        return set.ToImmutable();
    }

    private static ImmutableArray<AbsolutePath>? PathOf(TableReader? table)
    {
        if (table?.Texts("path") is not ImmutableArray<TomlText> texts)
        {
            return null;
        }

        if (texts.IsEmpty)
        {
            // To a shell an empty PATH means the working directory.
            table.Refuse(table.SpanOf("path"), "environment.path is empty", "name at least one directory");
        }

        ImmutableArray<AbsolutePath>.Builder directories = ImmutableArray.CreateBuilder<AbsolutePath>(texts.Length);
        foreach (TomlText text in texts)
        {
            if (text.Value.Contains(':', StringComparison.Ordinal))
            {
                table.Refuse(text.Span, "a directory of environment.path has a colon", "write each directory as a string of its own");
            }
            else if (PathText.Plain(table, "path", text) is AbsolutePath directory)
            {
                directories.Add(directory);
            }
        }

        return directories.ToImmutable();
    }

    private static bool IsName(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }
}
