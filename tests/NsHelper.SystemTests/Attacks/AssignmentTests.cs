using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: variables that a user may ask for became a shell's code and a program's identity (CVE-2004-1051, CVE-2014-0106). A parameter in the value of a
/// variable is the same thing by another door.
/// </summary>
public sealed class AssignmentTests : SystemTest
{
    /// <summary>sudo's initial_badenv_table, initial_checkenv_table, and what this program always sets.</summary>
    private static readonly string[] Names =
    [
        "IFS", "CDPATH", "LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES", "NLSPATH", "PATH_LOCALE", "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "_RLD_LIST", "SHLIB_PATH", "LDR_PRELOAD",
        "LIBPATH", "AUTHSTATE", "DYLD_INSERT_LIBRARIES", "KRB5_CONFIG", "KRB5_KTNAME", "VAR_ACE", "USR_ACE", "DLC_ACE", "TERMINFO", "TERMINFO_DIRS", "TERMPATH", "TERMCAP", "ENV",
        "BASH_ENV", "PS4", "GLOBIGNORE", "BASHOPTS", "SHELLOPTS", "JAVA_TOOL_OPTIONS", "PERLIO_DEBUG", "PERLLIB", "PERL5LIB", "PERL5OPT", "PERL5DB", "FPATH", "NULLCMD", "READNULLCMD",
        "ZDOTDIR", "TMPPREFIX", "PYTHONHOME", "PYTHONPATH", "PYTHONINSPECT", "PYTHONUSERBASE", "RUBYLIB", "RUBYOPT", "DOTNET_STARTUP_HOOKS", "COMPlus_x", "GLIBC_TUNABLES", "TZ", "LANG",
        "HOME", "USER", "LOGNAME", "SHELL", "PATH", "NSHELPER_PROFILE", "NSHELPER_SESSION", "MIN", "MINE2", "mine", "BASH_FUNC_x%%", "BASH_FUNC_x()", "MINE\n", " MINE", "MINE ", "", "*", "MINE*",
    ];

    public AssignmentTests() => Install(
        "t", "[parameters.word]\ntype = \"string\"\ndefault = \"d\"\n[environment]\nuser_vars = [\"MINE\", \"LC_*\"]\nset = { SET = \"{word}\", COLORTERM = \"x{word}\" }");

    /// <summary>arg-env-assign: the environment is the expected list exactly.</summary>
    [Fact]
    public void Only_listed_names_can_be_assigned_and_identity_never()
    {
        Assert.All(Names, name => Assert.Equal(125, Status("--env", $"{name}=x")));
        Assert.All(["MINE=() { :; }", "LC_ALL=/etc/x", "LC_ALL=%n"], assignment => Assert.Equal(125, Status("--env", assignment)));
        Assert.All(["word=() { :; }", "word=/x", "word=%s", "word=a\nLD_PRELOAD=/x", "SET=x", "word"], setting => Assert.Equal(125, Status("--set", setting)));

        ProbeReport probe = SessionCommand.Helper("run", "--env", "MINE=1", "--set", "word=v LD_PRELOAD=x", "t", "--", TestHost.Probe)
            .WithEnvironment("USER=root", "WORD=x", "SET=x", "LD_PRELOAD=/mnt/srv/x.so").Execute().Probe;
        Assert.Equal(
            ["COLORTERM=xv LD_PRELOAD=x", "HOME=/mnt/home/alice", "LOGNAME=alice", "MINE=1", "NSHELPER_PROFILE=t", "SET=v LD_PRELOAD=x", "SHELL=/bin/sh", "USER=alice"],
            probe.EnvironmentText.Where(entry => !entry.StartsWith("PATH=", StringComparison.Ordinal) && !entry.StartsWith("NSHELPER_SESSION=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static int? Status(string option, string assignment)
    {
        SessionResult result = SessionCommand.Helper("run", option, assignment, "t", "--", TestHost.Probe).Execute();
        return result.Output.Length == 0 ? result.ExitStatus : -1;
    }
}
