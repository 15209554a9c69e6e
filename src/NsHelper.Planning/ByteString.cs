using System.Collections.Immutable;
using System.Text;

namespace NsHelper.Planning;

/// <summary>
/// Bytes that came from outside and go back out unchanged: a command argument, a variable, a path the kernel named.
/// Compared byte for byte; shown only through <see cref="ToString"/>, which escapes everything that is not printable ASCII.
/// </summary>
internal readonly struct ByteString : IEquatable<ByteString>
{
    private readonly ImmutableArray<byte> bytes;

    public ByteString(ReadOnlySpan<byte> value) => bytes = ImmutableArray.Create(value);

    public static ByteString FromText(string text) => new(Encoding.UTF8.GetBytes(text));

    public ReadOnlySpan<byte> Span => bytes.IsDefault ? [] : bytes.AsSpan();

    public int Length => Span.Length;

    public bool Equals(ByteString other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is ByteString other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);

    /// <summary>The strict UTF-8 text of these bytes, or null when they are not UTF-8.</summary>
    public string? ToStrictText()
    {
        try
        {
            return StrictUtf8.GetString(Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Printable ASCII as it is, every other byte and the backslash as \xNN: safe in a log and on a terminal.</summary>
    public override string ToString() => Escaped.Bytes(Span);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
