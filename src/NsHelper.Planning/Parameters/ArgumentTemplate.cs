using System.Collections.Immutable;
using System.Text;

namespace NsHelper.Planning.Parameters;

/// <summary>
/// The arguments a [[command]] takes, token by token: text, * and ? within one argument, {NAME}. A token never speaks of more than one argument, and
/// what a parameter stands for is text, whatever is in it.
/// </summary>
/// <param name="Tokens">As written, without a last "...".</param>
/// <param name="TakesTail">Whether any further arguments may follow.</param>
internal sealed record ArgumentTemplate(ImmutableArray<string> Tokens, bool TakesTail)
{
    /// <summary>The last token that stands for any tail.</summary>
    public const string Tail = "...";

    // Beside the 256 values of a byte.
    private const int AnyBytes = 256;
    private const int AnyByte = 257;

    /// <summary>Whether there is one list of arguments only, so that it can be run without being asked for.</summary>
    public bool IsFixed
    {
        get
        {
            foreach (string token in Tokens)
            {
                if (token.AsSpan().IndexOfAny('*', '?') >= 0)
                {
                    return false;
                }
            }

            return !TakesTail;
        }
    }

    public bool IsSameAs(ArgumentTemplate other) => TakesTail == other.TakesTail && Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan());

    /// <param name="arguments">Without argv[0].</param>
    public bool Matches(ReadOnlySpan<ByteString> arguments, ParameterValues parameters)
    {
        if (arguments.Length < Tokens.Length || (arguments.Length > Tokens.Length && !TakesTail))
        {
            return false;
        }

        for (int i = 0; i < Tokens.Length; i++)
        {
            if (!Matches(ElementsOf(Tokens[i], parameters).ToArray(), arguments[i].Span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The arguments of a template that is fixed.</summary>
    public ImmutableArray<ByteString> Expand(ParameterValues parameters)
    {
        var arguments = ImmutableArray.CreateBuilder<ByteString>(Tokens.Length);
        foreach (string token in Tokens)
        {
            List<int> elements = ElementsOf(token, parameters);
            var bytes = new byte[elements.Count];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)elements[i]; // checked: of a token that is not fixed this throws
            }

            arguments.Add(new ByteString(bytes));
        }

        return arguments.MoveToImmutable();
    }

    /// <summary>For messages: a blank before each token.</summary>
    public string Shown()
    {
        var text = new StringBuilder();
        foreach (string token in Tokens)
        {
            text.Append(' ').Append(token.Length == 0 ? "\"\"" : Escaped.Shown(token));
        }

        return text.Append(TakesTail ? " ..." : "").ToString();
    }

    private static List<int> ElementsOf(string token, ParameterValues parameters)
    {
        List<int> elements = [];
        var scan = new TemplateScan(token);
        while (scan.Next())
        {
            bool isText = scan.Kind == PieceKind.Text;
            foreach (byte b in Encoding.UTF8.GetBytes(isText ? scan.Value : parameters.Of(scan.Value)))
            {
                elements.Add(isText && b == (byte)'*' ? AnyBytes : isText && b == (byte)'?' ? AnyByte : b);
            }
        }

        return elements;
    }

    /// <summary>Of several stars only the last is ever tried again, so the time is the product of the lengths at most.</summary>
    private static bool Matches(ReadOnlySpan<int> elements, ReadOnlySpan<byte> bytes)
    {
        int element = 0;
        int at = 0;
        int star = -1;
        int resume = 0;
        while (at < bytes.Length)
        {
            if (element < elements.Length && elements[element] == AnyBytes)
            {
                star = element++;
                resume = at;
            }
            else if (element < elements.Length && (elements[element] == AnyByte || elements[element] == bytes[at]))
            {
                element++;
                at++;
            }
            else if (star >= 0)
            {
                element = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (element < elements.Length && elements[element] == AnyBytes)
        {
            element++;
        }

        return element == elements.Length;
    }
}
