using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NsHelper.SystemTests.Harness;

/// <summary>
/// A real sshd on a free port of 127.0.0.1, with keys and settings of its own, into which Lena may log in. Its mount namespace has another
/// /var/log, so that no login is recorded on the host.
/// </summary>
internal sealed class SshServer : IDisposable
{
    public const string SftpServer = "/usr/lib/openssh/sftp-server";
    private const string Place = "/mnt/ssh";
    private readonly Process server;
    private readonly int port;

    private SshServer(Process server, int port) => (this.server, this.port) = (server, port);

    /// <summary>"mnt:[4026531841]" of the server, and so of whoever logs in without a session.</summary>
    public string Mounts => new FileInfo($"/proc/{server.Id}/ns/mnt").LinkTarget ?? "";

    /// <param name="settings">Lines of sshd_config besides.</param>
    public static SshServer Start(string settings = "")
    {
        int port = FreePort();
        RootShell.Run($"mkdir -p -m 0755 /run/sshd {Place} && rm -f {Place}/* && ssh-keygen -q -t ed25519 -N '' -f {Place}/host && ssh-keygen -q -t ed25519 -N '' -f {Place}/user");
        File.WriteAllText($"{Place}/config", $"""
            {settings}
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {Place}/host
            AuthorizedKeysFile {Place}/user.pub
            UsePAM no
            StrictModes no
            PidFile none
            PrintMotd no
            PrintLastLog no
            Subsystem sftp {SftpServer}
            AcceptEnv *
            """);
        Process server = Process.Start(new ProcessStartInfo(
            "unshare",
            ["--mount", "--propagation", "slave", "sh", "-c", $"mount -n -t tmpfs none /var/log && exec /usr/sbin/sshd -D -f {Place}/config -E {Place}/log"]) { WorkingDirectory = "/" })
            ?? throw new InvalidOperationException("no sshd");
        Wait.Until(() => Answers(port) || server.HasExited, () => $"sshd does not answer: {Log()}");
        return server.HasExited ? throw new InvalidOperationException($"sshd: {Log()}") : new SshServer(server, port);
    }

    /// <summary>ssh OPTIONS lena@127.0.0.1 WORDS, as root's; what it wrote and how it ended.</summary>
    public SessionResult Ssh(IReadOnlyList<string> options, params string[] words) => Ssh(null, options, words);

    public SessionResult Ssh(byte[]? input, IReadOnlyList<string> options, params string[] words) =>
        Run(input, "ssh", [.. Options, .. options, $"lena@{IPAddress.Loopback}", .. words]);

    /// <summary>A client of ssh, with what makes it find this server; "HOST:" in a word stands for it.</summary>
    public SessionResult Client(byte[]? input, string program, params string[] words) =>
        Run(input, program, [.. Options, .. words.Select(word => word.Replace("HOST:", $"lena@{IPAddress.Loopback}:", StringComparison.Ordinal))]);

    /// <summary>The same of one that is told a command line of ssh.</summary>
    public SessionResult Through(string program, params string[] words) =>
        Run(null, "env", [$"GIT_SSH_COMMAND={CommandLine}", $"RSYNC_RSH={CommandLine}", program, .. words.Select(word => word.Replace("HOST:", $"lena@{IPAddress.Loopback}:", StringComparison.Ordinal))]);

    public Process Begin(IReadOnlyList<string> options, params string[] words) => Started("ssh", [.. Options, .. options, $"lena@{IPAddress.Loopback}", .. words]);

    public void Dispose()
    {
        server.Kill();
        server.WaitForExit();
        server.Dispose();
        Directory.Delete(Place, recursive: true);
    }

    private string[] Options =>
    [
        "-F", "none", "-i", $"{Place}/user", "-o", $"Port={port.ToString(CultureInfo.InvariantCulture)}", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
        "-o", "LogLevel=ERROR", "-o", "BatchMode=yes",
    ];

    private string CommandLine => $"ssh {string.Join(' ', Options)}";

    private static SessionResult Run(byte[]? input, string program, IReadOnlyList<string> words)
    {
        const int milliseconds = 30_000;
        using Process process = Started(program, words);
        Task<byte[]> output = SessionCommand.ReadAsync(process.StandardOutput.BaseStream);
        Task<byte[]> error = SessionCommand.ReadAsync(process.StandardError.BaseStream);
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        });
        bool ended = process.WaitForExit(milliseconds);
        if (!ended)
        {
            process.Kill();
        }

        process.WaitForExit();
        _ = writing.ContinueWith(task => task.Exception, TaskScheduler.Default); // who is refused reads nothing
        HostOracle.MustNotContainCanary(output.Result);
        return new SessionResult(process.ExitCode, null, output.Result, error.Result) { TimedOut = !ended };
    }

    private static Process Started(string program, IReadOnlyList<string> words) => Process.Start(new ProcessStartInfo(program, words)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = "/",
    }) ?? throw new InvalidOperationException($"no {program}");

    private static string Log() => File.Exists($"{Place}/log") ? File.ReadAllText($"{Place}/log") : "no log";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
