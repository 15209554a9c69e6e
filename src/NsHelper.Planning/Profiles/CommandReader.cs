using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[[command]]: each path once, at most one default.</summary>
internal static class CommandReader
{
    public static ImmutableArray<CommandRule> Read(ImmutableArray<TableReader> tables)
    {
        ImmutableArray<CommandRule>.Builder rules = ImmutableArray.CreateBuilder<CommandRule>(tables.Length);
        foreach (TableReader table in tables)
        {
            bool isDefault = table.Flag("default") ?? false;
            if (isDefault && HasDefault(rules))
            {
                table.Refuse(table.SpanOf("default"), "a second command is the default", "only one [[command]] may have default = true");
            }

            if (table.Text("path") is TomlText text && AbsolutePath.TryParse(text.Value, out AbsolutePath? parsed) && parsed is AbsolutePath path)
            {
                if (Has(rules, path))
                {
                    table.Refuse(text.Span, $"command {Escaped.Shown(path.Text)} is listed twice", null);
                }

                rules.Add(new CommandRule(path, isDefault, DiagnosticList.LocationOf(text.Span)));
            }

            table.Finish();
        }

        return rules.ToImmutable();
    }

    private static bool HasDefault(ImmutableArray<CommandRule>.Builder rules)
    {
        foreach (CommandRule rule in rules)
        {
            if (rule.IsDefault)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ImmutableArray<CommandRule>.Builder rules, AbsolutePath path)
    {
        foreach (CommandRule rule in rules)
        {
            if (rule.Path == path)
            {
                return true;
            }
        }

        return false;
    }
}
