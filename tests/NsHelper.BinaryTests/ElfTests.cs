using Xunit;

namespace NsHelper.BinaryTests;

/// <summary>A setuid program is as strong as its file: what a distribution's hardening check asks for, exactly.</summary>
public sealed class ElfTests
{
    private const ulong BindNow = 8;
    private const ulong Now = 1;
    private const ulong Pie = 0x08000000;

    private static readonly string[] Forbidden =
    [
        "clearenv", "dlmopen", "dlopen", "dlsym", "execl", "execlp", "execv", "execvp", "execvpe", "fopen", "fopen64", "getenv", "mktemp",
        "chmod", "chown", "fchmodat", "fchownat", "lchown", "lsetxattr", "mount", "setxattr", "utime", "utimensat", "utimes",
        "popen", "posix_spawn", "posix_spawnp", "pthread_create", "putenv", "setenv", "system", "tmpfile", "tmpnam", "unsetenv", "vfork",
    ];

    private readonly ElfFile binary = new(Repository.Binary);

    [Fact]
    public void No_import_lets_the_caller_choose_what_root_does() => Assert.Empty(binary.Imports.Intersect(Forbidden));

    /// <summary>The list above names what is known; a new import is looked at by a person (make golden).</summary>
    [Fact]
    public void Every_import_is_in_the_manifest() => Manifest.AssertEqual($"imports.{Repository.Rid}.txt", binary.Imports);

    [Fact]
    public void The_control_binary_imports_what_the_relink_takes_away() =>
        Assert.Equal(["execv", "fopen64", "getenv", "pthread_create"], new ElfFile(Repository.Control).Imports.Intersect(Forbidden));

    [Fact]
    public void Only_libc_and_the_loader_are_needed() =>
        Assert.Empty(binary.Needed().Except(["libc.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"]));

    [Fact]
    public void It_is_position_independent()
    {
        Assert.Equal(3, binary.Type);
        Assert.Equal(Pie, Assert.Single(binary.ValuesOf(ElfTag.Flags1)) & Pie);
    }

    [Fact]
    public void Every_symbol_is_bound_at_start_and_the_table_is_read_only_then()
    {
        Assert.Equal(BindNow, Assert.Single(binary.ValuesOf(ElfTag.Flags)) & BindNow);
        Assert.Equal(Now, Assert.Single(binary.ValuesOf(ElfTag.Flags1)) & Now);
        Assert.Single(binary.Segments, segment => segment.Type == ElfSegmentType.GnuRelro);
    }

    [Fact]
    public void The_stack_is_not_executable() =>
        Assert.False(Assert.Single(binary.Segments, segment => segment.Type == ElfSegmentType.GnuStack).IsExecutable);

    [Fact]
    public void Nothing_is_writable_and_executable() =>
        Assert.DoesNotContain(binary.Segments, segment => segment.Type == ElfSegmentType.Load && segment is { IsWritable: true, IsExecutable: true });

    [Fact]
    public void No_library_path_and_no_relocation_of_code()
    {
        Assert.Empty(binary.ValuesOf(ElfTag.RPath));
        Assert.Empty(binary.ValuesOf(ElfTag.RunPath));
        Assert.Empty(binary.ValuesOf(ElfTag.TextRel));
    }
}
