using System.Collections.Immutable;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Schema;

/// <summary>The rules of <see cref="TextForm"/>, as far as one text can break them.</summary>
internal static class TextForms
{
    private const string VariableForm = "letters, digits and _, no digit first";
    private const string NameForm = "a-z, 0-9, _ and -, a letter or digit first, at most 63";
    private const string NetworkForm = "path:/run/netns/NAME";
    private const string UmaskForm = "three or four octal digits, as \"0022\"";

    /// <summary>Whether the text keeps the form; what it breaks is reported, with what would be right.</summary>
    /// <param name="name">The key, as messages name it.</param>
    public static bool Check(TextForm form, string name, TomlText text, DiagnosticList diagnostics)
    {
        string key = Escaped.Shown(name);
        return form switch
        {
            TextForm.Free => true,
            TextForm.Template => TemplateRules.CheckForm(text, diagnostics),
            TextForm.SetValue => PathText.CheckSpecifiers(text, diagnostics) & TemplateRules.CheckForm(text, diagnostics),
            TextForm.Path => PathText.Plain(key, text, diagnostics) is not null,
            TextForm.SpecifiedPath => PathText.Sample(key, text, diagnostics) is not null,
            TextForm.CallersPath => CheckCallersPath(key, text, diagnostics),
            TextForm.Target => CheckTarget(key, text, diagnostics),
            TextForm.MountTarget => TemplateRules.CheckForm(text, diagnostics) && (TemplateScan.HasParameter(text.Value) ? PathText.CheckSpecifiers(text, diagnostics) : CheckMountTarget(key, text, diagnostics)),
            TextForm.PlainSource => PathText.Plain(key, text, diagnostics) is AbsolutePath path && CheckPlace(MountPlaces.SourceFault(path), "source", text, diagnostics),
            TextForm.ListedPath => PathText.Sample(key, text.Value.StartsWith('-') ? text.From(1) : text, diagnostics) is not null,
            TextForm.SearchDirectory => CheckSearchDirectory(key, text, diagnostics),
            TextForm.ProfileName => Must(ProfileName.TryParse(text.Value, out _), NoName(name), NameHint(text.Value), key, text, diagnostics),
            TextForm.ParameterName => Must(Parameter.IsName(text.Value), "no name of a parameter", "a-z, 0-9 and _, at most 63", text.Value, text, diagnostics),
            TextForm.HostName => HostName.Check(text, diagnostics),
            TextForm.NetworkPath => Must(AbsolutePath.TryParse(text.Value["path:".Length..], out _), null, NetworkForm, key, text, diagnostics),
            TextForm.Principal => PrincipalReader.Read(key, text, everybody: true, diagnostics) is not null,
            TextForm.Group => PrincipalReader.Read(key, text, everybody: false, diagnostics) is not null,
            TextForm.Owner => text.Value == PrincipalRule.CallersName || PrincipalReader.Read(key, text, everybody: false, diagnostics) is not null,
            TextForm.OwnerGroup => text.Value == PrincipalRule.CallersGroup || PrincipalReader.Read(key, text, everybody: false, diagnostics) is not null,
            TextForm.Variable => CheckVariable(text.Value, VariableForm, text, diagnostics),
            TextForm.SetVariable => CheckSetVariable(text, diagnostics),
            TextForm.VariablePattern => CheckPattern(text, diagnostics),
            TextForm.Size => Must(Amounts.BytesOf(text.Value) is not null, "no size", Amounts.SizeForm, key, text, diagnostics),
            TextForm.Mode => CheckMode(key, text, mayHaveSetGroupId: false, diagnostics),
            TextForm.SharedMode => CheckMode(key, text, mayHaveSetGroupId: true, diagnostics),
            TextForm.Umask => Must(IsUmask(text.Value), null, $"accepted: caller, {UmaskForm}", key, text, diagnostics),
            TextForm.Capability => Must(Capabilities.Names.AsSpan().Contains(text.Value), "no capability", CapabilityHint(text.Value), key, text, diagnostics),
            TextForm.Duration => Must(Amounts.SecondsOf(text.Value) is not null, "no time span", Amounts.DurationForm, key, text, diagnostics),
            TextForm.Limit or TextForm.SizeLimit or TextForm.TimeLimit =>
                Must(LimitForm.Parse(form, 0, text.Value) is not null, "no limit", $"accepted: infinity, keep, {LimitForm.HintOf(form)}", key, text, diagnostics),
            TextForm.Processors => Must(ProcessorSet.Parse(text.Value, default) is not null, "no list of processors", "accepted: numbers and ranges, as \"0-3,8\"", key, text, diagnostics),
            _ => false,
        };
    }

    /// <summary>Of a key that takes words too: whether a text is meant for the form, so that a wrong one is judged by it.</summary>
    public static bool LooksLike(TextForm form, string text) => form switch
    {
        TextForm.NetworkPath => text.StartsWith("path:", StringComparison.Ordinal),
        TextForm.Limit or TextForm.SizeLimit or TextForm.TimeLimit => text.Length > 0 && (char.IsAsciiDigit(text[0]) || text.Contains(':', StringComparison.Ordinal)),
        TextForm.Umask => IsUmask(text),
        _ => true,
    };

    /// <summary>The form in a list of what a key takes; null where the words are all there is to say.</summary>
    public static string? Described(TextForm form) => form switch
    {
        TextForm.NetworkPath => NetworkForm,
        TextForm.Limit or TextForm.SizeLimit or TextForm.TimeLimit => LimitForm.HintOf(form),
        TextForm.Umask => UmaskForm,
        _ => null,
    };

