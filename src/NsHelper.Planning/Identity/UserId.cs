using System.Globalization;

namespace NsHelper.Planning.Identity;

/// <summary>A user id as the kernel has it. Its default is the overflow id (-1), which is nobody.</summary>
internal readonly record struct UserId
{
    // Stored inverted, so that default(UserId) is (uid_t)-1 and never root.
    private readonly uint inverted;

    public UserId(uint value) => inverted = ~value;

    public uint Value => ~inverted;

    public bool IsRoot => Value == 0;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
