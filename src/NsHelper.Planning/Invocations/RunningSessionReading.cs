using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Invocations;

/// <summary>The verbs about sessions that are there: join, sessions and stop.</summary>
internal static class RunningSessionReading
{
    /// <summary>A day; who wants to wait longer does not want to stop.</summary>
    private const int MaxTimeout = 24 * 60 * 60;

    public static Invocation.Join? Join(OptionScan scan, OutputChoice output, int? statusDescriptor)
    {
        if (scan.EndedByDashes || scan.Operands.Length == 0)
        {
            scan.Refuse("no SESSION is given");
            return null;
        }

        string? session = SessionAt(0, scan);
        JoinArguments arguments = SessionReading.JoinArgumentsOf(scan);
        return session is null ? null : new Invocation.Join(session, arguments, statusDescriptor) { Output = output };
    }

    public static Invocation.Sessions Sessions(OptionScan scan, OutputChoice output)
    {
        ProfileName? profile = null;
        foreach (ByteString value in scan.ValuesOf(Option.Profile))
        {
            if (Ascii.Word(value) is not { } word || !ProfileName.TryParse(word, out profile))
            {
                scan.Refuse($"{Ascii.Quoted(value)} {InvocationParser.NameRule}");
            }
        }

        bool watches = scan.Has(Option.Watch);
        if (watches && output.Form == OutputForm.Json)
        {
            scan.Refuse("options --watch and --json exclude each other");
        }

        return new Invocation.Sessions(profile, scan.Has(Option.AllUsers), watches) { Output = output };
    }

    public static Invocation.Stop? Stop(OptionScan scan, OutputChoice output)
    {
        var sessions = ImmutableArray.CreateBuilder<string>(scan.Operands.Length);
        for (int i = 0; i < scan.Operands.Length; i++)
        {
            if (SessionAt(i, scan) is not { } session)
            {
                return null;
            }

            sessions.Add(session);
        }

        if (scan.Has(Option.All) != (sessions.Count == 0))
        {
            scan.Refuse(sessions.Count == 0 ? "no SESSION is given (--all for all of yours)" : "a SESSION and --all exclude each other");
        }

        StopSignal signal = SignalOf(scan);
        long? timeout = TimeoutOf(scan);
        return new Invocation.Stop(sessions.ToImmutable(), signal, timeout) { Output = output };
    }

    /// <summary>A name, an id, a beginning of one and a profile all look as the name of a profile does.</summary>
    public static string? SessionIn(ByteString operand) => Ascii.Word(operand) is { } word && ProfileName.TryParse(word, out _) ? word : null;

    /// <summary>Null after a refusal.</summary>
    private static string? SessionAt(int index, OptionScan scan)
    {
        if (SessionIn(scan.Operands[index]) is { } word)
        {
            return word;
        }

        scan.Refuse($"{Ascii.Quoted(scan.Operands[index])} is no session: a name, an id or its first digits, or a profile");
        return null;
    }

    private static StopSignal SignalOf(OptionScan scan)
    {
        StopSignal signal = StopSignal.Terminate;
        foreach (ByteString value in scan.ValuesOf(Option.Signal))
        {
            switch (Ascii.Word(value))
            {
                case "TERM" or "SIGTERM": signal = StopSignal.Terminate; break;
                case "HUP" or "SIGHUP": signal = StopSignal.Hangup; break;
                case "INT" or "SIGINT": signal = StopSignal.Interrupt; break;
                case "QUIT" or "SIGQUIT": signal = StopSignal.Quit; break;
                case "KILL" or "SIGKILL": signal = StopSignal.Kill; break;
                case "USR1" or "SIGUSR1": signal = StopSignal.User1; break;
                case "USR2" or "SIGUSR2": signal = StopSignal.User2; break;
                default: scan.Refuse($"{Ascii.Quoted(value)} is no value of --signal: TERM, HUP, INT, QUIT, KILL, USR1 or USR2"); break;
            }
        }

        return signal;
    }

    private static long? TimeoutOf(OptionScan scan)
    {
        long? timeout = null;
        foreach (ByteString value in scan.ValuesOf(Option.Timeout))
        {
            timeout = Ascii.Number(value, 0, MaxTimeout);
            if (timeout is null)
            {
                scan.Refuse($"{Ascii.Quoted(value)} is no value of --timeout (seconds, 0 to {MaxTimeout})");
            }
        }

        return timeout;
    }
}
