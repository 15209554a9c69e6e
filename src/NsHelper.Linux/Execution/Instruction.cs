namespace NsHelper.Linux.Execution;

/// <summary>
/// One system call of a lowered plan with everything it needs: arguments, where its result goes, what must be true afterwards,
/// and the one error the plan foresaw. Lives in unmanaged memory. There are no jumps: a plan is a straight line.
/// </summary>
internal unsafe struct Instruction
{
    public const int NoSlot = -1;

    /// <summary>The kernel's number of the call on this architecture.</summary>
    public int Number;

    /// <summary>A value, a pointer into the plan's memory, or the number of a slot that holds a descriptor.</summary>
    public fixed long Arguments[6];

    /// <summary><see cref="ArgumentKind"/> of each argument.</summary>
    public fixed byte Kinds[6];

    /// <summary>How many of the six the call has; for people.</summary>
    public byte ArgumentCount;

    /// <summary>Slot that takes the returned descriptor, or <see cref="NoSlot"/>.</summary>
    public short ResultSlot;

    public Expectation Expectation;

    /// <summary>A failure of this kind is no failure: the result slot stays empty and the next instruction is due.</summary>
    public Foreseen Foreseen;

    /// <summary>Skipped while this slot is empty; <see cref="NoSlot"/>: never.</summary>
    public short OnlyWithSlot;

    /// <summary>The return value, the least one, or the errno, that <see cref="Expectation"/> asks for.</summary>
    public long Expected;

    /// <summary>The errno of <see cref="Foreseen.Errno"/>.</summary>
    public int ForeseenErrno;

    /// <summary>Memory compared after the call, <see cref="Length"/> bytes; only the bits of the mask when there is one.</summary>
    public byte* Actual;
    public byte* Reference;
    public byte* Mask;
    public int Length;
}

/// <summary>What must be true after a system call besides that it did not fail.</summary>
internal enum Expectation : byte
{
    Success,

    /// <summary>A descriptor above the standard ones, kept in the result slot.</summary>
    Descriptor,

    /// <summary>A number that is not smaller than this, kept in the result slot.</summary>
    Number,

    /// <summary>Exactly this return value.</summary>
    Result,

    /// <summary>A return value that is not greater.</summary>
    AtMost,

    /// <summary>The compared memory is equal.</summary>
    Equal,

    /// <summary>The compared memory differs.</summary>
    Different,

    /// <summary>The call must fail, with exactly this errno.</summary>
    Failure,
}

/// <summary>The one way a system call may go wrong without ending the plan.</summary>
internal enum Foreseen : byte
{
    Nothing,
    Errno,

    /// <summary>Any error at all.</summary>
    AnyError,

    /// <summary>ENOENT, ENOTDIR or EACCES: the search for a command goes on, and EACCES is remembered.</summary>
    NotFound,
}
