namespace NsHelper.SystemTests.Harness;

/// <summary>How sessions of a shipped profile are started: with what it asks its user for.</summary>
internal sealed record ShippedSession(string Name)
{
    /// <summary>The tree that an administrator makes for chroot-build, in the place of the one that is written there.</summary>
    public const string Tree = "/mnt/srv/stable";

    /// <summary>The files of deploy's site, which are alice's.</summary>
    public const string Site = "/mnt/srv/www";

    /// <summary>The versions of vendor-toolchain, and the place of the one that is chosen.</summary>
    public const string Versions = "/mnt/srv/toolchain";
    public const string Toolchain = "/mnt/srv/opt";

    /// <summary>What alice sets a parameter to that must be set.</summary>
    public static string Work => $"{TestUser.Alice.Home}/work";

    /// <summary>Before the name of the profile.</summary>
    public IReadOnlyList<string> Options => Name switch
    {
        "agent" => ["--set", $"project={Work}"],
        "chroot-build" => ["--set", $"directory={Work}"],
        _ => [],
    };

    public SessionCommand Run(params string[] command) => SessionCommand.Helper(["run", .. Options, Name, "--", .. command]);

    public SessionCommand Script(string script) => Run("/bin/sh", "-c", script);

    /// <summary>The profile with alice allowed.</summary>
    public ProfileFile File()
    {
        ProfileFile shipped = ProfileFile.OfShipped(Name);
        return shipped with
        {
            Text = shipped.Text
                .Replace("\"/srv/chroot/stable\"", $"\"{Tree}\"", StringComparison.Ordinal)
                .Replace("\"/srv/www\"", $"\"{Site}\"", StringComparison.Ordinal)
                .Replace("\"/srv/toolchain/", $"\"{Versions}/", StringComparison.Ordinal)
                .Replace("\"/opt/toolchain", $"\"{Toolchain}", StringComparison.Ordinal),
        };
    }

    /// <summary>What an administrator makes before the profile is used.</summary>
    public static string? PlacesOf(string name) => name switch
    {
        "deploy" => $"mkdir -p {Site}; chown alice {Site}",
        "vendor-toolchain" => $"mkdir -p {Toolchain} {Versions}/1/bin {Versions}/2/bin; for v in 1 2; do printf '#!/bin/sh\\necho version %s\\n' $v >{Versions}/$v/bin/tool; chmod 755 {Versions}/$v/bin/tool; done",
        _ => null,
    };

    /// <summary>Programs with their libraries, and one file by which the tree is known.</summary>
    public static void MakeTree() => RootShell.Run($$"""
        mkdir -p {{Tree}}/etc {{Tree}}/var/cache/build
        chmod 1777 {{Tree}}/var/cache/build
        echo of the tree >{{Tree}}/etc/issue
        for program in /bin/sh /bin/true /bin/sleep /bin/ls /bin/cat /bin/id {{TestHost.ProbeOutsideMnt}}; do
            cp -L --parents $program $(ldd $program | grep -o '/[^ )]*') {{Tree}}
        done
        """);
}
