using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NsHelper.SystemTests.Harness;

/// <summary>One start of the helper (or another program) by a user, in a caller state that launch.c makes. Immutable; each method gives another.</summary>
internal sealed record SessionCommand
{
    private const int TimeoutSeconds = 30;

    public string File { get; init; } = TestHost.Helper;

    /// <summary>argv, argv[0] included.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public TestUser User { get; init; } = TestUser.Alice;

    /// <summary>Options of launch.c, in order.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>NAME=VALUE, nothing else is in the environment.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Standard input; null is /dev/null's end of file.</summary>
    public byte[]? Input { get; init; }

    /// <summary>nshelper with these arguments.</summary>
    public static SessionCommand Helper(params string[] arguments) => new() { Arguments = ["nshelper", .. arguments] };

    /// <summary>nshelper run PROFILE -- COMMAND...</summary>
    public static SessionCommand Run(string profile, params string[] command) => Helper(["run", profile, "--", .. command]);

    /// <summary>Another program, not through nshelper.</summary>
    public static SessionCommand Direct(string file, params string[] arguments) => new() { File = file, Arguments = [file, .. arguments] };

    public SessionCommand As(TestUser user) => this with { User = user };

    public SessionCommand With(params string[] options) => this with { Options = [.. Options, .. options] };

    public SessionCommand WithEnvironment(params string[] entries) => this with { Environment = [.. Environment, .. entries] };

    /// <summary>An environment entry of any bytes.</summary>
    public SessionCommand WithEnvironmentBytes(ReadOnlySpan<byte> entry) => With("--env", Convert.ToHexStringLower(entry));

    /// <summary>One more argument, of any bytes.</summary>
    public SessionCommand WithArgumentBytes(ReadOnlySpan<byte> argument) => With("--arg", Convert.ToHexStringLower(argument));

    public SessionCommand In(string directory) => this with { WorkingDirectory = directory };

    public SessionCommand WithInput(string text) => this with { Input = Encoding.UTF8.GetBytes(text) };

    public SessionCommand Named(string argument0) => this with { Arguments = [argument0, .. Arguments.Skip(1)] };

    public SessionCommand Control() => this with { File = TestHost.ControlHelper };

    public SessionCommand Limit(int resource, long soft, long hard) => With("--limit", string.Create(CultureInfo.InvariantCulture, $"{resource}:{soft}:{hard}"));

    /// <summary>Runs it to its end.</summary>
    public SessionResult Execute()
    {
        string report = $"/mnt/probe/report-{Guid.NewGuid():N}";
        using Process process = Begin(["--report", report, "--seconds", TimeoutSeconds.ToString(CultureInfo.InvariantCulture)]);
        Task<byte[]> output = ReadAsync(process.StandardOutput.BaseStream);
        Task<byte[]> error = ReadAsync(process.StandardError.BaseStream);
        process.WaitForExit();
        SessionResult result = SessionResult.From(report, output.Result, error.Result);
        System.IO.File.Delete(report);
        HostOracle.MustNotContainCanary(result.Output);
        HostOracle.MustNotContainCanary(result.Error);
        return result;
    }

    /// <summary>Starts it and lets it run; its pid is the pid of the helper and then of the command.</summary>
    public RunningSession Start() => new(Begin([]), this);

    /// <summary>The words of the launcher that make this start.</summary>
    public IReadOnlyList<string> LaunchArguments(IReadOnlyList<string> first) =>
    [
        .. first, "--id", User.Identity,
        .. Environment.SelectMany(entry => new[] { "--env", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(entry)) }),
        "--chdir", WorkingDirectory, .. Options, "--", File, .. Arguments,
    ];

    /// <summary>Whoever refuses at once does not read it, and the result says so.</summary>
    internal static void Give(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
        }
        catch (IOException)
        {
            // A broken pipe.
        }
    }

    internal static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private Process Begin(IReadOnlyList<string> first)
    {
        TestHost.Require();
        var start = new ProcessStartInfo(TestHost.Launch, LaunchArguments(first))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("no process");
        if (Input is byte[] input)
        {
            Give(process, input);
        }

        process.StandardInput.Close();
        return process;
    }
}
