using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>What every start of a command has, in a session of its own or in one that is there: who it is, its surroundings, and the processes around it.</summary>
internal abstract record StartPlan
{
    /// <summary>As a message says it: cannot VERB OBJECT.</summary>
    public abstract string Verb { get; }

    /// <summary>What the verb is about.</summary>
    public abstract string Subject { get; }
    public required ProfileName Profile { get; init; }

    /// <summary>32 hexadecimal digits.</summary>
    public required string SessionId { get; init; }
    public required Caller Caller { get; init; }

    /// <summary>Null: nobody waits, the process becomes the command.</summary>
    public required Supervision? Supervision { get; init; }

    /// <summary>Of the command and what surrounds it, written before anything else; null leaves the caller's.</summary>
    public OutOfMemoryScore? OutOfMemoryScore { get; init; }
    public required Credentials Credentials { get; init; }
    public required Launch Launch { get; init; }
}
