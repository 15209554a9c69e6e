using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Output;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;

namespace NsHelper.Planning.Sessions;

/// <summary>The plan for programs, as explain --json prints it: the same content as <see cref="PlanText"/>, numbers as numbers.</summary>
internal static class PlanJson
{
    public static string Of(SessionPlan plan) => JsonDocumentText.Write(json =>
    {
        json.WriteString("profile", plan.Profile.Text);
        json.WriteString("session", plan.SessionId);
        json.WriteString("name", plan.Sessions.Label);
        json.WriteBoolean("join", plan.Sessions.MayBeJoined);
        json.WriteNumber("max_sessions", plan.Sessions.Limits.OfProfile);
        json.WriteNumber("max_per_user", plan.Sessions.Limits.OfUser);
        if (plan.Sessions.Limits.InTotal is long most)
        {
            json.WriteNumber("max_total", most);
        }

        Write(json, plan.Caller);
        json.WriteStartObject("parameters");
        foreach ((Parameter parameter, string value) in plan.Parameters.All)
        {
            json.WriteString(parameter.Name, value);
        }

        json.WriteEndObject();
        Write(json, "shares", plan.Backings, arePrivate: false);
        Write(json, "private", plan.Backings, arePrivate: true);
        Write(json, plan.Isolation);
        Write(json, plan.Supervision);
        json.WriteStartArray("steps");
        foreach (SetupStep step in plan.Steps)
        {
            json.WriteStartObject();
            StepJson.Write(json, step);
            json.WriteLocation(step.Location);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, plan.Credentials);
        json.WriteStartArray("environment");
        foreach (ByteString variable in plan.Launch.Environment)
        {
            json.WriteBytes(PlanWords.NameOf(variable));
        }

        json.WriteEndArray();
        Write(json, plan.Launch);
        RestoreJson.Write(json, plan.Launch.Restore);
        RestoreJson.WriteLimits(json, plan);
    });

