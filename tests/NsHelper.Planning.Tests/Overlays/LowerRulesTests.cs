using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Tests.Overlays;

/// <summary>The kernel copies owner, mode and setuid bit of what lies in a lower: only root may have made them up.</summary>
public sealed class LowerRulesTests
{
    private const long Ext4 = 0xef53;

    [Theory]
    [InlineData(Ext4)]
    [InlineData(0x01021994)] // tmpfs
    [InlineData(0x9123683e)] // btrfs
    public void File_systems_of_root_are_good(long type) => Assert.Null(LowerRules.Fault(Fact(type)));

    [Theory]
    [InlineData(0x65735546)] // FUSE
    [InlineData(0x6969)] // NFS
    [InlineData(0xff534d42)] // CIFS
    [InlineData(0x01021997)] // 9p
    [InlineData(0x4d44)] // FAT
    [InlineData(0x9fa0)] // proc
    [InlineData(0)]
    public void Any_other_is_not(long type) => Assert.Contains("root alone does not decide", LowerRules.Fault(Fact(type))!, StringComparison.Ordinal);

    [Fact]
    public void Nosuid_says_that_somebody_does_not_trust_what_is_there() =>
        Assert.Contains("is mounted nosuid", LowerRules.Fault(Fact(Ext4) with { IsNoSuid = true })!, StringComparison.Ordinal);

    [Fact]
    public void A_way_that_is_not_roots_comes_first() => Assert.Equal("does not exist", LowerRules.Fault(Fact(0) with { Defect = "does not exist" }));

    private static LowerFact Fact(long type) => new(AbsolutePath.Parse("/srv/tree")) { FileSystemType = type };
}
