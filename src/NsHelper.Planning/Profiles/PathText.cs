using System.Text;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>Paths as a profile writes them, with and without specifiers, judged as far as that is possible before there is a caller.</summary>
internal static class PathText
{
    private const string Form = "an absolute path begins with / and has no //, no . or .., no / at its end";
    private const string Known = "known: %u %U user, %g %G group, %h home, %n profile, %H host, %% for a %";

    /// <summary>A path without specifiers.</summary>
    public static AbsolutePath? Plain(string key, TomlText text, DiagnosticList diagnostics)
    {
        int percent = text.Value.IndexOf('%', StringComparison.Ordinal);
        if (percent >= 0)
        {
            diagnostics.Add(text.SpanAt(percent, 1), $"{key} takes no specifiers", "write the path out, without %");
            return null;
        }

        if (AbsolutePath.TryParse(text.Value, out AbsolutePath? path))
        {
            return path;
        }

        RefuseForm(key, text, diagnostics);
        return null;
    }

    /// <summary>A path with specifiers: any path it could become, or null.</summary>
    public static AbsolutePath? Sample(string key, TomlText text, DiagnosticList diagnostics)
    {
        if (!CheckSpecifiers(text, diagnostics))
        {
            return null;
        }

        if (AbsolutePath.TryParse(SampleOf(text.Value), out AbsolutePath? path))
        {
            return path;
        }

        RefuseForm(key, text, diagnostics);
        return null;
    }

    /// <summary>Whether every % stands for something; those that do not are reported at their columns.</summary>
    public static bool CheckSpecifiers(TomlText text, DiagnosticList diagnostics)
    {
        bool good = true;
        string value = text.Value;
        for (int i = value.IndexOf('%', StringComparison.Ordinal); i >= 0 && !diagnostics.IsFull; i = NextPercent(value, i + 2))
        {
            if (i + 1 == value.Length)
            {
                diagnostics.Add(text.SpanAt(i, 1), "a lone % at the end", "write %% for a %");
                good = false;
            }
            else if (value[i + 1] is not ('u' or 'U' or 'g' or 'G' or 'h' or 'n' or 'H' or '%'))
            {
                diagnostics.Add(text.SpanAt(i, 2), $"unknown specifier {Escaped.Shown(value.Substring(i, char.IsSurrogatePair(value, i + 1) ? 3 : 2))}", Known);
                good = false;
            }
        }

        return good && !diagnostics.IsFull;
    }

    /// <summary>The text as it could become: the home is /h, everything else x.</summary>
    public static string SampleOf(string value)
    {
        if (!value.Contains('%', StringComparison.Ordinal))
        {
            return value;
        }

        var sample = new StringBuilder(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
            {
                sample.Append(value[i]);
                continue;
            }

            i++;
            sample.Append(value[i] == 'h' ? "/h" : "x");
        }

        return sample.ToString();
    }

    private static int NextPercent(string value, int from) => from >= value.Length ? -1 : value.IndexOf('%', from);

    private static void RefuseForm(string key, TomlText text, DiagnosticList diagnostics) => diagnostics.Add(
        text.Span,
        $"{key} = \"{Escaped.Shown(text.Value)}\" is not an absolute path in normal form",
        text.Value.StartsWith('~') ? "write %h for the home of the user" : Form);
}
