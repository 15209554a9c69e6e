using System.Collections.Immutable;
using System.Text;

namespace NsHelper.Planning.Doctor;

/// <summary>A small file of the host's configuration, as far as the caller may read it.</summary>
internal sealed record HostFile(string Path, Presence Presence, ByteString Text)
{
    /// <summary>Lines without what surrounds their words; those that are empty or a comment too. Latin-1: what is not ASCII stays one character a byte.</summary>
    public ImmutableArray<string> Lines()
    {
        string[] lines = Encoding.Latin1.GetString(Text.Span).Split('\n');
        var trimmed = ImmutableArray.CreateBuilder<string>(lines.Length);
        foreach (string line in lines)
        {
            trimmed.Add(line.Trim());
        }

        return trimmed.MoveToImmutable();
    }

    public bool HasLine(string wanted) => Lines().Contains(wanted);
}
