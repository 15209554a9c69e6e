namespace NsHelper.Planning.Sessions;

/// <summary>
/// What a command in a running session will be: what the same profile makes of its own first command, but for the session itself, which is
/// there. Made from the profile anew and never from anything that the session shows.
/// </summary>
internal sealed record JoinPlan : StartPlan
{
    public override string Verb => "join";

    public override string Subject => SessionId;
}
