using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Parameters;

/// <summary>[parameters.NAME]: a value that the user may choose with --set, within what the administrator wrote.</summary>
internal sealed record Parameter
{
    /// <summary>Bytes of a value.</summary>
    public const int MaxValueBytes = 4096;

    private const int MaxName = 63;
    private const int MaxShownWords = 20;

    public required string Name { get; init; }
    public required ParameterType Type { get; init; }

    /// <summary>Of a text; null takes any.</summary>
    public required Pattern? Pattern { get; init; }

    /// <summary>Of a word.</summary>
    public required ImmutableArray<string> Words { get; init; }

    /// <summary>Of a path: itself or what lies below it. As written, with specifiers of the caller.</summary>
    public required string WrittenBase { get; init; }

    /// <summary>The same as a path: null until it is known whose it is, and then nothing is accepted.</summary>
    public required AbsolutePath? Base { get; init; }

    /// <summary>Null when the user must set it.</summary>
    public required string? Default { get; init; }
    public required SourceLocation Location { get; init; }

    /// <summary>What is accepted, in a message.</summary>
    public string Accepted => Type switch
    {
        ParameterType.Text => Pattern is null ? "text without control characters" : $"text that matches {Escaped.Shown(Pattern.Text)} as a whole",
        ParameterType.Number => "a number in plain decimal digits, at most 18",
        ParameterType.Word => WordList(),
        ParameterType.PathBelow => $"{Escaped.Shown(Base?.Text ?? WrittenBase)} or an absolute path below it, without //, . or ..",
        _ => throw new UnreachableException(),
    };

    public static bool IsOfName(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_';

    public static bool IsName(string text)
    {
        foreach (char c in text)
        {
            if (!IsOfName(c))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= MaxName;
    }

    /// <summary>The parameter as it is for a caller; null where its base is none for this one, and then <paramref name="refusal"/> says why.</summary>
    public Parameter? For(Specifiers specifiers, out string? refusal)
    {
        refusal = null;
        if (Type != ParameterType.PathBelow)
        {
            return this;
        }

        // A home of "/" is an account without one: the whole file system would be below it.
        if (WrittenBase.Contains("%h", StringComparison.Ordinal) && specifiers.Caller.Home.IsRoot)
        {
            refusal = $"parameter {Name} needs a home directory, and this account has none";
            return null;
        }

        if (specifiers.TryExpandPath(WrittenBase, out AbsolutePath? path))
        {
            return this with { Base = path };
        }

        refusal = $"the base of parameter {Name}, \"{Escaped.Shown(WrittenBase)}\", is not an absolute path in normal form for this user";
        return null;
    }

    public bool Accepts(string value) => IsPlain(value) && Type switch
    {
        ParameterType.Text => Pattern is null || Pattern.Matches(value),
        ParameterType.Number => TomlNumbers.Canonical(value) is not null,
        ParameterType.Word => Words.AsSpan().Contains(value),
        ParameterType.PathBelow => Base is AbsolutePath below && AbsolutePath.TryParse(value, out AbsolutePath? path) && path.Value.IsAtOrBelow(below),
        _ => throw new UnreachableException(),
    };

    /// <summary>What holds for a value of any type: bounded, and nothing that ends a line or a string.</summary>
    public static bool IsPlain(string value)
    {
        foreach (char c in value)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return Encoding.UTF8.GetByteCount(value) <= MaxValueBytes;
    }

    private string WordList()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Words.Length && i < MaxShownWords; i++)
        {
            text.Append(i > 0 ? ", " : "").Append(Escaped.Shown(Words[i]));
        }

        return text.Append(Words.Length > MaxShownWords ? ", ..." : "").ToString();
    }
}

/// <summary>string, int, enum and path_below of the profile.</summary>
internal enum ParameterType
{
    Text,
    Number,
    Word,
    PathBelow,
}
