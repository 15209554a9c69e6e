using System.Diagnostics.CodeAnalysis;
using System.Text;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;

namespace NsHelper.Planning.Paths;

/// <summary>
/// The specifiers of systemd.unit(5) that profiles may use: %u %U user, %g %G group, %h home, %n profile, %H host, %%.
/// Their values come from the password entry of the real uid and from the kernel, never from the environment.
/// </summary>
internal sealed record Specifiers(Caller Caller, string ProfileName, string HostName)
{
    /// <summary>The text with every specifier replaced. The reader has refused unknown ones, so meeting one is a bug.</summary>
    public string Expand(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var expanded = new StringBuilder(text.Length + 32);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                expanded.Append(text[i]);
                continue;
            }

            i++;
            expanded.Append(i < text.Length ? ValueOf(text[i]) : throw new InvalidOperationException("a lone % passed the reader"));
        }

        return expanded.ToString();
    }

    /// <summary>The text with every specifier and every {parameter} replaced; a value is not looked at again.</summary>
    public string Expand(string text, ParameterValues parameters)
    {
        var expanded = new StringBuilder(text.Length + 32);
        var scan = new TemplateScan(text);
        while (scan.Next())
        {
            expanded.Append(scan.Kind switch
            {
                PieceKind.Text => Expand(scan.Value),
                PieceKind.Parameter => parameters.Of(scan.Value),
                _ => throw new InvalidOperationException("a lone brace passed the reader"),
            });
        }

        return expanded.ToString();
    }

    /// <summary>Expands to a path that is absolute and in normal form, or gives false.</summary>
    public bool TryExpandPath(string text, [NotNullWhen(true)] out AbsolutePath? path) => AbsolutePath.TryParse(Expand(text), out path);

    public bool TryExpandPath(string text, ParameterValues parameters, [NotNullWhen(true)] out AbsolutePath? path) =>
        AbsolutePath.TryParse(Expand(text, parameters), out path);

    private string ValueOf(char specifier) => specifier switch
    {
        'u' => Caller.Name,
        'U' => Caller.UserId.ToString(),
        'g' => Caller.GroupName,
        'G' => Caller.GroupId.ToString(),
        'h' => Caller.Home.Text,
        'n' => ProfileName,
        'H' => HostName,
        '%' => "%",
        _ => throw new InvalidOperationException("an unknown specifier passed the reader"),
    };
}
