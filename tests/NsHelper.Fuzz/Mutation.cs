namespace NsHelper.Fuzz;

/// <summary>Changes an input: bytes, words, lines, and parts of other inputs. The same seed gives the same changes.</summary>
internal sealed class Mutation(Random random)
{
    /// <summary>Somewhat beyond what a file may have.</summary>
    private const int MostBytes = 70_000;

    public byte[] Of(byte[] input, byte[] other)
    {
        List<byte> bytes = [.. input];
        for (int change = 1 << random.Next(0, 5); change > 0; change--)
        {
            Change(bytes, other);
        }

        return bytes.Count > MostBytes ? [.. bytes[..MostBytes]] : [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        int at = random.Next(bytes.Count + 1);
        int length = random.Next(Math.Min(bytes.Count - at, 40) + 1);
        switch (random.Next(12))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 3:
                RemoveLines(bytes, at);
                break;
            case 4:
                bytes.InsertRange(StartOfLine(bytes, random.Next(bytes.Count + 1)), Line(bytes, at));
                break;
            case 5:
                bytes.InsertRange(StartOfLine(bytes, at), Line([.. other], random.Next(other.Length + 1)));
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[random.Next(other.Length + 1)..]);
                break;
            case 7 when random.Next(20) == 0:
                Repeat(bytes, at, length);
                break;
            case 8 or 9:
                (int start, int end) = WordAt(bytes, at);
                bytes.RemoveRange(start, end - start);
                bytes.InsertRange(start, Words.All[random.Next(Words.All.Length)]);
                break;
            default:
                bytes.InsertRange(at, Words.All[random.Next(Words.All.Length)]);
                break;
        }
    }

    private void Repeat(List<byte> bytes, int at, int length)
    {
        List<byte> part = bytes.GetRange(at, length);
        for (int count = random.Next(MostBytes / (length + 1)); count > 0 && bytes.Count < MostBytes; count--)
        {
            bytes.InsertRange(at, part);
        }
    }

    private void RemoveLines(List<byte> bytes, int at)
    {
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            int start = StartOfLine(bytes, Math.Min(at, bytes.Count));
            bytes.RemoveRange(start, Line(bytes, start).Count);
        }
    }

    private static int StartOfLine(List<byte> bytes, int at)
    {
        while (at > 0 && bytes[at - 1] != (byte)'\n')
        {
            at--;
        }

        return at;
    }

    private static List<byte> Line(List<byte> bytes, int at)
    {
        int start = StartOfLine(bytes, at);
        int end = bytes.IndexOf((byte)'\n', start);
        return bytes.GetRange(start, (end < 0 ? bytes.Count : end + 1) - start);
    }

    /// <summary>A key, a number or the text of a string.</summary>
    private static (int Start, int End) WordAt(List<byte> bytes, int at)
    {
        int start = at;
        int end = at;
        while (start > 0 && IsOfWord(bytes[start - 1]))
        {
            start--;
        }

        while (end < bytes.Count && IsOfWord(bytes[end]))
        {
            end++;
        }

        return (start, end);
    }

    private static bool IsOfWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'-' or (byte)'"';
}
