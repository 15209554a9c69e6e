using System.Collections.Immutable;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Planning.Doctor;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>What is configured, opened and trusted as a start does it, with the caller's rights.</summary>
internal sealed class DoctorProfiles
{
    private readonly ImmutableArray<(string Path, string Defect)>.Builder untrusted = ImmutableArray.CreateBuilder<(string, string)>();
    private readonly ImmutableArray<string>.Builder broken = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder unseen = ImmutableArray.CreateBuilder<string>();
    private SiteSettings site = SiteSettings.Default;
    private bool settingsHaveMistakes;
    private int usable;

    public static ProfilesState Read(out LoginMapSeen map)
    {
        var reading = new DoctorProfiles();
        _ = reading.Attempt(reading.ReadSettings); // what is not good is on a list then, here and below
        ImmutableArray<ProfileName> names = [];
        _ = reading.Attempt(() => names = ProfileDirectory.List());
        foreach (ProfileName name in names)
        {
            _ = reading.Attempt(() => reading.ReadProfile(name));
        }

        LoginMapReading? logins = null;
        bool isSeen = reading.Attempt(() => logins = ProfileDirectory.OpenLoginMap() is { } file ? LoginMapReader.Read(file) : null);
        map = new LoginMapSeen(!isSeen || logins is not null, (logins as LoginMapReading.Valid)?.Map, isSeen);
        return new ProfilesState
        {
            Untrusted = reading.untrusted.ToImmutable(),
            SettingsHaveMistakes = reading.settingsHaveMistakes,
            LoginsHaveMistakes = logins is LoginMapReading.Invalid,
            Usable = reading.usable,
            Broken = reading.broken.ToImmutable(),
            Unseen = reading.unseen.ToImmutable(),
        };
    }

    private void ReadSettings()
    {
        switch (SessionPreparation.ReadSettings())
        {
            case SiteSettingsReading.Valid valid:
                site = valid.Settings;
                break;
            default:
                settingsHaveMistakes = true;
                break;
        }
    }

    private void ReadProfile(ProfileName name)
    {
        _ = ProfileDirectory.Open(name); // says what the caller may not read, which is not there for the line below
        ProfileState state = ProfileState.Of(name, InstalledProfile.Read(name, site)?.Reading);
        usable += state.State == ProfileState.Usable ? 1 : 0;
        if (state.State == ProfileState.Invalid)
        {
            broken.Add(name.Text);
        }
    }

    /// <summary>False when it cannot be read or is not to be trusted; then it is on a list.</summary>
    private bool Attempt(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (UntrustedFileException file)
        {
            // A directory that all of them lie in is told once.
            if (!untrusted.Contains((file.Path, file.Defect)))
            {
                untrusted.Add((file.Path, file.Defect));
            }
        }
        catch (SystemCallException fault)
        {
            if (!unseen.Contains(fault.Subject))
            {
                unseen.Add(fault.Subject);
            }
        }

        return false;
    }
}

/// <summary>What is known of login.toml.</summary>
/// <param name="IsThere">Whether there is one, good or not.</param>
/// <param name="Map">Null for none that can be read.</param>
/// <param name="IsSeen">Whether it is known that there is one or none.</param>
internal sealed record LoginMapSeen(bool IsThere, LoginMap? Map, bool IsSeen);
