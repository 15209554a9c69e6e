using System.Collections.Immutable;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>Users and groups as a profile names them: a name, #id, or * for everybody.</summary>
internal static class PrincipalReader
{
    private const int LongestName = 256;

    /// <summary>(uid_t)-1 means "no change" to the kernel and nobody to us.</summary>
    private const long LargestId = 4294967294;

    public static ImmutableArray<PrincipalRule> List(TableReader? table, string key)
    {
        ImmutableArray<PrincipalRule>.Builder rules = ImmutableArray.CreateBuilder<PrincipalRule>();
        foreach (TomlText text in table?.Texts(key) ?? [])
        {
            if (Read(key, text, everybody: true, table!.Diagnostics) is PrincipalRule rule)
            {
                rules.Add(rule);
            }
        }

        return rules.ToImmutable();
    }

    /// <summary>A single group, never everybody.</summary>
    public static PrincipalRule? Group(TableReader table, string key) =>
        table.Text(key) is TomlText text ? Read(key, text, everybody: false, table.Diagnostics) : null;

    /// <summary>To whom something of a session belongs; the schema has seen the form.</summary>
    public static PrincipalRule? Owner(TableReader table, string key) =>
        table.Text(key) is not TomlText text ? null
        : text.Value is PrincipalRule.CallersName or PrincipalRule.CallersGroup ? new PrincipalRule(text.Value, DiagnosticList.LocationOf(text.Span))
        : Read(key, text, everybody: false, table.Diagnostics);

    /// <summary>The rule a text is; null when it is none, and why is reported.</summary>
    public static PrincipalRule? Read(string key, TomlText text, bool everybody, DiagnosticList diagnostics)
    {
        var rule = new PrincipalRule(text.Value, DiagnosticList.LocationOf(text.Span));
        if (everybody && rule.IsEverybody)
        {
            return rule;
        }

        if (text.Value.StartsWith('#'))
        {
            if (TomlNumbers.Canonical(text.Value.AsSpan(1)) is long id && id <= LargestId)
            {
                return rule with { Number = (uint)id };
            }

            diagnostics.Add(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no id", $"accepted: #0 to #{LargestId}, in plain decimal digits");
            return null;
        }

        if (FaultOf(text.Value) is string hint)
        {
            diagnostics.Add(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no name in {key}", hint);
            return null;
        }

        return rule;
    }

    private static string? FaultOf(string name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return $"a name has 1 to {LongestName} characters";
        }

        if (!name.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            // A name of digits is a name to one database and an id to another.
            return $"write \"#{name}\" for an id";
        }

        return name == "*" ? "everybody is not possible here"
            : name[0] is '-' or '+' or '@' or '%' or '!' ? "a name begins with a letter, a digit or _; groups have lists of their own"
            : name.AsSpan().IndexOfAny(":,*\n\t") >= 0 ? "a name has none of : , * and no line break" : null;
    }
}
