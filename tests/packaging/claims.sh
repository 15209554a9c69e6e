# shellcheck shell=sh
# What is claimed of the packages, one line a claim: sourced by the scripts beside it.

# claim TEXT COMMAND...: the command says whether it holds.
claim() {
    text=$1
    shift
    if "$@" >"/tmp/claim.$$" 2>&1; then
        echo "ok   $text"
    else
        echo "FAIL $text"
        sed 's/^/     | /' "/tmp/claim.$$"
    fi
    rm -f "/tmp/claim.$$"
}

is() { [ "$1" = "$2" ] || { printf 'is:     %s\nshould: %s\n' "$1" "$2"; return 1; } }
has() { case $1 in *"$2"*) return 0 ;; *) printf 'not "%s" in: %s\n' "$2" "$1"; return 1 ;; esac }
fails() { ! "$@"; }
same() { cmp "$1" "$2"; }
absent() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
mode_of() { stat -c '%a %U:%G' "$1"; }

# as USER COMMAND...: by an ordinary user, with the environment of a fresh login. setpriv still has root's capabilities when it
# executes something, so there is a shell between.
as() {
    user=$1
    shift
    env -i HOME="/home/$user" USER="$user" LOGNAME="$user" SHELL=/bin/sh LANG=C TERM=dumb PATH=/usr/bin:/bin \
        setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --inh-caps=-all sh -c 'exec "$@"' sh "$@"
}

# add_users: alice, who will be given something, and bob, who is given nothing.
add_users() {
    for user in alice bob; do
        useradd --create-home --shell /bin/sh "$user" || return 1
    done
}

# allow PROFILE USER: what an administrator does first with a vendor profile.
allow() {
    sed "s/^users = \[\]/users = [\"$2\"]/" "/usr/share/nshelper/profiles/$1.toml" >"/etc/nshelper/profiles/$1.toml"
}

# start_session PROFILE NAME: one of alice's that goes on, with a file in its private /tmp; session is the pid that its command has here.
start_session() {
    rm -f "/home/alice/$2.started"
    # shellcheck disable=SC2016 # the session's shell expands it
    as alice nshelper run --name "$2" "$1" -- sh -c 'echo kept >/tmp/kept; : >~/"$1.started"; while sleep 0.2; do :; done' sh "$2" &
    wait_for test -e "/home/alice/$2.started"
    # shellcheck disable=SC2034 # for whoever sources this
    session=$(pgrep -n -u alice -x sh)
}

# session_goes_on NAME: listed, joined, and it still has its /tmp.
session_goes_on() {
    as alice nshelper sessions | grep -w "$1" && is "$(as alice nshelper join "$1" -- cat /tmp/kept)" kept
}

# wait_for COMMAND...: until it holds; ten seconds at most.
wait_for() {
    tries=100
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}
