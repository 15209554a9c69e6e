using System.Runtime.InteropServices;
using NsHelper.Linux.Process;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// The only code that runs with privilege: a loop over instructions with one system call in it. It allocates nothing, decides
/// nothing and never unwinds: it ends as the command, or gives everything up and names the instruction that failed.
/// </summary>
internal static unsafe class PlanExecutor
{
    private const int FailedStart = 125;

    /// <summary>
    /// Runs the plan. Returns in every process that does not become the command: in one whose part failed, as the caller for good and without a
    /// descriptor but 0, 1 and 2; in the parent of a fork, with the child. The monitor still has root aside, to end an init that hangs.
    /// </summary>
    public static ExecutionEnd Run(LoweredPlan plan, ParkedPrivileges privileges)
    {
        privileges.Consume();
        int end = Execute(plan.Instructions, plan.Count, plan.Slots, out int errno, out int child);
        if (child > 0)
        {
            // The second fork comes after the drop: there is nothing left to give up.
            return IsFirstFork(plan, end) ? new ExecutionEnd.IsMonitor(child) : new ExecutionEnd.IsInit(child);
        }

        GiveUp(plan.Abandon, plan.AbandonCount, plan.Slots);

        // A plan ends in execve, so coming to its end means that a call claimed to have succeeded and did not.
        return new ExecutionEnd.Failed(plan.FaultAt(Math.Min(end, plan.Count - 1), errno));
    }

    /// <summary>The monitor's way down: it is the caller for good from here on.</summary>
    public static void StandAside(LoweredPlan plan) => GiveUp(plan.StandAside, plan.StandAsideCount, plan.Slots);

    private static void GiveUp(Instruction* down, int count, int* slots)
    {
        if (Execute(down, count, slots, out _, out _) != count)
        {
            // Not even the way down worked: no message is worth another instruction with privilege.
            _exit(FailedStart);
        }
    }

    private static bool IsFirstFork(LoweredPlan plan, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (plan.Instructions[i].Number == SystemCalls.ForkNumber)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The index of the instruction that failed, or of the fork whose parent this is, or <paramref name="count"/> when all were done.</summary>
    /// <param name="child">The process of that fork; else 0.</param>
    internal static int Execute(Instruction* instructions, int count, int* slots, out int errno, out int child)
    {
        bool deniedBefore = false;
        errno = 0;
        child = 0;
        for (int i = 0; i < count; i++)
        {
            Instruction* instruction = instructions + i;
            if (instruction->OnlyWithSlot != Instruction.NoSlot && slots[instruction->OnlyWithSlot] < 0)
            {
                continue;
            }

            if (instruction->Number == SystemCalls.ForkNumber)
            {
                child = fork();
                errno = child < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (child == 0)
                {
                    continue;
                }

                return i;
            }

            long result = Call(instruction, slots);
            errno = result < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (!Holds(instruction, result, errno, slots) && !WasForeseen(instruction, result, errno))
            {
                errno = deniedBefore && errno is ENOENT_ or ENOTDIR_ ? EACCES_ : errno;
                return i;
            }

            deniedBefore |= instruction->Foreseen == Foreseen.NotFound && errno == EACCES_;
        }

        return count;
    }

    // Constants, where Tmds.LibC has properties: a pattern needs them.
    private const int ENOENT_ = 2;
    private const int EACCES_ = 13;
    private const int ENOTDIR_ = 20;

    private static long Call(Instruction* instruction, int* slots)
    {
        // Safe: six values on the stack, read back as pointers of the same size: a conversion would be checked and could throw here.
        // Slot numbers were given out by the same builder that sized `slots`.
        long* values = stackalloc long[6];
        for (int i = 0; i < 6; i++)
        {
            long argument = instruction->Arguments[i];
            values[i] = instruction->Kinds[i] switch
            {
                (byte)ArgumentKind.Slot => slots[argument],
                (byte)ArgumentKind.SlotAddress => (long)(slots + argument),
                _ => argument,
            };
        }

        void** a = (void**)values;
        return (long)syscall(instruction->Number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }

    private static bool Holds(Instruction* instruction, long result, int errno, int* slots)
    {
        switch (instruction->Expectation)
        {
            case Expectation.Success:
                return result >= 0;
            case Expectation.Descriptor:
                // 0, 1 and 2 are taken, so a smaller number is no descriptor of ours.
                if (result < 3)
                {
                    return false;
                }

                slots[instruction->ResultSlot] = (int)result;
                return true;
            case Expectation.Number:
                if (result < instruction->Expected)
                {
                    return false;
                }

                slots[instruction->ResultSlot] = (int)result;
                return true;
            case Expectation.Result:
                return result == instruction->Expected;
            case Expectation.AtMost:
                return result >= 0 && result <= instruction->Expected;
            case Expectation.Failure:
                return result < 0 && errno == instruction->Expected;
            case Expectation.Equal:
                return result >= 0 && SameMemory(instruction);
            case Expectation.Different:
                return result >= 0 && !SameMemory(instruction);
            default:
                return false;
        }
    }

    private static bool SameMemory(Instruction* instruction)
    {
        for (int i = 0; i < instruction->Length; i++)
        {
            int mask = instruction->Mask == null ? 0xff : instruction->Mask[i];
            if ((instruction->Actual[i] & mask) != (instruction->Reference[i] & mask))
            {
                return false;
            }
        }

        return true;
    }

    private static bool WasForeseen(Instruction* instruction, long result, int errno) => instruction->Foreseen switch
    {
        Foreseen.Errno => result < 0 && errno == instruction->ForeseenErrno,
        Foreseen.AnyError => result < 0,
        Foreseen.NotFound => result < 0 && errno is ENOENT_ or ENOTDIR_ or EACCES_,
        _ => false,
    };
}
