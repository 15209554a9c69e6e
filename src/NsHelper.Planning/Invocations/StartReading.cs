using NsHelper.Planning.Access;

namespace NsHelper.Planning.Invocations;

/// <summary>The verbs that start a session, or say what a start would be: run, shell, explain and allowed.</summary>
internal static class StartReading
{
    private const int MaxUserName = 256;

    public static Invocation? Read(VerbEntry verb, OptionScan scan, OutputChoice output)
    {
        if (SessionReading.Read(scan, InvocationParser.NameRule) is not { } session)
        {
            return null;
        }

        if (verb.Verb == Verb.Shell)
        {
            InvocationParser.RefuseOperandsFrom(1, scan);
            session = session with { Shell = new ShellRequest(ShellRequest.ShellVerb, IsLogin: false, Command: null) };
        }

        if (verb.Verb is Verb.Run or Verb.Shell && !scan.Has(Option.DryRun))
        {
            if (output.Form == OutputForm.Json)
            {
                scan.Refuse("option --json needs --dry-run");
            }

            if (scan.Has(Option.JoinOrStart) && session.Label is null)
            {
                scan.Refuse("option --join-or-start needs --name");
            }

            if (scan.Has(Option.Detach) && (scan.Has(Option.JoinOrStart) || scan.Has(Option.StatusDescriptor)))
            {
                scan.Refuse($"options --detach and {(scan.Has(Option.JoinOrStart) ? "--join-or-start" : StatusDescriptorChoice.Spelling)} exclude each other");
            }

            return new Invocation.Run(session, StatusDescriptorOf(scan)) { Output = output, MayJoin = scan.Has(Option.JoinOrStart) };
        }

        if (scan.Has(Option.StatusDescriptor))
        {
            scan.Refuse($"options {StatusDescriptorChoice.Spelling} and --dry-run exclude each other");
        }

        if (verb.Verb == Verb.Allowed)
        {
            return new Invocation.Allowed(session) { Output = output, AsUser = UserOf(Option.User, scan) };
        }

        if (scan.Has(Option.Calls) && output.Form == OutputForm.Json)
        {
            scan.Refuse("options --calls and --json exclude each other");
        }

        return new Invocation.Explain(session, scan.Has(Option.Calls) ? ExplainForm.Calls : ExplainForm.Plan)
        {
            Output = output,
            AsUser = UserOf(Option.AsUser, scan),
        };
    }

    public static int? StatusDescriptorOf(OptionScan scan)
    {
        int? descriptor = null;
        foreach (ByteString value in scan.ValuesOf(Option.StatusDescriptor))
        {
            descriptor = StatusDescriptorChoice.Parse(value);
            if (descriptor is null)
            {
                scan.Refuse($"{Ascii.Quoted(value)} is no descriptor for {StatusDescriptorChoice.Spelling} ({StatusDescriptorChoice.Least} or above; 0, 1 and 2 are the command's)");
            }
        }

        return descriptor;
    }

    /// <summary>A user by name. Never by number: what looks like one is one to some programs, a name to others, and 0 to a few (CVE-2019-14287).</summary>
    private static string? UserOf(Option option, OptionScan scan)
    {
        foreach (ByteString value in scan.ValuesOf(option))
        {
            if (Ascii.Word(value) is { Length: > 0 and <= MaxUserName } name && (char.IsAsciiLetter(name[0]) || name[0] == '_'))
            {
                return name;
            }

            scan.Refuse($"{Ascii.Quoted(value)} is not a user name (a letter or _ first, no number)");
        }

        return null;
    }
}
