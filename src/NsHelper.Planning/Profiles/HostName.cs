using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>Names of hosts, as RFC 1123 has them and the kernel takes them.</summary>
internal static class HostName
{
    private const int Longest = 64;
    private const int LongestLabel = 63;

    public static bool Check(TomlText text, DiagnosticList diagnostics)
    {
        bool good = IsHostName(text.Value);
        if (!good)
        {
            diagnostics.Add(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no host name", $"letters, digits, - and dots between them, at most {Longest}");
        }

        return good;
    }

    private static bool IsHostName(string name)
    {
        if (name.Length is 0 or > Longest)
        {
            return false;
        }

        foreach (string label in name.Split('.'))
        {
            if (label.Length is 0 or > LongestLabel || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }
}
