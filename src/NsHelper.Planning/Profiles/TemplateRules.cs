using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>Texts with {parameters}: sources and targets of mounts, values of variables, arguments of commands. Everywhere else a brace is a brace.</summary>
internal static class TemplateRules
{
    /// <summary>As far as one file shows it: every brace is doubled or belongs to a name.</summary>
    public static bool CheckForm(TomlText text, DiagnosticList diagnostics)
    {
        bool good = true;
        var scan = new TemplateScan(text.Value);
        while (scan.Next())
        {
            if (scan.Kind == PieceKind.Fault)
            {
                diagnostics.Add(text.SpanAt(scan.Start, 1), $"a {scan.Value} that belongs to no parameter", "write {{ for a { and }} for a }; {NAME} for a parameter (a-z, 0-9, _)");
                good = false;
            }
        }

        return good;
    }

    /// <summary>What the merged profile must hold.</summary>
    public static void Check(TableReader top, ImmutableArray<Parameter> parameters)
    {
        foreach (TomlTable mount in top.Content.Find("mount")?.Elements ?? [])
        {
            CheckPath(mount, "target", parameters, top.Diagnostics);
            CheckPath(mount, "source", parameters, top.Diagnostics);
        }

        foreach (TomlEntry entry in top.Content.Find("environment")?.Table?.Find("set")?.Table?.Entries ?? [])
        {
            if (TextOf(entry) is TomlText text)
            {
                CheckNames(text, parameters, top.Diagnostics);
            }
        }
    }

    /// <summary>Whether every name is one of the profile's parameters; those that are not are reported at their columns.</summary>
    public static bool CheckNames(TomlText text, ImmutableArray<Parameter> parameters, DiagnosticList diagnostics)
    {
        bool good = true;
        var scan = new TemplateScan(text.Value);
        while (scan.Next())
        {
            if (scan.Kind == PieceKind.Parameter && Find(parameters, scan.Value) is null)
            {
                string? nearest = Spelling.Nearest(scan.Value, NamesOf(parameters));
                diagnostics.Add(
                    text.SpanAt(scan.Start, scan.Length),
                    $"there is no parameter \"{Escaped.Shown(scan.Value)}\"",
                    nearest is null ? $"write [parameters.{Escaped.Shown(scan.Value)}], or {{{{ for a {{" : $"did you mean \"{nearest}\"?");
                good = false;
            }
        }

        return good;
    }

    private static void CheckPath(TomlTable mount, string key, ImmutableArray<Parameter> parameters, DiagnosticList diagnostics)
    {
        if (TextOf(mount.Find(key)) is not TomlText text || !TemplateScan.HasParameter(text.Value) || !CheckNames(text, parameters, diagnostics)
            || (key == "source" && MountReader.TypeOf(mount) == MountType.Symlink))
        {
            return;
        }

        if (Sample(text, parameters, diagnostics) is not string sample)
        {
            return;
        }

        string name = Escaped.Shown(mount.PathOf(key));
        string written = Escaped.Shown(text.Value);
        if (!AbsolutePath.TryParse(sample, out AbsolutePath? path))
        {
            diagnostics.Add(text.Span, $"{name} = \"{written}\" is not an absolute path in normal form", "a path_below stands for a whole path, with its first /; others for a name in a path");
        }
        else if ((key == "target" ? MountPlaces.TargetFault(path.Value, MountReader.TypeOf(mount)) : MountPlaces.SourceFault(path.Value)) is string fault)
        {
            diagnostics.Add(text.Span, $"{name} = \"{written}\" {fault}", null);
        }
    }

    /// <summary>A path it could become; null where a path stands before something else, so that the place would not be below what its base says.</summary>
    private static string? Sample(TomlText text, ImmutableArray<Parameter> parameters, DiagnosticList diagnostics)
    {
        var sample = new StringBuilder();
        var scan = new TemplateScan(text.Value);
        while (scan.Next())
        {
            Parameter? parameter = scan.Kind == PieceKind.Parameter ? Find(parameters, scan.Value) : null;
            if (parameter is { Type: ParameterType.PathBelow } && !scan.IsLast)
            {
                diagnostics.Add(text.SpanAt(scan.Start, scan.Length), $"parameter \"{parameter.Name}\" is a path and must stand at the end", null);
                return null;
            }

            sample.Append(parameter switch
            {
                null => PathText.SampleOf(scan.Value),
                { Type: ParameterType.PathBelow, WrittenBase: "/" } => "/x",
                { Type: ParameterType.PathBelow } => PathText.SampleOf(parameter.WrittenBase),
                _ => "x",
            });
        }

        return sample.ToString();
    }

    private static TomlText? TextOf(TomlEntry? entry) => entry is { IsWrong: false, Value: StringValueSyntax text } ? TomlText.Of(text) : null;

    private static Parameter? Find(ImmutableArray<Parameter> parameters, string name)
    {
        foreach (Parameter parameter in parameters)
        {
            if (parameter.Name == name)
            {
                return parameter;
            }
        }

        return null;
    }

    private static string[] NamesOf(ImmutableArray<Parameter> parameters)
    {
        var names = new string[parameters.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = parameters[i].Name;
        }

        return names;
    }
}
