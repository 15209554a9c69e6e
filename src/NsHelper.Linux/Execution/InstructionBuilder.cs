using NsHelper.Planning.Profiles;

namespace NsHelper.Linux.Execution;

/// <summary>Collects instructions in order, and gives out slots for descriptors; the calls themselves are in <see cref="CallBuilder"/>.</summary>
internal sealed unsafe class InstructionBuilder(int capacity, UnmanagedMemory memory)
{
    private readonly List<InstructionOrigin> origins = new(capacity);
    private Instruction* instructions = (Instruction*)memory.Allocate(capacity * sizeof(Instruction));
    private int room = capacity;
    private readonly List<string> slotNames = [];
    private InstructionOrigin origin;
    private Slot? onlyWith;

    public UnmanagedMemory Memory => memory;

    /// <summary>What the following instructions are about.</summary>
    public void About(SetupStage stage, string subject, SourceLocation? location) => origin = new InstructionOrigin(stage, subject, location);

    /// <summary>The following instructions are skipped while this slot is empty; null: none is. Gives what held before.</summary>
    public Slot? OnlyWith(Slot? slot)
    {
        Slot? before = onlyWith;
        onlyWith = slot;
        return before;
    }

    public Slot NewSlot(string name)
    {
        slotNames.Add(name);
        return new Slot((short)(slotNames.Count - 1));
    }

    public void Add(SystemCall call, ReadOnlySpan<Argument> arguments)
    {
        if (origins.Count == room)
        {
            Grow();
        }

        // Safe: there is room for one more, in memory that was zero before.
        Instruction* instruction = instructions + origins.Count;
        instruction->Number = SystemCalls.NumberOf(call);
        instruction->ArgumentCount = (byte)arguments.Length;
        instruction->ResultSlot = Instruction.NoSlot;
        instruction->OnlyWithSlot = onlyWith is { } slot ? slot.Index : (short)Instruction.NoSlot;
        for (int i = 0; i < arguments.Length; i++)
        {
            instruction->Arguments[i] = arguments[i].Value;
            instruction->Kinds[i] = (byte)arguments[i].Kind;
        }

        origins.Add(origin);
    }

    public Slot AddDescriptor(SystemCall call, string name, ReadOnlySpan<Argument> arguments)
    {
        Slot slot = NewSlot(name);
        Add(call, arguments);
        Expect(Expectation.Descriptor).ResultSlot = slot.Index;
        return slot;
    }

    /// <summary>
    /// From here on a child does what follows. The parent has done its part of the plan; what it is from then on is not the plan's to say.
    /// </summary>
    public void Fork() => Add(SystemCall.Fork, []);

    /// <summary>A result that is no descriptor, for later arguments and conditions.</summary>
    public Slot AddNumber(SystemCall call, string name, ReadOnlySpan<Argument> arguments, int least)
    {
        Slot slot = NewSlot(name);
        Add(call, arguments);
        Expect(Expectation.Number, least).ResultSlot = slot.Index;
        return slot;
    }

    public ref Instruction Last => ref instructions[origins.Count - 1];

    /// <summary>What must be true after the last instruction besides that it did not fail.</summary>
    public ref Instruction Expect(Expectation expectation, long expected = 0)
    {
        ref Instruction instruction = ref Last;
        instruction.Expectation = expectation;
        instruction.Expected = expected;
        return ref instruction;
    }

    /// <summary>The last instruction may fail with this errno: then the next one is due, and its result slot stays empty.</summary>
    public void Foresee(int errno)
    {
        Last.Foreseen = Foreseen.Errno;
        Last.ForeseenErrno = errno;
    }

    /// <param name="standAside">What the parent of the first fork does, then the plan is not its any more.</param>
    public LoweredPlan Build(InstructionBuilder abandon, InstructionBuilder standAside)
    {
        int* slots = (int*)Memory.Allocate(Math.Max(1, slotNames.Count) * sizeof(int));
        new Span<int>(slots, slotNames.Count).Fill(-1);
        return new LoweredPlan
        {
            Instructions = instructions,
            Count = origins.Count,
            Abandon = abandon.instructions,
            AbandonCount = abandon.origins.Count,
            StandAside = standAside.instructions,
            StandAsideCount = standAside.origins.Count,
            Slots = slots,
            SlotNames = slotNames,
            Origins = origins,
        };
    }

    private void Grow()
    {
        var larger = (Instruction*)memory.Allocate(2 * room * sizeof(Instruction));
        new ReadOnlySpan<Instruction>(instructions, room).CopyTo(new Span<Instruction>(larger, room));
        instructions = larger;
        room *= 2;
    }
}

/// <summary>The place of a descriptor that exists only while the plan runs.</summary>
internal readonly record struct Slot(short Index);

/// <summary>One argument of a system call: what the kernel gets, and what a person sees in its place.</summary>
internal readonly unsafe record struct Argument(long Value, ArgumentKind Kind)
{
    public static implicit operator Argument(int value) => new(value, ArgumentKind.Number);

    public static implicit operator Argument(uint value) => new(value, ArgumentKind.Number);

    public static implicit operator Argument(Slot slot) => new(slot.Index, ArgumentKind.Slot);

    public static implicit operator Argument(byte* address) => new((long)address, ArgumentKind.Memory);

    /// <summary>The address of the int in a slot.</summary>
    public static Argument AddressOf(Slot slot) => new(slot.Index, ArgumentKind.SlotAddress);

    /// <summary>A C string in the plan's memory.</summary>
    public static Argument Text(byte* address) => new((long)address, ArgumentKind.Text);

    /// <summary>A structure of 64-bit numbers: struct open_how, struct mount_attr, struct itimerval, struct rlimit, a signal set.</summary>
    public static Argument Numbers(byte* address) => new((long)address, ArgumentKind.Numbers);
}

internal enum ArgumentKind : byte
{
    Number,
    Slot,
    SlotAddress,
    Text,
    Numbers,

    /// <summary>Memory of another form, or that the kernel writes to.</summary>
    Memory,
}
