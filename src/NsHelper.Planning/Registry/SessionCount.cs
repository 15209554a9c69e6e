using System.Text;

namespace NsHelper.Planning.Registry;

/// <summary>How many sessions a user has by the names in a directory, counted for one more. Made of bytes: every start does it.</summary>
internal sealed class SessionCount(SessionName wanted)
{
    private readonly byte[] profile = Encoding.ASCII.GetBytes(wanted.Profile.Text);
    private readonly byte[] label = Encoding.ASCII.GetBytes(wanted.Label ?? "");

    public int OfProfile { get; private set; }

    public int OfUser { get; private set; }

    /// <summary>Whether one has the label of the one that is wanted.</summary>
    public bool HasLabel { get; private set; }

    /// <summary>A file of the directory, whether or not it names a session.</summary>
    public void Add(ReadOnlySpan<byte> file)
    {
        int dot = file.IndexOf((byte)'.');
        if (dot < 0)
        {
            return;
        }

        OfUser++;
        OfProfile += file[..dot].SequenceEqual(profile) ? 1 : 0;
        ReadOnlySpan<byte> rest = file[(dot + 1)..];
        HasLabel |= label.Length > 0 && rest.Length > SessionName.IdDigits && rest[SessionName.IdDigits] == (byte)'.' && rest[(SessionName.IdDigits + 1)..].SequenceEqual(label);
    }
}
