# shellcheck shell=sh
# What a fresh installation lets users do, which is nothing: sourced by the scripts beside it, after claims.sh.

# denied WHO COMMAND...: refused before anything started, and no user is told more than that in one line.
denied() {
    who=$1
    shift
    message=$(as "$who" "$@" 2>&1 </dev/null)
    status=$?
    # Root may read why.
    is "$status" 125 && { [ "$who" = root ] || is "$(printf '%s\n' "$message" | wc -l)" 1; }
}

# host_state: what no user may change. An empty directory of root's for each user who discards is all that a verb makes.
host_state() {
    cat /proc/self/mountinfo
    find /run/nshelper /var/lib/nshelper /etc/nshelper /usr/share/nshelper /usr/bin/nshelper -path /var/lib/nshelper/overlay -prune -o -printf '%M %u:%g %p\n' | sort
    cksum /etc/passwd /etc/group /etc/shells
}

# harmless WHO WORD...: harmless: no session, nothing of another's shown, the host as it was.
harmless() {
    who=$1
    shift
    before=$(host_state)
    output=$(as "$who" timeout 10 "$@" 2>&1 </dev/null)
    status=$?
    [ "$status" -lt 124 ] || { printf 'status %s: %s\n' "$status" "$output"; return 1; }
    [ "$who" = root ] || fails has "$output" 'root:' || return 1
    is "$(host_state)" "$before"
}

# fresh_installation USER...
fresh_installation() {
    claim 'no profile is active' is "$(ls /etc/nshelper/profiles)" ''
    for who; do
        for file in /usr/share/nshelper/profiles/*.toml; do
            profile=$(basename "$file" .toml)
            for verb in 'run PROFILE -- true' 'run PROFILE' 'shell PROFILE'; do
                # shellcheck disable=SC2046 # words
                claim "$who: $verb is refused for $profile" denied "$who" nshelper $(echo "$verb" | sed "s/PROFILE/$profile/")
            done
        done
        claim "$who: no session by a name that nobody has" denied "$who" nshelper run no-such-profile -- true
        claim "$who: none to join" denied "$who" nshelper join 0123456789ab -- true
        claim "$who: as a login shell nothing" denied "$who" nshelper-shell -c id
        claim "$who: allowed nothing" fails as "$who" nshelper allowed private-tmp -- true
        claim "$who: profiles lists none" is "$(as "$who" nshelper profiles -q 2>&1)" ''
        claim "$who: sessions lists none" is "$(as "$who" nshelper sessions -q 2>&1)" ''
        for words in 'explain private-tmp -- true' 'show private-tmp' 'check' 'check /etc/shadow' 'profiles --all' 'ns 1' mounts \
            changes 'changes --discard private-tmp' 'diff 1' diff 'gc' 'stop --all' 'help run' --version; do
            # shellcheck disable=SC2086 # words
            claim "$who: $words changes nothing and shows nothing of root's" harmless "$who" nshelper $words
        done
    done
}
