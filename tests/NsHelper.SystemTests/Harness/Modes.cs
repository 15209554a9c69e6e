namespace NsHelper.SystemTests.Harness;

/// <summary>The file modes the tests use by name.</summary>
internal static class Modes
{
    public const UnixFileMode Executable = (UnixFileMode)0b111_101_101;
    public const UnixFileMode PublicFile = (UnixFileMode)0b110_100_100;
    public const UnixFileMode OwnerOnlyFile = (UnixFileMode)0b110_000_000;
    public const UnixFileMode OwnerOnlyDirectory = (UnixFileMode)0b111_000_000;
}
