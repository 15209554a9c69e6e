namespace NsHelper.Planning.Parameters;

/// <summary>The characters that one place of a pattern takes.</summary>
/// <param name="Members">Of ASCII, a bit each.</param>
/// <param name="HasOthers">Whether every character beyond ASCII is among them.</param>
internal readonly record struct CharacterSet(UInt128 Members, bool HasOthers)
{
    public static CharacterSet All => new(UInt128.MaxValue, true);

    public CharacterSet Inverted => new(~Members, !HasOthers);

    public bool Has(int scalar) => scalar < 128 ? (Members >> scalar & UInt128.One) != UInt128.Zero : HasOthers;

    /// <summary>With these characters of ASCII and all between them.</summary>
    public CharacterSet With(char first, char last)
    {
        UInt128 members = Members;
        for (int c = first; c <= last; c++)
        {
            members |= UInt128.One << c;
        }

        return this with { Members = members };
    }
}
