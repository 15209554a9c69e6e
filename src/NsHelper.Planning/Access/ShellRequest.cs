namespace NsHelper.Planning.Access;

/// <summary>What is asked of a profile's shell.</summary>
/// <param name="Verb">The verb of allow.verbs that stands behind it.</param>
/// <param name="IsLogin">The shell is to see itself as a login shell: its argv[0] begins with a dash.</param>
/// <param name="Command">What follows -c: one opaque argument that is never parsed; null for a shell to type into.</param>
internal sealed record ShellRequest(string Verb, bool IsLogin, ByteString? Command)
{
    public const string LoginVerb = "login";
    public const string ShellVerb = "shell";
}
