# fish completion for nshelper(1)

# Whether the command line has one of these verbs and, behind it, no operand yet.
function __nshelper_before_operand
    set -l words (commandline -opc)
    test (count $words) -ge 2; and contains -- $words[2] $argv; or return 1
    set -l value no
    for word in $words[3..]
        if test $value = yes
            set value no
        else if contains -- $word --set --env --chdir --color --as-user -U --export --json-status-fd --exit-status --name --profile --signal --timeout
            set value yes
        else if not string match -qr -- '^-.' $word
            return 1
        end
    end
end

# Whether the last word but one is the verb's first operand: only "--" may follow it.
function __nshelper_after_profile
    set -l words (commandline -opc)
    __nshelper_before_operand run explain allowed join; and return 1
    contains -- -- $words; and return 1
    test (count $words) -ge 3; and contains -- $words[2] run explain allowed join
end

function __nshelper_after_dashes
    set -l words (commandline -opc)
    test (count $words) -ge 4; and contains -- $words[2] run explain allowed join; and contains -- -- $words
end

# The command behind "--", completed as if it stood alone.
function __nshelper_command
    set -l words (commandline -opc)
    set -l dashes (contains -i -- -- $words)
    complete -C "$(string join -- ' ' (string escape -- $words[(math $dashes + 1)..]) (commandline -ct))"
end

complete -c nshelper -f

complete -c nshelper -n __fish_use_subcommand -a run -d 'start a session and run a command in it'
complete -c nshelper -n __fish_use_subcommand -a shell -d 'start a session and its shell'
complete -c nshelper -n __fish_use_subcommand -a join -d 'run a command in a session of yours that is running'
complete -c nshelper -n __fish_use_subcommand -a sessions -d 'list your sessions'
complete -c nshelper -n __fish_use_subcommand -a ps -d 'list your sessions'
complete -c nshelper -n __fish_use_subcommand -a stop -d 'end sessions'
complete -c nshelper -n __fish_use_subcommand -a explain -d 'show what run would do, and do nothing'
complete -c nshelper -n __fish_use_subcommand -a allowed -d 'say whether run would be permitted, and by which rule'
complete -c nshelper -n __fish_use_subcommand -a show -d 'show a profile as it is in force'
complete -c nshelper -n __fish_use_subcommand -a check -d 'validate profiles, and warn of what is unwise'
complete -c nshelper -n __fish_use_subcommand -a profiles -d 'list the profiles you may use'
complete -c nshelper -n __fish_use_subcommand -a list -d 'list the profiles you may use'
complete -c nshelper -n __fish_use_subcommand -a ns -d 'show namespaces side by side with the host\'s'
complete -c nshelper -n __fish_use_subcommand -a mounts -d 'show a mount table as a tree'
complete -c nshelper -n __fish_use_subcommand -a changes -d 'show, export or discard what overlays keep'
complete -c nshelper -n __fish_use_subcommand -a diff -d 'show what differs between two mount tables'
complete -c nshelper -n __fish_use_subcommand -a doctor -d 'say whether sessions work on this host'
complete -c nshelper -n __fish_use_subcommand -a gc -d 'remove what ended sessions have left'
complete -c nshelper -n __fish_use_subcommand -a help -d 'show the verbs, or the options of one'
complete -c nshelper -n __fish_use_subcommand -l version -d 'show the version'
complete -c nshelper -n __fish_use_subcommand -l help -s h -d 'show the verbs'

