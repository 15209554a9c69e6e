using System.Collections.Immutable;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[[command]]: each path with the same arguments once, at most one default.</summary>
internal static class CommandReader
{
    public static ImmutableArray<CommandRule> Read(ImmutableArray<TableReader> tables, ImmutableArray<Parameter> parameters)
    {
        ImmutableArray<CommandRule>.Builder rules = ImmutableArray.CreateBuilder<CommandRule>(tables.Length);
        foreach (TableReader table in tables)
        {
            bool isDefault = table.Flag("default") ?? false;
            if (isDefault && HasDefault(rules))
            {
                table.Refuse(table.SpanOf("default"), "a second command is the default", "only one [[command]] may have default = true");
            }

            ArgumentTemplate? arguments = ArgumentsOf(table, parameters);
            if (isDefault && arguments is { IsFixed: false })
            {
                table.Refuse(table.SpanOf("default"), "the arguments of a default command must be known", "no *, no ? and no \"...\" in its args");
            }

            string? argumentZero = ArgumentZeroOf(table);
            if (table.Text("path") is TomlText text && AbsolutePath.TryParse(text.Value, out AbsolutePath? parsed) && parsed is AbsolutePath path)
            {
                var rule = new CommandRule(path, isDefault, DiagnosticList.LocationOf(text.Span)) { Arguments = arguments, ArgumentZero = argumentZero };
                CheckOthers(table, text, rule, rules);
                rules.Add(rule);
            }

            table.Finish();
        }

        return rules.ToImmutable();
    }

    private static ArgumentTemplate? ArgumentsOf(TableReader table, ImmutableArray<Parameter> parameters)
    {
        if (table.Texts("args") is not ImmutableArray<TomlText> texts)
        {
            return null;
        }

        bool takesTail = texts.Length > 0 && texts[^1].Value == ArgumentTemplate.Tail;
        var tokens = ImmutableArray.CreateBuilder<string>(texts.Length);
        for (int i = 0; i < texts.Length - (takesTail ? 1 : 0); i++)
        {
            if (texts[i].Value == ArgumentTemplate.Tail)
            {
                table.Refuse(texts[i].Span, "\"...\" stands for the rest of the arguments", "it may only be the last token");
            }

            TemplateRules.CheckNames(texts[i], parameters, table.Diagnostics);
            tokens.Add(texts[i].Value);
        }

        return new ArgumentTemplate(tokens.ToImmutable(), takesTail);
    }

    private static string? ArgumentZeroOf(TableReader table)
    {
        if (table.Text("argv0") is not TomlText text)
        {
            return null;
        }

        if (text.Value.Length == 0)
        {
            table.Refuse(text.Span, "argv0 is empty", "the name that the command is to see as its own");
        }

        return text.Value;
    }

    /// <summary>Twice the same, and arguments that narrow nothing, because the same command is listed with any.</summary>
    private static void CheckOthers(TableReader table, TomlText text, CommandRule rule, ImmutableArray<CommandRule>.Builder rules)
    {
        foreach (CommandRule other in rules)
        {
            if (other.Path != rule.Path)
            {
                continue;
            }

            string shown = Escaped.Shown(rule.Path.Text);
            if (other.Arguments is null || rule.Arguments is null ? other.Arguments == rule.Arguments : rule.Arguments.IsSameAs(other.Arguments))
            {
                table.Refuse(text.Span, $"command {shown} is listed twice", null);
            }
            else if (IsInVain(rule, other) || IsInVain(other, rule))
            {
                table.Refuse(text.Span, $"command {shown} is listed with args and without: without, it takes any arguments", $"the other is {Escaped.Shown(other.Location.ToString())}");
            }
        }
    }

    private static bool IsInVain(CommandRule narrow, CommandRule wide) =>
        wide.Arguments is null && narrow is { Arguments: not null, IsDefault: false, ArgumentZero: null };

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
}
