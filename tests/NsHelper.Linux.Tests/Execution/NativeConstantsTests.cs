using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using Xunit;

namespace NsHelper.Linux.Tests.Execution;

/// <summary>Why: a wrong constant in a setuid program is a wrong system call. The C compiler compares each one of ours with the headers of this machine.</summary>
public sealed class NativeConstantsTests
{
    [Fact]
    public void Every_constant_of_ours_has_the_value_of_its_header()
    {
        var source = new StringBuilder("""
            #define _GNU_SOURCE
            #include <elf.h>
            #include <fcntl.h>
            #include <linux/capability.h>
            #include <linux/mount.h>
            #include <linux/magic.h>
            #include <linux/stat.h>
            #include <net/if.h>
            #include <sched.h>
            #include <signal.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/file.h>
            #include <sys/prctl.h>
            #include <sys/resource.h>
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <sys/wait.h>
            #include <time.h>
            #include <pwd.h>
            #include <grp.h>
            #define LINUX_CAPABILITY_VERSION_3 _LINUX_CAPABILITY_VERSION_3

            """);
        int count = 0;
        foreach (FieldInfo field in new[] { typeof(KernelConstants), typeof(Libc) }.SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)))
        {
            // Names in C spelling are the headers'; the others are ours.
            if (field.IsLiteral && field.Name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_') && field.Name != nameof(KernelConstants.CAP_LAST_CAP_OF_5_12))
            {
                Assert(source, field.Name, Convert.ToUInt64(field.GetRawConstantValue(), null));
                count++;
            }
        }

        Assert(source, "CLONE_THREAD", KernelConstants.OneThreadOnly);
        foreach (SystemCall call in Enum.GetValues<SystemCall>())
        {
            if (call != SystemCall.Fork)
            {
                Assert(source, "SYS_" + SystemCalls.NameOf(call), (ulong)SystemCalls.NumberOf(call));
            }
        }

        Assert(source, "sizeof(struct rlimit)", (ulong)Marshal.SizeOf<Libc.rlimit>());
        Assert(source, "sizeof(struct itimerval)", (ulong)Marshal.SizeOf<Libc.itimerval>());
        Assert(source, "sizeof(struct passwd)", (ulong)Marshal.SizeOf<Libc.passwd>());
        Assert(source, "sizeof(struct group)", (ulong)Marshal.SizeOf<Libc.group>());
        Xunit.Assert.True(count > 30, $"only {count} constants");
        Xunit.Assert.Equal("", Compile(source.ToString()));
    }

    private static void Assert(StringBuilder source, string name, ulong value) =>
        source.Append("_Static_assert((").Append(name).Append(") == ").Append(value).Append("ULL, \"").Append(name).Append("\");\n");

    private static string Compile(string source)
    {
        var start = new ProcessStartInfo("gcc", ["-fsyntax-only", "-x", "c", "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using System.Diagnostics.Process compiler = System.Diagnostics.Process.Start(start) ?? throw new InvalidOperationException("no compiler");
        compiler.StandardInput.Write(source);
        compiler.StandardInput.Close();
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return errors;
    }
}
