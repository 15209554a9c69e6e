namespace NsHelper.SystemTests.Harness;

/// <summary>The system calls of one start, from the helper's own execve on, as strace run by root saw them (which keeps the setuid bit working).</summary>
internal sealed record Trace(SessionResult Result, IReadOnlyList<SystemCall> Calls, IReadOnlyList<string> Events)
{
    /// <summary>What the helper did: up to and with the execve that became the user's command; everything when there was none.</summary>
    public IReadOnlyList<SystemCall> HelperCalls => CommandIndex < 0 ? Calls : [.. Calls.Take(CommandIndex + 1)];

    /// <summary>What a monitor becomes when its session had a share that ends with it.</summary>
    private const string LastAct = "/proc/self/exe";

    /// <summary>True when the user's command was started.</summary>
    public bool CommandStarted => CommandIndex >= 0;

    private int CommandIndex
    {
        get
        {
            for (int i = 1; i < Calls.Count; i++)
            {
                if (Calls[i].Name is "execve" or "execveat" && Calls[i].Text(0) != LastAct && Calls[i].Result.StartsWith('0') && !Calls[i].WasInjected)
                {
                    return i;
                }
            }

            return -1;
        }
    }

    /// <summary>Runs the command under strace. With injections it must be a plain start: no launcher stands between, so that `when` counts from the helper's execve.</summary>
    public static Trace Of(SessionCommand command, params Injection[] injections) => Of(command, [], injections);

    /// <summary>As <see cref="Of(SessionCommand, Injection[])"/>, with more options for strace ("-y", "-k").</summary>
    public static Trace Of(SessionCommand command, IReadOnlyList<string> straceOptions, params Injection[] injections) =>
        RunningTrace.Start(command, straceOptions, injections).Finish();

    /// <summary>Starts it; the test acts while an injected delay holds the helper.</summary>
    public static RunningTrace Start(SessionCommand command, params Injection[] injections) => RunningTrace.Start(command, [], injections);

    public IEnumerable<SystemCall> Named(params string[] names) => HelperCalls.Where(call => names.Contains(call.Name));

    /// <summary>What the process did that makes the session, the init or the only one there is, until it forks the command.</summary>
    public IReadOnlyList<SystemCall> SetupCalls => HelperCalls.Any(call => call.IsFork)
        ? [.. HelperCalls.Where(call => call.Pid == HelperCalls.Select(other => other.Pid).Distinct().ElementAtOrDefault(1)).TakeWhile(call => !call.IsFork)]
        : HelperCalls;

    /// <summary>The parts of the plan, each as its process did it: up to the first fork, up to the second, and to the command.</summary>
    public IEnumerable<SystemCall> PlannedCalls
    {
        get
        {
            foreach (IGrouping<int, SystemCall> process in HelperCalls.GroupBy(call => call.Pid))
            {
                foreach (SystemCall call in process.Where(call => call.Name != "set_robust_list")) // the C library's, in a child
                {
                    yield return call;
                    if (call.IsFork)
                    {
                        break;
                    }
                }
            }
        }
    }

    /// <summary>
    /// What has an order: what is done up to the first fork, what makes the session, and what becomes the command, one after the other. While they
    /// wait for each other, the monitor and the init have none.
    /// </summary>
    public IEnumerable<SystemCall> OrderedCalls
    {
        get
        {
            int[] processes = [.. HelperCalls.Select(call => call.Pid).Distinct()];
            return processes.Length == 1 ? HelperCalls
                : HelperCalls.Where(call => call.Pid == processes[0]).TakeWhile(call => !call.IsFork).Concat(SetupCalls).Concat(HelperCalls.Where(call => processes.Skip(2).Contains(call.Pid)));
        }
    }

    /// <summary>How often one of the helper's processes makes each call: the bounds of a sweep, because strace counts in each process for itself.</summary>
    public IReadOnlyDictionary<string, int> Counts() =>
        HelperCalls.GroupBy(call => call.Name).ToDictionary(group => group.Key, group => group.GroupBy(call => call.Pid).Max(own => own.Count()));

    /// <summary>The same of what is done before there is a command: an init that has forked it makes calls too, beside it.</summary>
    public int CountBeforeCommand(string name) =>
        Math.Max(SetupCalls.Count(call => call.Name == name), HelperCalls.Where(call => call.Pid == HelperCalls[0].Pid).Count(call => call.Name == name));

    /// <summary>The last call of that name with that path: which one of its name it is in its process, from 1, as injections count.</summary>
    public int WhenOf(string name, string path) => WhenOf(name, path, Named(name).Count(call => call.Paths.Contains(path)));

    /// <param name="ordinal">Which of the calls with that path, from 1.</param>
    public int WhenOf(string name, string path, int ordinal)
    {
        SystemCall wanted = Named(name).Where(call => call.Paths.Contains(path)).ElementAt(ordinal - 1);
        int when = Named(name).Where(call => call.Pid == wanted.Pid).TakeWhile(call => !ReferenceEquals(call, wanted)).Count() + 1;

        // An injection works in every process that gets so far: in an earlier one it would be another moment.
        return Named(name).Count(call => call.Pid != wanted.Pid) >= when
            ? throw new InvalidOperationException($"{name} {when} is made in two processes: let the profile have pid = \"host\"")
            : when;
    }

    /// <summary>Each call of the helper with the effective user id it was made with, followed from the set-id exec through the credential calls.</summary>
    public IEnumerable<(SystemCall Call, uint EffectiveUserId)> WithEffectiveUser()
    {
        // A process that is new has the ids of the one that forked it.
        var known = new Dictionary<int, uint>();
        uint last = 0;
        foreach (SystemCall call in HelperCalls)
        {
            uint effective = known.GetValueOrDefault(call.Pid, last);
            yield return (call, effective);
            known[call.Pid] = last = After(call, effective);
        }
    }

    public override string ToString() => $"{Result}\n{string.Join('\n', HelperCalls.TakeLast(12).Select(call => call.Line.Length > 160 ? call.Line[..160] : call.Line))}\n{string.Join('\n', Events)}";

    private static uint After(SystemCall call, uint effective)
    {
        // The file system id follows the effective one; a call of its own would be a surprise, and counts for both.
        int index = call.Name switch
        {
            "setresuid" or "setreuid" => 1,
            "setuid" or "setfsuid" => 0,
            _ => -1,
        };
        return index >= 0 && !call.Failed && uint.TryParse(call.Text(index), System.Globalization.CultureInfo.InvariantCulture, out uint id) ? id : effective;
    }
}
