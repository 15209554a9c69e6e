using System.Diagnostics;
using SystemProcess = System.Diagnostics.Process;

namespace NsHelper.Linux.Tests;

/// <summary>
/// A shell in new namespaces that runs a script and then waits until it is disposed: something real for the readers to read. As root it
/// needs nothing; an ordinary user gets a user namespace around it.
/// </summary>
internal sealed class ShellInNamespaces : IDisposable
{
    private readonly SystemProcess process;

    private ShellInNamespaces(SystemProcess process) => this.process = process;

    public int ProcessId => process.Id;

    /// <summary>The namespaces are options of unshare(1); the script runs first, must succeed, and has its arguments as $1 and so on.</summary>
    public static ShellInNamespaces Start(string[] namespaces, string script, params string[] arguments)
    {
        string[] user = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
        var start = new ProcessStartInfo("unshare", [.. user, .. namespaces, "sh", "-euc", $"{script}\necho ready; read end || :", "sh", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SystemProcess process = SystemProcess.Start(start) ?? throw new InvalidOperationException("no process");
        if (process.StandardOutput.ReadLine() != "ready")
        {
            string fault = process.StandardError.ReadToEnd();
            process.Dispose();
            throw new InvalidOperationException(fault);
        }

        return new ShellInNamespaces(process);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
