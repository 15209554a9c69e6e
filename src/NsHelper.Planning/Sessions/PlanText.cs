using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Output;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;

namespace NsHelper.Planning.Sessions;

/// <summary>The plan for people, as explain prints it: the phases in the order in which they are done, each with the line that asked for it.</summary>
internal static class PlanText
{
    public static string Of(SessionPlan plan, OutputStyle style)
    {
        var sheet = new Sheet(style);
        Header(sheet, plan);
        Parameters(sheet, plan.Parameters);
        Shares(sheet, "shares, kept on the host for all sessions that have them", plan.Backings.RemoveAll(backing => backing.IsPrivate));
        Shares(sheet, "private directories, kept on the host", plan.Backings.RemoveAll(backing => !backing.IsPrivate));
        Isolation(sheet, plan.Isolation);
        Processes(sheet, plan.Supervision);
        Steps(sheet, plan.Steps);
        Identity(sheet, plan.Credentials);
        LimitText.Add(sheet, plan);
        Launch(sheet, plan.Launch);
        return sheet.ToString();
    }

    private static void Header(Sheet sheet, SessionPlan plan)
    {
        Caller caller = plan.Caller;
        sheet.Heading($"profile {plan.Profile}");
        sheet.Row("session", plan.SessionId);
        Sessions(sheet, plan.Sessions);
        sheet.Row("caller", [$"{Escaped.Text(caller.Name)},", $"uid {caller.UserId},", $"gid {caller.GroupId} ({Escaped.Text(caller.GroupName)})"]);
        sheet.Row("home", Escaped.Text(caller.Home.Text));
        sheet.Row("shell", Escaped.Text(caller.Shell.Text));
    }

    private static void Sessions(Sheet sheet, SessionSettings sessions)
    {
        if (sessions.Label is { } label)
        {
            sheet.Row("name", label);
        }

        (long ofProfile, long ofUser, long? inTotal) = sessions.Limits;
        List<string> bounds = [string.Create(CultureInfo.InvariantCulture, $"{ofProfile} of the profile,"), string.Create(CultureInfo.InvariantCulture, $"{ofUser} of the user")];
        if (inTotal is long most)
        {
            bounds[^1] += ",";
            bounds.Add(string.Create(CultureInfo.InvariantCulture, $"{most} of the host"));
        }

        sheet.Row("at most", bounds);
        sheet.Row("join", sessions.MayBeJoined ? "the user" : "nobody");
    }

    private static void Parameters(Sheet sheet, ParameterValues values)
    {
        if (values.All.IsEmpty)
        {
            return;
        }

        sheet.Heading("parameters");
        foreach ((Parameter parameter, string value) in values.All)
        {
            sheet.Row(parameter.Name, [Argument(ByteString.FromText(value))], parameter.Location);
        }
    }

    private static void Shares(Sheet sheet, string heading, ImmutableArray<ShareBacking> backings)
    {
        if (backings.Length == 0)
        {
            return;
        }

        sheet.Heading(heading);
        foreach (ShareBacking backing in backings)
        {
            List<string> pieces = backing.Source switch
            {
                ShareSource.Tmpfs => ["tmpfs", $"size {PlanWords.Size(backing.Size)}", string.Create(CultureInfo.InvariantCulture, $"inodes {backing.Inodes}")],
                ShareSource.Disk => [$"directory {backing.Store}"],
                ShareSource.Directory => [$"directory {Escaped.Text(backing.SourcePath?.Text ?? "")}"],
                _ => throw new UnreachableException(),
            };
            if (backing.Source != ShareSource.Directory)
            {
                pieces.AddRange([$"mode {PlanWords.Mode(backing.Mode)}", $"owner {backing.Owner}", $"group {backing.Group}"]);
            }

            if (backing.EndsWithLastSession)
            {
                pieces.Add("until its last session ends");
            }

            pieces.Add($"on {backing.Place}");
            sheet.Row(backing.Key, Sheet.Separated(pieces, ","), backing.Location);
        }
    }

