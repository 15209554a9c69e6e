using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Parameters;

/// <summary>What every parameter of a profile stands for in one start: what the command line set, else its default. Each value was accepted by its parameter.</summary>
internal sealed class ParameterValues
{
    private readonly ImmutableArray<(Parameter Parameter, string Value)> all;

    private ParameterValues(ImmutableArray<(Parameter Parameter, string Value)> all) => this.all = all;

    public static ParameterValues None { get; } = new([]);

    /// <summary>In the order of the profile.</summary>
    public ImmutableArray<(Parameter Parameter, string Value)> All => all;

    /// <summary>Null after a refusal, which is then in <paramref name="refusal"/>: for those who may use the profile.</summary>
    /// <param name="settings">--set, in the order of the command line.</param>
    /// <param name="specifiers">Of the caller; the host name in it does not matter, no base has one.</param>
    public static ParameterValues? Resolve(
        ImmutableArray<Parameter> parameters, ImmutableArray<(ByteString Name, ByteString Value)> settings, Specifiers specifiers, out string? refusal)
    {
        refusal = FaultOf(parameters, settings);
        if (refusal is not null)
        {
            return null;
        }

        var values = ImmutableArray.CreateBuilder<(Parameter, string)>(parameters.Length);
        foreach (Parameter written in parameters)
        {
            if (written.For(specifiers, out refusal) is not Parameter parameter)
            {
                return null;
            }

            ByteString? set = SettingOf(parameter, settings);
            string? value = set is ByteString bytes ? bytes.ToStrictText() : parameter.Default;
            if (value is null || !parameter.Accepts(value))
            {
                refusal = set is ByteString wrong
                    ? $"{Invocations.Ascii.Quoted(wrong)} is no value of parameter {parameter.Name}; accepted: {parameter.Accepted}"
                    : $"parameter {parameter.Name} must be set: --set {parameter.Name}=VALUE; accepted: {parameter.Accepted}";
                return null;
            }

            values.Add((parameter, value));
        }

        return new ParameterValues(values.MoveToImmutable());
    }

    /// <summary>As --set would have them, for a later start with the same.</summary>
    public ImmutableArray<(string Name, string Value)> AsSettings()
    {
        var settings = ImmutableArray.CreateBuilder<(string, string)>(all.Length);
        foreach ((Parameter parameter, string value) in all)
        {
            settings.Add((parameter.Name, value));
        }

        return settings.MoveToImmutable();
    }

    /// <summary>The reader has refused unknown names, so meeting one is a bug.</summary>
    public string Of(string name) => Find(name).Value;

    public Parameter ParameterOf(string name) => Find(name).Parameter;

    private (Parameter Parameter, string Value) Find(string name)
    {
        foreach ((Parameter Parameter, string Value) entry in all)
        {
            if (entry.Parameter.Name == name)
            {
                return entry;
            }
        }

        throw new InvalidOperationException("an unknown parameter passed the reader");
    }

    /// <summary>Why the values must not stand in this path: only a path may bring a slash, or a part that means another directory.</summary>
    public string? PathFault(string template)
    {
        var scan = new TemplateScan(template);
        while (scan.Next())
        {
            if (scan.Kind == PieceKind.Parameter
                && Find(scan.Value) is ({ Type: not ParameterType.PathBelow }, string value)
                && (value is "." or ".." || value.Contains('/', StringComparison.Ordinal)))
            {
                return $"parameter {scan.Value} is a part of a path here, and \"{Escaped.Shown(value)}\" is none; accepted: no /, not . and not ..";
            }
        }

        return null;
    }

    private static string? FaultOf(ImmutableArray<Parameter> parameters, ImmutableArray<(ByteString Name, ByteString Value)> settings)
    {
        for (int i = 0; i < settings.Length; i++)
        {
            if (!Has(parameters, settings[i].Name))
            {
                return $"the profile has no parameter {Invocations.Ascii.Quoted(settings[i].Name)}; it has {NamesOf(parameters)}";
            }

            for (int earlier = 0; earlier < i; earlier++)
            {
                if (settings[earlier].Name == settings[i].Name)
                {
                    return $"parameter {settings[i].Name} is set twice";
                }
            }
        }

        return null;
    }

    private static bool Has(ImmutableArray<Parameter> parameters, ByteString name)
    {
        foreach (Parameter parameter in parameters)
        {
            if (ByteString.FromText(parameter.Name) == name)
            {
                return true;
            }
        }

        return false;
    }

    private static ByteString? SettingOf(Parameter parameter, ImmutableArray<(ByteString Name, ByteString Value)> settings)
    {
        var name = ByteString.FromText(parameter.Name);
        foreach ((ByteString set, ByteString value) in settings)
        {
            if (set == name)
            {
                return value;
            }
        }

        return null;
    }

    private static string NamesOf(ImmutableArray<Parameter> parameters)
    {
        var text = new StringBuilder();
        foreach (Parameter parameter in parameters)
        {
            text.Append(text.Length > 0 ? ", " : "").Append(parameter.Name);
        }

        return text.Length == 0 ? "none" : text.ToString();
    }
}
