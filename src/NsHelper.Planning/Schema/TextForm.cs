namespace NsHelper.Planning.Schema;

/// <summary>What the text of a value must look like. <see cref="TextForms"/> has the rules.</summary>
internal enum TextForm
{
    /// <summary>Only the words of the key.</summary>
    None,

    /// <summary>Anything without control characters.</summary>
    Free,

    /// <summary>Anything, with {parameters}.</summary>
    Template,

    /// <summary>Anything, with specifiers and {parameters}.</summary>
    SetValue,

    /// <summary>A path as written.</summary>
    Path,

    /// <summary>A path with specifiers.</summary>
    SpecifiedPath,

    /// <summary>The same, by what is known of a caller before there is a plan: without %H.</summary>
    CallersPath,

    /// <summary>The same, where something is mounted.</summary>
    Target,

    /// <summary>The same, with {parameters}.</summary>
    MountTarget,

    /// <summary>A source as written, without specifiers.</summary>
    PlainSource,

    /// <summary>A path with specifiers, after "-" when it may be missing.</summary>
    ListedPath,

    /// <summary>An entry of PATH.</summary>
    SearchDirectory,
    ProfileName,

    /// <summary>a-z, 0-9 and _.</summary>
    ParameterName,
    HostName,

    /// <summary>path:/run/netns/NAME.</summary>
    NetworkPath,

    /// <summary>A name, #id, or * for everybody.</summary>
    Principal,

    /// <summary>A name or #id.</summary>
    Group,

    /// <summary>The same, or %u for the caller.</summary>
    Owner,

    /// <summary>The same, or %g for the caller's group.</summary>
    OwnerGroup,
    Variable,

    /// <summary>The same, of a variable that nshelper does not set itself.</summary>
    SetVariable,

    /// <summary>The name of a variable, a last * for any tail.</summary>
    VariablePattern,
    Size,

    /// <summary>Octal permission bits; no setuid, no setgid.</summary>
    Mode,

    /// <summary>The same, and setgid may be among them.</summary>
    SharedMode,
    Umask,
    Capability,

    /// <summary>Seconds, or a number with s, min, h or d.</summary>
    Duration,

    /// <summary>A number, soft:hard, infinity or keep.</summary>
    Limit,

    /// <summary>The same, with K, M, G or T.</summary>
    SizeLimit,

    /// <summary>The same, with s, min, h or d.</summary>
    TimeLimit,

    /// <summary>Processors: numbers and ranges.</summary>
    Processors,
}
