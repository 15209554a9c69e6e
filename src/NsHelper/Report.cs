using System.Collections.Immutable;
using System.Text;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;

namespace NsHelper;

/// <summary>What a user is told when something is refused or fails: one message, lower case, no full stop, foreign bytes escaped, never a stack trace.</summary>
internal static class Report
{
    private const string Program = "nshelper: ";

    public static int Usage(ParsedInvocation.Usage usage)
    {
        StandardStreams.WriteError($"{Program}{usage.Message}\n");
        return usage.ExitStatus;
    }

    /// <summary>The answer of a query on standard output; one that cannot be written whole (a full disk) is said to be lost.</summary>
    public static int Answer(string text)
    {
        if (StandardStreams.WriteOutput(text))
        {
            return ExitStatus.Done;
        }

        StandardStreams.WriteError($"{Program}cannot write the answer to standard output\n");
        return ExitStatus.No;
    }

    /// <summary>nshelper: cannot VERB OBJECT: REASON, and the line of the configuration that asked for it.</summary>
    public static void Refusal(string verb, string subject, string reason, SourceLocation? location)
    {
        var text = new StringBuilder(Program);
        text.Append("cannot ").Append(verb).Append(' ').Append(Escaped.Text(subject)).Append(": ").Append(reason).Append('\n');
        if (location is { } place)
        {
            text.Append("  ").Append(Escaped.Text(place.ToString())).Append('\n');
        }

        StandardStreams.WriteError(text.ToString());
    }

    /// <summary>The same, of a path in bytes.</summary>
    public static void Refusal(string verb, ByteString path, string reason) =>
        StandardStreams.WriteError($"{Program}cannot {verb} {Escaped.Bytes(path.Span)}: {reason}\n");

    /// <summary>All mistakes of a configuration file, each with its line.</summary>
    public static void Diagnostics(ImmutableArray<Diagnostic> diagnostics, OutputChoice output, CallerState state)
    {
        OutputTarget target = StandardStreams.ErrorIsTerminal() ? OutputTarget.Terminal : OutputTarget.File;
        bool colored = OutputStyle.Resolve(output.Color, target, state.Environment).Color != ColorMode.Plain;
        StandardStreams.WriteError(colored ? DiagnosticText.Colored(diagnostics, target) : DiagnosticText.Plain(diagnostics, target));
    }

    /// <summary>Tells what an exception means; false for none, so that nothing is swallowed.</summary>
    public static bool IsTold(Exception exception)
    {
        if (exception is OutOfMemoryException)
        {
            // Nothing to make a text of: a second one, in the filter that asks, would end the process by SIGABRT.
            StandardStreams.WriteError("nshelper: cannot start: out of memory\n"u8);
        }
        else
        {
            StandardStreams.WriteError($"{Program}{Told(exception)}\n");
        }

        return true;
    }

    /// <summary>The message that an exception stands for.</summary>
    public static string Told(Exception exception) => exception switch
    {
        StartFaultException fault => $"cannot start: {fault.Message}",
        UntrustedFileException file => $"cannot use the configuration: {Escaped.Text(file.Path)} {file.Defect}",
        SystemCallException call => $"cannot start: {Escaped.Text(call.Subject)}: {call.Call}: {ErrnoText.Of(call.Errno)}",
        OutOfMemoryException => "cannot start: out of memory",
        _ => $"internal error: {exception.GetType().Name}",
    };

    /// <summary>A session that its monitor has seen end; what failed in another process is told by that.</summary>
    public static int End(MonitorEnd end, StartPlan plan)
    {
        if (end.RanOut)
        {
            StandardStreams.WriteError($"{Program}session of {plan.Profile} ended: its runtime_max of {plan.Supervision?.RuntimeMax} s is over\n");
        }
        else if (end.Status is null)
        {
            Refusal(plan.Verb, plan.Subject, $"its set-up took longer than {PlanLowering.Deadline} seconds", null);
        }
        else if (end.IsReady && plan.Supervision is { IsDetached: true } && end.Status is ExitStatus.NotFound or ExitStatus.NotExecutable)
        {
            // The command has said it to /dev/null.
            Refusal("execute", ShownWord(plan), end.Status == ExitStatus.NotFound ? "command not found" : "it cannot be executed", null);
        }
        else if (!end.IsReady && end.Status != ExitStatus.NotStarted)
        {
            Refusal(plan.Verb, plan.Subject, "the process that sets the session up was killed", null);
            return ExitStatus.NotStarted;
        }

        return end.Status ?? ExitStatus.NotStarted;
    }

