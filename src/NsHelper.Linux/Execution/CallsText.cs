using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Planning;
using NsHelper.Planning.Profiles;

namespace NsHelper.Linux.Execution;

/// <summary>A lowered plan as `strace -X raw` would show it: one line a system call, descriptors by the name of their slot, in front of each group what it is about.</summary>
internal static unsafe class CallsText
{
    private const int NumbersInMountAttr = 4;

    public static string Of(LoweredPlan plan)
    {
        var text = new StringBuilder(4096);
        InstructionOrigin before = default;
        for (int i = 0; i < plan.Count; i++)
        {
            InstructionOrigin origin = plan.Origins[i];
            if (i == 0 || origin != before)
            {
                AppendHeading(text, origin);
                before = origin;
            }

            AppendCall(text, plan, plan.Instructions + i);
        }

        return text.ToString();
    }

    private static void AppendHeading(StringBuilder text, InstructionOrigin origin)
    {
        text.Append("# ").Append(NameOf(origin.Stage)).Append(": ").Append(Escaped.Text(origin.Subject));
        if (origin.Location is SourceLocation location)
        {
            text.Append(" (").Append(Escaped.Text(location.ToString())).Append(')');
        }

        text.Append('\n');
    }

    // Not the enum's own ToString: that is reflection, which nothing else in the binary needs.
    public static string NameOf(SetupStage stage) => stage switch
    {
        SetupStage.Raise => "raise",
        SetupStage.Limits => "limits",
        SetupStage.Registry => "registry",
        SetupStage.Shares => "shares",
        SetupStage.Sources => "sources",
        SetupStage.Devices => "devices",
        SetupStage.Lowers => "lowers",
        SetupStage.Layers => "layers",
        SetupStage.Isolation => "isolation",
        SetupStage.Root => "root",
        SetupStage.Namespaces => "namespaces",
        SetupStage.Overlays => "overlays",
        SetupStage.Mounts => "mounts",
        SetupStage.Entries => "entries",
        SetupStage.Processes => "processes",
        SetupStage.Terminal => "terminal",
        SetupStage.Credentials => "credentials",
        SetupStage.Directory => "directory",
        SetupStage.Surroundings => "surroundings",
        SetupStage.Command => "command",
        _ => throw new UnreachableException(),
    };

    private static void AppendCall(StringBuilder text, LoweredPlan plan, Instruction* instruction)
    {
        SystemCall call = SystemCalls.FromNumber(instruction->Number);
        text.Append(SystemCalls.NameOf(call)).Append('(');
        for (int i = 0; i < instruction->ArgumentCount; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            AppendArgument(text, plan, (ArgumentKind)instruction->Kinds[i], instruction->Arguments[i], CountOf(call));
        }

        text.Append(')');
        AppendOutcome(text, plan, instruction);
        text.Append('\n');
    }

    private static void AppendArgument(StringBuilder text, LoweredPlan plan, ArgumentKind kind, long value, int numbers)
    {
        switch (kind)
        {
            case ArgumentKind.Slot:
                AppendSlot(text.Append('<'), plan, (int)value);
                break;
            case ArgumentKind.SlotAddress:
                AppendSlot(text.Append("&<"), plan, (int)value);
                break;
            case ArgumentKind.Text:
                // Safe: the plan's strings end in NUL and live as long as the plan.
                text.Append('"').Append(Escaped.Bytes(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)value))).Append('"');
                break;
            case ArgumentKind.Numbers:
                AppendNumbers(text, (long*)value, numbers);
                break;
            case ArgumentKind.Memory:
                text.Append(value == 0 ? "NULL" : "[...]");
                break;
            default:
                text.Append(Number(value));
                break;
        }
    }

    // The number tells slots of one name apart.
    private static void AppendSlot(StringBuilder text, LoweredPlan plan, int slot) =>
        text.Append(plan.SlotNames[slot]).Append(CultureInfo.InvariantCulture, $" {slot}>");

    private static void AppendNumbers(StringBuilder text, long* numbers, int count)
    {
        text.Append('{');
        for (int i = 0; i < count; i++)
        {
            // Safe: `count` is the size of the structure that the builder laid out for this call.
            text.Append(i == 0 ? "" : ", ").Append(Number(numbers[i]));
        }

        text.Append('}');
    }

    /// <summary>Small and negative numbers in decimal, the rest (flags) in hexadecimal.</summary>
    private static string Number(long value) => value is > -4096 and < 4096
        ? value.ToString(CultureInfo.InvariantCulture)
        : "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static int CountOf(SystemCall call) => call switch
    {
        SystemCall.OpenAt2 => 3,
        SystemCall.MountSetAttr or SystemCall.SetItimer => NumbersInMountAttr,
        SystemCall.Prlimit => 2,
        SystemCall.Fcntl => 3,
        _ => 1,
    };

    private static void AppendOutcome(StringBuilder text, LoweredPlan plan, Instruction* instruction)
    {
        switch (instruction->Expectation)
        {
            case Expectation.Descriptor or Expectation.Number:
                AppendSlot(text.Append(" = <"), plan, instruction->ResultSlot);
                break;
            case Expectation.Result:
                text.Append(CultureInfo.InvariantCulture, $" = {instruction->Expected}");
                break;
            case Expectation.AtMost:
                text.Append(CultureInfo.InvariantCulture, $" <= {instruction->Expected}");
                break;
            case Expectation.Failure:
                text.Append(CultureInfo.InvariantCulture, $" = -1, errno {instruction->Expected}");
                break;
            case Expectation.Equal:
                text.Append(" and what it wrote is as planned");
                break;
            case Expectation.Different:
                text.Append(" and what it wrote has changed");
                break;
            default:
                break;
        }

        text.Append(instruction->Foreseen switch
        {
            Foreseen.Errno => string.Create(CultureInfo.InvariantCulture, $", or errno {instruction->ForeseenErrno}"),
            Foreseen.AnyError => ", or any error",
            Foreseen.NotFound => ", or not found",
            _ => "",
        });
        if (instruction->OnlyWithSlot != Instruction.NoSlot)
        {
            AppendSlot(text.Append(", only with <"), plan, instruction->OnlyWithSlot);
        }
    }
}