    private static void Isolation(Sheet sheet, Isolation isolation)
    {
        sheet.Heading("namespaces", isolation.NamespacesLocation);
        sheet.Row("private", PlanWords.PrivateNamespaces(isolation.Unshare));
        if (isolation.JoinedNetwork is AbsolutePath network)
        {
            sheet.Row("joined", ["net", $"kept at {Escaped.Text(network.Text)}"]);
        }

        sheet.Row("the host's", PlanWords.HostNamespaces(isolation));
        sheet.Heading("root", isolation.RootLocation);
        sheet.Row("mode", Sheet.Separated(PlanWords.Of(isolation.Root), ","));
        sheet.Row("propagation", $"{PlanWords.Of(isolation.RootPropagation)}, of every mount");
        sheet.Row("read_only", !isolation.RootReadOnly ? "false" : isolation.Root.IsOwn ? "true, of the root alone" : "true, of every mount");
        if (isolation.RootNoExec)
        {
            sheet.Row("noexec", isolation.Root.IsOwn ? "true, of the root alone" : "true, of every mount");
        }

        if (!isolation.RootNoSuid)
        {
            sheet.Row("nosuid", "as on the host");
        }
    }

    private static void Processes(Sheet sheet, Supervision? supervision)
    {
        if (supervision is null)
        {
            sheet.Heading("processes");
            sheet.Row("command", "in place of nshelper itself");
            return;
        }

        sheet.Heading("processes", supervision.Location);
        sheet.Row("command", ["child of an init,", supervision.HasProcessNamespace ? "which is process 1 of the session" : "which is a process of the host"]);
        sheet.Row("terminal", PlanWords.Of(supervision));
        sheet.Row("end", PlanWords.EndOf(supervision));
    }

    private static void Steps(Sheet sheet, ImmutableArray<SetupStep> steps)
    {
        if (steps.Length == 0)
        {
            return;
        }

        sheet.Heading("steps, in this order");
        for (int i = 0; i < steps.Length; i++)
        {
            var step = StepText.Of(steps[i]);
            sheet.Row(string.Create(CultureInfo.InvariantCulture, $"{i + 1,2} {step.Kind}"), step.Subject, steps[i].Location);
            if (step.Settings.Count > 0)
            {
                sheet.Row("", step.SettingPieces);
            }
        }
    }

    private static void Identity(Sheet sheet, Credentials credentials)
    {
        sheet.Heading("identity");
        sheet.Row("user", $"{credentials.UserId}, as real, effective and saved id");
        sheet.Row("group", $"{credentials.GroupId}, as real, effective and saved id");
        sheet.Row("supplementary", credentials.SupplementaryGroups.Length == 0
            ? ["none"]
            : Texts.Of(credentials.SupplementaryGroups, group => group.ToString()));
        if (credentials.Bounding == 0)
        {
            sheet.Row("capabilities", "none (bounding, permitted, effective, inheritable, ambient)");
        }
        else
        {
            sheet.Row("bounding", Capabilities.NamesOf(credentials.Bounding));
            sheet.Row("capabilities", credentials.Ambient == 0 ? ["none"] : Capabilities.NamesOf(credentials.Ambient));
        }

        sheet.Row("no_new_privs", credentials.NoNewPrivileges ? ["set"] : ["not set:", "set-user-ID programs have effect,", "with the bounding set"]);
    }

    private static void Launch(Sheet sheet, Launch launch)
    {
        sheet.Heading("environment, names only: values may be secrets");
        sheet.Row("", Texts.Of(launch.Environment, variable => PlanWords.NameOf(variable).ToString()));
        sheet.Heading("command");
        Alternatives(sheet, "directory", Texts.Of(launch.WorkingDirectories, directory => directory.ToString()));
        Alternatives(sheet, "execute", Texts.Of(launch.Command.Candidates, candidate => Candidate(candidate, launch.Command.Arguments[0])));
        sheet.Row("arguments", Texts.Of(launch.Command.Arguments, Argument));
        sheet.Row("umask", PlanWords.Mode(launch.Restore.Umask));
        sheet.Row("restored", "limits, signal mask, ignored signals, timers of the caller");
    }

    private static void Alternatives(Sheet sheet, string label, string[] alternatives)
    {
        for (int i = 0; i < alternatives.Length; i++)
        {
            sheet.Row(i == 0 ? label : "", i == 0 ? alternatives[i] : $"else {alternatives[i]}");
        }
    }

    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("%+,-./0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ\\_abcdefghijklmnopqrstuvwxyz");

    private static string Candidate(CommandCandidate candidate, ByteString word) =>
        candidate.ArgumentZero == word ? candidate.Path.ToString() : $"{candidate.Path} as {Argument(candidate.ArgumentZero)}";

    /// <summary>Quoted when a reader could take it for more or less than one argument.</summary>
    private static string Argument(ByteString argument)
    {
        string shown = argument.ToString();
        bool plain = shown.Length > 0 && !shown.AsSpan().ContainsAnyExcept(PlainCharacters);
        return plain ? shown : $"\"{shown.Replace("\"", "\\x22", StringComparison.Ordinal)}\"";
    }
}
