namespace NsHelper.Linux.Execution;

/// <summary>
/// A plan as the kernel will see it: instructions and everything they point to in unmanaged memory. Making it is the last
/// allocation; running it decides nothing.
/// </summary>
internal sealed unsafe class LoweredPlan
{
    public required Instruction* Instructions { get; init; }
    public required int Count { get; init; }

    /// <summary>What is done when an instruction fails: close everything, become the caller for good.</summary>
    public required Instruction* Abandon { get; init; }
    public required int AbandonCount { get; init; }

    /// <summary>What the parent of the first fork does: as Abandon, but for descriptors.</summary>
    public required Instruction* StandAside { get; init; }
    public required int StandAsideCount { get; init; }

    /// <summary>Descriptors by slot; -1 is empty.</summary>
    public required int* Slots { get; init; }
    public required IReadOnlyList<string> SlotNames { get; init; }

    /// <summary>For messages: what each instruction is about, by its index.</summary>
    public required IReadOnlyList<InstructionOrigin> Origins { get; init; }

    /// <summary>The fault of one instruction, for people. Allocates: only after every privilege is gone.</summary>
    public ExecutionFault FaultAt(int index, int errno)
    {
        InstructionOrigin origin = Origins[index];
        SystemCall call = SystemCalls.FromNumber(Instructions[index].Number);
        return new ExecutionFault(index, origin.Stage, SystemCalls.NameOf(call), origin.Subject, errno, origin.Location);
    }
}
