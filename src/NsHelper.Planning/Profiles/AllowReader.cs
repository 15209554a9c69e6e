using System.Collections.Immutable;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>[allow]: without it, nobody.</summary>
internal static class AllowReader
{
    public static AllowRules Read(TableReader top, ImmutableArray<CommandRule> commands, bool isAbstract)
    {
        TableReader? table = top.Table("allow");
        ImmutableArray<string> verbs = ["run", "shell", "join", "stop"];
        var allowed = AllowedCommands.Listed;
        SourceSpan place = top.Span;
        if (table is not null)
        {
            verbs = VerbsOf(table) ?? verbs;
            allowed = table.Choice("commands") == 1 ? AllowedCommands.Any : AllowedCommands.Listed;
            place = table.SpanOf("commands");
        }

        if (!isAbstract && NeedsCommand(verbs) && allowed == AllowedCommands.Listed && commands.IsEmpty && !top.Has("command") && !IsWrong(table))
        {
            top.Refuse(place, "no command is listed: nothing could be run", "add a [[command]], or write commands = \"any\" in [allow]");
        }

        AllowRules rules = Rules(table, verbs, allowed, table?.Span ?? top.Span);
        table?.Finish();
        return rules;
    }

    /// <summary>[allow] of the site: who is let through to the profiles. It may have every verb and says nothing of commands.</summary>
    public static AllowRules Gate(TableReader table)
    {
        AllowRules rules = Rules(table, VerbsOf(table) ?? [.. ProfileSchema.Verbs], AllowedCommands.Any, table.Span);
        table.Finish();
        return rules;
    }

    private static AllowRules Rules(TableReader? table, ImmutableArray<string> verbs, AllowedCommands commands, SourceSpan place) => new()
    {
        Users = PrincipalReader.List(table, "users"),
        Groups = PrincipalReader.List(table, "groups"),
        DenyUsers = PrincipalReader.List(table, "deny_users"),
        DenyGroups = PrincipalReader.List(table, "deny_groups"),
        Verbs = verbs,
        Commands = commands,
        Location = DiagnosticList.LocationOf(place),
    };

    /// <summary>The shell of a profile is no [[command]].</summary>
    private static bool NeedsCommand(ImmutableArray<string> verbs) => verbs.IsEmpty || verbs.Contains("run") || verbs.Contains("join");

    private static bool IsWrong(TableReader? table) => table?.Content.Find("commands") is { IsWrong: true };

    private static ImmutableArray<string>? VerbsOf(TableReader table)
    {
        if (table.Texts("verbs") is not ImmutableArray<TomlText> written)
        {
            return null;
        }

        var verbs = ImmutableArray.CreateBuilder<string>(written.Length);
        foreach (TomlText text in written)
        {
            verbs.Add(text.Value);
        }

        return verbs.MoveToImmutable();
    }
}