    /// <summary>A better hint than the list of words, for words somebody is likely to try.</summary>
    public static string? HintFor(KeySchema key, string text) =>
        key.Name == "options" && text is "suid" or "dev" ? "nosuid and nodev are always set" : null;

    public static bool IsVariable(string name)
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

    private static bool Must(bool good, string? isNo, string hint, string key, TomlText text, DiagnosticList diagnostics)
    {
        if (!good)
        {
            diagnostics.Add(text.Span, $"\"{Escaped.Shown(text.Value)}\" is {isNo ?? $"no value of {key}"}", hint);
        }

        return good;
    }

    private static bool CheckCallersPath(string key, TomlText text, DiagnosticList diagnostics)
    {
        // Behind a doubled % an H is a letter.
        int host = text.Value.Replace("%%", "xx", StringComparison.Ordinal).IndexOf("%H", StringComparison.Ordinal);
        if (host >= 0)
        {
            diagnostics.Add(text.SpanAt(host, 2), $"{key} takes no %H", "accepted: %u %U user, %g %G group, %h home, %n profile, %% for a %");
            return false;
        }

        return PathText.Sample(key, text, diagnostics) is not null;
    }

    // What parameters make of a path is for TemplateRules, which knows them.
    private static bool CheckTarget(string key, TomlText text, DiagnosticList diagnostics) =>
        PathText.Sample(key, text, diagnostics) is AbsolutePath path && CheckPlace(MountPlaces.TargetFault(path, MountType.Bind), $"{key} =", text, diagnostics);

    // Which places are closed depends on the type, which another file may have: MountReader knows both.
    private static bool CheckMountTarget(string key, TomlText text, DiagnosticList diagnostics) =>
        PathText.Sample(key, text, diagnostics) is AbsolutePath path && CheckPlace(path.IsRoot ? MountPlaces.TargetFault(path, MountType.Bind) : null, $"{key} =", text, diagnostics);

    private static bool CheckPlace(string? fault, string what, TomlText text, DiagnosticList diagnostics)
    {
        if (fault is not null)
        {
            diagnostics.Add(text.Span, $"{what} \"{Escaped.Shown(text.Value)}\" {fault}", null);
        }

        return fault is null;
    }

    private static bool CheckSearchDirectory(string key, TomlText text, DiagnosticList diagnostics)
    {
        if (text.Value.Contains(':', StringComparison.Ordinal))
        {
            diagnostics.Add(text.Span, $"a directory of {key} has a colon", "write each directory as a string of its own");
            return false;
        }

        return PathText.Plain(key, text, diagnostics) is not null;
    }

    private static bool CheckVariable(string name, string hint, TomlText text, DiagnosticList diagnostics)
    {
        bool good = IsVariable(name);
        if (!good)
        {
            diagnostics.Add(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no name of a variable", hint);
        }

        return good;
    }

    private static bool CheckSetVariable(TomlText text, DiagnosticList diagnostics)
    {
        if (!CheckVariable(text.Value, VariableForm, text, diagnostics))
        {
            return false;
        }

        if (EnvironmentPlanner.IsAlwaysSet(text.Value))
        {
            diagnostics.Add(text.Span, $"{text.Value} is always set by nshelper", text.Value == "PATH" ? "write path = [...] in [environment]" : null);
            return false;
        }

        return true;
    }

    private static bool CheckPattern(TomlText text, DiagnosticList diagnostics)
    {
        if (!CheckVariable(text.Value.EndsWith('*') ? text.Value[..^1] : text.Value, $"{VariableForm}, * only at the end", text, diagnostics))
        {
            return false;
        }

        if (EnvironmentPlanner.NeverPasses(text.Value))
        {
            diagnostics.Add(text.Span, $"{text.Value} never comes from the caller", "it loads code into programs, or is always set");
            return false;
        }

        return true;
    }

    private static bool CheckMode(string key, TomlText text, bool mayHaveSetGroupId, DiagnosticList diagnostics)
    {
        if (!Must(Amounts.BitsOf(text.Value) is not null, "no mode", "accepted: three or four octal digits, as \"0755\" or \"1777\"", key, text, diagnostics))
        {
            return false;
        }

        if (Amounts.HasForbiddenBits(Amounts.BitsOf(text.Value) ?? 0, mayHaveSetGroupId))
        {
            diagnostics.Add(text.Span, $"\"{text.Value}\" has a setuid or setgid bit", "accepted: \"0000\" to \"1777\"");
            return false;
        }

        return true;
    }

    private static bool IsUmask(string text) => text.Length is 3 or 4 && !text.AsSpan().ContainsAnyExceptInRange('0', '7') && (text.Length == 3 || text[0] == '0');

    private static string NoName(string key) => key.StartsWith("extends", StringComparison.Ordinal) ? "no profile name" : $"no {key.Replace('.', ' ')}";

    private static string NameHint(string text) =>
        text.EndsWith(".toml", StringComparison.Ordinal) && ProfileName.TryParse(text[..^5], out ProfileName? name) ? $"write \"{name}\", without .toml" : NameForm;

    private static string CapabilityHint(string text) =>
        Spelling.Nearest(text, Capabilities.Names) is string nearest ? $"did you mean \"{nearest}\"?" : "names as in capabilities(7), as \"CAP_NET_BIND_SERVICE\"";
}
