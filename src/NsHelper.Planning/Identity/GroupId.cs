using System.Globalization;

namespace NsHelper.Planning.Identity;

/// <summary>A group id as the kernel has it. Its default is the overflow id (-1), which is nobody.</summary>
internal readonly record struct GroupId
{
    // Stored inverted, so that default(GroupId) is (gid_t)-1 and never the group root.
    private readonly uint inverted;

    public GroupId(uint value) => inverted = ~value;

    public uint Value => ~inverted;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
