using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>What was seen of the host, judged: the findings of all areas in their order.</summary>
internal sealed record Diagnosis(ImmutableArray<HostFinding> Findings)
{
    public bool IsHealthy => Count(FindingLevel.Wrong) == 0;

    public static Diagnosis Of(HostState host)
    {
        ImmutableArray<HostFinding> program = ProgramRules.Judge(host.Program);
        return new Diagnosis(
        [
            .. program,
            .. ProcessRules.Judge(host.Process, isProgramGood: new Diagnosis(program).IsHealthy),
            .. KernelRules.Judge(host.Kernel),
            .. MountRules.Judge(host.Kernel.Mounts),
            .. StateRules.Judge(host.Directories),
            .. ProfileStateRules.Judge(host.Profiles),
            .. host.Logins is { } logins ? LoginStateRules.Judge(logins) : [],
        ]);
    }

    public int Count(FindingLevel level)
    {
        int count = 0;
        foreach (HostFinding finding in Findings)
        {
            count += finding.Level == level ? 1 : 0;
        }

        return count;
    }
}
