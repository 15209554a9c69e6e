using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>One mistake each: where it is found, what is said, what is suggested.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("enabled = 1", 5, 11, "enabled must be true or false, not an integer", null)]
    [InlineData("descripton = \"x\"", 5, 1, "unknown key \"descripton\"", "did you mean \"description\"?")]
    [InlineData("Enabled = true", 5, 1, "unknown key \"Enabled\"", "did you mean \"enabled\"?")]
    [InlineData("\"limits:memory\" = 1", 5, 1, "unknown key \"limits:memory\"", "known:")]
    [InlineData("extends = \"base\"", 5, 11, "there is no profile \"base\" to extend", null)]
    [InlineData("extends = [\"test\"]", 5, 12, "\"test\" extends \"test\"", "a profile cannot extend itself")]
    [InlineData("description = \"a\\u0007b\"", 5, 15, "description has a control character", null)]
    [InlineData("description = \"a\\u0000b\"", 5, 15, "description has a control character", null)]
    public void Top_level(string line, int atLine, int column, string message, string? hint) =>
        Expect($"schema = 1\n# 2\n# 3\n# 4\n{line}\n[allow]\ncommands = \"any\"\n", atLine, column, message, hint);

    [Theory]
    [InlineData("[alow]", 4, 2, "unknown key \"alow\"", "did you mean \"allow\"?")]
    [InlineData("[capabilities]\nambient = [\"CAP_SYS_ADMIN\"]", 5, 12, "capabilities.ambient with an entry is not available", null)]
    [InlineData("[session]\nlabel = \"x\"", 4, 2, "session is not available in this version", null)]
    [InlineData("[login]", 4, 2, "login is not available in this version", null)]
    [InlineData("[log]", 4, 2, "log is not available in this version", null)]
    [InlineData("[limits]", 4, 2, "limits is not available in this version", null)]
    [InlineData("[limits.cgroup]", 4, 9, "[limits.cgroup] needs schema 2", null)]
    [InlineData("[seccomp]", 4, 2, "[seccomp] needs schema 2", null)]
    [InlineData("[landlock]", 4, 2, "[landlock] needs schema 2", null)]
    [InlineData("[protect]\nprivate_tmp = \"yes\"", 5, 15, "protect.private_tmp must be true or false, not a string", null)]
    [InlineData("[protect]\nread_write_paths = [\"/\"]", 5, 21, "\"/\" is no path of read_write_paths", "it is that without being named")]
    [InlineData("[[protect]]\nprivate_tmp = true", 4, 3, "protect must be a table: [protect], not an array of tables", null)]
    [InlineData("[mount]\ntarget = \"/srv\"", 4, 2, "mount must be an array of tables: [[mount]], not a table", null)]
    [InlineData("[namespaces]\npid = \"private\"", 5, 7, "namespaces.pid = \"private\" is not available in this version", "accepted: host")]
    [InlineData("[namespaces]\ntime = \"private\"", 5, 8, "namespaces.time = \"private\" is not available in this version", "accepted: host")]
    [InlineData("[namespaces]\nmount = \"host\"", 5, 9, "\"host\" is no value of namespaces.mount", "accepted: private")]
    [InlineData("[namespaces]\nuser = \"private\"", 5, 1, "namespaces.user needs schema 2", null)]
    [InlineData("[namespaces]\nipc = \"Private\"", 5, 7, "\"Private\" is no value of namespaces.ipc", "did you mean \"private\"? accepted: host, private")]
    [InlineData("[namespaces]\nnetwork = \"path:/run/netns/a\"", 5, 11, "namespaces.network = \"path:...\" is not available in this version", null)]
    [InlineData("[namespaces]\nhostname = \"box\"", 5, 1, "a host name needs a UTS namespace of its own", "write uts = \"private\"")]
    [InlineData("[namespaces]\nuts = \"private\"\nhostname = \"-box\"", 6, 12, "\"-box\" is no host name", null)]
    [InlineData("[namespaces]\nuts = \"own\"\nhostname = \"box\"", 5, 7, "\"own\" is no value of namespaces.uts", null)]
    [InlineData("[namespaces]\nuts = \"host\"\nhostname = \"box\"", 6, 1, "a host name needs a UTS namespace of its own", null)]
    [InlineData("[root]\nmode = \"overlay\"", 5, 1, "a root of mode \"overlay\" needs the directory", "write directory = \"/\" for the host's own root, or \"/srv/trees/NAME\"")]
    [InlineData("[root]\nmode = \"overlay\"\ndirectory = \"/proc/1/root\"", 6, 13, "root.directory \"/proc/1/root\" lies in /proc", null)]
    [InlineData("[root]\nmode = \"overlay\"\ndirectory = \"/\"\nupper = \"user\"\nsize = \"1M\"", 8, 1, "a root with upper = \"user\" has no \"size\"", "\"size\" goes with upper = \"tmpfs\"")]
    [InlineData("[root]\nmode = \"overlay\"\ndirectory = \"/\"\nupper = \"/srv/upper\"", 7, 9, "\"/srv/upper\" is no value of root.upper", "accepted: tmpfs, session, user")]
    [InlineData("[root]\nmode = \"directory\"\ndirectory = \"/srv\"\nupper = \"user\"", 7, 1, "this root has no \"upper\"", "\"upper\" goes with mode = \"overlay\"")]
    [InlineData("[root]\ndirectory = \"/srv\"", 5, 1, "this root has no \"directory\"", "\"directory\" goes with mode = \"directory\" or \"overlay\"")]
    [InlineData("[root]\nmode = \"tmpfs\"\ndirectory = \"/srv\"", 6, 1, "this root has no \"directory\"", "\"directory\" goes with mode = \"directory\" or \"overlay\"")]
    [InlineData("[root]\nsize = \"1M\"", 5, 1, "this root has no \"size\"", "\"size\" goes with mode = \"tmpfs\" or \"overlay\"")]
    [InlineData("[root]\nmode = \"directory\"", 5, 1, "a root of mode \"directory\" needs the directory", "write directory = \"/srv/trees/NAME\"")]
    [InlineData("[root]\nmode = \"directory\"\ndirectory = \"/\"", 6, 13, "root.directory is the host's own root", "leave out mode and directory")]
    [InlineData("[root]\nmode = \"directory\"\ndirectory = \"/proc/1/root\"", 6, 13, "root.directory \"/proc/1/root\" lies in /proc", null)]
    [InlineData("[root]\nmode = \"directory\"\ndirectory = \"/home/%u\"", 6, 20, "root.directory", null)]
    [InlineData("[root]\nread_only = true\npropagation = \"shared\"", 6, 1, "a read-only root must be private", null)]
    [InlineData("[root]\npropagation = \"unchanged\"", 5, 1, "root.propagation = \"unchanged\" would carry", null)]
    [InlineData("[root]\nworking_directory = \"~/x\"", 5, 21, "root.working_directory = \"~/x\" is not an absolute path", "write %h")]
    [InlineData("[identity]\nno_new_privileges = false", 5, 1, "identity.no_new_privileges = false is not available in this version", null)]
    [InlineData("[identity]\nsupplementary_groups = [\"a\"]", 5, 1, "identity.supplementary_groups as a list is not available", null)]
    [InlineData("[identity]\nsupplementary_groups = \"none\"", 5, 24, "identity.supplementary_groups = \"none\" is not available", null)]
    [InlineData("[identity]\numask = \"022\"", 5, 9, "identity.umask = \"022\" is not available in this version", null)]
    [InlineData("[identity]\npty = \"auto\"", 5, 1, "identity.pty is not available in this version", null)]
    [InlineData("[capabilities]\nambient = [\"cap_sys_admin\"]", 5, 12, "\"cap_sys_admin\" is no capability", null)]
    [InlineData("[[command]]\npath = \"bin/true\"", 5, 8, "command.path = \"bin/true\" is not an absolute path", null)]
    [InlineData("[[command]]\npath = \"/bin/../sh\"", 5, 8, "command.path = \"/bin/../sh\" is not an absolute path", null)]
    [InlineData("[[command]]\npath = \"/bin/%u\"", 5, 14, "command.path takes no specifiers", null)]
    [InlineData("[[command]]\ndefault = true", 4, 3, "\"path\" is missing in command", null)]
    [InlineData("[[command]]\npath = \"/bin/sh\"\nargs = { add = [\"-c\"] }", 6, 8, "command.args must be an array of strings, not a table", null)]
    [InlineData("[[command]]\npath = \"/bin/sh\"\nargs = [\"...\", \"-c\"]", 6, 9, "\"...\" stands for the rest of the arguments", "it may only be the last token")]
    [InlineData("[[command]]\npath = \"/bin/sh\"\nargs = [\"-{x}\"]", 6, 11, "there is no parameter \"x\"", "write [parameters.x], or {{ for a {")]
    [InlineData("[[command]]\npath = \"/bin/sh\"\nargs = [\"a}b\"]", 6, 11, "a } that belongs to no parameter", "write {{ for a {")]
    [InlineData("[[command]]\npath = \"/bin/sh\"\nargv0 = \"\"", 6, 9, "argv0 is empty", null)]
    [InlineData("[[command]]\npath = \"/bin/sh\"\nargs = [\"*\"]\ndefault = true", 7, 1, "the arguments of a default command must be known", "no *, no ? and no")]
    [InlineData("[[command]]\npath = \"/bin/sh\"\nargs = [\"...\"]\ndefault = true", 7, 1, "the arguments of a default command must be known", null)]
    [InlineData("[[command]]\npath = \"/a\"\nargs = [\"x\", \"x\"]\n[[command]]\npath = \"/a\"\nargs = [\"x\", \"x\"]", 8, 8, "command /a is listed twice", null)]
    [InlineData("[[command]]\npath = \"/a\"\n[[command]]\npath = \"/a\"\nargs = [\"x\"]", 7, 8, "command /a is listed with args and without", "the other is test.toml:5")]
    [InlineData("[[command]]\npath = \"/a\"\nargs = [\"x\"]\n[[command]]\npath = \"/a\"", 8, 8, "command /a is listed with args and without", "the other is test.toml:5")]
    [InlineData("[[command]]\npath = \"/a\"\ndefault = true\n[[command]]\npath = \"/b\"\ndefault = true", 9, 1, "a second command is the default", null)]
    [InlineData("[[command]]\npath = \"/a\"\n[[command]]\npath = \"/a\"", 7, 8, "command /a is listed twice", null)]
    public void Tables(string lines, int atLine, int column, string message, string? hint) =>
        Expect(Reading.Minimal + lines + "\n", atLine, column, message, hint);

    [Theory]
    [InlineData("users = \"alice\"", 9, "allow.users must be an array of strings, not a string", "write users = [\"alice\"]")]
    [InlineData("users = [1]", 10, "allow.users must be an array of strings, with no integer in it", null)]
    [InlineData("users = [[\"a\"]]", 10, "allow.users must be an array of strings, with no array in it", null)]
    [InlineData("users = { remove = [\"alice\"] }", 21, "allow.users has no \"alice\" to remove", null)]
    [InlineData("users = { add = [\"a b:\"] }", 18, "\"a b:\" is no name in allow.users.add", null)]
    [InlineData("users = { add = [] , also = [] }", 9, "allow.users must be an array of strings, not a table", "write users = [...], or { add = [...], remove = [...] }")]
    [InlineData("verbs = { add = [\"stop\"] }", 18, "allow.verbs has \"stop\" already", null)]
    [InlineData("users = [\"1000\"]", 10, "\"1000\" is no name in allow.users", "write \"#1000\" for an id")]
    [InlineData("users = [\"\"]", 10, "\"\" is no name in allow.users", null)]
    [InlineData("users = [\"%wheel\"]", 10, "\"%wheel\" is no name in allow.users", null)]
    [InlineData("users = [\"a\", \"a\"]", 15, "allow.users names \"a\" twice", null)]
    [InlineData("verbs = [\"run\", \"fly\"]", 17, "\"fly\" is no value of allow.verbs", "accepted: run, shell, login, join, stop")]
    [InlineData("user = [\"a\"]", 1, "unknown key \"user\" in allow", "did you mean \"users\"?")]
    public void Allow(string line, int column, string message, string? hint) =>
        Expect("schema = 1\n[allow]\ncommands = \"any\"\n" + line + "\n", 4, column, message, hint);

    [Theory]
    [InlineData("target = \"srv\"", 5, 10, "mount.target = \"srv\" is not an absolute path in normal form", null)]
    [InlineData("target = \"/\"", 5, 10, "mount.target = \"/\" is the root itself", null)]
    [InlineData("target = \"/proc\"", 5, 10, "mount.target = \"/proc\" lies in a file system of the kernel", null)]
    [InlineData("target = \"/proc/%u\"", 5, 10, "mount.target = \"/proc/%u\" lies in a file system of the kernel", null)]
    [InlineData("target = \"/sys/fs\"", 5, 10, "mount.target = \"/sys/fs\" lies in a file system of the kernel", null)]
    [InlineData("target = \"/srv\"\nsource = \"/proc/1/root\"", 6, 10, "source \"/proc/1/root\" lies in /proc", null)]
    [InlineData("target = \"/srv/%x/y\"", 5, 16, "unknown specifier %x", "known: %u")]
    [InlineData("target = \"/srv/é%\"", 5, 17, "a lone % at the end", "write %%")]
    [InlineData("target = \"/srv\"\ntype = \"symlink\"", 6, 8, "mount.type = \"symlink\" is not available in this version", "accepted: bind, tmpfs")]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"", 4, 3, "an overlay needs a lower directory", "write lower = [")]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = []", 7, 1, "an overlay needs a lower directory", "write lower = [")]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = [\"a\"]", 7, 10, "mount.lower = \"a\" is not an absolute path in normal form", null)]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = [\"/a\", \"/a\"]", 7, 16, "mount.lower names \"/a\" twice", null)]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = [\"/proc\"]", 7, 10, "source \"/proc\" lies in /proc", null)]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = [\"/a\"]\nupper = \"/b\"", 8, 9, "\"/b\" is no value of mount.upper", "accepted: tmpfs, session, user")]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = [\"/a\"]\nupper = \"user\"\nsize = \"1M\"", 9, 1, "an overlay with upper = \"user\" has no \"size\"", "\"size\" goes with upper = \"tmpfs\"")]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = [\"/a\"]\nsource = \"/b\"", 8, 1, "an overlay has no \"source\"", null)]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = [\"/a\"]\noptions = [\"rbind\"]", 8, 1, "bind and rbind are no options of an overlay", null)]
    [InlineData("target = \"/srv\"\ntype = \"overlay\"\nlower = [\"/a\"]\ncreate = \"file\"", 8, 1, "a file cannot be the target of a directory", null)]
    [InlineData("target = \"/srv\"\ntype = \"ext4\"", 6, 8, "\"ext4\" is no value of mount.type", "accepted: bind, tmpfs")]
    [InlineData("target = \"/srv\"\ntype = \"tmpf\"\nsize = \"1M\"", 6, 8, "\"tmpf\" is no value of mount.type", "did you mean \"tmpfs\"? accepted: bind, tmpfs")]
    [InlineData("target = \"/srv\"\noptions = [\"nosiud\"]", 6, 12, "\"nosiud\" is no value of mount.options", "did you mean \"nosuid\"?")]
    [InlineData("target = \"/srv\"\noptions = [\"suid\"]", 6, 12, "\"suid\" is no value of mount.options", "nosuid and nodev are always set")]
    [InlineData("target = \"/srv\"\noptions = [\"ro\", \"rw\"]", 6, 18, "options \"ro\" and \"rw\" exclude each other", null)]
    [InlineData("target = \"/srv\"\noptions = [\"rbind\", \"bind\"]", 6, 21, "options \"rbind\" and \"bind\" exclude each other", null)]
    [InlineData("target = \"/srv\"\noptions = \"ro\"", 6, 11, "mount.options must be an array of strings, not a string", "write options = [\"ro\"]")]
    [InlineData("target = \"/srv\"\nsize = \"1M\"", 6, 1, "a bind mount has no \"size\"", "\"size\" goes with type = \"tmpfs\"")]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nsource = \"/a\"", 7, 1, "a tmpfs has no \"source\"", null)]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nsize = \"0\"", 7, 8, "\"0\" is no size", null)]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nsize = 0", 7, 8, "0 is no value of mount.size", null)]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nsize = \"50%\"", 7, 8, "\"50%\" is no size", null)]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\ninodes = 0", 7, 10, "0 is no value of mount.inodes", null)]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nmode = \"4755\"", 7, 8, "\"4755\" has a setuid or setgid bit", null)]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nmode = \"2755\"", 7, 8, "\"2755\" has a setuid or setgid bit", null)]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nmode = 755", 7, 8, "mount.mode must be a string, not an integer", "write mode = \"755\"")]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nmode = \"0o755\"", 7, 8, "\"0o755\" is no mode", null)]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\ncreate = \"file\"", 7, 1, "a file cannot be the target of a directory", null)]
    [InlineData("target = \"/srv\"\nupper = \"tmpfs\"", 6, 1, "a bind mount has no \"upper\"", "\"upper\" goes with type = \"overlay\"")]
    [InlineData("target = \"/srv\"\ntype = \"tmpfs\"\nlower = [\"/a\"]", 7, 1, "a tmpfs has no \"lower\"", "\"lower\" goes with type = \"overlay\"")]
    [InlineData("source = \"/srv\"", 4, 3, "\"target\" is missing in mount", null)]
    [InlineData("target = \"/srv\"\n[[mount]]\ntarget = \"/srv\"", 7, 10, "\"/srv\" is the target of two mounts", "the other is at test.toml:5")]
    [InlineData("target = \"/tmp\"\n[protect]\nprivate_tmp = true", 5, 10, "\"/tmp\" is the target of two mounts", "protect.private_tmp = true mounts it too")]
    [InlineData("target = \"/mnt/x\"\n[[share]]\nname = \"w\"\nscope = \"user\"\ntarget = \"/mnt\"", 5, 10, "\"/mnt/x\" lies below the share \"w\"", null)]
    public void Mounts(string lines, int atLine, int column, string message, string? hint) =>
        Expect(Reading.Minimal + "[[mount]]\n" + lines + "\n", atLine, column, message, hint);

    [Theory]
    [InlineData("target = \"/mnt\"\nscope = \"grup\"\ngroup = \"staff\"", 7, 9, "\"grup\" is no value of share.scope", null)]
    [InlineData("target = \"/mnt\"", 4, 3, "\"scope\" is missing in share", null)]
    [InlineData("target = \"/mnt\"\nscope = \"group\"", 4, 3, "\"group\" is missing in share", null)]
    [InlineData("target = \"/mnt\"\nscope = \"group\"\ngroup = \"*\"", 8, 9, "\"*\" is no name in share.group", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\ngroup = \"staff\"", 8, 1, "only a share of scope group has a group", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nsource = \"disk\"\nsize = \"1M\"", 9, 1, "a share on disk has no \"size\"", "\"size\" goes with source = \"tmpfs\"")]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nsource = \"/srv/%u\"", 8, 16, "share.source takes no specifiers", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nsource = \"/proc/1\"", 8, 10, "source \"/proc/1\" lies in /proc", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nsource = \"/srv\"\nsize = \"1M\"", 9, 1, "a share of an existing directory has no \"size\"", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nmode = \"2770\"", 8, 8, "\"2770\" has a setuid or setgid bit", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nlifetime = \"last-session\"", 8, 12, "share.lifetime = \"last-session\" is not available in this version", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nlifetime = \"forever\"", 8, 1, "a tmpfs does not outlive the boot", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nsource = \"disk\"\nlifetime = \"boot\"", 9, 1, "a directory outlives the boot", null)]
    [InlineData("target = \"/mnt\"\nscope = \"user\"\nsource = \"/srv\"\nlifetime = \"boot\"", 9, 1, "a directory outlives the boot", null)]
    public void Shares(string lines, int atLine, int column, string message, string? hint) =>
        Expect(Reading.Minimal + "[[share]]\nname = \"w\"\n" + lines + "\n", atLine, column, message, hint);

    [Theory]
    [InlineData("scope = \"user\"", 4, 3, "\"target\" is missing in private", null)]
    [InlineData("target = \"/srv\"\nscope = \"global\"\ngroup = \"staff\"", 6, 9, "\"global\" is no value of private.scope", null)]
    [InlineData("target = \"/srv\"\nscope = \"group\"", 4, 3, "\"group\" is missing in private", null)]
    [InlineData("target = \"/srv\"\nscope = \"group\"\ngroup = \"*\"", 7, 9, "\"*\" is no name in private.group", null)]
    [InlineData("target = \"/srv\"\ngroup = \"staff\"", 6, 1, "only a directory of scope group has a group", "write scope = \"group\"")]
    [InlineData("target = \"/srv\"\nmode = \"2770\"", 6, 8, "\"2770\" has a setuid or setgid bit", "accepted: \"0000\" to \"1777\"; setgid in a directory of scope group")]
    [InlineData("target = \"/srv\"\nscope = \"group\"\ngroup = \"staff\"\nmode = \"4770\"", 8, 8, "\"4770\" has a setuid or setgid bit", null)]
    [InlineData("target = \"/srv\"\nkeep = true", 6, 1, "a tmpfs does not outlive the boot", "write method = \"directory\"")]
    [InlineData("target = \"/srv\"\nmethod = \"directory\"\nscope = \"user\"\nkeep = false", 8, 1, "nothing removes a directory on disk when its last session ends", "write method = \"tmpfs\", or leave keep out")]
    [InlineData("target = \"/srv\"\nmethod = \"directory\"", 6, 1, "a directory on disk outlives the session, so it cannot be of one", "write scope = \"user\", or method = \"tmpfs\"")]
    [InlineData("target = \"/srv\"\nmethod = \"directory\"\nscope = \"session\"", 7, 1, "a directory on disk outlives the session, so it cannot be of one", null)]
    [InlineData("target = \"/srv\"\nmethod = \"directory\"\nscope = \"user\"\nsize = \"1M\"", 8, 1, "a directory on disk has no \"size\"", "\"size\" goes with method = \"tmpfs\"")]
    [InlineData("target = \"/proc/x\"", 5, 10, "private.target = \"/proc/x\" lies in a file system of the kernel", null)]
    [InlineData("target = \"/etc/x\"", 5, 10, "a directory of the user's own must not stand at \"/etc/x\"", null)]
    [InlineData("target = \"/srv\"\n[[private]]\ntarget = \"/srv\"", 7, 10, "\"/srv\" is the target of two mounts", "the other is at test.toml:5")]
    [InlineData("target = \"/srv\"\n[[mount]]\ntarget = \"/srv\"", 7, 10, "\"/srv\" is the target of two mounts", "the other is at test.toml:5")]
    [InlineData("target = \"/srv\"\n[[share]]\nname = \"w\"\nscope = \"user\"\ntarget = \"/srv\"", 5, 10, "\"/srv\" is the target of two mounts", "the other is at test.toml:9")]
    [InlineData("target = \"/tmp\"\n[protect]\nprivate_tmp = true", 5, 10, "\"/tmp\" is the target of two mounts", "protect.private_tmp = true mounts it too")]
    [InlineData("target = \"/srv/x\"\n[[share]]\nname = \"w\"\nscope = \"user\"\ntarget = \"/srv\"", 5, 10, "\"/srv/x\" lies below the share \"w\"", null)]
    [InlineData("target = \"/srv\"\nscope = \"profile\"\n[[mount]]\ntarget = \"/srv/x\"", 8, 10, "\"/srv/x\" lies below a private directory that others have too", null)]
    [InlineData("target = \"/srv\"\nscope = \"group\"\ngroup = \"staff\"\n[[private]]\ntarget = \"/srv/x\"", 9, 10, "\"/srv/x\" lies below a private directory that others have too", null)]
    public void Private_directories(string lines, int atLine, int column, string message, string? hint) =>
        Expect(Reading.Minimal + "[[private]]\n" + lines + "\n", atLine, column, message, hint);

    [Theory]
    [InlineData("keep = [\"LD_PRELOAD\"]", 9, "LD_PRELOAD never comes from the caller")]
    [InlineData("keep = [\"LD_*\"]", 9, "LD_* never comes from the caller")]
    [InlineData("keep = [\"PATH\"]", 9, "PATH never comes from the caller")]
    [InlineData("keep = [\"*\"]", 9, "\"*\" is no name of a variable")]
    [InlineData("keep = [\"A*B\"]", 9, "\"A*B\" is no name of a variable")]
    [InlineData("user_vars = [\"DOTNET_X\"]", 14, "DOTNET_X never comes from the caller")]
    [InlineData("set = { HOME = \"/\" }", 9, "HOME is always set by nshelper")]
    [InlineData("set = { \"A B\" = \"/\" }", 9, "\"A B\" is no name of a variable")]
    [InlineData("set = { A = 1 }", 13, "environment.set.A must be a string, not an integer")]
    [InlineData("set = { A = \"%z\" }", 14, "unknown specifier %z")]
    [InlineData("path = []", 1, "environment.path is empty")]
    [InlineData("path = [\"/a:/b\"]", 9, "a directory of environment.path has a colon")]
    [InlineData("path = [\"bin\"]", 9, "environment.path = \"bin\" is not an absolute path")]
    [InlineData("unset = [\"A=\"]", 10, "\"A=\" is no name of a variable")]
    [InlineData("policy = \"none\"", 10, "\"none\" is no value of environment.policy")]
    public void Environment(string line, int column, string message) =>
        Expect(Reading.Minimal + "[environment]\n" + line + "\n", 5, column, message, null);

    [Theory]
    [InlineData("", "\"schema\" is missing")]
    [InlineData("schema = 2\n", "2 is no value of schema")]
    [InlineData("schema = \"1\"\n", "schema must be an integer, not a string")]
    [InlineData("schema = 1.0\n", "schema must be an integer, not a float")]
    [InlineData("schema = 0x1\n", "0x1 is no value of schema")]
    [InlineData("schema = +1\n", "+1 is no value of schema")]
    public void Schema(string line, string message) => Expect(line + "[allow]\ncommands = \"any\"\n", 1, null, message, null);

    /// <summary>A profile that lists no command and does not say "any" could only mislead.</summary>
    [Theory]
    [InlineData("schema = 1\n", 1)]
    [InlineData("schema = 1\n[allow]\nusers = [\"a\"]\n", 2)]
    [InlineData("schema = 1\n[allow]\ncommands = \"listed\"\n", 3)]
    public void A_profile_without_commands_is_refused(string text, int line) => Expect(text, line, null, "no command is listed", "add a [[command]]");

    [Theory]
    [InlineData("a = 1\n", "schema = 1\nschema = 1\n", 2, "\"schema\" is defined twice")]
    [InlineData("table", "schema = 1\n[protect]\n[protect]\n", 3, "\"protect\" is defined twice")]
    [InlineData("dotted then header", "schema = 1\nprotect.private_tmp = true\n[protect]\n", 3, "\"protect\" is defined twice")]
    [InlineData("inline then header", "schema = 1\nprotect = {}\n[protect]\n", 3, "\"protect\" is defined twice")]
    [InlineData("inline then deeper header", "schema = 1\nenvironment = {}\n[environment.set]\n", 3, "\"environment\" is defined twice")]
    [InlineData("header then dotted", "schema = 1\n[environment.set]\n[environment]\nset.A = \"1\"\n", 4, "\"environment.set\" is defined twice")]
    [InlineData("array then table", "schema = 1\n[[mount]]\ntarget = \"/srv\"\n[mount]\n", 4, "\"mount\" is defined twice")]
    [InlineData("static array then array", "schema = 1\nmount = []\n[[mount]]\ntarget = \"/srv\"\n", 3, "\"mount\" is defined twice")]
    [InlineData("inside an inline table", "schema = 1\nprotect = { private_tmp = true, private_tmp = true }\n", 2, "\"protect.private_tmp\" is defined twice")]
    [InlineData("quoted", "schema = 1\n\"schema\" = 1\n", 2, "\"schema\" is defined twice")]
    public void What_is_defined_twice_is_an_error(string _, string text, int line, string message)
    {
        Diagnostic fault = Assert.Single(Reading.Faults(text + "[allow]\ncommands = \"any\"\n"));
        Assert.Equal((line, message), (fault.Location.Line, fault.Message));
        Assert.StartsWith("the first is in line ", fault.Hint, StringComparison.Ordinal);
    }

    private static void Expect(string text, int line, int? column, string message, string? hint)
    {
        Diagnostic fault = Assert.Single(message.Contains("is not available", StringComparison.Ordinal) ? Reading.Unavailable(text) : Reading.Faults(text));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal((line, column ?? fault.Location.Column), (fault.Location.Line, fault.Location.Column));
        if (hint is not null)
        {
            Assert.StartsWith(hint, fault.Hint, StringComparison.Ordinal);
        }
    }
}
