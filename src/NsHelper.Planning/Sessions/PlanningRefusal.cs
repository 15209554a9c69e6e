using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Carries the reason out of the planner's depth to <see cref="SessionPlanner.Plan"/>, which turns it into a value; it leaves this folder nowhere.</summary>
internal sealed class PlanningRefusal(string message, SourceLocation? location) : Exception(message)
{
    public SourceLocation? Location { get; } = location;
}
