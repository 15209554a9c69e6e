using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-env-priv (CVE-2026-53614, CVE-2014-9680, CVE-2022-0563, CVE-2016-10122). glibc removes only its own list from a setuid
/// program's environment; TZ, TERMINFO, DOTNET_* and hundreds more arrive. The helper must make the same calls on the same paths whatever they say.
/// </summary>
public sealed class PrivilegedEnvironmentTests : SystemTest
{
    private const string Trap = "/mnt/srv/trap";

    private static readonly string[] Names =
    [
        "TZ", "TZDIR", "TERMINFO", "TERMINFO_DIRS", "TERMCAP", "TERMPATH", "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "NLSPATH", "LOCPATH", "LOCALDOMAIN", "RES_OPTIONS",
        "HOSTALIASES", "RESOLV_HOST_CONF", "MALLOC_TRACE", "MALLOC_CHECK_", "MALLOC_ARENA_MAX", "GCONV_PATH", "GETCONF_DIR", "TMPDIR", "TMP", "TEMP", "HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS",
        "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "LIBMOUNT_FORCE_MOUNT2", "LIBMOUNT_FSTAB", "LIBMOUNT_MTAB", "BLKID_FILE", "PATH", "CDPATH", "IFS", "ENV", "BASH_ENV", "SHELLOPTS",
        "BASHOPTS", "PS4", "KRB5_CONFIG", "KRB5CCNAME", "KRB5_KTNAME", "VAR_ACE", "USR_ACE", "DLC_ACE", "PERLLIB", "PERL5LIB", "PERL5OPT", "PERL5DB", "PYTHONHOME", "PYTHONPATH", "PYTHONINSPECT",
        "RUBYLIB", "RUBYOPT", "JAVA_TOOL_OPTIONS", "FPATH", "NULLCMD", "READNULLCMD", "ZDOTDIR", "INPUTRC", "HISTFILE", "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF", "OPENSSL_MODULES",
        "NSHELPER_CONFIG", "NSHELPER_PROFILE", "NSHELPER_PROFILES", "NSHELPER_DEBUG", "SUDO_UID", "SUDO_USER", "PKEXEC_UID", "LOGNAME", "USER", "USERNAME", "MAIL", "PWD", "OLDPWD", "NSS_PATH",
        "NIS_PATH", "POSIXLY_CORRECT", "COLUMNS", "LINES", "TERM", "COLORTERM", "NO_COLOR", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "LISTEN_FDS", "NOTIFY_SOCKET", "JOURNAL_STREAM",
        "DOTNET_ROOT", "DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "DOTNET_SHARED_STORE", "DOTNET_gcServer", "DOTNET_GCName", "DOTNET_GCPath", "DOTNET_GCHeapAffinitizeMask", "DOTNET_GCgen0size",
        "DOTNET_GCHeapCount", "DOTNET_GCNumaAware", "DOTNET_GCCpuGroup", "DOTNET_GCStress", "DOTNET_EnableEventPipe", "DOTNET_EventPipeOutputPath", "DOTNET_EventPipeConfig", "DOTNET_EnableDiagnostics",
        "DOTNET_DiagnosticPorts", "DOTNET_DbgEnableMiniDump", "DOTNET_DbgMiniDumpName", "DOTNET_DbgMiniDumpType", "DOTNET_DbgCreateDumpToolPath", "DOTNET_EnableCrashReport", "DOTNET_PerfMapEnabled",
        "DOTNET_PerfMapJitDumpPath", "DOTNET_LTTng", "DOTNET_PROFAPI_ProfilerCompatibilitySetting", "DOTNET_LogEnable", "DOTNET_LogToFile", "DOTNET_StressLog", "DOTNET_TieredCompilation",
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "DOTNET_SYSTEM_GLOBALIZATION_APPLOCALICU", "DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "DOTNET_RUNNING_IN_CONTAINER", "DOTNET_PROCESSOR_COUNT",
        "DOTNET_Thread_DefaultStackSize", "DOTNET_GCHeapHardLimit", "DOTNET_GCRegionSize", "DOTNET_GCRegionRange", "CORECLR_ENABLE_PROFILING", "CORECLR_PROFILER", "CORECLR_PROFILER_PATH",
        "COMPlus_DbgEnableMiniDump", "COMPlus_DbgMiniDumpName", "COMPlus_EnableEventPipe", "COMPlus_EventPipeOutputPath", "COMPlus_GCName", "COMPlus_gcServer", "CLR_ICU_VERSION_OVERRIDE", "ICU_DATA",
    ];

    [Fact]
    public void No_variable_changes_a_path_the_helper_uses()
    {
        Install("t");
        Directory.CreateDirectory(Temporary(Trap), (UnixFileMode)0b111_111_111);
        IReadOnlyList<string> normal = Steps(Trace.Of(SessionCommand.Run("t", TestHost.Probe)));
        Trace trace = Trace.Of(SessionCommand.Run("t", TestHost.Probe).WithEnvironment([.. Names.Select(name => $"{name}={Trap}/{name}")]));
        Assert.True(trace.Result.ExitStatus == 0, trace.ToString());
        Assert.DoesNotContain(trace.HelperCalls.Skip(1), call => call.Line.Contains(Trap, StringComparison.Ordinal) && !call.Name.StartsWith("execve", StringComparison.Ordinal));
        Assert.Equal(normal, Steps(trace));
        Assert.Empty(Directory.GetFileSystemEntries(Trap));
    }

    [Theory]
    [InlineData("DOTNET_GCHeapHardLimit=1000")]
    [InlineData("DOTNET_GCHeapAffinitizeMask=0")]
    [InlineData("DOTNET_GCRegionSize=1")]
    [InlineData("DOTNET_EnableEventPipe=1")]
    [InlineData("COMPlus_GCHeapHardLimit=1000")]
    [InlineData("DOTNET_gcServer=1")]
    public void A_variable_of_the_runtime_changes_nothing(string variable)
    {
        Install("t");
        IReadOnlyList<string> normal = Steps(Trace.Of(SessionCommand.Run("t", "/bin/true")));
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true").WithEnvironment(variable));
        Assert.True(trace.Result.ExitStatus == 0, trace.ToString());
        Assert.Equal(normal, Steps(trace));
    }

    [Fact]
    public void The_same_program_on_an_unchanged_runtime_does_obey_the_caller()
    {
        // Shows that the tests above bite: this is what is linked away. The control binary has a second thread, so it ends soon after
        // Main; what counts is whether it gets there.
        Assert.True(TestHost.HasControl, "NSHELPER_CONTROL names no control binary");
        Install("t");
        SessionCommand command = SessionCommand.Run("t", "/bin/true").Control();
        Assert.Contains(Trace.Of(command).HelperCalls, call => call.Name == "close_range");
        Assert.DoesNotContain(Trace.Of(command.WithEnvironment("DOTNET_GCHeapHardLimit=1000")).HelperCalls, call => call.Name == "close_range");
    }

    /// <summary>Call names and paths; memory management is left out, because a larger environment moves it.</summary>
    private static IReadOnlyList<string> Steps(Trace trace) =>
    [
        .. trace.OrderedCalls.Where(call => call.Name is not ("mmap" or "munmap" or "mprotect" or "brk" or "madvise"))
            .Select(call => call.Name is "symlinkat" or "readlinkat" ? call.Name : $"{call.Name} {string.Join(' ', call.Paths)}"), // the record of a session has its time and its namespaces
    ];
}
