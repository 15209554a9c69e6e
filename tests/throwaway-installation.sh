# shellcheck shell=sh
# An installation of nshelper that nobody else sees and that leaves nothing behind: sourced by tests/demo/demo and
# tests/bench/bench. All of it lies in file systems in memory, mounted in a mount namespace of the script's own.

# enter_mount_namespace SCRIPT [ARG...]: runs the script again in a private mount namespace and returns its status.
# The second run finds THROWAWAY_INSIDE set.
enter_mount_namespace() {
    THROWAWAY_INSIDE=1 unshare --mount --propagation private -- "$@"
}

# host_state: what must be the same before and after. Not what is inside other programs' directories below /run.
host_state() {
    cat /proc/self/mountinfo
    cksum /etc/passwd /etc/group
    ls -A /run /home /usr/local/bin
    ls -laR /run/nshelper /etc/nshelper 2>&1
}

# make_installation BINARY USER UID: /usr/local/bin/nshelper setuid root, an /etc with one more user, an empty
# /etc/nshelper/profiles, an empty /run/nshelper, a home directory. With an empty BINARY /usr/local/bin is empty, and the
# program is that of the host. After it the mount tree is shared, as systemd leaves it.
make_installation() {
    # unshare(1) does not fork: the parent is the first run, in the host's namespace. A variable alone would prove nothing.
    if [ "$(readlink /proc/self/ns/mnt)" = "$(readlink "/proc/$PPID/ns/mnt")" ]; then
        echo "throwaway-installation: not in a mount namespace of its own" >&2
        return 1
    fi

    for directory in /etc /run /home /usr/local/bin; do
        [ -d "$directory" ] && continue
        echo "throwaway-installation: this machine has no $directory" >&2
        return 1
    done

    # Everything is made ready below /run, which is covered first, and then moved to its place. Without -n the first
    # mount(8) of a machine's life makes /run/mount on the host.
    mount -n -t tmpfs -o mode=0755,nosuid,nodev none /run &&
        mkdir -m 0755 /run/stage-etc /run/stage-bin /run/stage-home &&
        mount -t tmpfs -o mode=0755,nosuid,nodev none /run/stage-etc &&
        mount -t tmpfs -o mode=0755,nodev none /run/stage-bin &&
        mount -t tmpfs -o mode=0755,nosuid,nodev none /run/stage-home || return 1

    copy_etc /run/stage-etc "$2" "$3" &&
        { [ -z "$1" ] || install -m 4755 -o root -g root "$1" /run/stage-bin/nshelper; } &&
        install -d -m 0700 -o "$3" -g "$3" "/run/stage-home/$2" &&
        install -d -m 0700 /run/nshelper /run/nshelper/root /run/nshelper/sessions /run/nshelper/share || return 1

    mount --move /run/stage-etc /etc &&
        mount --move /run/stage-bin /usr/local/bin &&
        mount --move /run/stage-home /home &&
        rmdir /run/stage-etc /run/stage-bin /run/stage-home &&
        mount --make-rshared /
}

# The host's /etc, so that every program finds what it expects, with the accounts from files alone and one user more.
copy_etc() {
    cp -a /etc/. "$1" || return 1
    rm -rf "$1/nshelper"
    for file in passwd group; do
        awk -F : -v name="$2" -v id="$3" '$1 != name && $3 != id' "/etc/$file" >"$1/$file.new" &&
            chmod 0644 "$1/$file.new" && mv -f "$1/$file.new" "$1/$file" || return 1
    done
    echo "$2:x:$3:$3:a throw-away user:/home/$2:/bin/sh" >>"$1/passwd"
    echo "$2:x:$3:" >>"$1/group"
    rm -f "$1/nsswitch.conf"
    printf '%s: files\n' passwd group >"$1/nsswitch.conf"
    chmod 0644 "$1/nsswitch.conf"
    mkdir -m 0755 "$1/nshelper" "$1/nshelper/profiles"
}

# install_profile FILE USER: a shipped profile, with the user allowed. Fails where the file no longer has the empty list.
install_profile() {
    sed "s/^users = \[\]/users = [\"$2\"]/" "$1" >"/etc/nshelper/profiles/${1##*/}" &&
        chmod 0644 "/etc/nshelper/profiles/${1##*/}" || return 1
    grep -q "^users = \[\"$2\"\]" "/etc/nshelper/profiles/${1##*/}" && return 0
    echo "throwaway-installation: $1 has no line 'users = []' to fill in" >&2
    return 1
}

# as_user USER COMMAND [ARG...]: with the user's ids and groups and the environment of a fresh login.
as_user() {
    user=$1
    shift
    env -i HOME="/home/$user" USER="$user" LOGNAME="$user" SHELL=/bin/sh LANG=C TERM="${TERM-dumb}" \
        PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
        setpriv --reuid "$user" --regid "$user" --init-groups --inh-caps=-all "$@"
}
