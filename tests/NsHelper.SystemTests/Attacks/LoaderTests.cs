using System.Text;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-loader (CVE-2023-4911, CVE-2010-3847, CVE-2025-4802). The dynamic loader, the runtime and the directory of the executable
/// are three places from which a caller can try to bring code into a setuid process.
/// </summary>
public sealed class LoaderTests : SystemTest
{
    private const string Trap = "/mnt/srv/trap";
    private const string Library = "/mnt/probe/trap.so";

    /// <summary>Where glibc puts LD_PROFILE's output for setuid programs, whatever LD_PROFILE_OUTPUT says; only root can make that directory.</summary>
    private const string SecureProfile = "/var/profile/libc.so.6.profile";

    public LoaderTests()
    {
        Install("t");
        Directory.CreateDirectory(Temporary(Trap));
        File.SetUnixFileMode(Trap, (UnixFileMode)0b111_111_111);
        foreach (string name in new[] { "libc.so.6", "libSystem.Native.so", "ld-linux-x86-64.so.2", "libnss_files.so.2", "libgcc_s.so.1" })
        {
            File.Copy(Library, $"{Trap}/{name}");
        }
    }

    public static TheoryData<string> Variables =>
    [
        $"LD_PRELOAD={Library}", $"LD_AUDIT={Library}", $"LD_LIBRARY_PATH={Trap}", $"LD_PRELOAD=trap.so LD_LIBRARY_PATH=/mnt/probe", "LD_DEBUG=all", $"LD_DEBUG_OUTPUT={Trap}/out",
        $"LD_ORIGIN_PATH={Trap}", $"LD_PROFILE=libc.so.6 LD_PROFILE_OUTPUT={Trap}", "LD_SHOW_AUXV=1", "LD_BIND_NOT=1", "LD_DYNAMIC_WEAK=1", "LD_USE_LOAD_BIAS=1",
        "GLIBC_TUNABLES=glibc.malloc.mxfast=glibc.malloc.mxfast=A", $"GLIBC_TUNABLES=glibc.malloc.tcache_count={new string('A', 2000)}", $"DOTNET_GCPath={Library} DOTNET_GCName=trap.so",
    ];

    [Theory]
    [MemberData(nameof(Variables))]
    public void No_variable_brings_a_library_into_the_helper(string variables)
    {
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true").WithEnvironment(variables.Split(' ')));
        Assert.True(trace.Result.ExitStatus == 0, trace.ToString());
        OnlySystemLibraries(trace);
        Assert.Equal(5, Directory.GetFileSystemEntries(Trap).Length);
    }

    [Fact]
    public void The_trap_works_on_a_program_that_is_not_setuid()
    {
        Assert.Equal(0, SessionCommand.Direct("/bin/true").WithEnvironment($"LD_PRELOAD={Library}").Execute().ExitStatus);
        Assert.True(File.Exists($"{Trap}/loaded"));
    }

    [Fact]
    public void Libraries_beside_a_hard_link_to_the_helper_are_not_loaded()
    {
        // The attacker chooses the directory of the executable by a hard link; a lookup by $ORIGIN or by the runtime goes there.
        string directory = TestUser.Alice.MakeDirectory("linked");
        string link = $"{directory}/nshelper";
        using (System.Diagnostics.Process process = System.Diagnostics.Process.Start("ln", [TestHost.Helper, link]))
        {
            process.WaitForExit();
        }

        Undo(() => File.Delete(link));
        foreach (string library in Directory.GetFiles(Trap))
        {
            string copy = $"{directory}/{Path.GetFileName(library)}";
            File.Copy(library, copy);
            Posix.Chown(copy, TestUser.Alice.UserId, TestUser.Alice.GroupId);
        }

        Trace trace = Trace.Of(SessionCommand.Run("t", TestHost.Probe) with { File = link });
        Confinement.MustBeWhole(trace.Result.Probe, TestUser.Alice);
        OnlySystemLibraries(trace);
        Assert.DoesNotContain(trace.HelperCalls.Skip(1), call => call.Paths.Any(path => path.StartsWith(directory, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_helper_itself_asks_for_no_library_by_a_relative_path()
    {
        byte[] binary = File.ReadAllBytes(TestHost.Helper);
        Assert.True(binary.AsSpan().IndexOf(Encoding.ASCII.GetBytes("$ORIGIN")) < 0);
        Assert.True(binary.AsSpan().IndexOf("\0dlopen\0"u8) < 0);
    }

    private static void OnlySystemLibraries(Trace trace)
    {
        Assert.False(File.Exists($"{Trap}/loaded"), "the trap was loaded");
        string[] opened = [.. trace.Named("open", "openat", "openat2").SelectMany(call => call.Paths).Where(path => path.Contains(".so", StringComparison.Ordinal))];
        Assert.NotEmpty(opened);
        Assert.All(opened, path => Assert.True(path is "/etc/ld.so.cache" or "/etc/ld.so.preload" or SecureProfile || path.StartsWith("/lib", StringComparison.Ordinal) || path.StartsWith("/usr/lib", StringComparison.Ordinal), path));
    }
}
