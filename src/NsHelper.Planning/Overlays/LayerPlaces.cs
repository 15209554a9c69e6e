using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Overlays;

/// <summary>
/// The names of the directories in which overlays keep what a session changed: session/UID/SESSIONID/KEY and user/UID/KEY, where KEY is
/// PROFILE.TARGET with the target written as systemd-escape(1) writes a path.
/// </summary>
internal static class LayerPlaces
{
    /// <summary>Made by packaging, for root alone.</summary>
    public const string Name = "overlay";
    public const string Directory = $"{StateDirectories.Persistent}/{Name}";
    public const string Upper = "upper";
    public const string Work = "work";

    /// <summary>Sessions whose layers are kept for one user: what is not discarded takes room on the disk.</summary>
    public const int MostSessions = 32;

    /// <summary>Hexadecimal digits of a session id.</summary>
    public const int SessionIdLength = 32;

    public static string NameOf(LayerScope scope) => scope switch
    {
        LayerScope.Session => "session",
        LayerScope.User => "user",
        _ => throw new UnreachableException(),
    };

    /// <summary>Null when the name would be longer than a file name may be.</summary>
    public static string? KeyOf(ProfileName profile, AbsolutePath target)
    {
        string key = $"{profile.Text}.{PathName.Of(target)}";
        return key.Length <= PathName.MaxLength ? key : null;
    }

    public static bool TryParseKey(string key, [NotNullWhen(true)] out ProfileName? profile, [NotNullWhen(true)] out AbsolutePath? target)
    {
        profile = null;
        target = null;
        int dot = key.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !ProfileName.TryParse(key[..dot], out profile))
        {
            return false;
        }

        List<byte> path = [(byte)'/'];
        for (int i = dot + 1; i < key.Length; i++)
        {
            if (key[i] != '\\')
            {
                path.Add(key[i] == '-' ? (byte)'/' : (byte)key[i]);
            }
            else if (i + 3 < key.Length && key[i + 1] == 'x' && byte.TryParse(key.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte escaped))
            {
                path.Add(escaped);
                i += 3;
            }
            else
            {
                return false;
            }
        }

        // The root is "-" and so begins with two slashes.
        string text = Encoding.UTF8.GetString([.. path]);
        return AbsolutePath.TryParse(text == "//" ? "/" : text, out target) && KeyOf(profile.Value, target.Value) == key;
    }

    public static bool IsSessionId(string text)
    {
        foreach (char c in text)
        {
            if (c is not ((>= '0' and <= '9') or (>= 'a' and <= 'f')))
            {
                return false;
            }
        }

        return text.Length == SessionIdLength;
    }
}
