using NsHelper.Planning.Profiles;

namespace NsHelper.Linux.Execution;

/// <summary>Why an instruction is in the plan: its part of the start, the object it is about, and the profile line that asked for it.</summary>
internal readonly record struct InstructionOrigin(SetupStage Stage, string Subject, SourceLocation? Location);

/// <summary>The parts of a session's start, in their order.</summary>
internal enum SetupStage
{
    Raise,
    Limits,
    Registry,
    Processes,
    Terminal,
    Shares,
    Sources,
    Devices,
    Lowers,
    Layers,
    Isolation,
    Root,
    Namespaces,
    Overlays,
    Mounts,
    Entries,
    Credentials,
    Directory,
    Surroundings,
    Command,
}
