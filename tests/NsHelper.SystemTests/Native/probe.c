/* probe - what a process started by nshelper is, as one JSON object on a line.
 *
 *   probe [-o FILE] [state]             all a process can know of itself: ids, capabilities, descriptors, signals, timers, limits, scheduling,
 *                                       namespaces, mounts, terminal, argv and environ as hex ... CallerStateTests holds each field to something
 *   probe [-o FILE] regain              tries every way back to root; name -> errno name, "ok" or "no change"
 *   probe [-o FILE] namespaces          tries mount, unshare, setns, mknod, chroot ... likewise
 *   probe [-o FILE] hold PATH           the state, then waits until PATH exists (60 s at most)
 *   probe [-o FILE] steal PID           what a process of the same user gets from PID: ptrace, mem, environ, descriptors
 *   probe [-o FILE] signals PID         whether the user can stop, end or limit PID
 *   probe exit N | kill SIGNAL          ends in that way
 *   probe cat PATH                     content of a file
 *
 * Static and without the name service, so that it runs the same in every root and says what the kernel says.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sys/auxv.h>
#include <sys/personality.h>

/* Newer than the headers of some systems that the tests are built on. */
#ifndef PR_GET_MDWE
#define PR_GET_MDWE 66
#endif

extern char **environ;

static FILE *out;
static int first = 1;

static void string(const char *text)
{
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c < 0x20 || *c > 0x7e || *c == '"' || *c == '\\') {
            fprintf(out, "\\u%04x", *c);
        } else {
            fputc(*c, out);
        }
    }
    fputc('"', out);
}

static void key(const char *name)
{
    if (!first) {
        fputc(',', out);
    }
    first = 0;
    string(name);
    fputc(':', out);
}

static void number(const char *name, long long value)
{
    key(name);
    fprintf(out, "%lld", value);
}

static void text(const char *name, const char *value)
{
    key(name);
    string(value);
}

static void hex(const char *name, char **entries)
{
    key(name);
    fputc('[', out);
    for (int i = 0; entries[i]; i++) {
        fputs(i ? ",\"" : "\"", out);
        for (const unsigned char *c = (const unsigned char *)entries[i]; *c; c++) {
            fprintf(out, "%02x", *c);
        }
        fputc('"', out);
    }
    fputc(']', out);
}

static char *slurp(const char *path)
{
    static char buffer[1 << 20];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t n;
    if (fd < 0) {
        return NULL;
    }
    while (length < sizeof buffer - 1 && (n = read(fd, buffer + length, sizeof buffer - 1 - length)) > 0) {
        length += (size_t)n;
    }
    close(fd);
    buffer[length] = 0;
    return buffer;
}

/* The value of "NAME:" in /proc/self/status. */
static void status_line(const char *name)
{
    char *content = slurp("/proc/self/status");
    char *save = NULL;
    size_t length = strlen(name);
    for (char *line = content ? strtok_r(content, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
        if (!strncmp(line, name, length) && line[length] == ':') {
            line += length + 1;
            while (*line == ' ' || *line == '\t') {
                line++;
            }
            text(name, line);
            return;
        }
    }
}

static void link_of(const char *name, const char *path)
{
    char target[4096];
    ssize_t n = readlink(path, target, sizeof target - 1);
    if (n < 0) {
        snprintf(target, sizeof target, "errno %d", errno);
    } else {
        target[n] = 0;
    }
    text(name, target);
}

static const char *kind(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return "file";
    case S_IFDIR: return "directory";
    case S_IFCHR: return "character";
    case S_IFBLK: return "block";
    case S_IFIFO: return "pipe";
    case S_IFSOCK: return "socket";
    case S_IFLNK: return "link";
    default: return "other";
    }
}

static void descriptors(int own)
{
    DIR *directory = opendir("/proc/self/fd");
    struct dirent *entry;
    int any = 0;
    key("descriptors");
    fputc('[', out);
    while (directory && (entry = readdir(directory))) {
        char path[64], target[4096];
        struct stat st;
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] == '.' || fd == dirfd(directory) || fd == own) {
            continue;
        }
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(path, target, sizeof target - 1);
        target[n < 0 ? 0 : n] = 0;
        int flags = fcntl(fd, F_GETFL);
        fprintf(out, "%s{\"number\":%d,\"target\":", any++ ? "," : "", fd);
        string(target);
        fprintf(out, ",\"type\":\"%s\",\"flags\":%d,\"closeOnExec\":%d,\"position\":%lld}", fstat(fd, &st) ? "closed" : kind(st.st_mode), flags,
            fcntl(fd, F_GETFD), (long long)lseek(fd, 0, SEEK_CUR));
    }
    fputc(']', out);
    if (directory) {
        closedir(directory);
    }
}

