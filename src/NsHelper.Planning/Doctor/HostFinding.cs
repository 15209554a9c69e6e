namespace NsHelper.Planning.Doctor;

/// <summary>One thing of the host that was looked at, what it means for nshelper, and how it is repaired.</summary>
/// <param name="Id">A word for programs, which stays when the text changes.</param>
/// <param name="Text">Printable ASCII: what is foreign in it is escaped.</param>
/// <param name="Repair">A command, or what to change, in printable ASCII; null where there is nothing to do.</param>
internal sealed record HostFinding(HostArea Area, FindingLevel Level, string Id, string Text, string? Repair);

/// <summary>What a finding is about, in the order of the answer.</summary>
internal enum HostArea
{
    /// <summary>The file of the program.</summary>
    Program,

    /// <summary>What the process got from who started it.</summary>
    Process,
    Kernel,
    Mounts,

    /// <summary>The directories in which nshelper keeps state.</summary>
    State,
    Profiles,
    Logins,
}

internal enum FindingLevel
{
    Ok,

    /// <summary>Neither good nor bad, and of use to who wonders why something is as it is.</summary>
    Note,

    /// <summary>The caller may not see it; root may.</summary>
    Unseen,

    /// <summary>Something does not work, or is not closed, that not every host wants.</summary>
    Warning,

    /// <summary>Sessions do not start, or what protects them is open.</summary>
    Wrong,
}
