using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace NsHelper.Planning.Mounts;

/// <summary>
/// Reads one line of /proc/PID/mountinfo. Fields are separated by exactly one blank; blanks, tabs, line feeds and backslashes inside a
/// field arrive as \ooo. A line of any other form is refused whole: nothing is guessed about a table that is to be believed.
/// </summary>
internal ref struct MountInfoLine
{
    private ReadOnlySpan<byte> rest;
    private bool atEnd;

    private MountInfoLine(ReadOnlySpan<byte> line) => rest = line;

    // proc_pid_mountinfo(5):
    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    // (1)(2)(3)  (4)   (5)   (6)        (7)     (8)(9)  (10)      (11)
    // (1) id, (2) parent, (3) major:minor, (4) root, (5) mount point, (6) per-mount options, (7) any number of optional fields,
    // (8) their end, (9) type[.subtype], (10) source, (11) options of the file system
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out MountEntry? entry)
    {
        entry = null;
        var line = new MountInfoLine(text);
        if (!line.TryNumber(out int id)
            || !line.TryNumber(out int parent)
            || !line.TryDevice(out uint major, out uint minor)
            || !line.TryName(out ByteString root)
            || !line.TryName(out ByteString target)
            || !line.TryOptions(out ByteString options)
            || !line.TryPropagation(out MountPropagation propagation)
            || !line.TryName(out ByteString type)
            || !line.TryName(out ByteString source)
            || line.atEnd
            || root.Length == 0 || target.Length == 0 || options.Length == 0 || type.Length == 0)
        {
            return false;
        }

        entry = new MountEntry
        {
            Id = id,
            ParentId = parent,
            DeviceMajor = major,
            DeviceMinor = minor,
            Root = root,
            Target = target,
            Options = options,
            Propagation = propagation,
            FilesystemType = type,
            Source = source,

            // A file system prints what it likes here, blanks included: the rest of the line, decoded where it is encoded.
            FilesystemOptions = DecodeLoosely(line.rest),
        };
        return true;
    }

    private bool TryField(out ReadOnlySpan<byte> field)
    {
        field = rest;
        if (atEnd)
        {
            return false;
        }

        int blank = rest.IndexOf((byte)' ');
        atEnd = blank < 0;
        field = atEnd ? rest : rest[..blank];
        rest = atEnd ? [] : rest[(blank + 1)..];
        return true;
    }

    private bool TryNumber(out int number)
    {
        number = 0;
        return TryField(out ReadOnlySpan<byte> field) && TryNumber(field, out number);
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        return !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(digits, out number, out int used)
            && used == digits.Length;
    }

    private bool TryDevice(out uint major, out uint minor)
    {
        (major, minor) = (0, 0);
        if (!TryField(out ReadOnlySpan<byte> field))
        {
            return false;
        }

        int colon = field.IndexOf((byte)':');
        if (colon < 0 || !TryNumber(field[..colon], out int first) || !TryNumber(field[(colon + 1)..], out int second))
        {
            return false;
        }

        (major, minor) = ((uint)first, (uint)second);
        return true;
    }

    private bool TryName(out ByteString name)
    {
        name = default;
        return TryField(out ReadOnlySpan<byte> field) && TryDecode(field, out name);
    }

    private bool TryOptions(out ByteString options)
    {
        bool there = TryField(out ReadOnlySpan<byte> field);
        options = DecodeLoosely(field);
        return there;
    }

    private bool TryPropagation(out MountPropagation propagation)
    {
        propagation = default;
        while (TryField(out ReadOnlySpan<byte> field))
        {
            if (field.SequenceEqual("-"u8))
            {
                return true;
            }

            if (!TryTag(field, ref propagation))
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryTag(ReadOnlySpan<byte> field, ref MountPropagation propagation)
    {
        int colon = field.IndexOf((byte)':');
        ReadOnlySpan<byte> tag = colon < 0 ? field : field[..colon];
        ReadOnlySpan<byte> value = colon < 0 ? [] : field[(colon + 1)..];
        if (tag.SequenceEqual("unbindable"u8))
        {
            propagation = propagation with { Unbindable = true };
            return colon < 0;
        }

        bool isNumber = TryNumber(value, out int group);
        if (tag.SequenceEqual("shared"u8))
        {
            propagation = propagation with { Shared = group };
            return isNumber;
        }

        if (tag.SequenceEqual("master"u8))
        {
            propagation = propagation with { Master = group };
            return isNumber;
        }

        if (tag.SequenceEqual("propagate_from"u8))
        {
            propagation = propagation with { PropagateFrom = group };
            return isNumber;
        }

        // A later kernel may add tags; the manual page asks readers to pass over them.
        return tag.Length > 0;
    }

    private static bool TryDecode(ReadOnlySpan<byte> field, out ByteString name)
    {
        if (!field.Contains((byte)'\\'))
        {
            name = new ByteString(field);
            return true;
        }

        byte[] decoded = new byte[field.Length];
        int length = 0;
        for (int i = 0; i < field.Length; i++)
        {
            byte b = field[i];
            if (b == (byte)'\\')
            {
                if (!TryOctal(field[(i + 1)..], out b))
                {
                    name = default;
                    return false;
                }

                i += 3;
            }

            decoded[length++] = b;
        }

        name = new ByteString(decoded.AsSpan(0, length));
        return true;
    }

    private static ByteString DecodeLoosely(ReadOnlySpan<byte> field) => TryDecode(field, out ByteString name) ? name : new ByteString(field);

    private static bool TryOctal(ReadOnlySpan<byte> digits, out byte value)
    {
        value = 0;
        if (digits.Length < 3 || digits[0] > (byte)'3' || digits[..3].ContainsAnyExceptInRange((byte)'0', (byte)'7'))
        {
            return false;
        }

        value = (byte)(((digits[0] - '0') << 6) | ((digits[1] - '0') << 3) | (digits[2] - '0'));
        return true;
    }
}