complete -c nshelper -n '__nshelper_before_operand run shell explain allowed' -l set -x -d 'set a parameter of the profile: KEY=VALUE'
complete -c nshelper -n '__nshelper_before_operand run shell explain join' -l env -x -d 'set a variable: NAME=VALUE'
complete -c nshelper -n '__nshelper_before_operand run shell explain join' -l chdir -x -a '(__fish_complete_directories)' -d 'start in this directory'
complete -c nshelper -n '__nshelper_before_operand run shell' -l name -x -d 'call the session so, for join and stop'
complete -c nshelper -n '__nshelper_before_operand run' -l join-or-start -d 'join the session of that name where there is one'
complete -c nshelper -n '__nshelper_before_operand run' -l detach -d 'let the session go on by itself, and print its id'
complete -c nshelper -n '__nshelper_before_operand sessions ps' -l profile -x -a '(nshelper profiles -q 2>/dev/null)' -d 'only those of this profile'
complete -c nshelper -n '__nshelper_before_operand sessions ps' -l all-users -d 'those of all users; root only'
complete -c nshelper -n '__nshelper_before_operand sessions ps' -l watch -d 'go on showing them'
complete -c nshelper -n '__nshelper_before_operand stop' -l signal -x -a 'TERM HUP INT QUIT KILL USR1 USR2' -d 'instead of TERM'
complete -c nshelper -n '__nshelper_before_operand stop' -l timeout -x -d 'seconds until the session is killed'
complete -c nshelper -n '__nshelper_before_operand stop' -l all -d 'all of yours'
complete -c nshelper -n '__nshelper_before_operand run shell join' -l json-status-fd -x -d 'write what becomes of the session to this descriptor'
complete -c nshelper -n '__nshelper_before_operand run shell' -l dry-run -d 'do as explain does'
complete -c nshelper -n '__nshelper_before_operand gc' -l dry-run -d 'list it, and remove nothing'
complete -c nshelper -n '__nshelper_before_operand gc' -l exit-status -x -d 'end with this status'
complete -c nshelper -n '__nshelper_before_operand explain' -l calls -d 'show the system calls'
complete -c nshelper -n '__nshelper_before_operand explain' -l as-user -x -a '(__fish_complete_users)' -d 'the plan of another user; root only'
complete -c nshelper -n '__nshelper_before_operand allowed' -s U -x -a '(__fish_complete_users)' -d 'the right of another user; root only'
complete -c nshelper -n '__nshelper_before_operand show' -l origin -d 'show the line that each value comes from'
complete -c nshelper -n '__nshelper_before_operand profiles list' -l all -d 'all profiles of the host; root only'
complete -c nshelper -n '__nshelper_before_operand diff' -l propagation -d 'let propagation count as a difference'
complete -c nshelper -n '__nshelper_before_operand check' -l strict -d 'let a warning count as a mistake'
complete -c nshelper -n '__nshelper_before_operand run shell explain allowed show check profiles list ns mounts changes diff doctor gc sessions ps' -l json -d 'answer in JSON'
complete -c nshelper -n '__nshelper_before_operand check profiles list ns mounts changes diff doctor gc sessions ps' -s q -d 'say less'
complete -c nshelper -n '__nshelper_before_operand profiles list mounts diff' -s v -d 'say more'
complete -c nshelper -n '__nshelper_before_operand run shell explain allowed show check profiles list ns mounts changes diff doctor gc join sessions ps' -l color -x -a 'auto never always' -d 'colour'
complete -c nshelper -n '__nshelper_before_operand run shell explain allowed show check profiles list ns mounts changes diff doctor gc help join sessions ps stop' -l help -s h -d 'show this help'

complete -c nshelper -n '__nshelper_before_operand run shell explain allowed show' -a '(nshelper profiles -q 2>/dev/null)' -d profile
complete -c nshelper -n '__nshelper_before_operand join; or __fish_seen_subcommand_from stop' -a '(nshelper sessions -q 2>/dev/null)' -d session
complete -c nshelper -n __nshelper_after_profile -a --
complete -c nshelper -n __nshelper_after_dashes -a '(__nshelper_command)'
complete -c nshelper -n '__fish_seen_subcommand_from check' -F
complete -c nshelper -n '__nshelper_before_operand changes' -l export -r -F -d 'write them to a new tar archive'
complete -c nshelper -n '__nshelper_before_operand changes' -l discard -d 'remove them'
complete -c nshelper -n '__nshelper_before_operand changes' -a '(nshelper changes -q 2>/dev/null)'
complete -c nshelper -n '__fish_seen_subcommand_from diff; or __nshelper_before_operand ns mounts' -a '(nshelper sessions -q 2>/dev/null; __fish_complete_pids)'
complete -c nshelper -n '__nshelper_before_operand help' -a 'run shell join sessions ps stop explain allowed show check profiles list ns mounts changes diff doctor gc help'