static void limits(void)
{
    key("limits");
    fputc('[', out);
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        struct rlimit limit = { 0, 0 };
        getrlimit(i, &limit);
        fprintf(out, "%s[\"%llu\",\"%llu\"]", i ? "," : "", (unsigned long long)limit.rlim_cur, (unsigned long long)limit.rlim_max);
    }
    fputc(']', out);
}

static void timers(void)
{
    key("timers");
    fputc('[', out);
    for (int i = ITIMER_REAL; i <= ITIMER_PROF; i++) {
        struct itimerval timer = { { 0, 0 }, { 0, 0 } };
        getitimer(i, &timer);
        fprintf(out, "%s[%lld,%lld]", i ? "," : "", (long long)timer.it_interval.tv_sec * 1000000 + timer.it_interval.tv_usec,
            (long long)timer.it_value.tv_sec * 1000000 + timer.it_value.tv_usec);
    }
    fputc(']', out);
}

static void working_directory(void)
{
    char path[8192];
    struct statx st;
    long n = syscall(SYS_getcwd, path, sizeof path);
    text("cwd", n < 0 ? "" : path);
    number("cwdErrno", n < 0 ? errno : 0);
    number("cwdMountId", statx(AT_FDCWD, "", AT_EMPTY_PATH, 0x1000, &st) ? -1 : (long long)st.stx_mnt_id);
}

static void lines(const char *name, const char *path)
{
    char *content = slurp(path), *save = NULL;
    int any = 0;
    key(name);
    fputc('[', out);
    for (char *line = content ? strtok_r(content, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
        if (any++) {
            fputc(',', out);
        }
        string(line);
    }
    fputc(']', out);
}

static void ids(void)
{
    uid_t r, e, s;
    gid_t rg, eg, sg, groups[65536];
    int n = getgroups(65536, groups);
    getresuid(&r, &e, &s);
    getresgid(&rg, &eg, &sg);
    key("uid");
    fprintf(out, "[%u,%u,%u,%d]", r, e, s, setfsuid((uid_t)-1));
    key("gid");
    fprintf(out, "[%u,%u,%u,%d]", rg, eg, sg, setfsgid((gid_t)-1));
    key("groups");
    fputc('[', out);
    for (int i = 0; i < n; i++) {
        fprintf(out, "%s%u", i ? "," : "", groups[i]);
    }
    fputc(']', out);
}

static void affinity(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof set, &set);
    key("affinity");
    fputc('[', out);
    for (int i = 0, any = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &set)) {
            fprintf(out, "%s%d", any++ ? "," : "", i);
        }
    }
    fputc(']', out);
}

static void namespaces_of(void)
{
    static const char *const kinds[] = { "mnt", "uts", "ipc", "net", "cgroup", "pid", "user", "time" };
    char path[64];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(path, sizeof path, "/proc/self/ns/%s", kinds[i]);
        link_of(kinds[i], path);
    }
}

/* sched_getattr(2), which the C library has no declaration for. */
static void scheduling(void)
{
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
        uint32_t least, most;
    } a = { .size = sizeof a };
    if (syscall(SYS_sched_getattr, 0, &a, sizeof a, 0)) {
        a.policy = (uint32_t)errno;
    }
    number("policy", a.policy);
    number("schedulingFlags", (long long)a.flags);
    number("priority", a.priority);
    key("utilization");
    fprintf(out, "[%u,%u]", a.least, a.most);
    number("ioPriority", syscall(SYS_ioprio_get, 1, 0));
    number("timerSlack", prctl(PR_GET_TIMERSLACK));
    int mode = 0;
    number("memoryPolicy", syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0) ? -errno : mode);
}

/* What the fields of /proc/self/stat say that follow the name in parentheses: the 7th is the terminal, the 8th its foreground group. */
static void terminal(void)
{
    char *content = slurp("/proc/self/stat"), *end = content ? strrchr(content, ')') : NULL;
    int device = -1, group = -1;
    if (end) {
        sscanf(end, ") %*c %*d %*d %*d %d %d", &device, &group);
    }
    number("terminal", device);
    number("foreground", group);
}

