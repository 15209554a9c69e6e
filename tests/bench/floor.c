/* The floor: what a setuid-root program cannot avoid doing for a private /tmp and /var/tmp, and nothing else. For
 * measuring only: it asks nobody for permission. tests/bench/bench installs it where nobody else can see it.
 *
 * usage: floor PROFILE-FILE BINDS PROGRAM [ARG...]
 *
 * With BINDS = 0 the same kernel work as nshelper's plan for profiles/private-tmp.toml; with more, in place of the two tmpfs,
 * that many read-only binds of /usr/lib on /mnt/m/NUMBER, as the profiles mounts-BINDS of the bench have them: the profile's bytes are read (and not looked
 * at), a mount namespace, the whole tree slave and nosuid, two bounded tmpfs, the bounding set emptied, ids of
 * the caller, no_new_privs, execve.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/mount.h of an older C library lacks some of these, and including both it and sys/mount.h clashes. */
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
enum {
    FSOPEN_CLOEXEC_ = 1, FSMOUNT_CLOEXEC_ = 1,
    FSCONFIG_SET_STRING_ = 1, FSCONFIG_CMD_CREATE_ = 6,
    MOVE_MOUNT_F_EMPTY_PATH_ = 4, MOVE_MOUNT_T_EMPTY_PATH_ = 0x40,
    MOUNT_ATTR_RDONLY_ = 1, MOUNT_ATTR_NOSUID_ = 2, MOUNT_ATTR_NODEV_ = 4,
    AT_RECURSIVE_ = 0x8000,
    MS_PRIVATE_ = 1 << 18, MS_SLAVE_ = 1 << 19,
    OPEN_TREE_CLONE_ = 1, AT_EMPTY_PATH_ = 0x1000, MOST_BINDS = 1000,
};

struct mount_attributes {
    uint64_t set, clear, propagation, user_namespace;
};

static int checked(long result, const char *call)
{
    if (result < 0) {
        dprintf(2, "floor: %s: %s\n", call, strerror(errno));
        _exit(125);
    }
    return (int)result;
}

static void read_profile(const char *path)
{
    char bytes[65536];
    int file = checked(open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), "open");
    while (checked(read(file, bytes, sizeof bytes), "read") > 0)
        ;
    close(file);
}

static void mount_tmpfs(const char *target)
{
    static const char *const options[][2] = { { "size", "67108864" }, { "nr_inodes", "16384" }, { "mode", "1777" } };
    int at = checked(open(target, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW), "open");
    int filesystem = checked(syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC_), "fsopen");
    for (int i = 0; i < 3; i++)
        checked(syscall(SYS_fsconfig, filesystem, FSCONFIG_SET_STRING_, options[i][0], options[i][1], 0), "fsconfig");
    checked(syscall(SYS_fsconfig, filesystem, FSCONFIG_CMD_CREATE_, NULL, NULL, 0), "fsconfig");
    int mount = checked(syscall(SYS_fsmount, filesystem, FSMOUNT_CLOEXEC_, MOUNT_ATTR_NOSUID_ | MOUNT_ATTR_NODEV_), "fsmount");
    checked(syscall(SYS_move_mount, mount, "", at, "", MOVE_MOUNT_F_EMPTY_PATH_ | MOVE_MOUNT_T_EMPTY_PATH_), "move_mount");
    close(mount);
    close(filesystem);
    close(at);
}

static int take_source(void)
{
    struct mount_attributes attributes = { MOUNT_ATTR_RDONLY_ | MOUNT_ATTR_NOSUID_ | MOUNT_ATTR_NODEV_, 0, MS_PRIVATE_, 0 };
    int source = checked(open("/usr/lib", O_PATH | O_DIRECTORY | O_CLOEXEC), "open");
    int tree = checked(syscall(SYS_open_tree, source, "", AT_EMPTY_PATH_ | OPEN_TREE_CLONE_ | AT_RECURSIVE_ | O_CLOEXEC), "open_tree");
    checked(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH_ | AT_RECURSIVE_, &attributes, sizeof attributes), "mount_setattr");
    close(source);
    return tree;
}

static void attach(int tree, int number)
{
    char target[32];
    snprintf(target, sizeof target, "/mnt/m/%d", number);
    int at = checked(open(target, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW), "open");
    checked(syscall(SYS_move_mount, tree, "", at, "", MOVE_MOUNT_F_EMPTY_PATH_ | MOVE_MOUNT_T_EMPTY_PATH_), "move_mount");
    close(tree);
    close(at);
}

static void drop(uid_t user, gid_t group)
{
    /* The last capability is the one after which the kernel knows none. */
    for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++)
        ;
    checked(setresgid(group, group, group), "setresgid");
    checked(setresuid(user, user, user), "setresuid");
    checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl");
}

int main(int argc, char **argv)
{
    extern char **environ;
    struct mount_attributes whole_tree = { MOUNT_ATTR_NOSUID_, 0, MS_SLAVE_, 0 };
    int binds = argc < 4 ? -1 : atoi(argv[2]);
    if (binds < 0 || binds > MOST_BINDS) {
        dprintf(2, "usage: floor PROFILE-FILE BINDS PROGRAM [ARG...]\n");
        return 125;
    }
    int trees[MOST_BINDS];
    uid_t user = getuid();
    gid_t group = getgid();
    read_profile(argv[1]);
    for (int i = 0; i < binds; i++)
        trees[i] = take_source();
    checked(unshare(CLONE_NEWNS), "unshare");
    checked(syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE_, &whole_tree, sizeof whole_tree), "mount_setattr");
    for (int i = 0; i < binds; i++)
        attach(trees[i], i + 1);
    if (binds == 0) {
        mount_tmpfs("/tmp");
        mount_tmpfs("/var/tmp");
    }
    drop(user, group);
    execve(argv[3], argv + 3, environ);
    checked(-1, "execve");
}
