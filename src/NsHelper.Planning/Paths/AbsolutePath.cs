using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NsHelper.Planning.Paths;

/// <summary>
/// An absolute path in normal form: begins with '/', no empty part, no '.' or '..', no trailing '/' (but for the root itself),
/// no NUL, no control character, at most 4,095 bytes of UTF-8. Containment is decided on parts, never on string prefixes.
/// </summary>
internal readonly record struct AbsolutePath
{
    private const int PathMax = 4096;
    private readonly string? text;

    private AbsolutePath(string text) => this.text = text;

    public static AbsolutePath Root { get; } = new("/");

    public string Text => text ?? "/";

    public bool IsRoot => Text.Length == 1;

    /// <summary>The parts between the slashes; none for the root.</summary>
    public string[] Parts => Text.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public int Depth => IsRoot ? 0 : Text.AsSpan().Count('/');

    public static bool TryParse(string text, [NotNullWhen(true)] out AbsolutePath? path)
    {
        path = null;
        if (text.Length == 0 || text[0] != '/' || Encoding.UTF8.GetByteCount(text) >= PathMax)
        {
            return false;
        }

        int start = 1;
        for (int i = 1; i <= text.Length && text.Length > 1; i++)
        {
            if (i < text.Length && text[i] != '/')
            {
                if (char.IsControl(text[i]))
                {
                    return false;
                }

                continue;
            }

            if (text.AsSpan(start, i - start) is "" or "." or "..")
            {
                return false;
            }

            start = i + 1;
        }

        path = new AbsolutePath(text);
        return true;
    }

    public static AbsolutePath Parse(string text) =>
        TryParse(text, out AbsolutePath? path) ? path.Value : throw new ArgumentException("not a normalised absolute path", nameof(text));

    /// <summary>Whether this path is <paramref name="other"/> or lies below it.</summary>
    public bool IsAtOrBelow(AbsolutePath other) =>
        other.IsRoot || Text == other.Text || (Text.StartsWith(other.Text, StringComparison.Ordinal) && Text[other.Text.Length] == '/');

    /// <summary>Whether this path lies below <paramref name="other"/>.</summary>
    public bool IsBelow(AbsolutePath other) => this != other && IsAtOrBelow(other);

    /// <summary>What lies here as <paramref name="path"/> lies below <paramref name="above"/>.</summary>
    public AbsolutePath Joined(AbsolutePath path, AbsolutePath above) => new((IsRoot ? "" : Text) + path.Text[(above.IsRoot ? 0 : above.Text.Length)..]);

    public override string ToString() => Text;
}