static void attributes(void)
{
    stack_t stack;
    int number_of = 0;
    number("securebits", prctl(PR_GET_SECUREBITS));
    number("dumpable", prctl(PR_GET_DUMPABLE));
    number("keepcaps", prctl(PR_GET_KEEPCAPS));
    prctl(PR_GET_PDEATHSIG, &number_of);
    number("pdeathsig", number_of);
    number_of = 0;
    prctl(PR_GET_CHILD_SUBREAPER, &number_of);
    number("subreaper", number_of);
    number("noHugePages", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    number("noWritableCode", prctl(PR_GET_MDWE, 0, 0, 0, 0));
    number("machineCheckKill", prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
    number("storeBypass", prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, 0, 0, 0));
    number("indirectBranch", prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_INDIRECT_BRANCH, 0, 0, 0));
    number("personality", personality(0xffffffff));
    number("signalStack", sigaltstack(NULL, &stack) ? errno : stack.ss_flags);
    number("secure", (long long)getauxval(AT_SECURE));
    text("started", (const char *)getauxval(AT_EXECFN));
    number("sessionKeyring", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
}

static void state(char **argv, int own)
{
    static const char *const fields[] = {
        "Name", "TracerPid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "Threads", "VmLck",
    };
    char host[256] = "";
    mode_t mask = umask(0);
    umask(mask);
    number("processId", getpid());
    number("ppid", getppid());
    number("sid", getsid(0));
    number("pgid", getpgrp());
    ids();
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        status_line(fields[i]);
    }
    terminal();
    attributes();
    number("umask", mask);
    errno = 0;
    number("nice", getpriority(PRIO_PROCESS, 0));
    scheduling();
    affinity();
    limits();
    timers();
    lines("posixTimers", "/proc/self/timers");
    working_directory();
    link_of("root", "/proc/self/root");
    link_of("exe", "/proc/self/exe");
    gethostname(host, sizeof host - 1);
    text("hostname", host);
    getdomainname(host, sizeof host - 1);
    text("domainname", host);
    char *score = slurp("/proc/self/oom_score_adj");
    number("oomScoreAdjust", score ? atoi(score) : -9999);
    descriptors(own);
    namespaces_of();
    lines("uidMap", "/proc/self/uid_map");
    lines("gidMap", "/proc/self/gid_map");
    lines("timeOffsets", "/proc/self/timens_offsets");
    lines("cgroups", "/proc/self/cgroup");
    lines("label", "/proc/self/attr/current");
    lines("loginUser", "/proc/self/loginuid");
    lines("dumpFilter", "/proc/self/coredump_filter");
    lines("children", "/proc/thread-self/children");
    lines("mountinfo", "/proc/self/mountinfo");
    lines("netdev", "/proc/self/net/dev");
    hex("argv", argv);
    hex("environ", environ);
}

/* One attempt: 0 means the kernel granted it. */
static void attempt(const char *name, long result)
{
    text(name, result >= 0 ? "ok" : strerrorname_np(errno));
}

static void attempt_fs_id(const char *name, int (*set)(unsigned))
{
    set(0);
    text(name, set((unsigned)-1) == 0 ? "ok" : "no change");
}

static int fs_user(unsigned id) { return setfsuid(id); }
static int fs_group(unsigned id) { return setfsgid(id); }

static void regain(void)
{
    if (geteuid() == 0 && access("/mnt/bin/nshelper", F_OK)) {
        fprintf(stderr, "probe: regain: not inside tests/isolate\n");
        exit(97);
    }
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct data[2] = { { ~0u, ~0u, ~0u }, { ~0u, ~0u, ~0u } };
    gid_t root = 0;
    attempt("setresuid(-1,0,-1)", syscall(SYS_setresuid, -1, 0, -1));
    attempt("setresuid(0,0,0)", syscall(SYS_setresuid, 0, 0, 0));
    attempt("setreuid(-1,0)", syscall(SYS_setreuid, -1, 0));
    attempt("setuid(0)", syscall(SYS_setuid, 0));
    attempt("setresgid(-1,0,-1)", syscall(SYS_setresgid, -1, 0, -1));
    attempt("setgid(0)", syscall(SYS_setgid, 0));
    attempt("setgroups(root)", syscall(SYS_setgroups, 1, &root));
    attempt("setgroups()", syscall(SYS_setgroups, 0, NULL));
    attempt_fs_id("setfsuid(0)", fs_user);
    attempt_fs_id("setfsgid(0)", fs_group);
    attempt("capset(all)", syscall(SYS_capset, &header, data));
    attempt("prctl(CAP_AMBIENT_RAISE)", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0));
    attempt("prctl(SET_SECUREBITS)", prctl(PR_SET_SECUREBITS, 1));
    attempt("prctl(NO_NEW_PRIVS,0)", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    attempt("open(/etc/shadow)", open("/etc/shadow", O_RDONLY));
}

