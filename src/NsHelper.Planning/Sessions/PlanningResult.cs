using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>A plan, or the one reason why there is none for this caller.</summary>
internal abstract record PlanningResult
{
    private PlanningResult()
    {
    }

    internal sealed record Valid(SessionPlan Plan) : PlanningResult;

    internal sealed record Refused(string Message, SourceLocation? Location) : PlanningResult;
}
