using System.Collections.Immutable;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>[allow]: without it, nobody.</summary>
internal static class AllowReader
{
    public static AllowRules Read(TableReader top, ImmutableArray<CommandRule> commands)
    {
        TableReader? table = top.Table("allow");
        ImmutableArray<string> verbs = ["run", "shell", "join", "stop"];
        var allowed = AllowedCommands.Listed;
        SourceSpan place = top.Span;
        if (table is not null)
        {
            verbs = VerbsOf(table) ?? verbs;
            allowed = table.Choice("commands", ["listed", "any"], []) == 1 ? AllowedCommands.Any : AllowedCommands.Listed;
            place = table.SpanOf("commands");
        }

        if (allowed == AllowedCommands.Listed && commands.IsEmpty && !top.Has("command") && !(table?.Has("commands") == true && top.Diagnostics.HasLine(place.Start.Line)))
        {
            top.Refuse(place, "no command is listed: nothing could be run", "add a [[command]], or write commands = \"any\" in [allow]");
        }

        var rules = new AllowRules
        {
            Users = PrincipalReader.List(table, "users"),
            Groups = PrincipalReader.List(table, "groups"),
            DenyUsers = PrincipalReader.List(table, "deny_users"),
            DenyGroups = PrincipalReader.List(table, "deny_groups"),
            Verbs = verbs,
            Commands = allowed,
            Location = top.Diagnostics.LocationOf(table?.Span ?? top.Span),
        };
        table?.Finish(ProfileKeys.Allow, []);
        return rules;
    }

    private static ImmutableArray<string>? VerbsOf(TableReader table)
    {
        if (table.Texts("verbs") is not ImmutableArray<TomlText> written)
        {
            return null;
        }

        ImmutableArray<string>.Builder verbs = ImmutableArray.CreateBuilder<string>(written.Length);
        foreach (TomlText text in written)
        {
            if (text.Value is "run" or "shell" or "login" or "join" or "stop")
            {
                verbs.Add(text.Value);
            }
            else
            {
                table.RefuseWord("verbs", text, ["run", "shell", "login", "join", "stop"], []);
            }
        }

        return verbs.ToImmutable();
    }
}