    private static void Write(Utf8JsonWriter json, Caller caller)
    {
        json.WriteStartObject("caller");
        json.WriteString("name", caller.Name);
        json.WriteNumber("uid", caller.UserId.Value);
        json.WriteNumber("gid", caller.GroupId.Value);
        json.WriteString("group", caller.GroupName);
        json.WriteString("home", caller.Home.Text);
        json.WriteString("shell", caller.Shell.Text);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<ShareBacking> backings, bool arePrivate)
    {
        json.WriteStartArray(name);
        foreach (ShareBacking backing in backings)
        {
            if (backing.IsPrivate == arePrivate)
            {
                Write(json, backing);
            }
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ShareBacking backing)
    {
        json.WriteStartObject();
        json.WriteString("key", backing.Key);
        json.WriteString("path", backing.Place);
        json.WriteString("source", backing.SourcePath?.Text ?? (backing.Source == ShareSource.Disk ? backing.Store : "tmpfs"));
        if (backing.Source == ShareSource.Tmpfs)
        {
            json.WriteNumber("size", backing.Size);
            json.WriteNumber("inodes", backing.Inodes);
        }

        if (backing.EndsWithLastSession)
        {
            json.WriteString("lifetime", "last-session");
        }

        if (backing.Source != ShareSource.Directory)
        {
            json.WriteString("mode", PlanWords.Mode(backing.Mode));
            json.WriteNumber("owner", backing.Owner.Value);
            json.WriteNumber("group", backing.Group.Value);
        }

        json.WriteLocation(backing.Location);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Isolation isolation)
    {
        json.WriteStartObject("namespaces");
        json.WriteTexts("private", PlanWords.PrivateNamespaces(isolation.Unshare));
        json.WriteTexts("host", PlanWords.HostNamespaces(isolation));
        if (isolation.JoinedNetwork is AbsolutePath network)
        {
            json.WriteString("joined_network", network.Text);
        }

        json.WriteLocation(isolation.NamespacesLocation);
        json.WriteEndObject();
        json.WriteStartObject("root");
        Write(json, isolation.Root);
        json.WriteString("propagation", PlanWords.Of(isolation.RootPropagation));
        json.WriteBoolean("read_only", isolation.RootReadOnly);
        json.WriteBoolean("noexec", isolation.RootNoExec);
        json.WriteBoolean("nosuid", isolation.RootNoSuid);
        json.WriteLocation(isolation.RootLocation);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Supervision? supervision)
    {
        json.WriteStartObject("processes");
        json.WriteBoolean("init", supervision is not null);
        if (supervision is not null)
        {
            json.WriteBoolean("pid_namespace", supervision.HasProcessNamespace);
            json.WriteString("terminal", supervision.Terminal switch
            {
                SessionTerminal.Own => "own",
                SessionTerminal.None => "none",
                _ => "caller",
            });
            json.WriteStartArray("terminal_streams");
            for (int descriptor = 0; descriptor <= 2; descriptor++)
            {
                if ((supervision.TerminalDescriptors & (1 << descriptor)) != 0)
                {
                    json.WriteStringValue(PlanWords.StreamNames[descriptor]);
                }
            }

            json.WriteEndArray();
            json.WriteBoolean("terminal_of_session", supervision.Terminal == SessionTerminal.Own && supervision.TerminalIsOfSession);
            json.WriteString("on_exit", supervision.WaitsForAll ? "wait" : "kill");
            json.WriteBoolean("kill_on_parent_exit", supervision.EndsWithParent);
            json.WriteBoolean("detached", supervision.IsDetached);
            if (supervision.RuntimeMax is long seconds)
            {
                json.WriteNumber("runtime_max", seconds);
            }

            json.WriteLocation(supervision.Location);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SessionRoot root)
    {
        switch (root)
        {
            case SessionRoot.Host:
                json.WriteString("mode", "host");
                break;
            case SessionRoot.Tmpfs tmpfs:
                json.WriteString("mode", "tmpfs");
                json.WriteNumber("size", tmpfs.Size);
                json.WriteNumber("inodes", tmpfs.Inodes);
                break;
            case SessionRoot.Directory directory:
                json.WriteString("mode", "directory");
                json.WriteString("directory", directory.Path.Text);
                break;
            case SessionRoot.Overlay overlay:
                json.WriteString("mode", "overlay");
                json.WriteString("directory", overlay.Mount.Lowers[0].Path.Text);
                StepJson.Write(json, overlay.Mount.Upper);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Write(Utf8JsonWriter json, Credentials credentials)
    {
        json.WriteStartObject("identity");
        json.WriteNumber("uid", credentials.UserId.Value);
        json.WriteNumber("gid", credentials.GroupId.Value);
        json.WriteStartArray("supplementary_groups");
        foreach (GroupId group in credentials.SupplementaryGroups)
        {
            json.WriteNumberValue(group.Value);
        }

        json.WriteEndArray();
        json.WriteStartObject("capabilities");
        foreach (string set in (ReadOnlySpan<string>)["bounding", "permitted", "effective", "inheritable", "ambient"])
        {
            json.WriteTexts(set, Capabilities.NamesOf(set == "bounding" ? credentials.Bounding : credentials.Ambient));
        }

        json.WriteEndObject();
        json.WriteBoolean("no_new_privileges", credentials.NoNewPrivileges);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Launch launch)
    {
        json.WriteStartObject("command");
        Write(json, "working_directories", launch.WorkingDirectories);
        Write(json, "candidates", launch.Command.Candidates, candidate => candidate.Path);
        Write(json, "argv0", launch.Command.Candidates, candidate => candidate.ArgumentZero);
        Write(json, "arguments", launch.Command.Arguments);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<ByteString> values) => Write(json, name, values, value => value);

    private static void Write<T>(Utf8JsonWriter json, string name, ImmutableArray<T> values, Func<T, ByteString> bytes)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
        {
            json.WriteBytes(bytes(value));
        }

        json.WriteEndArray();
    }
}
