using System.Collections.Immutable;
using System.Globalization;

namespace NsHelper.Planning.Doctor;

/// <summary>Whether what is configured lets anybody start anything. What is wrong in a file is for `check` to say.</summary>
internal static class ProfileStateRules
{
    private const string Check = "nshelper check";

    public static ImmutableArray<HostFinding> Judge(ProfilesState profiles)
    {
        var findings = new HostFindings(HostArea.Profiles);
        foreach ((string path, string defect) in profiles.Untrusted)
        {
            findings.Wrong("untrusted", $"{Escaped.Text(path)} {defect}: no session starts from it", "make it root's, writable by root alone, and no link");
        }

        if (profiles.SettingsHaveMistakes)
        {
            findings.Wrong("settings", "the settings of the site have mistakes: no session starts", Check);
        }

        if (profiles.LoginsHaveMistakes)
        {
            findings.Wrong("logins", "login.toml has mistakes: nobody can log in by nshelper", Check);
        }

        if (!profiles.Broken.IsEmpty)
        {
            findings.Wrong(
                "mistakes",
                $"mistakes in {Words.List(profiles.Broken)}: {(profiles.Broken.Length == 1 ? "this profile starts" : "these profiles start")} no session",
                Check);
        }

        if (profiles.Usable > 0)
        {
            findings.Ok("usable", string.Create(CultureInfo.InvariantCulture, $"{profiles.Usable} {(profiles.Usable == 1 ? "profile names" : "profiles name")} somebody; nshelper profiles lists yours"));
        }
        else if (profiles.Unseen.IsEmpty)
        {
            findings.Warn(
                "usable",
                "no profile names anybody: nobody may start anything yet",
                "copy one of /usr/share/nshelper/profiles to /etc/nshelper/profiles, and name users in it");
        }

        if (!profiles.Unseen.IsEmpty)
        {
            findings.Unseen("unseen", Words.List(profiles.Unseen));
        }

        return findings.All;
    }
}
