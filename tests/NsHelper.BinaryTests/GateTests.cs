using Xunit;

namespace NsHelper.BinaryTests;

/// <summary>
/// The gate is what keeps a weak binary from being published, so each of its rules is shown to refuse: small programs of
/// gcc, each weak in one way, beside one that passes.
/// </summary>
public sealed class GateTests : IDisposable
{
    private const string Sound = "-fPIE -pie -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack -Wl,--build-id=sha1";

    private readonly string directory = Directory.CreateTempSubdirectory("nshelper-gate-").FullName;

    [Fact]
    public void The_published_binary_passes() => Assert.Equal(new CommandResult(0, ""), CommandResult.Of(Repository.Gate, Repository.Binary));

    [Fact]
    public void A_sound_program_passes() => Assert.Equal(new CommandResult(0, ""), Judge("", Sound));

    [Theory]
    [InlineData("-fno-pie -no-pie -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack -Wl,--build-id=sha1", "no PIE")]
    [InlineData("-fPIE -pie -Wl,-z,lazy -Wl,-z,relro -Wl,-z,noexecstack -Wl,--build-id=sha1", "no BIND_NOW")]
    [InlineData("-fPIE -pie -Wl,-z,now -Wl,-z,norelro -Wl,-z,noexecstack -Wl,--build-id=sha1", "no GNU_RELRO")]
    [InlineData("-fPIE -pie -Wl,-z,now -Wl,-z,relro -Wl,-z,execstack -Wl,--build-id=sha1", "executable stack")]
    [InlineData("-fPIE -pie -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack -Wl,--build-id=none", "no build id")]
    [InlineData(Sound + " -Wl,--disable-new-dtags,-rpath,/tmp", "has RPATH")]
    [InlineData(Sound + " -Wl,--enable-new-dtags,-rpath,/tmp", "has RUNPATH")]
    [InlineData(Sound + " -Wl,--no-as-needed -lm", "needs more than libc and the loader: libm.so.6")]
    public void A_program_linked_weakly_is_refused(string options, string finding) => AssertRefused(Judge("", options), finding);

    [Fact]
    public void A_program_with_a_writable_and_executable_segment_is_refused() =>
        AssertRefused(Judge("", Sound, beside: "asm(\".section both,\\\"awx\\\"\\n.byte 0\\n.text\");"), "writable and executable");

    [Theory]
    [InlineData("getenv(\"HOME\");", "getenv")]
    [InlineData("system(\"true\");", "system")]
    [InlineData("dlopen(\"x\", 1);", "dlopen")]
    [InlineData("execvp(\"x\", 0);", "execvp")]
    [InlineData("pthread_create(0, 0, 0, 0);", "pthread_create")]
    [InlineData("fopen(\"x\", \"r\");", "fopen")]
    public void A_program_with_a_forbidden_import_is_refused(string statement, string import) =>
        AssertRefused(Judge(statement, Sound), $"forbidden imports: {import}");

    [Fact]
    public void A_program_on_a_runtime_that_was_not_relinked_is_refused() => AssertRefused(Judge("", Sound, redirected: "getpid"), "lacks ether_aton");

    [Theory]
    [InlineData("SystemNative_CreateThread")]
    [InlineData("System_Console_System_Console__WriteLine")]
    [InlineData("S_P_CoreLib_System_IO_File__ReadAllBytes")]
    [InlineData("S_P_CoreLib_System_Environment__GetEnvironmentVariables_0")]
    public void A_program_with_a_banned_part_of_the_platform_is_refused(string symbol) =>
        AssertRefused(Judge("", Sound, beside: $"void {symbol}(void) {{}}"), $"contains: {symbol}");

    [Fact]
    public void What_is_no_ELF_file_is_refused()
    {
        AssertRefused(CommandResult.Of(Repository.Gate, Path.Combine(Repository.Root, "NsHelper.sln")), "is not an ELF file");
        AssertRefused(CommandResult.Of(Repository.Gate, directory + "/none"), "is not an ELF file");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static void AssertRefused(CommandResult result, string finding)
    {
        Assert.True(result.Status == 1, $"status {result.Status}: {result.Output}");
        Assert.StartsWith("check-hardened: error NSH001: ", result.Output, StringComparison.Ordinal);
        Assert.Contains(finding, result.Output, StringComparison.Ordinal);
    }

    private CommandResult Judge(string statement, string options, string redirected = "ether_aton", string beside = "")
    {
        string source = Path.Combine(directory, "program.c");
        string program = Path.Combine(directory, "program");
        File.WriteAllText(source, $$"""
            {{beside}}
            extern int getenv(), system(), dlopen(), execvp(), pthread_create(), fopen(), {{redirected}}(), pthread_mutexattr_destroy();
            int main(void) { {{redirected}}(0); pthread_mutexattr_destroy(0); {{statement}} return 0; }
            """);
        CommandResult built = CommandResult.Of("gcc", ["-w", "-O0", "-fno-builtin", "-o", program, source, .. options.Split(' ')]);
        Assert.True(built.Status == 0, built.Output);
        return CommandResult.Of(Repository.Gate, program);
    }
}