    /// <summary>What step failed, on what, why, and what the cause is likely to be.</summary>
    public static int Fault(ExecutionFault fault, StartPlan plan)
    {
        if (fault.Stage == SetupStage.Command)
        {
            return CommandFault(fault, plan);
        }

        const int noSuchFile = 2;
        const int permissionDenied = 13;
        const int busy = 16;
        const int exists = 17;
        const int tooManyLinks = 40;
        string subject = Escaped.Text(fault.Subject);
        string? missing = (fault.Stage, fault.Call, fault.Errno) switch
        {
            (SetupStage.Sources, "openat2", noSuchFile) => $"the source {subject} does not exist (optional = true skips it)",
            (SetupStage.Devices, "openat2", noSuchFile) => $"the device {subject} does not exist",
            (SetupStage.Devices, "openat2", tooManyLinks) => $"the device {subject} is a symbolic link; name what it leads to",
            (SetupStage.Devices, "statx", 0) => $"{subject} is not the device that it should be",
            (SetupStage.Mounts, "openat2", noSuchFile) => $"the target {subject} does not exist",
            (SetupStage.Layers, "openat2", noSuchFile) => $"{subject} does not exist (systemd-tmpfiles --create makes it, from what nshelper installs)",
            (SetupStage.Layers, "statx", 0) => $"{subject} must be a directory of root's with mode 0700, and so must those above it up to {StateDirectories.Persistent}",
            (SetupStage.Layers, "getdents64", 0) => $"changes of {LayerPlaces.MostSessions} sessions are kept for you: `nshelper changes` shows them, and --discard makes room",
            (SetupStage.Overlays, "fsconfig", busy) => $"another session has the changes that are kept for {subject}",
            (SetupStage.Entries, "symlinkat", exists) or (SetupStage.Entries, "openat2", exists) => $"{subject} is there already",
            (SetupStage.Mounts, "mkdirat", permissionDenied) => $"the target {subject} does not exist, and the caller may not create it",
            _ => null,
        };
        if (missing is not null)
        {
            Refusal(plan.Verb, plan.Subject, missing, fault.Location);
            return ExitStatus.NotStarted;
        }

        string step = fault.Stage switch
        {
            SetupStage.Raise => "take up privileges",
            SetupStage.Limits => $"set {subject}",
            SetupStage.Registry => $"write the session down in {subject}",
            SetupStage.Shares => $"prepare the {BackingAt(fault.Subject, plan)} at {subject}",
            SetupStage.Devices => $"take the device {subject}",
            SetupStage.Processes => $"start {subject}",
            SetupStage.Terminal => $"open a terminal of the session ({subject})",
            SetupStage.Sources => $"take the source {subject}",
            SetupStage.Lowers => $"take the lower directory {subject}",
            SetupStage.Layers => $"prepare the layers in {subject}",
            SetupStage.Overlays => $"make the overlay for {subject}",
            SetupStage.Isolation => $"leave the host's namespaces ({subject})",
            SetupStage.Root => $"set up the session's root ({subject})",
            SetupStage.Namespaces => $"set up {subject}",
            SetupStage.Entries => $"make {subject}",
            SetupStage.Mounts => $"mount {subject}",
            SetupStage.Credentials => "drop privileges",
            SetupStage.Directory => $"enter {fault.Subject}",
            _ => $"restore {subject}",
        };
        Refusal(plan.Verb, plan.Subject, $"cannot {step}: {fault.Call}: {Cause(fault)}", fault.Location);
        return ExitStatus.NotStarted;
    }

    private static string BackingAt(string place, StartPlan plan)
    {
        foreach (ShareBacking backing in plan is SessionPlan session ? session.Backings : [])
        {
            if (backing.IsPrivate && (backing.Place == place || backing.Store == place))
            {
                return "private directory";
            }
        }

        return "share";
    }

    private static int CommandFault(ExecutionFault fault, StartPlan plan)
    {
        const int noSuchFile = 2;
        const int notDirectory = 20;
        bool missing = fault.Errno is noSuchFile or notDirectory;
        Refusal("execute", ShownWord(plan), missing ? "command not found" : ErrnoText.Of(fault.Errno), null);
        return missing ? ExitStatus.NotFound : ExitStatus.NotExecutable;
    }

    // The user's word, not the last place in which it was looked for.
    private static string ShownWord(StartPlan plan) => plan.Launch.Command.Arguments[0].ToStrictText() ?? plan.Launch.Command.Arguments[0].ToString();

    private static string Cause(ExecutionFault fault)
    {
        const int crossDevice = 18;
        const int notImplemented = 38;
        return fault.Errno switch
        {
            0 => "the kernel's answer is not what was asked for",
            crossDevice when fault.Stage == SetupStage.Sources => "a link leads out of the directory that the profile allows",
            notImplemented => "not in this kernel, or filtered; nshelper needs Linux 5.12 or newer",
            _ => ErrnoText.Of(fault.Errno) + (LikelyCause.Of(fault) is string cause ? $" (likely: {cause})" : ""),
        };
    }
}