static void namespaces(void)
{
    /* With rights these attempts succeed, and outside tests/isolate they would change the machine. */
    char *mounts = slurp("/proc/self/mountinfo");
    if (!mounts || !strstr(mounts, " nshelper-isolate ")) {
        fprintf(stderr, "probe: namespaces: not inside tests/isolate\n");
        exit(97);
    }
    attempt("mount(tmpfs)", mount("x", "/tmp", "tmpfs", 0, NULL));
    attempt("mount(remount)", mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
    attempt("mount(propagation)", mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL));
    attempt("umount2(/tmp)", umount2("/tmp", MNT_DETACH));
    attempt("unshare(NEWNS)", unshare(CLONE_NEWNS));
    attempt("unshare(NEWNET)", unshare(CLONE_NEWNET));
    attempt("unshare(NEWUTS)", unshare(CLONE_NEWUTS));
    int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    attempt("setns(net)", setns(fd, CLONE_NEWNET));
    int uts = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
    attempt("setns(uts)", setns(uts, CLONE_NEWUTS));
    attempt("mknod(null)", mknod("probe-device", S_IFCHR | 0666, makedev(1, 3)));
    attempt("chroot(/)", chroot("/"));
    attempt("sethostname", sethostname("probe", 5));
    attempt("fsopen(tmpfs)", syscall(SYS_fsopen, "tmpfs", 0));
    attempt("open_tree(clone)", syscall(SYS_open_tree, AT_FDCWD, "/", 1));
    attempt("pivot_root", syscall(SYS_pivot_root, "/", "/"));
    attempt("setrlimit(raise)", ({ struct rlimit l; getrlimit(RLIMIT_NOFILE, &l); l.rlim_max++; setrlimit(RLIMIT_NOFILE, &l); }));
}

static void steal(int pid)
{
    char path[64];
    static const char *const files[] = { "mem", "environ", "maps", "auxv", "stack", "syscall", "fd/0", "ns/mnt", "cwd", "root", "exe" };
    attempt("PTRACE_SEIZE", ptrace(PTRACE_SEIZE, pid, 0, 0));
    ptrace(PTRACE_DETACH, pid, 0, 0);
    attempt("PTRACE_ATTACH", ptrace(PTRACE_ATTACH, pid, 0, 0));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char content[16];
        snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        long got = fd;
        if (fd >= 0 && i < 6) {
            got = read(fd, content, sizeof content);
        }
        attempt(files[i], got);
    }
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    for (int i = 0; i < 64; i++) {
        snprintf(path, sizeof path, "pidfd_getfd(%d)", i);
        attempt(path, syscall(SYS_pidfd_getfd, pidfd, i, 0));
    }
    char byte;
    struct iovec local = { &byte, 1 }, remote = { (void *)0x400000, 1 };
    attempt("process_vm_readv", process_vm_readv(pid, &local, 1, &remote, 1, 0));
}

/* Signals last: where they are allowed the target is gone. */
static void signals(int pid)
{
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    attempt("kill(STOP)", kill(pid, SIGSTOP));
    attempt("prlimit", prlimit(pid, RLIMIT_NOFILE, &(struct rlimit){ 0, 0 }, NULL));
    attempt("kill(TERM)", kill(pid, SIGTERM));
    attempt("kill(SEGV)", kill(pid, SIGSEGV));
    attempt("pidfd_send_signal(KILL)", syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0));
    attempt("kill(KILL)", kill(pid, SIGKILL));
}

static int cat(const char *path)
{
    char buffer[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;
    if (fd < 0) {
        fprintf(stderr, "probe: %s: %s\n", path, strerrorname_np(errno));
        return 1;
    }
    while ((n = read(fd, buffer, sizeof buffer)) > 0) {
        if (write(1, buffer, (size_t)n) != n) {
            return 1;
        }
    }
    return n < 0;
}

static void wait_for(const char *path)
{
    for (int i = 0; i < 6000 && access(path, F_OK); i++) {
        usleep(10000);
    }
}

int main(int argc, char **argv)
{
    char **words = argv + (argc > 0);
    const char *file = NULL;
    if (words[0] && words[1] && !strcmp(words[0], "-o")) {
        file = words[1];
        words += 2;
    }
    const char *verb = words[0] ? words[0] : "state";
    const char *operand = words[0] ? words[1] : NULL;
    if (!strcmp(verb, "exit") && operand) {
        return atoi(operand);
    }
    if (!strcmp(verb, "kill") && operand) {
        kill(getpid(), atoi(operand));
        return 99;
    }
    if (!strcmp(verb, "cat") && operand) {
        return cat(operand);
    }
    out = file ? fopen(file, "we") : stdout;
    if (!out) {
        fprintf(stderr, "probe: %s: %s\n", file, strerrorname_np(errno));
        return 98;
    }
    fputc('{', out);
    if (!strcmp(verb, "regain")) {
        regain();
    } else if (!strcmp(verb, "namespaces")) {
        namespaces();
    } else if (!strcmp(verb, "steal") && operand) {
        steal(atoi(operand));
    } else if (!strcmp(verb, "signals") && operand) {
        signals(atoi(operand));
    } else {
        state(argv, file ? fileno(out) : -1);
    }
    fputs("}\n", out);
    fflush(out);
    if (!strcmp(verb, "hold") && operand) {
        wait_for(operand);
    }
    return 0;
}
