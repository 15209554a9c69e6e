using System.Net.Sockets;
using System.Text;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section K. Records that forge others or attack a terminal (CVE-2023-28486), overflow the logger (CVE-2023-6246), or are missing for
/// what was done. The test is the log daemon: it reads /dev/log.
/// </summary>
public sealed class AuditLogTests : SystemTest
{
    private readonly Socket log = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 2000 };

    public AuditLogTests()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        log.Bind(new UnixDomainSocketEndPoint(Temporary("/dev/log")));
        File.SetUnixFileMode("/dev/log", (UnixFileMode)0b110_110_110);
        Undo(log.Dispose);
    }

    /// <summary>log-inject: each byte in the one field that is the user's; one line of printable ASCII a record.</summary>
    [Fact]
    public void No_byte_of_the_user_forges_a_record()
    {
        byte[] all = [.. "/bin/"u8, .. Enumerable.Range(1, 255).Select(value => (byte)value)];
        SessionResult result = SessionCommand.Helper("run", "t", "--").WithArgumentBytes(all).Execute();
        Assert.Equal(127, result.ExitStatus);
        byte[] record = Receive();
        Assert.All(record, value => Assert.InRange(value, 0x20, 0x7e));
        string text = Encoding.ASCII.GetString(record);
        Assert.StartsWith("<85>nshelper[", text, StringComparison.Ordinal);
        Assert.Contains("permit verb=\"run\" uid=\"12001\" user=\"alice\" profile=\"t\"", text, StringComparison.Ordinal);
        Assert.Contains("\\x0a", text, StringComparison.Ordinal);
        Assert.Contains("\\x1b", text, StringComparison.Ordinal);
        Assert.Contains("!\\x22#", text, StringComparison.Ordinal);
        Assert.All(result.Error, value => Assert.True(value is (>= 0x20 and < 0x7f) or (byte)'\n'));
    }

    /// <summary>authz-default-deny, log-secret: the log tells denied from unknown, and names no argument.</summary>
    [Fact]
    public void The_log_tells_denied_from_unknown_and_no_argument()
    {
        SessionCommand.Run("t", "/bin/true", "secret-word").As(TestUser.Bob).Execute();
        string denied = Encoding.ASCII.GetString(Receive());
        SessionCommand.Run("unknown", "/bin/true").As(TestUser.Bob).Execute();
        string unknown = Encoding.ASCII.GetString(Receive());
        Assert.Contains("deny", denied, StringComparison.Ordinal);
        Assert.Contains("no rule of the profile allows this user", denied, StringComparison.Ordinal);
        Assert.Contains("no such profile", unknown, StringComparison.Ordinal);
        SessionCommand.Run("t", "/bin/true", "secret-word").Execute();
        Assert.DoesNotContain("secret-word", denied + Encoding.ASCII.GetString(Receive()), StringComparison.Ordinal);
    }

    /// <summary>log-secret: what the caller has in its environment and gives in variables and parameters is not written down; nor is any of it told to another user.</summary>
    [Fact]
    public void Nothing_of_the_environment_and_no_argument_is_written_down()
    {
        Install("s", "[environment]\nuser_vars = [\"TOKEN\"]\nkeep = { add = [\"KEY\"] }\n[parameters.word]\ntype = \"string\"\n");
        string[] words = ["run", "--env", "TOKEN=secret-env", "--set", "word=secret-set", "s", "--", "/bin/sh", "-c", "test $TOKEN = secret-env && test $KEY = secret-key", "secret-arg"];
        SessionResult result = SessionCommand.Helper(words).WithEnvironment("KEY=secret-key").Execute();
        Assert.Equal((0, ""), (result.ExitStatus, result.ErrorText));
        string permitted = Encoding.ASCII.GetString(Receive());
        SessionResult refused = SessionCommand.Helper(words).WithEnvironment("KEY=secret-key").As(TestUser.Bob).Execute();
        Assert.True(refused.IsRefusal, $"{refused}");
        Assert.DoesNotContain("secret", permitted + Encoding.ASCII.GetString(Receive()) + refused.ErrorText, StringComparison.Ordinal);
        Assert.Contains("command=\"/bin/sh\"", permitted, StringComparison.Ordinal);
    }

    /// <summary>log-file-root: nothing that a caller asks of a runtime or a debugger makes the helper write a file.</summary>
    [Fact]
    public void No_file_is_opened_to_be_written_but_a_device()
    {
        string place = TestUser.Alice.MakeDirectory("written");
        string[] wishes =
        [
            "EnableEventPipe=1", $"EventPipeOutputPath={place}/trace", $"EventPipeOutputStreaming=1", "PerfMapEnabled=1", $"PerfMapJitDumpPath={place}", "StressLog=1", $"StressLogFilename={place}/stress", "DbgEnableMiniDump=1",
            $"DbgMiniDumpName={place}/dump", "GCgen0size=1", $"GCLogFile={place}/gc", "GCLogEnabled=1", $"DiagnosticPorts={place}/port", "EnableDiagnostics=1", "LTTng=1",
        ];
        SessionCommand command = SessionCommand.Run("t", "/bin/true").In(place)
            .WithEnvironment([.. wishes.SelectMany(wish => new[] { $"DOTNET_{wish}", $"COMPlus_{wish}" }), $"TMPDIR={place}", $"MALLOC_TRACE={place}/malloc", $"GCONV_PATH={place}", $"LD_DEBUG=all", $"LD_DEBUG_OUTPUT={place}/ld", $"LD_PROFILE_OUTPUT={place}"]);
        Trace trace = Trace.Of(command);
        Assert.True(trace.CommandStarted, trace.ToString());
        string[] writing = ["O_WRONLY", "O_RDWR", "O_CREAT"];
        foreach (SystemCall call in trace.Named("open", "openat", "openat2", "creat", "open_by_handle_at", "mknod", "mknodat", "memfd_create").Where(call => call.Name is "creat" or "mknod" or "mknodat" || writing.Any(flag => call.Line.Contains(flag, StringComparison.Ordinal))))
        {
            Assert.True(call.Paths.Any(path => path is "/dev/null" or "/dev/tty" or "/dev/ptmx"), call.Line);
        }

        Assert.Empty(Directory.GetFileSystemEntries(place));
    }

    /// <summary>log-overflow: a huge command is cut with a mark; a log that is full or gone does not hold the start up.</summary>
    [Fact]
    public void A_huge_field_is_cut_and_a_deaf_log_delays_nothing()
    {
        SessionCommand.Run("t", "/" + new string('x', 100_000)).Execute();
        byte[] record = Receive();
        Assert.InRange(record.Length, 1, 4096);
        Assert.Contains("...", Encoding.ASCII.GetString(record), StringComparison.Ordinal);
        File.WriteAllText(Temporary("/etc/nshelper/nshelper.toml"), "[log]\nargs = \"full\"\n");
        SessionCommand.Run("t", ["/bin/true", .. Enumerable.Repeat(new string('x', 900), 100)]).Execute();
        byte[] full = Receive();
        Assert.InRange(full.Length, 4096, 4096 + "<85>nshelper[4194304]: ".Length);
        Assert.EndsWith("...", Encoding.ASCII.GetString(full), StringComparison.Ordinal);
        for (int i = 0; i < 40; i++)
        {
            SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
            Assert.Equal(0, result.ExitStatus);
            Assert.InRange(result.Elapsed.TotalSeconds, 0, 2);
        }
    }

    /// <summary>log-bypass: killed at any call, no namespace was left without a record before; the socket is the host's.</summary>
    [Fact]
    public void The_record_comes_before_the_first_privileged_change()
    {
        List<SystemCall> calls = [.. Trace.Of(SessionCommand.Run("t", "/bin/true")).HelperCalls];
        int recorded = calls.FindIndex(call => call.Name == "sendto" && call.Line.Contains("permit", StringComparison.Ordinal));
        int raised = calls.FindIndex(call => call.Name == "capset");
        Assert.InRange(recorded, 0, raised);

        // What monitor and init say to each other is one byte.
        Assert.DoesNotContain(calls[raised..], call => call.Name is "socket" or "connect" || (call.Name == "sendto" && call.Text(2) != "1"));
    }

    /// <summary>log-bypass: where the site requires the log, no log means no session.</summary>
    [Fact]
    public void A_required_log_that_is_away_refuses()
    {
        string settings = Temporary("/etc/nshelper/nshelper.toml");
        File.WriteAllText(settings, "[log]\nrequired = true\n");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        File.Delete("/dev/log");
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true"));
        Assert.Equal(125, trace.Result.ExitStatus);
        Assert.DoesNotContain(trace.HelperCalls, call => call.Name is "unshare" or "capset");
    }

    private byte[] Receive()
    {
        byte[] buffer = new byte[65536];
        return buffer[..log.Receive(buffer)];
    }
}
