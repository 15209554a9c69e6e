using NsHelper.Planning.Profiles;

namespace NsHelper.Linux.Execution;

/// <summary>The instruction that ended a start, told after every privilege is gone.</summary>
/// <param name="Call">Name of the system call.</param>
/// <param name="Errno">0 when the call succeeded and what must hold after it did not.</param>
internal sealed record ExecutionFault(int Instruction, SetupStage Stage, string Call, string Subject, int Errno, SourceLocation? Location);
