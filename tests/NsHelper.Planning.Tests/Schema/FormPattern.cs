using System.Globalization;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Tests.Schema;

/// <summary>
/// The rules of a <see cref="TextForm"/> as JSON Schema has them: regular expressions without look-around, which all editors have, and a bound of
/// the length. <see cref="Inexpressible"/> has what is beyond them.
/// </summary>
internal sealed record FormPattern(string Pattern)
{
    private const string Control = @"\x00-\x1f\x7f-\x9f";
    private const string Blank = @"\x00-\x08\x0b-\x1f\x7f-\x9f"; // control characters, but for line breaks and tabs
    private const string Specifier = "%[uUgGhnH%]";
    private const string Braces = @"\{\{|\}\}";
    private const string Parameter = @"\{[a-z0-9_]+\}";
    private const string Variable = "[A-Za-z_][A-Za-z0-9_]*";
    private const string NameStart = "[^-+@%!#0-9:,*" + Control + "]";
    private const string NameNonDigit = "[^0-9:,*" + Control + "]";
    private const string NameText = "[^:,*" + Control + "]*";
    private const string Amount = "(?:infinity|0|[1-9][0-9]{0,17})";
    private const long MostBytes = 1L << 50;
    private const long MostSeconds = 365L * 24 * 60 * 60;

    private static readonly string PlainPart = Part($"[^/.%{Control}]", $"[^/%{Control}]", "/");
    private static readonly string AnyPart = Part($"[^/.{Control}]", $"[^/{Control}]", "/");

    // %h stands for a path itself: it ends a part and begins the next.
    private static readonly string SpecifiedPart =
        $"(?:{Part($"(?:[^/.%{Control}]|%[uUgGnH%])", $"(?:[^/%{Control}]|%[uUgGnH%])", "/")}|%h(?:[^/%{Control}]|%[uUgGnH%])*)";

    // The same where a brace is doubled.
    private static readonly string BracedPart =
        $"(?:{Part($"(?:[^/.%{{}}{Control}]|%[uUgGnH%]|{Braces})", $"(?:[^/%{{}}{Control}]|%[uUgGnH%]|{Braces})", "/")}|%h(?:[^/%{{}}{Control}]|%[uUgGnH%]|{Braces})*)";

    private const string TemplateText = $@"(?:[^%{{}}{Blank}]|{Specifier}|{Braces})";

    // What a parameter makes of a path only the reader of the whole profile knows.
    private const string WithParameter = $"{TemplateText}*{Parameter}(?:{TemplateText}|{Parameter})*";

    public int? MaxLength { get; init; }

    /// <summary>What the text must not match all the same.</summary>
    public string? Not { get; init; }

    /// <summary>What a text is that is one of a few.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>What the reader refuses and no JSON Schema can: an example, and why.</summary>
    public static (string Example, string Reason)[] Inexpressible =>
    [
        ("[[mount]]\ntarget = \"/x\"\ninodes = 0x10\n", "editors see the value of a number, not how it is written"),
        ("[[mount]]\ntarget = \"/x\"\ninodes = 64.0\n", "a number without a fraction is an integer in JSON"),
        ("description = 2026-01-01\n", "JSON has no dates, editors make strings of them"),
        ("[limits]\nnofile = \"2:1\"\n", "an expression cannot compare two numbers"),
        ("[limits]\ncpu_affinity = \"3-1\"\n", "an expression cannot compare two numbers"),
        ($"[[command]]\npath = \"/{new string('é', 2100)}\"\n", "lengths are counted in characters, those of paths in bytes"),
    ];

