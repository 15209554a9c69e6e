using System.Security.Cryptography;
using Xunit;

namespace NsHelper.BinaryTests;

/// <summary>Anybody can rebuild the shipped bytes, and nobody can publish others unnoticed.</summary>
public sealed class RebuildTests(RebuiltElsewhere rebuilt) : IClassFixture<RebuiltElsewhere>
{
    [Theory]
    [InlineData("nshelper")]
    [InlineData("nshelper.dbg")]
    public void Another_directory_gives_the_same_bytes(string name)
    {
        Assert.True(rebuilt.Publish.Status == 0, rebuilt.Publish.Output);
        string published = Path.Combine(Path.GetDirectoryName(Repository.Binary)!, name);

        Assert.Equal(Digest(published), Digest(rebuilt.FileOf(name)));
    }

    /// <summary>The negative test of the relink: without it the publish itself fails, and says for which imports.</summary>
    [Fact]
    public void A_runtime_that_was_not_relinked_cannot_be_published()
    {
        Assert.NotEqual(0, rebuilt.Control.Status);
        Assert.Contains("error NSH001: ", rebuilt.Control.Output, StringComparison.Ordinal);
        Assert.Contains("forbidden imports: execv fopen64 getenv pthread_create", rebuilt.Control.Output, StringComparison.Ordinal);
    }

    /// <summary>packages.lock.json does not cover the runtime pack; its files run as root.</summary>
    [Fact]
    public void Another_runtime_pack_cannot_be_published()
    {
        Assert.NotEqual(0, rebuilt.OtherPack.Status);
        Assert.Contains("error NSH002: the runtime pack is not the pinned one", rebuilt.OtherPack.Output, StringComparison.Ordinal);
    }

    private static string Digest(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
