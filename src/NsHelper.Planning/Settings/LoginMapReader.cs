using System.Collections.Immutable;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Settings;

/// <summary>login.toml, by the strict reader. It is one file and has no drop-ins: the order of its entries decides.</summary>
internal static class LoginMapReader
{
    public static LoginMapReading Read(ProfileText file)
    {
        var diagnostics = new DiagnosticList();
        TomlTable? document = TomlFile.Read(file, diagnostics);
        if (document is null)
        {
            return new LoginMapReading.Invalid(diagnostics.InOrder());
        }

        new SchemaCheck(LoginSchema.Top, diagnostics).Check(document);
        var top = new TableReader(document, LoginSchema.Top, diagnostics);
        top.RequireAll();
        top.Take("schema");
        _ = top.Choice("fallback"); // its one word is what holds without it
        var entries = ImmutableArray.CreateBuilder<LoginEntry>();
        foreach (TableReader table in top.Elements("map"))
        {
            Add(entries, table);
        }

        top.Finish();
        return diagnostics.HasAny ? new LoginMapReading.Invalid(diagnostics.InOrder()) : new LoginMapReading.Valid(new LoginMap(entries.ToImmutable()));
    }

    private static void Add(ImmutableArray<LoginEntry>.Builder entries, TableReader table)
    {
        // A misspelt key may have been meant for one of the two.
        if (!table.Has("users") && !table.Has("groups") && !table.Diagnostics.HasAny)
        {
            table.Refuse(table.Span, "this [[map]] is for nobody", "write users = [...] or groups = [...]; users = [\"*\"] is everybody but root");
        }

        ImmutableArray<PrincipalRule> users = PrincipalReader.List(table, "users");
        ImmutableArray<PrincipalRule> groups = PrincipalReader.List(table, "groups");
        if (table.Text("profile") is TomlText text && ProfileName.TryParse(text.Value, out ProfileName? profile))
        {
            entries.Add(new LoginEntry(users, groups, profile.Value, DiagnosticList.LocationOf(text.Span)));
        }

        table.Finish();
    }
}