    public static FormPattern Of(TextForm form) => form switch
    {
        TextForm.Free => new($"[^{Blank}]*"),
        TextForm.Template => new($@"(?:[^{{}}{Blank}]|{Braces}|{Parameter})*"),
        TextForm.SetValue => new($"(?:{TemplateText}|{Parameter})*"),
        TextForm.Path => Path($"(?:/|{PlainPart}+)"),
        TextForm.SpecifiedPath => Path($"(?:/|{SpecifiedPart}+)"),
        TextForm.CallersPath => Path($"(?:/|{SpecifiedPart}+)") with { Not = "^(?:[^%]|%[^H])*%H" },
        TextForm.Target => Path($"{SpecifiedPart}+") with { Not = "^/(?:proc|sys)(?:/|%h|$)" },
        TextForm.MountTarget => Path($"(?:{BracedPart}+|{WithParameter})"),
        TextForm.ParameterName => new("[a-z0-9_]+") { MaxLength = 63 },
        TextForm.PlainSource => Path($"(?:/|{PlainPart}+)") with { Not = "^/proc(?:/|$)" },
        TextForm.ListedPath => Path($"-?(?:/|{SpecifiedPart}+)"),
        TextForm.SearchDirectory => Path($"(?:/|{PlainPart}+)") with { Not = ":" },
        TextForm.ProfileName => new("[a-z0-9][a-z0-9_-]{0,62}"),
        TextForm.HostName => new(@"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*") { MaxLength = 64 },
        TextForm.NetworkPath => new($"path:(?:/|{AnyPart}+)") { MaxLength = "path:".Length + 4095 },
        TextForm.Principal => new($@"(?:\*|{PrincipalName})") { MaxLength = 256 },
        TextForm.Group => new(PrincipalName) { MaxLength = 256 },
        TextForm.Owner => new($"(?:{PrincipalRule.CallersName}|{PrincipalName})") { MaxLength = 256 },
        TextForm.OwnerGroup => new($"(?:{PrincipalRule.CallersGroup}|{PrincipalName})") { MaxLength = 256 },
        TextForm.Variable => new(Variable),
        TextForm.SetVariable => new(Variable) { Not = $"^{OneOf(EnvironmentPlanner.AlwaysSet)}$" },
        TextForm.VariablePattern => new($@"{Variable}\*?") { Not = NeverPassed },
        TextForm.Size => new($"(?:{UpTo(MostBytes)}|{SizeWithUnit})"),
        TextForm.Duration => new($"(?:{UpTo(MostSeconds)}|{TimeWithUnit})"),
        TextForm.Mode => new("[01]?[0-7]{3}"),
        TextForm.SharedMode => new("[0-3]?[0-7]{3}"),
        TextForm.Umask => new("0?[0-7]{3}"),
        TextForm.Capability => new("") { Words = Capabilities.Names },
        TextForm.Limit => Limit(Amount),
        TextForm.SizeLimit => Limit($"(?:{Amount}|{SizeWithUnit})"),
        TextForm.TimeLimit => Limit($"(?:{Amount}|{TimeWithUnit})"),
        TextForm.Processors => new($"{Processor}(?:-{Processor})?(?:,{Processor}(?:-{Processor})?)*"),
        _ => throw new InvalidOperationException($"no pattern is known for {form}"),
    };

    private static string SizeWithUnit => $"{UpTo(MostBytes >> 10)}K|{UpTo(MostBytes >> 20)}M|{UpTo(MostBytes >> 30)}G|{UpTo(MostBytes >> 40)}T";

    private static string TimeWithUnit => $"{UpTo(MostSeconds)}s|{UpTo(MostSeconds / 60)}min|{UpTo(MostSeconds / 3600)}h|{UpTo(MostSeconds / 86400)}d";

    private static FormPattern Limit(string amount) => new($"{amount}(?::{amount})?");

    /// <summary>An id, or a name that is not all digits.</summary>
    private static string PrincipalName => $"(?:#(?:0|{UpTo(4_294_967_294)})|{NameStart}{NameText}|[0-9]+{NameNonDigit}{NameText})";

    private static string Processor => $"(?:0|{UpTo(8191)})";

    /// <summary>Names of which no whole pattern may come from the caller, and those that no policy lets through.</summary>
    private static string NeverPassed
    {
        get
        {
            string[] beginnings = [.. EnvironmentPlanner.NeverPassed.Where(name => name.EndsWith('*')).Select(name => name[..^1])];
            string[] names = [.. EnvironmentPlanner.NeverPassed.Where(name => !name.EndsWith('*'))];
            return $@"^(?:{OneOf(beginnings)}.*|{OneOf(names)}\*?|{OneOf(EnvironmentPlanner.AlwaysSet)})$";
        }
    }

    private static FormPattern Path(string pattern) => new(pattern) { MaxLength = 4095 };

    /// <summary>A part of a path that is neither empty nor . nor .. , written without look-ahead.</summary>
    private static string Part(string first, string other, string slash) => $@"(?:{slash}(?:{first}{other}*|\.{first}{other}*|\.\.{other}+))";

    private static string OneOf(IEnumerable<string> words) => $"(?:{string.Join('|', words)})";

    /// <summary>The numbers from 1 to the most, without leading zeros.</summary>
    private static string UpTo(long most)
    {
        string digits = most.ToString(CultureInfo.InvariantCulture);
        List<string> alternatives = [digits];
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            char lowest = i == 0 ? '1' : '0';
            if (digits[i] > lowest)
            {
                alternatives.Add($"{digits[..i]}[{lowest}-{(char)(digits[i] - 1)}]{Digits(digits.Length - 1 - i)}");
            }
        }

        if (digits.Length > 1)
        {
            alternatives.Add($"[1-9][0-9]{{0,{digits.Length - 2}}}");
        }

        return OneOf(alternatives);
    }

    private static string Digits(int count) => count == 0 ? "" : $"[0-9]{{{count}}}";
}
