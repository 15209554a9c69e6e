using System.Text;
using NsHelper.Linux.Files;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>`profiles`: the profiles the caller may use, one line each. What is not the caller's is not there, whatever the reason.</summary>
internal static class ProfilesCommand
{
    private const int NameColumn = 24;

    public static int Run(Invocation.Profiles invocation, CleanProcess process)
    {
        if (invocation.Scope == ProfileScope.All)
        {
            return AllProfiles.Run(invocation, process);
        }

        Caller caller = CallerReader.Read(process.RealUser, process.RealGroup);
        SiteSettingsReading settings = SessionPreparation.ReadSettings();
        if (settings is SiteSettingsReading.Invalid invalid)
        {
            Report.Diagnostics(invalid.Diagnostics, invocation.Output, process.State);
            Report.Refusal("list", "the profiles", "the settings of the site have mistakes", null);
            return ExitStatus.No;
        }

        SiteSettings site = ((SiteSettingsReading.Valid)settings).Settings;
        var usable = new List<(Profile Profile, PrincipalRule Rule)>();
        foreach (ProfileName name in ProfileDirectory.List())
        {
            if (SessionPreparation.UsableProfile(name, caller, site) is { } found)
            {
                usable.Add(found);
            }
        }

        string text = invocation.Output.Form == OutputForm.Json ? JsonOf(usable) : TextOf(usable, invocation.Output.Verbosity);
        return Report.Answer(text);
    }

    private static string TextOf(List<(Profile Profile, PrincipalRule Rule)> usable, Verbosity verbosity)
    {
        var text = new StringBuilder();
        foreach ((Profile profile, PrincipalRule rule) in usable)
        {
            text.Append(profile.Name.Text);
            if (verbosity != Verbosity.Quiet && profile.Description.Length > 0)
            {
                text.Append(' ', Math.Max(2, NameColumn - profile.Name.Text.Length)).Append(Escaped.Text(profile.Description));
            }

            text.Append('\n');
            if (verbosity == Verbosity.Verbose)
            {
                text.Append("  allowed by ").Append(Escaped.Text(rule.Location.ToString())).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string JsonOf(List<(Profile Profile, PrincipalRule Rule)> usable) => JsonDocumentText.Write(json =>
    {
        json.WriteStartArray("profiles");
        foreach ((Profile profile, PrincipalRule rule) in usable)
        {
            json.WriteStartObject();
            json.WriteString("name", profile.Name.Text);
            json.WriteString("description", profile.Description);
            json.WriteStartObject("rule");
            json.WriteLocation(rule.Location);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
