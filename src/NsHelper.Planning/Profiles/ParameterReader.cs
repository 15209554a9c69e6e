using System.Collections.Immutable;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>[parameters.NAME]: what the user may choose.</summary>
internal static class ParameterReader
{
    private static readonly string[] TypeKeys = ["pattern", "values", "base"];

    public static ImmutableArray<Parameter> Read(TableReader? table)
    {
        if (table is null)
        {
            return [];
        }

        var parameters = ImmutableArray.CreateBuilder<Parameter>(table.Content.Entries.Count);
        foreach (TomlEntry entry in table.Content.Entries)
        {
            if (table.Table(entry.Key) is not TableReader inner)
            {
                continue;
            }

            inner.RequireAll();
            if (ReadOne(entry.Key, inner) is Parameter parameter)
            {
                parameters.Add(parameter);
            }

            inner.Finish();
        }

        return parameters.ToImmutable();
    }

    private static Parameter? ReadOne(string name, TableReader table)
    {
        if (table.Choice("type") is not int choice)
        {
            // Which keys belong to it, nobody knows.
            foreach (string key in TypeKeys)
            {
                table.Take(key);
            }

            table.Take("default");
            return null;
        }

        var type = (ParameterType)choice;
        string what = $"a parameter of type {table.Text("type")?.Value}";
        RefuseOthers(table, type, what);
        TomlText? pattern = table.Text("pattern");
        if (type == ParameterType.Word)
        {
            table.Require("values", "the words that are accepted");
        }
        else if (type == ParameterType.PathBelow)
        {
            table.Require("base", "the directory below which the path must lie");
        }

        string below = table.Text("base")?.Value ?? "/";
        var parameter = new Parameter
        {
            Name = name,
            Type = type,
            Pattern = pattern is null ? null : PatternOf(table, pattern),
            Words = WordsOf(table),
            WrittenBase = below,
            Base = below.Contains('%', StringComparison.Ordinal) || !AbsolutePath.TryParse(below, out AbsolutePath? path) ? null : path,
            Default = DefaultOf(table, type, what),
            Location = DiagnosticList.LocationOf(table.Span),
        };
        CheckDefault(table, parameter);
        return parameter;
    }

    private static void RefuseOthers(TableReader table, ParameterType type, string what)
    {
        if (type != ParameterType.Text)
        {
            MountReader.RefuseKeys(table, ["pattern"], what, "type = \"string\"");
        }

        if (type != ParameterType.Word)
        {
            MountReader.RefuseKeys(table, ["values"], what, "type = \"enum\"");
        }

        if (type != ParameterType.PathBelow)
        {
            MountReader.RefuseKeys(table, ["base"], what, "type = \"path_below\"");
        }
    }

    private static Pattern? PatternOf(TableReader table, TomlText text)
    {
        Pattern? pattern = PatternParser.Parse(text.Value, out PatternFault? fault);
        if (fault is not null)
        {
            bool isInside = fault.Offset < text.Value.Length;
            table.Refuse(isInside ? text.SpanAt(fault.Offset, 1) : text.Span, $"{table.Name("pattern")} is no pattern: {fault.Message}", fault.Hint);
        }

        return pattern;
    }

    private static ImmutableArray<string> WordsOf(TableReader table)
    {
        if (table.Texts("values") is not ImmutableArray<TomlText> texts)
        {
            return [];
        }

        if (texts.IsEmpty)
        {
            table.Refuse(table.SpanOf("values"), $"{table.Name("values")} is empty", "name at least one word");
        }

        var words = ImmutableArray.CreateBuilder<string>(texts.Length);
        foreach (TomlText text in texts)
        {
            if (!Parameter.IsPlain(text.Value))
            {
                table.Refuse(text.Span, "no value of a parameter", $"accepted: at most {Parameter.MaxValueBytes} bytes, no line break, no tab");
            }

            words.Add(text.Value);
        }

        return words.MoveToImmutable();
    }

    private static string? DefaultOf(TableReader table, ParameterType type, string what)
    {
        if (table.Text("default") is TomlText text)
        {
            return text.Value;
        }

        if (table.Content.Find("default") is { IsWrong: false, Value: IntegerValueSyntax number } && type != ParameterType.Number)
        {
            table.Refuse(number.Span, $"the default of {what} is a string", "write it in quotes");
            return null;
        }

        return table.Number("default")?.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Said to the administrator, not to the first user.</summary>
    private static void CheckDefault(TableReader table, Parameter parameter)
    {
        bool canJudge = parameter.Pattern is not null || table.Content.Find("pattern") is null;
        canJudge &= parameter.Type != ParameterType.PathBelow || (parameter.Base is not null && table.Content.Find("base") is { IsWrong: false });
        canJudge &= parameter.Type != ParameterType.Word || !parameter.Words.IsEmpty;
        if (canJudge && parameter.Default is string value && !parameter.Accepts(value))
        {
            table.Refuse(table.Content.Find("default")!.Value!.Span, $"\"{Escaped.Shown(value)}\" is no value of {table.Name("default")}", $"accepted: {parameter.Accepted}");
        }
    }
}
